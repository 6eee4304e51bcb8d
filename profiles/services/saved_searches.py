"""Saved searches: kept, shared, and followed so that new people are told of once and nobody is told of twice.

New is whoever matches now, did not match when the search began to follow, and was never told of. Somebody who leaves
and matches again is not new: the recruiter has seen them. Another query, or alerts switched on again, begin anew.

A look asks the feed of supply who has changed since the last one and searches among those only. The whole search is
asked again where the feed cannot say (``feed.Gap``), where most of supply has changed, and where the exchange rate has
moved under a limit in dollars. People out of sight (archived, blocked) are not told of.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import ROLES, Permission
from marketplace.audit import log
from marketplace.delivery import notifications
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict, DomainError, Invalid, NotAllowed
from marketplace.kernel.money import Currency
from marketplace.rest import etags
from profiles import feed, search
from profiles.models import Cadence, Professional, SavedSearch, SavedSearchAlert, SavedSearchMatch
from profiles.search_statement import Criteria, Order
from profiles.services import exchange
from profiles.states import IN_SIGHT

logger = logging.getLogger(__name__)

Query = Mapping[str, list[str]]
Reader = Callable[[Query], Criteria]

MOST_SEARCHES = 100
MOST_FOLLOWED = 50_000  # people who match when a search begins to follow: 400 kB of its row
MOST_TOLD = 1_000  # people whom one alert names; of a search that suddenly finds more the others count as known
LEASE = dt.timedelta(minutes=2)
EVERY = {
    Cadence.IMMEDIATE: dt.timedelta(minutes=1),
    Cadence.DAILY: dt.timedelta(days=1),
    Cadence.WEEKLY: dt.timedelta(days=7),
}
TELLING = "saved_search.matches"
_CHUNK = 5_000
_WORTH_ASKING_ANEW = 20_000
_LONGEST_PAUSE = dt.timedelta(hours=6)
_SEARCHERS = [role for role, permissions in ROLES.items() if Permission.READ_SUPPLY in permissions]


# -- keeping ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def create(
    *, name: str, query: Query, shared: bool = False, cadence: str = Cadence.DAILY, read: Reader, actor: Actor
) -> SavedSearch:
    """Keep a search of the actor's; whoever matches now is not new. ``read`` turns a query into criteria.

    Raises Invalid for a query that ``read`` refuses and ``too_broad`` for one that too many match to be followed,
    Conflict ``name_taken`` and ``too_many_searches``.
    """
    owner = _person(actor)
    if SavedSearch.objects.filter(owner=owner).count() >= MOST_SEARCHES:
        raise Conflict("too_many_searches", _("You keep %(most)s searches at most.") % {"most": MOST_SEARCHES})
    row = SavedSearch(owner=owner, name=name, query=dict(query), shared=shared, cadence=cadence)
    criteria = read(row.query)
    if cadence != Cadence.OFF:
        _begin(row, criteria)
    _save(row)
    log.record(subject=row, action="saved_search.create", actor=actor, cadence=cadence, shared=shared)
    return row


@transaction.atomic
def update(*, saved: SavedSearch, version: int, read: Reader, actor: Actor, **changes: Any) -> SavedSearch:
    """Change ``name``, ``query``, ``shared`` or ``cadence``; another query and alerts switched on begin anew.

    Raises NotAllowed for anybody but the owner, PreconditionFailed, and what ``create`` raises.
    """
    row = _owned(saved, actor)
    etags.require(row, version)
    anew = row.cadence == Cadence.OFF or changes.get("query", row.query) != row.query
    every = row.cadence
    for column, value in changes.items():
        setattr(row, column, value)
    criteria = read(row.query)
    if row.cadence == Cadence.OFF:
        row.epoch, row.snapshot, row.known, row.pesos, row.next_look_at = None, "", b"", None, None
    elif anew:
        _begin(row, criteria)
    elif row.cadence != every:
        row.next_look_at = clock.now() + EVERY[Cadence(row.cadence)]
    # A look under way finds its fence closed: it asked for what is no longer wanted.
    row.lease_token, row.lease_until, row.failures, row.last_error = None, None, 0, ""
    _save(row, *changes)
    log.record(subject=row, action="saved_search.update", actor=actor, fields=sorted(changes))
    return row


@transaction.atomic
def delete(*, saved: SavedSearch, actor: Actor) -> None:
    """Forget a search with all that it told. Raises NotAllowed for anybody but the owner."""
    row = _owned(saved, actor)
    log.record(subject=row, action="saved_search.delete", actor=actor)
    row.delete()


@transaction.atomic
def mark_seen(*, saved: SavedSearch, alerts: list[uuid.UUID] | None = None, actor: Actor) -> int:
    """Mark these alerts, or all, as seen and return how many were not yet. Raises NotAllowed but for the owner."""
    row = _owned(saved, actor)
    unseen = SavedSearchAlert.objects.filter(search=row, seen_at__isnull=True)
    if alerts is not None:
        unseen = unseen.filter(pk__in=alerts)
    return unseen.update(seen_at=clock.now())


def _save(row: SavedSearch, *changed: str) -> None:
    try:
        with transaction.atomic():
            if row._state.adding:
                row.save(force_insert=True)
            else:
                row.touch(
                    *changed, "known", "epoch", "snapshot", "pesos", "next_look_at", "lease_token", "lease_until",
                    "failures", "last_error",
                )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("name_taken", _("You already keep a search under this name.")) from error


def _person(actor: Actor) -> Any:
    if actor.user is None:
        raise NotAllowed("not_allowed", _("Only people keep searches."))
    return actor.user


def _owned(saved: SavedSearch, actor: Actor) -> SavedSearch:
    row: SavedSearch = SavedSearch.objects.select_for_update().get(pk=saved.pk)
    if actor.user is None or row.owner_id != actor.user.pk:
        raise NotAllowed("owner_only", _("Only its owner may do this; make one of your own."))
    return row


# -- looking ----------------------------------------------------------------------------------------------------------
def look(*, saved: SavedSearch, read: Reader, actor: Actor) -> SavedSearchAlert | None:
    """Look for new people now, whatever the cadence, and return the alert, None when there is nobody new.

    Raises NotAllowed but for the owner, Conflict ``not_followed`` with alerts off, ``look_under_way``.
    """
    with transaction.atomic():
        row = _owned(saved, actor)
        if row.cadence == Cadence.OFF:
            raise Conflict("not_followed", _("This search tells nobody; choose how often it looks first."))
        if row.lease_until is not None and row.lease_until > clock.now():
            raise Conflict("look_under_way", _("This search is looking right now; try again in a moment."))
        _lease(row)
    return _look(row, read)


def look_due(read: Reader, *, most: int = 20) -> int:
    """Do the looks that are due, at most so many, and return how many were done. Safe to run twice at once."""
    done = 0
    due = SavedSearch.objects.due().filter(owner__is_active=True, owner__role__in=_SEARCHERS)
    for key in list(due.order_by("next_look_at").values_list("pk", flat=True)[:most]):
        row = _claim(key)
        if row is None:
            continue
        try:
            _look(row, read)
            done += 1
        except Exception as error:
            if not isinstance(error, DomainError):
                logger.exception("looking for %s failed", row.public_id)
            _put_back(row, error.code if isinstance(error, DomainError) else type(error).__name__)
    return done


@transaction.atomic
def _claim(key: uuid.UUID) -> SavedSearch | None:
    row: SavedSearch | None = SavedSearch.objects.due().select_for_update(skip_locked=True).filter(pk=key).first()
    if row is not None:
        _lease(row)
    return row


def _lease(row: SavedSearch) -> None:
    row.lease_token, row.lease_until = uuid.uuid4(), clock.now() + LEASE
    row.save(update_fields=["lease_token", "lease_until"])


def _look(row: SavedSearch, read: Reader) -> SavedSearchAlert | None:
    """Find and record; what somebody else has recorded in the meantime is not told again."""
    criteria = read(row.query)
    position, people = _found(row, criteria)
    fresh = _never_told(row, people)
    return _record(row, position, _pesos(criteria), fresh)


def _found(row: SavedSearch, criteria: Criteria) -> tuple[feed.Position, list[uuid.UUID]]:
    """Return the new position in the feed, and who matches among those who may do so for the first time."""
    assert row.epoch is not None
    try:
        position, changed = feed.since(feed.Position(row.epoch, row.snapshot))
    except feed.Gap:
        return _here(), matching(criteria)
    if len(changed) > _WORTH_ASKING_ANEW or _pesos(criteria) != row.pesos:
        return position, matching(criteria)
    return position, [
        person for at in range(0, len(changed), _CHUNK) for person in matching(criteria, changed[at : at + _CHUNK])
    ]


def matching(criteria: Criteria, among: list[uuid.UUID] | None = None) -> list[uuid.UUID]:
    """Return who meets ``criteria`` and is in sight, best first, one more than ``MOST_FOLLOWED`` at most."""
    status = tuple(str(each) for each in IN_SIGHT if not criteria.status or each in criteria.status)
    ids = criteria.ids if among is None else tuple(set(among) & set(criteria.ids or among))
    if not status or (among is not None and not ids):
        return []
    asked = dataclasses.replace(criteria, status=status, ids=ids)
    return [hit.id for hit in search.page(asked, order=Order.RANK, limit=len(ids) or MOST_FOLLOWED + 1)]


def _never_told(row: SavedSearch, people: list[uuid.UUID]) -> list[uuid.UUID]:
    fresh = row.unknown(people)
    told = set(
        SavedSearchMatch.objects.filter(search=row, professional_id__in=fresh).values_list("professional_id", flat=True)
    )
    return [person for person in fresh if person not in told]


@transaction.atomic
def _record(
    looked: SavedSearch, position: feed.Position, pesos: Decimal | None, fresh: list[uuid.UUID]
) -> SavedSearchAlert | None:
    """Write down what a look found, if the fence is still ours."""
    row: SavedSearch | None = (
        SavedSearch.objects.select_for_update().filter(pk=looked.pk, lease_token=looked.lease_token).first()
    )
    if row is None:
        logger.warning("the lease of a saved search was lost before it could be recorded")
        return None
    # Somebody may have been erased since they were found.
    there = set(Professional.objects.filter(pk__in=fresh[:MOST_TOLD]).values_list("pk", flat=True))
    told = [person for person in fresh[:MOST_TOLD] if person in there]
    alert = None
    if told:
        alert = SavedSearchAlert.objects.create(search=row, people=len(told) + len(fresh[MOST_TOLD:]))
        SavedSearchMatch.objects.bulk_create(
            [SavedSearchMatch(alert=alert, search=row, professional_id=person) for person in told], batch_size=1000
        )
        notifications.notify(
            recipients=[row.owner_id],
            kind=TELLING,
            subject=row,
            data={"search": row.name, "people": alert.people},
            occasion=alert.public_id,
        )
    if len(fresh) > MOST_TOLD:
        row.remember(fresh[MOST_TOLD:], also=True)
    row.epoch, row.snapshot, row.pesos, row.looked_at = position.epoch, position.snapshot, pesos, clock.now()
    row.next_look_at = clock.now() + EVERY[Cadence(row.cadence)]
    row.lease_token, row.lease_until, row.failures, row.last_error = None, None, 0, ""
    # No new version: nothing that its owner decides has changed.
    row.save(
        update_fields=[
            "known", "epoch", "snapshot", "pesos", "looked_at", "next_look_at", "lease_token", "lease_until",
            "failures", "last_error",
        ]
    )  # fmt: skip
    return alert


@transaction.atomic
def _put_back(looked: SavedSearch, error: str) -> None:
    """Let a look that failed be tried again, later and later."""
    row: SavedSearch | None = (
        SavedSearch.objects.select_for_update().filter(pk=looked.pk, lease_token=looked.lease_token).first()
    )
    if row is None:
        return
    row.failures = min(row.failures + 1, 10)
    row.next_look_at = clock.now() + min(dt.timedelta(minutes=2**row.failures), _LONGEST_PAUSE)
    row.lease_token, row.lease_until, row.last_error = None, None, error[:64]
    row.save(update_fields=["next_look_at", "lease_token", "lease_until", "failures", "last_error"])


def _begin(row: SavedSearch, criteria: Criteria) -> None:
    """Follow supply from here on. The position comes first: who changes meanwhile is known or is looked at again."""
    position = _here()
    people = matching(criteria)
    if len(people) > MOST_FOLLOWED:
        raise Invalid.field(
            "/cadence",
            "too_broad",
            _("More than %(most)s people match: narrow the search, or switch its alerts off.")
            % {"most": MOST_FOLLOWED},
        )
    row.remember(people)
    row.epoch, row.snapshot, row.pesos = position.epoch, position.snapshot, _pesos(criteria)
    row.next_look_at = clock.now() + EVERY[Cadence(row.cadence)]


def _here() -> feed.Position:
    feed.open_feed()
    with connection.cursor() as cursor:
        return feed.here(cursor)


def _pesos(criteria: Criteria) -> Decimal | None:
    """Return the exchange rate that decides who is within a limit in dollars, None without a limit."""
    if criteria.dollars is None:
        return None
    rate = exchange.rate(Currency.USD, Currency.MXN, clock.today())
    return rate.quantize(Decimal("0.00000001")) if rate is not None else None
