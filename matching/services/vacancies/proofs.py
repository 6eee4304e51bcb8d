"""Check again that a replacement disturbs as little as it can, from nothing but what is stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict, Invalid
from matching import engine, snapshots
from matching.engine import disturbance
from matching.models import Replacement

SECONDS = 10.0


@dataclass(frozen=True)
class Recheck:
    """``certification`` judges the least disturbance and the value together."""

    snapshot_digest: str
    people: int
    certification: engine.Certification
    checked_at: dt.datetime

    @property
    def holds(self) -> bool:
        """Whether every lesser disturbance is refuted again and the bound is confirmed."""
        return self.certification.verdict == "confirmed"


def recheck(*, replacement: Replacement, option: int = 0) -> Recheck:
    """Judge one option anew. Raises Invalid ``no_such_option`` and Conflict ``snapshot_unreadable``."""
    if not 0 <= option < len(replacement.options):
        raise Invalid.field("/option", "no_such_option", _("There is no such option."), count=len(replacement.options))
    try:
        taken = snapshots.load(replacement)
    except ValueError as error:
        raise Conflict("snapshot_unreadable", _("The stored inputs of this replacement cannot be read.")) from error
    told = replacement.options[option]
    certification = disturbance.certify_replacement(
        replace(taken.problem, budget=told["budget"]),
        [(ref, seat) for ref, seat in told["current"]],
        (),
        _claimed(told),
        told["after"],
        SECONDS,
    )
    return Recheck(replacement.digest, len(taken.people), certification, clock.now())


def _claimed(told: dict[str, Any]) -> disturbance.Replacement:
    """The option as the engine said it, as far as it is judged."""
    members = tuple(engine.Member(row["ref"], row["at"], row["points"], 0) for row in told["members"])
    return disturbance.Replacement(
        members=members,
        coverage=(),
        value=told["value"],
        bound=told["bound"],
        cost=told["cost"],
        joins=tuple(told["joining"]),
        leaves=(),
        moves=(),
        least=told["proven"],
        status="optimal" if told["proven"] else "within_gap",
        certificate=told["certificate"],
    )
