"""Two hundred clients accept overlapping cells at once: no hour is promised twice, and every refusal is justified."""

from __future__ import annotations

import random
import threading
import uuid
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from django.db import connection

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.kernel.clock import weeks_between
from marketplace.kernel.errors import Conflict
from matching.models import Offer, Proposal
from matching.services import offers
from profiles.capacity import demand
from profiles.models import Booking, PersonWeek
from profiles.services import bookings
from tests.factories import accounts, clients, profiles
from tests.trust.offered import ENDS, STARTS, offered_cell

pytestmark = pytest.mark.django_db(transaction=True)

CONNECTIONS = 40
CELLS = 200
CELL = 4
GROUPS = 20
PEOPLE = 120


@dataclass
class Outcome:
    """What came of each acceptance (by offer): the engagement's id, or the code of the refusal."""

    accepted: dict[uuid.UUID, uuid.UUID]
    refused: dict[uuid.UUID, str]
    errors: list[str]


@pytest.fixture
def contested() -> list[Offer]:
    """Half of the offers in groups of five over the very same people, half over other people drawn at random."""
    organization, draw = clients.organization(), random.Random(7)
    people = [profiles.professional() for _ in range(PEOPLE)]
    # With ledger rows there already only the locks stand between two acceptances: an insert would serialize them.
    PersonWeek.objects.bulk_create(
        PersonWeek(professional=person, week=week, capacity=2400)
        for person in people
        for week in weeks_between(STARTS, ENDS)
    )
    made = []
    for start in range(0, GROUPS * CELL, CELL):
        made += [offered_cell(organization, people[start : start + CELL]) for _ in range(5)]
    rest = people[GROUPS * CELL :]
    made += [offered_cell(organization, draw.sample(rest, CELL)) for _ in range(CELLS - len(made))]
    draw.shuffle(made)
    return made


def accept_all_at_once(contested: list[Offer]) -> Outcome:
    """Accept every offer from 40 threads, each with a connection of its own."""
    outcome = Outcome({}, {}, [])
    actor = Actor(user=accounts.user(Role.CLIENT))
    gate = threading.Barrier(CONNECTIONS)

    def work(mine: list[Offer]) -> None:
        gate.wait()
        try:
            for offer in mine:
                try:
                    outcome.accepted[offer.pk] = offers.accept(offer=offer, seen_version=1, actor=actor).pk
                except Conflict as conflict:
                    outcome.refused[offer.pk] = conflict.code
                except Exception as error:
                    outcome.errors.append(f"{type(error).__name__}: {error}"[:200])
        finally:
            connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(work, [contested[k::CONNECTIONS] for k in range(CONNECTIONS)]))
    return outcome


def violations(contested: list[Offer], outcome: Outcome) -> list[str]:
    """Judge the final state from the bookings alone, sharing no code with the service but the week's arithmetic."""
    found = [f"error {error}" for error in outcome.errors]
    load: Counter[tuple[uuid.UUID, object]] = Counter()
    for booking in Booking.objects.exclude(status="released"):
        for week in weeks_between(booking.starts_on, booking.ends_on):
            load[booking.professional_id, week] += demand(
                booking.weekly_minutes, week, booking.starts_on, booking.ends_on
            )
    found += [f"overbooked {key}: {minutes}" for key, minutes in load.items() if minutes > 2400]
    ledger = {(w.professional_id, w.week): w.booked for w in PersonWeek.objects.all() if w.booked}
    if ledger != dict(load):
        found.append("the ledger differs from the bookings")
    members: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for offer, person in Offer.objects.values_list("pk", "proposal__members__professional_id"):
        members[offer].add(person)
    placed = Counter(Booking.objects.values_list("professional_id", flat=True))
    expected = Counter(person for offer in outcome.accepted for person in members[offer])
    if placed != expected:
        found.append("some cell is booked in part, or a refused one is booked")
    for offer, code in outcome.refused.items():
        full = any(load[person, week] for person in members[offer] for week in weeks_between(STARTS, ENDS))
        if code != "people_not_free" or not full:
            found.append(f"the refusal {code} is not justified")
    groups: dict[frozenset[uuid.UUID], list[uuid.UUID]] = defaultdict(list)
    for offer in contested:
        groups[frozenset(members[offer.pk])].append(offer.pk)
    for group in groups.values():
        winners = sum(offer in outcome.accepted for offer in group)
        if winners > 1 or (len(group) == 5 and winners != 1):
            found.append(f"{winners} winners over the same people")
    return found


def test_nothing_is_overbooked_and_each_conflicting_set_has_one_winner(contested: list[Offer]) -> None:
    outcome = accept_all_at_once(contested)

    assert violations(contested, outcome) == []
    assert len(outcome.accepted) + len(outcome.refused) == CELLS
    assert len(outcome.accepted) >= GROUPS
    states = Counter(Proposal.objects.values_list("status", flat=True))
    assert states == {"accepted": len(outcome.accepted), "superseded": len(outcome.refused)}


def test_without_the_locks_the_same_checks_fail(contested: list[Offer], monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant that shows the test above can fail: the ledger is read without being locked."""
    monkeypatch.setattr(bookings, "_locked", lambda rows: rows)

    assert violations(contested, accept_all_at_once(contested))
