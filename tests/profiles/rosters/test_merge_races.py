"""Merging while others merge, book and edit, each on a connection of their own: one wins, nothing is half-written."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.kernel import clock
from marketplace.kernel.errors import DomainError, Unavailable
from marketplace.kernel.transactions import retrying
from profiles.capacity import demand
from profiles.models import Booking, PersonWeek, Professional, ProfileMerge, SkillClaim
from profiles.services import bookings, claims, merges, professionals
from tests.factories import accounts, profiles

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = clock.monday_of(clock.today()) + dt.timedelta(weeks=4)
ROUNDS = 6


def at_once(*acts: Callable[[], object]) -> tuple[list[object], list[str]]:
    """Do all of it at the same moment, each on its own connection; return what came of it and the refusals."""
    gate, made, refused = threading.Barrier(len(acts)), [], []

    def work(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            made.append(patiently(act))
        except DomainError as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(work, acts))
    return made, refused


def patiently(act: Callable[[], object]) -> object:
    """Try again where the service is busy, as a caller would: on a slow machine a lock may be waited for too long."""
    for _attempt in range(20):
        try:
            return act()
        except Unavailable:
            continue
    return act()


def merging(survivor: Professional, merged: Professional, recruiter: User) -> Callable[[], ProfileMerge]:
    return lambda: merges.merge(
        survivor=merges.Seen(survivor, 1), merged=merges.Seen(merged, 1), actor=accounts.actor(recruiter)
    )


def booking(person: Professional, minutes: int) -> Callable[[], object]:
    @transaction.atomic
    def book() -> object:
        reservation = bookings.Reservation(person.pk, uuid.uuid4(), MONDAY, MONDAY + dt.timedelta(days=4), minutes)
        return bookings.reserve([reservation])

    return lambda: retrying(book)


def ledger_faults() -> list[str]:
    """Judge the final state from the bookings alone."""
    load: Counter[tuple[uuid.UUID, dt.date]] = Counter()
    for row in Booking.objects.exclude(status="released"):
        for week in clock.weeks_between(row.starts_on, row.ends_on):
            load[row.professional_id, week] += demand(row.weekly_minutes, week, row.starts_on, row.ends_on)
    stated = {(row.professional_id, row.week): row.booked for row in PersonWeek.objects.all() if row.booked}
    faults = [f"overbooked {key}" for key, minutes in load.items() if minutes > 2400]
    if stated != dict(load):
        faults.append(f"the ledger says {stated}, the bookings {dict(load)}")
    closed = Professional.objects.filter(merged_into__isnull=False).values_list("pk", flat=True)
    if Booking.objects.filter(professional__in=closed).exists() or SkillClaim.objects.filter(professional__in=closed):
        faults.append("something was left with an alias")
    return faults


def test_of_many_who_merge_the_same_two_at_once_either_way_round_one_does():
    for _round in range(ROUNDS):
        one, other = profiles.professional(), profiles.professional()
        profiles.claim(one), profiles.claim(other)
        recruiters = [accounts.user(Role.RECRUITER) for _ in range(6)]
        made, refused = at_once(
            *(
                merging(one, other, who) if number % 2 else merging(other, one, who)
                for number, who in enumerate(recruiters)
            )
        )
        assert (len(made), Counter(refused)) == (1, {"already_merged": 5})
    assert ProfileMerge.objects.count() == ROUNDS
    assert SkillClaim.objects.count() == ROUNDS
    assert ledger_faults() == []


def test_of_three_profiles_merged_in_a_ring_no_two_lead_to_each_other():
    for _round in range(ROUNDS):
        people = [profiles.professional() for _ in range(3)]
        recruiter = accounts.user(Role.RECRUITER)
        made, refused = at_once(*(merging(people[number], people[(number + 1) % 3], recruiter) for number in range(3)))
        assert len(made) == 1, refused
        assert set(refused) <= {"already_merged", "changed_since_seen"}
        for alias in Professional.objects.filter(pk__in=[each.pk for each in people], merged_into__isnull=False):
            assert alias.merged_into.merged_into_id is None


def test_hours_booked_while_two_are_merged_are_kept_or_refused_and_never_lost():
    outcomes: Counter[str] = Counter()
    for _round in range(ROUNDS):
        stays, goes = profiles.professional(), profiles.professional()
        recruiter = accounts.user(Role.RECRUITER)
        made, refused = at_once(
            merging(stays, goes, recruiter), booking(goes, 1500), booking(stays, 1500), booking(goes, 600)
        )
        outcomes.update(refused)
        assert set(refused) <= {"people_not_free", "merge_overbooks"}
        # If hours were refused, the merge is what made them too many.
        merged = any(isinstance(each, ProfileMerge) for each in made)
        assert merged or "merge_overbooks" in refused
        assert ledger_faults() == []
    assert ProfileMerge.objects.count() + outcomes["merge_overbooks"] == ROUNDS


def test_an_edit_while_two_are_merged_is_seen_or_refused():
    for _round in range(ROUNDS):
        stays, goes = profiles.professional(), profiles.professional()
        recruiter = accounts.user(Role.RECRUITER)
        profiles.skill("cobol")
        claimed = claims.Claimed(skill="cobol", level=4, years=3, last_used=None)
        made, refused = at_once(
            merging(stays, goes, recruiter),
            lambda goes=goes: professionals.update(professional=goes, version=None, actor=None, city="Mérida"),
            lambda goes=goes, claimed=claimed: claims.set_one(professional=goes, claimed=claimed, actor=None),
        )
        merged = any(isinstance(each, ProfileMerge) for each in made)
        # Either the edits came first and the merge was of what nobody had judged, or they found the profile closed.
        assert sorted(refused) == (["profile_closed"] * 2 if merged else ["changed_since_seen"])
        assert ledger_faults() == []


def test_of_many_who_undo_at_once_one_does_and_an_edit_meanwhile_forbids_it_or_waits():
    for _round in range(ROUNDS):
        stays, goes = profiles.professional(), profiles.professional()
        recruiter = accounts.actor(accounts.user(Role.RECRUITER))
        done = merging(stays, goes, recruiter.user)()
        made, refused = at_once(
            *[partial(merges.undo, done=done, actor=recruiter)] * 3,
            lambda stays=stays: professionals.update(professional=stays, version=None, actor=None, city="Mérida"),
        )
        done.refresh_from_db()
        undone = done.undone_at is not None
        assert Counter(refused) == ({"already_undone": 2} if undone else {"changed_since_merge": 3})
        assert len(made) == (2 if undone else 1)
        assert Professional.objects.get(pk=stays.pk).city == "Mérida"
