"""The market out of the index is the market out of rows, column for column, at any time and after any change."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
from django.db import transaction

from marketplace.clients.models import Need, Project, Seat, SeatLanguage, SeatSkill
from marketplace.kernel import clock
from matching import engine, snapshots
from matching.engine.eligibility import eligible
from matching.index.keeper import Keeper
from profiles import selectors
from profiles.models import (
    AvailabilityException,
    Booking,
    Certificate,
    Collaboration,
    LanguageProficiency,
    PersonWeek,
    Professional,
    Skill,
    SkillClaim,
)
from profiles.services import bookings
from tests.factories import clients, profiles

pytestmark = pytest.mark.django_db(transaction=True)

Fill = Callable[[int], None]


def project(draw: random.Random, *, starts_in: int | None = None) -> Project:
    """Return a stored project with random dates, hours, currency, seats and needs."""
    starts_on = clock.today() + dt.timedelta(days=draw.randrange(200) if starts_in is None else starts_in)
    made = Project.objects.create(
        organization=clients.organization(slug=f"bank-of-{draw.random()}"),
        title="Random",
        solution_type="core_modernization",
        starts_on=starts_on,
        ends_on=starts_on + dt.timedelta(days=draw.randrange(3, 300)),
        currency=draw.choice(["USD", "MXN"]),
        monthly_cap=Decimal(draw.randrange(10_000, 900_000)),
        time_zone=draw.choice(["America/New_York", "America/Los_Angeles", "America/Phoenix"]),
        overlap_minutes=draw.choice([0, 120, 300]),
        evidence_floor=draw.choice([0, 0, 1]),
    )
    held = list(Skill.objects.filter(pk__in=SkillClaim.objects.values("skill")).order_by("pk"))
    held += list(Skill.objects.filter(pk__in=Certificate.objects.values("skill")).order_by("pk"))
    for position in range(draw.randrange(1, 5)):
        seat = Seat.objects.create(
            project=made,
            position=position,
            title_en=f"Seat {position}",
            function=draw.randrange(4),
            min_seniority=draw.randrange(1, 4),
            weekly_minutes=draw.choice([1200, 2400]),
            client_facing=draw.random() < 0.3,
        )
        for skill in draw.sample(held, draw.randrange(3)):
            SeatSkill.objects.get_or_create(seat=seat, skill=skill, defaults={"level": draw.randrange(1, 4)})
        SeatLanguage.objects.create(
            seat=seat, language="en", level=draw.randrange(1, 5), evidence=draw.choice([0, 0, 1, 2])
        )
    for position, skill in enumerate(dict.fromkeys(draw.sample(held, 4))):
        Need.objects.create(project=made, position=position, skill=skill, level=draw.randrange(1, 5), count=1)
    return Project.objects.get(pk=made.pk)


def assert_same(expected: snapshots.Taken, found: snapshots.Taken) -> None:
    """Compare two readings of a market: everybody, every column, every posting, every collaboration, every rule."""
    assert list(expected.people) == list(found.people)
    wide, other = expected.problem.market, found.problem.market
    for name, column in vars(wide.people).items():
        if name != "languages":
            np.testing.assert_array_equal(column, getattr(other.people, name), err_msg=name)
            assert column.dtype == getattr(other.people, name).dtype
    assert wide.people.languages.keys() == other.people.languages.keys()
    for key, column in wide.people.languages.items():
        np.testing.assert_array_equal(column, other.people.languages[key], err_msg=key)
    assert wide.postings.keys() == other.postings.keys()
    for skill, posting in wide.postings.items():
        for name, column in vars(posting).items():
            np.testing.assert_array_equal(column, getattr(other.postings[skill], name), err_msg=f"{skill} {name}")
    for name, column in vars(wide.collaborations).items():
        np.testing.assert_array_equal(column, getattr(other.collaborations, name), err_msg=name)
    assert engine.digest(expected.problem) == engine.digest(found.problem)


def compare(made: Project, keeper: Keeper) -> snapshots.Taken:
    found = snapshots.take_from_index(made, keeper)
    assert_same(snapshots.take(made), found)
    return found


@pytest.mark.slow
def test_random_projects_get_the_same_problem_from_the_index_as_from_rows(keeper: Keeper, supply: Fill) -> None:
    supply(2000)
    draw, seated = random.Random(1), 0
    for _ in range(6):
        problem = compare(project(draw), keeper).problem
        seated += sum(len(eligible(problem, seat)) for seat in range(len(problem.seats)))
    assert seated > 0


def somebody(draw: random.Random) -> Professional:
    ids = list(Professional.objects.active().order_by("pk").values_list("pk", flat=True))
    return Professional.objects.get(pk=draw.choice(ids))


def newcomer(draw: random.Random) -> None:
    person = profiles.professional(
        rate_amount=Decimal("41.37"), time_zone="America/Tijuana", work_starts=draw.randrange(300, 600)
    )
    profiles.speaks(person)
    for claim in SkillClaim.objects.select_related("skill").order_by("pk")[: draw.randrange(100, 200)]:
        SkillClaim.objects.get_or_create(professional=person, skill=claim.skill, defaults={"level": 4})
    first, second = sorted((person, somebody(draw)), key=lambda each: each.pk)
    Collaboration.objects.create(first=first, second=second, times=5)


def book(draw: random.Random) -> None:
    start = clock.monday_of(clock.today()) + dt.timedelta(weeks=draw.randrange(20))
    person = somebody(draw)
    for week in range(draw.randrange(1, 20)):
        PersonWeek.objects.update_or_create(
            professional=person,
            week=start + dt.timedelta(weeks=week),
            defaults={"capacity": 4800, "booked": draw.choice([600, 1200, 2400])},
        )


def collaborator(draw: random.Random) -> Professional:
    edges = Collaboration.objects.filter(first__status="active").order_by("pk")
    return edges.select_related("first")[draw.randrange(500)].first


def set_status(person: Professional, status: str) -> None:
    person.status = status
    person.touch("status")


CHANGES: dict[str, Callable[[random.Random], object]] = {
    "a claim is edited": lambda draw: SkillClaim.objects.filter(professional=somebody(draw)).update(
        level=2, evidence=1, evidence_expires_on=clock.today() + dt.timedelta(days=30)
    ),
    "claims are withdrawn": lambda draw: SkillClaim.objects.filter(professional=collaborator(draw)).delete(),
    "somebody pauses": lambda draw: set_status(collaborator(draw), "paused"),
    "somebody comes back": lambda draw: set_status(Professional.objects.filter(status="paused").first(), "active"),
    "somebody is booked": book,
    "somebody new comes": newcomer,
    "somebody else comes too": newcomer,
    "a newcomer pauses": lambda draw: set_status(Professional.objects.order_by("-pk").first(), "paused"),
    "a certificate is added": lambda draw: Certificate.objects.update_or_create(
        professional=somebody(draw),
        skill=Certificate.objects.order_by("pk").first().skill,
        defaults={"issued_on": dt.date(2024, 5, 5), "expires_on": clock.today() + dt.timedelta(days=90)},
    ),
    "a certificate outlives its claim": lambda draw: SkillClaim.objects.filter(
        professional=Certificate.objects.order_by("pk").last().professional
    ).delete(),
    "a rate in pesos": lambda draw: Professional.objects.filter(pk=somebody(draw).pk).update(
        rate_amount=Decimal("777.77"), rate_floor=0, rate_currency="MXN"
    ),
    "leave and late availability": lambda draw: (
        AvailabilityException.objects.create(
            professional=somebody(draw),
            starts_on=clock.today() + dt.timedelta(days=9),
            ends_on=clock.today() + dt.timedelta(days=150),
            weekly_minutes=700,
        ),
        Professional.objects.filter(pk__in=[somebody(draw).pk for _ in range(20)]).update(
            available_from=clock.today() + dt.timedelta(days=77), available_until=clock.today() + dt.timedelta(days=250)
        ),
    ),
    "leave is canceled": lambda draw: AvailabilityException.objects.filter(
        pk__in=AvailabilityException.objects.order_by("pk")[:60].values("pk")
    ).delete(),
    "languages change": lambda draw: (
        LanguageProficiency.objects.filter(professional=somebody(draw)).update(speaking=6, writing=1),
        LanguageProficiency.objects.filter(professional=collaborator(draw)).delete(),
    ),
    "results of tests are verified, and some run out soon": lambda draw: [
        LanguageProficiency.objects.filter(professional=somebody(draw), language="en").update(
            evidence=1, evidence_expires_on=clock.today() + dt.timedelta(days=days)
        )
        for days in (30, 90, 150, 900)
    ],
    "the leave announced last is canceled": lambda draw: AvailabilityException.objects.order_by("-pk").first().delete(),
    "a collaboration ends": lambda draw: Collaboration.objects.order_by("pk").first().delete(),
}


def test_after_any_sequence_of_changes_a_refresh_without_a_rebuild_gives_the_same_problem(
    keeper: Keeper, supply: Fill
) -> None:
    supply(1000)
    draw = random.Random(2)
    made = project(draw, starts_in=30)
    compare(made, keeper)
    version = keeper.store.current()
    for number, (name, change) in enumerate(CHANGES.items()):
        before = keeper.version
        change(draw)
        if number % 3 == 2 or name == "a newcomer pauses":  # changes pile up between refreshes, too
            compare(made, keeper)
            assert keeper.version != before
    made = project(draw)
    compare(made, keeper)
    assert keeper.store.current() == version
    rows, found = snapshots.take(made), snapshots.take_from_index(made, keeper)
    assert_same(snapshots.narrowed(rows), snapshots.narrowed(found))


def test_what_rolls_back_is_never_seen_and_what_commits_is_seen_at_once(keeper: Keeper, supply: Fill) -> None:
    supply(200)
    draw = random.Random(3)
    made, person = project(draw), somebody(draw)
    before = compare(made, keeper)
    with transaction.atomic():
        set_status(person, "paused")
        transaction.set_rollback(True)
    assert list(snapshots.take_from_index(made, keeper).people) == list(before.people)
    person.refresh_from_db()
    set_status(person, "paused")
    assert person.pk not in set(snapshots.take_from_index(made, keeper).people)
    compare(made, keeper)


def test_inside_a_transaction_the_index_is_refused_and_rows_are_read(keeper: Keeper, supply: Fill) -> None:
    supply(200)
    made = project(random.Random(4))
    person = somebody(random.Random(5))
    with transaction.atomic():
        set_status(person, "paused")
        with pytest.raises(RuntimeError, match="committed"):
            keeper.refresh()
        assert person.pk not in set(snapshots.current(made).people)
        transaction.set_rollback(True)


def test_a_hold_whose_deadline_has_passed_is_free_in_the_index_as_in_rows(keeper: Keeper, supply: Fill) -> None:
    """No row changes when a deadline passes, so the feed says nothing of it."""
    supply(200)
    made = project(random.Random(8), starts_in=30)
    person = somebody(random.Random(9))

    def free() -> int:
        taken = compare(made, keeper)
        return int(taken.problem.market.people.free_minutes[list(taken.people).index(person.pk)])

    before = free()
    with transaction.atomic():
        bookings.reserve(
            [bookings.Reservation(person.pk, uuid.uuid4(), made.starts_on, made.ends_on, 600)],
            held_until=clock.now() + dt.timedelta(hours=1),
        )
    assert free() < before
    Booking.objects.update(held_until=clock.now())
    assert free() == before


def test_an_unknown_currency_makes_nobody_affordable(keeper: Keeper, supply: Fill) -> None:
    """Exchange rates are read for each run and are no part of the index."""
    supply(200)
    made = project(random.Random(6))
    made.currency = "EUR"
    assert set(snapshots.take_from_index(made, keeper).problem.market.people.rate_cents.tolist()) == {-1}


def test_the_selectors_stay_the_oracle(keeper: Keeper, supply: Fill) -> None:
    """The comparison would prove nothing if both sides read the same way."""
    supply(500)
    made = project(random.Random(7))
    known = {row.id: row.free_minutes for row in selectors.candidates(made.starts_on, made.ends_on)}
    found = snapshots.take_from_index(made, keeper)
    assert dict(zip(found.people, found.problem.market.people.free_minutes.tolist(), strict=True)) == known
