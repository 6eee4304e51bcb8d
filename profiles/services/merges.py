"""Merging: one of two profiles survives with the parts of both, the other stays as an alias that leads to it.

What moves and what wins: ``merging.fields`` (chosen field by field), ``merging.parts`` (the better evidenced of two
claims stays, the other one is kept as history), ``merging.ledger`` (what both promised must fit one person),
``merging.logins``, ``merging.rosters``, and rooms above as ``merging.followers``. Cells that were proposed with the
alias stay as they were proposed; one that is accepted later finds the alias closed and is composed anew, like that of
anybody who has left, since the two may even be in one cell.

A merge keeps every row of both as it was, encrypted, and is undone from that for 30 days, if nothing of the survivor
has changed since: what was booked or edited afterwards is of the one person, and no rule could say of which half.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel import clock, events, identifiers, states
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.transactions import retrying
from profiles.events import ProfilesMerged
from profiles.models import Booking, Professional, ProfileMerge
from profiles.services import bookings
from profiles.services.merging import fields, followers, ledger, logins, memory, parts, rosters
from profiles.states import IN_SIGHT, ProfessionalStatus

UNDO_FOR = dt.timedelta(days=30)
_BOOKABLE = (ProfessionalStatus.ACTIVE, ProfessionalStatus.PAUSED)


@dataclass(frozen=True)
class Seen:
    """One of the two profiles, at the version that the recruiter judged."""

    professional: Professional
    version: int


def merge(
    *,
    survivor: Seen,
    merged: Seen,
    choices: Mapping[str, str] | None = None,
    login: str = fields.Side.SURVIVOR,
    actor: Actor,
) -> ProfileMerge:
    """Make two profiles one. ``choices`` names for a field of ``fields.FIELDS`` whose value wins, as ``login`` does.

    Raises Invalid ``same_profile``; Conflict ``already_merged``, ``changed_since_seen``, ``profile_closed``,
    ``survivor_not_active`` when the other one has hours booked, ``synthetic_and_real``, ``merge_overbooks`` with the
    weeks, and whatever a follower refuses. Of several at once, one wins.
    """
    if survivor.professional.pk == merged.professional.pk:
        raise Invalid.field("/merged", "same_profile", _("Name two different profiles."))
    return _contended(lambda: _merge(survivor, merged, dict(choices or {}), login, actor))


def undo(*, done: ProfileMerge, actor: Actor) -> ProfileMerge:
    """Take a merge back: both profiles are again what they were, with new versions, and count as told apart.

    Raises Conflict ``already_undone``, ``too_late_to_undo``, ``changed_since_merge``. Sessions that were ended stay so.
    """
    return _contended(lambda: _undo(done.pk, actor))


def survivor_of(public_id: str) -> Professional | None:
    """Return whom the id of an alias leads to, None for any other id."""
    key = identifiers.decode(Professional.prefix, public_id)
    if key is None:
        return None
    alias = Professional.objects.filter(pk=key, merged_into__isnull=False).select_related("merged_into").first()
    return alias.merged_into if alias else None


def aliases(professional: Professional) -> list[Professional]:
    """Return the profiles that were merged into this one."""
    return list(Professional.objects.filter(merged_into=professional).order_by("pk"))


@transaction.atomic
def _merge(survivor: Seen, merged: Seen, choices: dict[str, str], login: str, actor: Actor) -> ProfileMerge:
    people = (survivor.professional.pk, merged.professional.pk)
    followers.lock(people)
    # Whoever books, edits or merges either of them waits here, or made us wait and has changed the version.
    locked = bookings.lock_people(people)
    stays, goes = locked[people[0]], locked[people[1]]
    _check(stays, goes, survivor.version, merged.version)
    bookings.release_lapsed_of(locked)
    past = memory.of(people)
    # A room above that refuses says more than too many hours would.
    followed = followers.move(goes.pk, stays.pk)
    outcome = parts.move(stays, goes)
    taken = fields.take_over(stays, goes, choices)
    closed = logins.join(stays, goes, login)
    if goes.status != ProfessionalStatus.ARCHIVED:
        states.move(goes, ProfessionalStatus.ARCHIVED)
    goes.merged_into = stays
    # First the alias lets go of what only one of them may have.
    kept_login = goes.user_id
    goes.user_id = None
    goes.touch("status", "merged_into", "user", *fields.columns())
    stays.touch("user", *fields.columns())
    if kept_login is not None:
        goes.user_id = kept_login
        goes.save(update_fields=["user"])
    ledger.join(stays, goes)
    record = ProfileMerge(
        survivor=stays, merged=goes, merged_by=actor.principal, undo_until=clock.now() + UNDO_FOR, outcome=outcome
    )
    kept = {"rows": past, "rosters": rosters.move(stays, goes, actor), "followers": followed}
    record.outcome = {"fields": taken, "parts": outcome, "login_closed": closed}
    record.seal(kept)
    record.after = memory.digest(memory.of(people))
    record.save(force_insert=True)
    said = {"merge": record.public_id, "survivor": stays.public_id, "merged": goes.public_id}
    log.record(subject=stays, action="professional.merge", actor=actor, **said, outcome=record.outcome)
    log.record(subject=goes, action="professional.merged_into", actor=actor, **said)
    events.announce(ProfilesMerged(survivor=stays.pk, merged=goes.pk))
    return record


def _check(stays: Professional, goes: Professional, stays_version: int, goes_version: int) -> None:
    for row in (stays, goes):
        if row.merged_into_id is not None:
            raise Conflict(
                "already_merged",
                _("One of these profiles was merged already."),
                data={"professional": row.public_id},
            )
    for row, version in ((stays, stays_version), (goes, goes_version)):
        if row.version != version:
            raise Conflict(
                "changed_since_seen",
                _("One of these profiles has changed since you saw it; compare them again."),
                data={"professional": row.public_id, "current_version": row.version},
            )
    if stays.status not in IN_SIGHT or goes.status not in {*IN_SIGHT, ProfessionalStatus.ARCHIVED}:
        raise Conflict("profile_closed", _("This profile is closed and cannot be changed."))
    if stays.synthetic != goes.synthetic:
        raise Conflict("synthetic_and_real", _("One of these profiles is synthetic, the other one is a person's."))
    if stays.status not in _BOOKABLE and Booking.objects.live().filter(professional=goes).exists():
        raise Conflict(
            "survivor_not_active",
            _("The other profile has hours booked: let that one survive, or approve this one first."),
            data={"professional": goes.public_id},
        )


@transaction.atomic
def _undo(key: uuid.UUID, actor: Actor) -> ProfileMerge:
    named = ProfileMerge.objects.only("survivor_id", "merged_id").get(pk=key)
    people = (named.survivor_id, named.merged_id)
    followers.lock(people)
    bookings.lock_people(people)
    record: ProfileMerge = ProfileMerge.objects.select_for_update().get(pk=key)
    if record.undone_at is not None:
        raise Conflict("already_undone", _("This merge was undone already."))
    if not record.can_be_undone:
        raise Conflict("too_late_to_undo", _("The time to undo this merge is over."))
    if memory.digest(memory.of(people)) != record.after:
        raise Conflict(
            "changed_since_merge",
            _("The profile has been changed or booked since it was merged, so the two cannot be told apart any more."),
        )
    past = record.past
    followers.restore(past["followers"], record.merged_id, record.survivor_id)
    memory.put_back(past["rows"], people)
    rosters.restore(past["rosters"], record.survivor_id, record.merged_id, actor)
    record.undone_at, record.undone_by, record.before = clock.now(), actor.principal, b""
    record.touch("undone_at", "undone_by", "before")
    for row in (record.survivor, record.merged):
        log.record(subject=row, action="professional.merge_undone", actor=actor, merge=record.public_id)
    return record


def _contended(work: Callable[[], ProfileMerge]) -> ProfileMerge:
    """Run a whole transaction, again where PostgreSQL refuses it for the moment; not inside somebody else's."""
    return work() if connection.in_atomic_block else retrying(work)
