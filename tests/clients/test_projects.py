"""Projects as services: repairs applied, rows that history keeps, ends that time brings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import ProtectedError

from marketplace.clients.events import ProjectPublished
from marketplace.clients.models import Need, Placement, Project, Seat
from marketplace.clients.services import projects
from marketplace.delivery.models import OutboxEvent
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict, IllegalTransition, Invalid
from marketplace.kernel.money import Money
from profiles.levels import Cefr, Country, Evidence, Seniority
from tests.conftest import Cast
from tests.factories import clients, profiles


def _languages(seat: Seat) -> dict[str, int]:
    return {f"{row.language}.{row.activity}": row.level for row in seat.languages.all()}


def test_an_amendment_changes_what_it_names_and_nothing_else(cast: Cast) -> None:
    project = clients.project(cast.organization)
    kept = list(project.seats.filter(position__gt=0).values_list("pk", flat=True))
    later = project.starts_on + dt.timedelta(weeks=2)
    row = projects.amend(
        project=project,
        changes={
            "monthly_cap": Decimal("61200"),
            "starts_on": later,
            "overlap_minutes": 120,
            "bridges": 0,
            "us_specialists": 1,
            "evidence_floor": Evidence.TESTED,
            "seats": {
                0: {
                    "min_seniority": Seniority.MID,
                    "weekly_minutes": 1200,
                    "max_rate": Money.of(55, "USD"),
                    "countries": [Country.MEXICO],
                    "skills": {"cobol": 3, "jcl": 0},
                    "languages": {"en.speaking": Cefr.B1},
                }
            },
            "needs": {1: {"level": 3, "count": 0}},
        },
        actor=None,
    )
    assert (row.monthly_cap, row.currency, row.starts_on, row.version) == (Decimal("61200.00"), "USD", later, 2)
    assert (row.overlap_minutes, row.bridges, row.us_specialists, row.evidence_floor) == (120, 0, 1, Evidence.TESTED)
    seat = row.seats.get(position=0)
    assert (seat.title_en, seat.min_seniority, seat.weekly_minutes, seat.max_rate, seat.countries) == (
        "Senior COBOL engineer",
        Seniority.MID,
        1200,
        Decimal("55.00"),
        [Country.MEXICO],
    )
    assert {floor.skill.code: floor.level for floor in seat.skills.all()} == {"cobol": 3}
    assert _languages(seat) == {"en.speaking": Cefr.B1}
    need = row.needs.get(position=1)
    assert (need.skill.code, need.level, need.count, need.weight) == ("cobol", 3, 0, 7)
    assert list(row.seats.filter(position__gt=0).values_list("pk", flat=True)) == kept


def test_an_amended_published_project_is_announced_again(
    cast: Cast, told: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    project = clients.project(cast.organization, published=True)
    with django_capture_on_commit_callbacks(execute=True):
        row = projects.amend(project=project, changes={"monthly_cap": Decimal(70_000)}, actor=None)
    assert (row.status, row.version) == ("published", 3)
    assert told == [ProjectPublished(project_id=project.pk)]
    kinds = OutboxEvent.objects.filter(subject=project.public_id).values_list("kind", flat=True)
    assert list(kinds.order_by("pk")) == ["project.published", "project.amended"]


def test_an_amended_draft_is_not_announced(
    cast: Cast, told: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    project = clients.project(cast.organization)
    with django_capture_on_commit_callbacks(execute=True):
        projects.amend(project=project, changes={"bridges": 2}, actor=None)
    assert told == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"title": "New"}, "/title"),
        ({"seats": {9: {"min_seniority": 1}}}, "/seats/9"),
        ({"seats": {0: {"title_en": "New"}}}, "/seats/0/title_en"),
        ({"needs": {0: {"skill": "java"}}}, "/needs/0/skill"),
    ],
)
def test_an_amendment_that_is_not_one_is_refused(cast: Cast, changes: dict[str, Any], pointer: str) -> None:
    project = clients.project(cast.organization)
    with pytest.raises(Invalid) as refusal:
        projects.amend(project=project, changes={"bridges": 3, **changes}, actor=None)
    assert (refusal.value.code, refusal.value.errors[0].pointer) == ("unknown_change", pointer)
    assert Project.objects.values_list("bridges", "version").get(pk=project.pk) == (1, 1)


def test_an_amendment_keeps_the_rules(cast: Cast) -> None:
    project = clients.project(cast.organization, published=True)
    with pytest.raises(Invalid) as refusal:
        projects.amend(project=project, changes={"monthly_cap": 0}, actor=None)
    assert refusal.value.errors[0].code == "cap_not_positive"
    assert Project.objects.get(pk=project.pk).monthly_cap == Decimal("60000.00")


def test_a_staffed_project_is_not_amended(cast: Cast) -> None:
    project = projects.mark_staffed(project=clients.project(cast.organization, published=True), actor=None)
    with pytest.raises(Conflict) as refusal:
        projects.amend(project=project, changes={"bridges": 2}, actor=None)
    assert refusal.value.code == "not_open"


def test_a_seat_that_history_refers_to_is_kept_as_it_was(cast: Cast) -> None:
    """A placement stands for whatever refers to a seat: a proposal does so in the same way."""
    project = clients.project(cast.organization)
    opened, (placement,) = clients.engagement(cast.rival_organization, [profiles.professional()])
    old = project.seats.get(position=0)
    Placement.objects.filter(pk=placement.pk).update(seat=old)
    with pytest.raises(ProtectedError):
        old.delete()
    row = projects.amend(project=project, changes={"seats": {0: {"weekly_minutes": 1200}}}, actor=None)
    assert [(seat.position, seat.weekly_minutes) for seat in row.seats.all()] == [
        (0, 1200),
        (1, 2400),
        (2, 2400),
        (3, 2400),
    ]
    placement.refresh_from_db()
    assert (placement.seat_id, placement.seat.weekly_minutes, placement.seat.project_id) == (old.pk, 2400, None)
    assert placement.seat.skills.count() == 2
    assert opened.status == "confirming"


def test_a_seat_that_nothing_refers_to_leaves_nothing_behind(cast: Cast) -> None:
    project = clients.project(cast.organization)
    projects.update(project=project, version=1, seats=(), needs=(), actor=None)
    assert not Seat.objects.exists()
    assert not Need.objects.exists()


def test_a_published_project_expires_when_its_start_has_passed(cast: Cast) -> None:
    overdue, open_still = (clients.project(cast.organization, published=True) for _ in range(2))
    draft = clients.project(cast.organization)
    Project.objects.filter(pk__in=[overdue.pk, draft.pk]).update(starts_on=clock.today())
    assert projects.expire_overdue() == 1
    assert projects.expire_overdue() == 0
    assert [Project.objects.get(pk=p.pk).status for p in (overdue, open_still, draft)] == [
        "expired",
        "published",
        "draft",
    ]


def test_a_draft_is_not_marked_staffed(cast: Cast) -> None:
    project = clients.project(cast.organization)
    with pytest.raises(IllegalTransition):
        projects.mark_staffed(project=project, actor=None)
    assert Project.objects.get(pk=project.pk).status == "draft"
