"""Past collaboration from what really happened: who worked side by side for long enough, counted once."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import Any

import pytest
from django.db import transaction

from marketplace.clients.models import Engagement, Placement, WorkedTogether
from marketplace.clients.services import aftermath, engagements, leaves, pauses, placements
from marketplace.clients.services.collaborations import LEAST_WEEKS
from marketplace.kernel import clock
from matching.models import Proposal
from profiles import selectors
from profiles.models import Collaboration, Professional
from profiles.services import collaborations
from tests.clients.running import WEEK, actor, at, fresh, running
from tests.conftest import Cast
from tests.factories import matching as cells
from tests.factories import profiles


@pytest.fixture
def people(cast: Cast) -> list[Professional]:
    return [cast.profile, profiles.professional(), profiles.professional()]


@pytest.fixture
def work(cast: Cast, people: list[Professional]) -> tuple[Engagement, list[Placement]]:
    return running(cast.organization, people)


def _complete(engagement: Engagement) -> None:
    row = fresh(engagement)
    engagements.complete(engagement=row, version=row.version, actor=None)


def _pairs() -> dict[tuple[Any, Any], tuple[int, int | None]]:
    return {
        (first, second): (times, year)
        for first, second, times, year in Collaboration.objects.values_list("first", "second", "times", "last_year")
    }


def _every_pair(people: list[Professional]) -> set[tuple[Any, Any]]:
    return set(combinations(sorted(person.pk for person in people), 2))


def test_who_worked_side_by_side_to_the_end_has_collaborated(
    work: Any, people: list[Professional], monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _placements = work
    at(monkeypatch, engagement.starts_on + 12 * WEEK)
    _complete(engagement)
    year = (clock.today() - dt.timedelta(days=1)).year
    assert _pairs() == dict.fromkeys(_every_pair(people), (1, year))


def test_a_month_is_the_least_that_counts(work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engagement, _placements = work
    monday = clock.monday_of(engagement.starts_on) + WEEK
    at(monkeypatch, monday + (LEAST_WEEKS - 1) * WEEK)
    _complete(engagement)
    assert _pairs() == {}


def test_exactly_a_month_counts(work: Any, people: list[Professional], monkeypatch: pytest.MonkeyPatch) -> None:
    engagement, _placements = work
    monday = clock.monday_of(engagement.starts_on) + WEEK
    at(monkeypatch, monday + LEAST_WEEKS * WEEK)
    _complete(engagement)
    assert _pairs().keys() == _every_pair(people)
    assert set(WorkedTogether.objects.values_list("weeks", flat=True)) == {LEAST_WEEKS}


def test_a_pair_counts_once_however_often_it_is_counted(
    work: Any, people: list[Professional], monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _placements = work
    at(monkeypatch, engagement.starts_on + 12 * WEEK)
    _complete(engagement)
    for _ in range(2):
        with transaction.atomic():
            aftermath.settle(engagement=fresh(engagement), actor=None)
    aftermath.settle_missed()
    assert {times for times, _year in _pairs().values()} == {1}
    assert WorkedTogether.objects.count() == 3


def test_an_earlier_collaboration_is_added_to(
    work: Any, people: list[Professional], monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, _placements = work
    first, second = sorted([people[0].pk, people[1].pk])
    Collaboration.objects.create(first_id=first, second_id=second, times=2, last_year=2024)
    at(monkeypatch, engagement.starts_on + 12 * WEEK)
    _complete(engagement)
    assert _pairs()[first, second] == (3, (clock.today() - dt.timedelta(days=1)).year)


def test_who_leaves_is_counted_then_and_the_others_at_the_end(
    cast: Cast,
    work: Any,
    people: list[Professional],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    engagement, members = work
    at(monkeypatch, engagement.starts_on + 8 * WEEK)
    with django_capture_on_commit_callbacks(execute=True):
        placements.vacate(placement=members[0], reason_code="resigned", actor=actor(cast.recruiter))
    gone = people[0].pk
    assert _pairs().keys() == {pair for pair in _every_pair(people) if gone in pair}
    at(monkeypatch, engagement.starts_on + 16 * WEEK)
    _complete(engagement)
    assert _pairs().keys() == _every_pair(people)
    assert {times for times, _year in _pairs().values()} == {1}


def test_an_engagement_that_ended_before_it_began_counts_nobody(work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    engagement, _members = work
    row = fresh(engagement)
    engagements.terminate(engagement=row, version=row.version, reason_code="budget", actor=None)
    at(monkeypatch, engagement.ends_on + WEEK)
    aftermath.settle_missed()
    assert _pairs() == {}


def test_weeks_of_rest_and_leave_are_not_worked(
    cast: Cast, work: Any, people: list[Professional], monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, members = work
    monday = clock.monday_of(engagement.starts_on) + WEEK
    leaves.ask(
        placement=members[0],
        starts_on=monday + WEEK,
        ends_on=monday + 3 * WEEK - dt.timedelta(days=1),
        reason_kind="vacation",
        actor=actor(cast.professional),
    )
    at(monkeypatch, monday + 5 * WEEK)
    client = actor(cast.client)
    pauses.pause(engagement=engagement, version=fresh(engagement).version, reason_code="other", actor=client)
    at(monkeypatch, monday + 20 * WEEK)
    _complete(engagement)
    # Five weeks of work, two of them without the one on leave.
    assert _pairs().keys() == {pair for pair in _every_pair(people) if people[0].pk not in pair}
    weeks = collaborations.worked_weeks([row.pk for row in members], before=clock.today())
    assert [len(weeks[row.pk]) for row in members] == [3, 5, 5]


def test_a_later_match_sees_who_has_worked_together(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project = cells.published_project(cast.organization)
    before: Proposal = cells.composed_run(project).proposals.get(rank=1)
    members = [member.professional for member in before.members.order_by("pk")]
    assert before.cohesion == 0
    engagement, _people = running(cast.organization, members[:2])
    with monkeypatch.context() as later:
        at(later, engagement.starts_on + 10 * WEEK)
        _complete(engagement)
    assert len(selectors.collaborations([person.pk for person in members])) == 1
    again: Proposal = cells.composed_run(
        cells.published_project(
            cast.organization,
            with_market=False,
            starts_on=engagement.ends_on + WEEK,
            ends_on=engagement.ends_on + 9 * WEEK,
        )
    ).proposals.get(rank=1)
    assert {row.professional_id for row in again.members.all()} >= {person.pk for person in members[:2]}
    assert again.cohesion == 1
