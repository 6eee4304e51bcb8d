"""Composes cells out of a market, proves them, and says why there is none: plain Python, numpy and HiGHS.

Data in, result out: no clock but for the time limit, no randomness, nothing of Django, and of the environment only
which of two equal kernels searches (``CELULA_KERNEL``).
"""

from __future__ import annotations

from matching.engine.baselines import Baseline, best_single_hires, greedy
from matching.engine.certify import Certification, certify, certify_infeasible
from matching.engine.client_counterfactuals import counterfactuals_for_client
from matching.engine.codec import decode, digest, encode
from matching.engine.diagnose import diagnose
from matching.engine.disturbance import (
    Replaced,
    Replacement,
    ReplacementResult,
    certify_replacement,
    diagnose_replacement,
    least_disturbing,
)
from matching.engine.kernel import prepare
from matching.engine.narrowing import narrow
from matching.engine.outcome import (
    BetterCell,
    Blocked,
    Cell,
    ClientCounterfactuals,
    Composed,
    Conflict,
    Coverage,
    Diagnosis,
    Infeasible,
    Limits,
    Member,
    OutOfTime,
    PersonalChange,
    PersonCounterfactuals,
    Progress,
    Reason,
    Repair,
    Replay,
    Result,
    Verdict,
    Violation,
)
from matching.engine.overlap import MonthOverlap, shared_minutes_by_month, worst_day_overlap
from matching.engine.person_counterfactuals import counterfactuals_for_person
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
    evidence_column,
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
    "Baseline",
    "BetterCell",
    "Blocked",
    "Cefr",
    "Cell",
    "Certification",
    "ClientCounterfactuals",
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
    "MonthOverlap",
    "Need",
    "OutOfTime",
    "People",
    "PersonCounterfactuals",
    "PersonalChange",
    "Pin",
    "Policy",
    "Posting",
    "Problem",
    "Progress",
    "Reason",
    "Repair",
    "Replaced",
    "Replacement",
    "ReplacementResult",
    "Replay",
    "Result",
    "Seat",
    "SkillFloor",
    "Verdict",
    "Violation",
    "apply_repair",
    "best_single_hires",
    "certify",
    "certify_infeasible",
    "certify_replacement",
    "counterfactuals_for_client",
    "counterfactuals_for_person",
    "decode",
    "diagnose",
    "diagnose_replacement",
    "digest",
    "earlier_cells",
    "encode",
    "evidence_column",
    "greedy",
    "least_disturbing",
    "narrow",
    "prepare",
    "shared_minutes_by_month",
    "solve",
    "verify",
    "worst_day_overlap",
]
