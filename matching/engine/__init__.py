"""Composes cells out of a market, proves them, and says why there is none: plain Python, numpy and HiGHS.

Data in, result out: no clock but for the time limit, no environment, no randomness, nothing of Django.
"""

from __future__ import annotations

from matching.engine.codec import decode, digest, encode
from matching.engine.diagnose import diagnose
from matching.engine.outcome import (
    Blocked,
    Cell,
    Composed,
    Conflict,
    Coverage,
    Diagnosis,
    Infeasible,
    Limits,
    Member,
    OutOfTime,
    Progress,
    Reason,
    Repair,
    Replay,
    Result,
    Verdict,
    Violation,
)
from matching.engine.problem import (
    ACTIVITIES,
    SPEAKING,
    Cefr,
    Collaborations,
    Country,
    EarlierCell,
    Evidence,
    Function,
    Market,
    Need,
    People,
    Pin,
    Policy,
    Posting,
    Problem,
    Seat,
    SkillFloor,
)
from matching.engine.repairs import apply_repair
from matching.engine.solve import earlier_cells, solve
from matching.engine.verify import verify
from matching.engine.version import ENGINE_VERSION, SOLVER_VERSION

__all__ = [
    "ACTIVITIES",
    "ENGINE_VERSION",
    "SOLVER_VERSION",
    "SPEAKING",
    "Blocked",
    "Cefr",
    "Cell",
    "Collaborations",
    "Composed",
    "Conflict",
    "Country",
    "Coverage",
    "Diagnosis",
    "EarlierCell",
    "Evidence",
    "Function",
    "Infeasible",
    "Limits",
    "Market",
    "Member",
    "Need",
    "OutOfTime",
    "People",
    "Pin",
    "Policy",
    "Posting",
    "Problem",
    "Progress",
    "Reason",
    "Repair",
    "Replay",
    "Result",
    "Seat",
    "SkillFloor",
    "Verdict",
    "Violation",
    "apply_repair",
    "decode",
    "diagnose",
    "digest",
    "earlier_cells",
    "encode",
    "solve",
    "verify",
]
