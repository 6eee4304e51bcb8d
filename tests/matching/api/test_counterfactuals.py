"""What would have to be different, to a client and to a professional: enough, no more than enough, and nobody named."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from marketplace.accounts.permissions import Role
from marketplace.clients.models import Project, SeatLanguage
from matching import engine, snapshots
from matching.services import counterfactuals
from profiles.levels import Cefr, Function
from profiles.models import LanguageProficiency, Professional, SkillClaim
from tests.factories import accounts, profiles
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db

DEMAND = "/api/v1/professionals/me/demand"


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found must not depend on how busy the machine is."""
    for name in ("CLIENT_SECONDS", "PERSON_SECONDS", "PROJECT_SECONDS"):
        monkeypatch.setattr(counterfactuals, name, 60.0)


def best(project: Project) -> engine.Cell:
    found = engine.solve(snapshots.take(project).problem, engine.Limits(cells=1))
    assert isinstance(found, engine.Composed)
    return found.cells[0]


# -- for a client -----------------------------------------------------------------------------------------------------
@pytest.fixture
def tight(cast):
    """A cell whose cap forbids a better one."""
    project = cells.published_project(cast.organization)
    Project.objects.filter(pk=project.pk).update(monthly_cap=best(project).cost - 1)
    project.refresh_from_db()
    return cells.composed_run(project).proposals.get(rank=1)


def test_a_client_reads_how_much_more_would_give_a_better_cell_and_it_is_exact(api, cast, tight):
    cells.offer_for(tight)
    answer = api(cast.client, accept_language="en").get(f"/api/v1/proposals/{tight.public_id}/counterfactuals")
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["value"], body["complete"]) == (tight.value, True)
    money = next(row for row in body["changes"] if row["code"] == "budget")
    project = tight.project
    project.monthly_cap = Decimal(money["amendment"]["monthly_cap"])
    assert best(project).value == tight.value + money["gain"]
    project.monthly_cap -= 1
    assert best(project).value == tight.value
    assert money["text"].startswith("Raise the monthly cap by $")
    assert money["text"].endswith(f"would be worth {money['gain']} point{'s' if money['gain'] > 1 else ''} more.")
    assert all(row["amendment"] for row in body["changes"])


def test_a_cell_of_an_earlier_version_has_no_counterfactuals(api, cast, tight):
    Project.objects.get(pk=tight.project_id).touch()
    answer = api(cast.recruiter).get(f"/api/v1/proposals/{tight.public_id}/counterfactuals")
    assert (answer.status_code, answer.json()["code"]) == (409, "project_changed")


def test_to_a_rival_there_is_nothing(api, cast, tight):
    cells.offer_for(tight)
    assert api(cast.rival).get(f"/api/v1/proposals/{tight.public_id}/counterfactuals").status_code == 404


# -- for a professional -----------------------------------------------------------------------------------------------
@pytest.fixture
def quiet(cast):
    """Somebody who would be the best of all in the seat that faces the client, if their English were better."""
    person = profiles.professional(
        accounts.user(Role.PROFESSIONAL),
        main_function=Function.BUSINESS,
        functions=[Function.BUSINESS],
        seniority=5,
        rate_amount=Decimal(41),
    )
    profiles.claim(person, "cobol", 5)
    profiles.claim(person, "kyc", 5)
    profiles.speaks(person, "en", Cefr.B1)
    return person


@pytest.fixture
def demand(api, quiet):
    def read(language="en"):
        answer = api(quiet.user, accept_language=language).get(DEMAND)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return read


def test_one_step_of_english_brings_somebody_in_and_it_is_said_in_both_languages(cast, quiet, demand):
    cells.published_project(cast.organization)
    body = demand()
    assert (body["on_the_market"], body["open_cells"], body["enters"], body["complete"]) == (True, 1, 0, True)
    step = next(row for row in body["changes"] if row["code"] == "language")
    assert (step["name"], step["before"], step["after"], step["enters"]) == ("en.speaking", "b1", "b2", 1)
    assert step["text"] == "Raise spoken English from B1 to B2. You would enter 1 of 1 open cells."
    spanish = next(row for row in demand("es-MX")["changes"] if row["code"] == "language")
    assert "inglés hablado" in spanish["text"]
    LanguageProficiency.objects.filter(professional=quiet).update(speaking=Cefr.B2)
    assert (demand()["enters"], demand()["changes"]) == (1, [])


def test_every_change_that_is_told_is_enough_by_itself_and_no_more_than_enough(cast, demand, quiet):
    project = cells.published_project(cast.organization)
    LanguageProficiency.objects.filter(professional=quiet).update(speaking=Cefr.B2)
    SkillClaim.objects.filter(professional=quiet).update(level=3)
    Professional.objects.filter(pk=quiet.pk).update(seniority=2, rate_amount=Decimal(41), rate_floor=1)
    told = demand()["changes"]
    assert {row["code"] for row in told} >= {"rate", "skill"}
    for row in told:
        if row["code"] == "skill":
            level = int(row["after"])
            claim = SkillClaim.objects.filter(professional=quiet, skill__code=row["name"])
            for at, inside in ((level, True), (level - 1, False)):
                claim.update(level=at)
                assert (quiet.pk in members(project)) == inside, row
            claim.update(level=3)
        if row["code"] == "rate":
            amount = Decimal(row["after"].split()[0])
            for at, inside in ((amount, True), (amount + Decimal("0.01"), False)):
                Professional.objects.filter(pk=quiet.pk).update(rate_amount=at)
                assert (quiet.pk in members(project)) == inside, row
            Professional.objects.filter(pk=quiet.pk).update(rate_amount=Decimal(41))


def members(project: Project) -> set[object]:
    """Return who is in some best cell: those without whom the best is worth less, or who can be pinned at no loss."""
    taken = snapshots.take(project)
    value = best(project).best_value
    inside = set()
    for ref in range(len(taken.people)):
        problem = replace(taken.problem, pins=(engine.Pin(ref),))
        found = engine.solve(problem, engine.Limits(cells=1))
        if isinstance(found, engine.Composed) and found.cells[0].best_value >= value:
            inside.add(taken.person(ref))
    return inside


def test_cells_are_counted_over_all_open_projects_and_a_larger_step_counts_for_the_smaller(cast, demand):
    first = cells.published_project(cast.organization)
    other = cells.published_project(cast.rival_organization, with_market=False)
    SeatLanguage.objects.create(seat=other.seats.get(position=0), language="en", activity="speaking", level=Cefr.C1)
    body = demand()
    steps = {row["after"]: row["enters"] for row in body["changes"] if row["code"] == "language"}
    assert (body["open_cells"], steps) == (2, {"b2": 1, "c1": 2})
    Project.objects.filter(pk=first.pk).update(status="draft", published_at=None)
    assert demand()["open_cells"] == 1


def test_nothing_tells_which_client_or_project_it_is(cast, demand):
    project = cells.published_project(cast.organization)
    text = json.dumps(demand())
    for word in (cast.organization.name, cast.organization.public_id, project.title, project.public_id, "Seat 0"):
        assert word not in text


def test_somebody_who_is_not_on_the_market_is_told_so(cast, demand, quiet):
    cells.published_project(cast.organization)
    Professional.objects.filter(pk=quiet.pk).update(status="paused")
    assert demand() == {"on_the_market": False, "open_cells": 0, "enters": 0, "changes": [], "complete": True}


def test_without_a_profile_there_is_no_demand(api):
    answer = api(accounts.user(Role.PROFESSIONAL)).get(DEMAND)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_profile")
