"""Check a saved cell again, from nothing but the stored snapshot and certificate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
from matching import engine, snapshots
from matching.models import Proposal, Snapshot

CERTIFY_SECONDS = 10.0


@dataclass(frozen=True)
class Recheck:
    """``verdict`` judges the cell rule by rule, ``certification`` the bound over everybody."""

    snapshot_digest: str
    people: int
    verdict: engine.Verdict
    certification: engine.Certification
    checked_at: dt.datetime

    @property
    def holds(self) -> bool:
        """Whether every rule is kept and the bound is confirmed."""
        return self.verdict.holds and self.certification.verdict == "confirmed"


def recheck(*, proposal: Proposal) -> Recheck:
    """Judge a cell and its bound anew, without the composer.

    Raises Conflict ``snapshot_unreadable`` when the stored inputs are gone or no longer have their digest.
    """
    taken = stored(proposal)
    members = placed_members(proposal, taken)
    earlier = tuple(
        engine.EarlierCell(tuple(cell["refs"]), cell["most_in_common"]) for cell in proposal.certificate["earlier"]
    )
    rules = replace(taken.problem, earlier=(*taken.problem.earlier, *earlier))
    return Recheck(
        snapshot_digest=engine.digest(taken.problem),
        people=len(taken.people),
        verdict=engine.verify(rules, members, proposal.value),
        certification=engine.certify(taken.problem, members, proposal.certificate, CERTIFY_SECONDS),
        checked_at=clock.now(),
    )


def stored(proposal: Proposal) -> snapshots.Taken:
    """Return what a cell was composed from. Raises Conflict ``snapshot_unreadable``."""
    try:
        return snapshots.load(Snapshot.objects.get(run_id=proposal.run_id))
    except (Snapshot.DoesNotExist, ValueError) as error:
        raise Conflict("snapshot_unreadable", _("The stored inputs of this cell cannot be read.")) from error


def placed_members(proposal: Proposal, taken: snapshots.Taken) -> list[tuple[int, int]]:
    """Return (ref, position of the seat); somebody whom the snapshot does not know is a stranger to the judge."""
    places = {key: ref for ref, key in enumerate(taken.people)}
    seats = {seat.key: position for position, seat in enumerate(taken.problem.seats)}
    return [
        (places.get(member.professional_id, -1), seats.get(member.seat.public_id, -1))
        for member in proposal.members.select_related("seat")
    ]
