"""What is proven of a cell, said so that it claims neither more nor less."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.models import Proposal
from matching.narrative import amounts

OPTIMAL = "optimal"


def gap_share(value: int, bound: int) -> float:
    """Return how far ``value`` may be from the best possible, as a share of the bound."""
    return (bound - value) / max(1, abs(bound))


def proof(proposal: Proposal) -> str:
    """Return the sentence about the bound of a cell."""
    bound, share = proposal.bound, gap_share(proposal.value, proposal.bound)
    if proposal.proof_status != OPTIMAL:
        return _("Within %(share)s of the best possible: no such cell is worth more than %(points)s points.") % {
            "share": amounts.percent(share),
            "points": amounts.number(bound),
        }
    if proposal.value == bound:
        return ngettext(
            "Proven: no cell of these people under these rules is worth more than %(points)s point.",
            "Proven: no cell of these people under these rules is worth more than %(points)s points.",
            abs(bound),
        ) % {"points": amounts.number(bound)}
    return _(
        "Proven: no cell of these people under these rules is worth more than %(points)s points; "
        "this one gives up %(share)s of that for people who have worked together."
    ) % {"points": amounts.number(bound), "share": amounts.percent(share)}


def difference(proposal: Proposal) -> str | None:
    """Return among which cells an alternative is the best; None for the first cell of a run."""
    earlier = proposal.certificate.get("earlier", [])
    if not earlier:
        return None
    most = max(entry["most_in_common"] for entry in earlier)
    return ngettext(
        "The best among cells that share at most %(most)s member with each earlier one; "
        "it is not the jointly best set of cells.",
        "The best among cells that share at most %(most)s members with each earlier one; "
        "it is not the jointly best set of cells.",
        most,
    ) % {"most": amounts.number(most)}
