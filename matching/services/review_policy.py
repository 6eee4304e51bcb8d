"""When one recruiter's approval is not enough: the one place that says so.

A second person looks at what departs from the machine's proven answer (it was changed by hand, or its gap is open) and
at what hangs by one member (a must with no second holder). Whoever made a revision counts as one of the two.
"""

from __future__ import annotations

from matching.models import Proposal
from matching.models.review import Decision

PEOPLE_NEEDED = 2
PROVEN = "optimal"  # a cell may be worth up to the policy's share less than the best one, for having worked together


def reasons_for_second(proposal: Proposal) -> tuple[str, ...]:
    """Return why a second recruiter is needed: ``changed_by_hand``, ``gap_open``, ``thin_must``; empty for no reason.

    Reads ``coverage__need``, which lists prefetch.
    """
    thin = any(line.need.count > 0 and line.backup_id is None for line in proposal.coverage.all())
    found = {
        "changed_by_hand": proposal.origin == "recruiter",
        "gap_open": proposal.proof_status != PROVEN,
        "thin_must": thin,
    }
    return tuple(code for code, holds in found.items() if holds)


def standing_behind(proposal: Proposal) -> set[str]:
    """Return the principals who have approved the cell or made it. Reads ``decisions``, which lists prefetch."""
    return {row.decided_by for row in proposal.decisions.all() if row.decision in {Decision.APPROVE, Decision.REVISE}}
