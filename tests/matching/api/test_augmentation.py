"""The cell beside the best single hires: same people, same moment, same judge."""

from __future__ import annotations

import json

import pytest

from marketplace.clients.models import Project
from matching import engine, snapshots
from profiles.levels import Cefr, Function
from profiles.models import Professional
from tests.factories import matching as cells
from tests.factories import profiles

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(api, cast, story):
    def read(user=None, query="", language="en", expect=200):
        caller = api(user or cast.recruiter, accept_language=language)
        answer = caller.get(f"{story.cell}/augmentation{query}")
        assert answer.status_code == expect, answer.content
        return answer.json()

    return read


def test_the_hires_are_the_best_for_each_seat_by_itself_out_of_the_stored_people(table, story):
    body = table()
    taken = snapshots.load(story.run.snapshot)
    baseline = engine.best_single_hires(taken.problem)
    names = [row["name"] for row in body["single_hires"]["hires"]]
    people = [Professional.objects.get(pk=taken.person(ref)) for ref, _seat in baseline.members]
    assert names == [f"{person.given_names} {person.family_names}" for person in people]
    assert body["people"] == len(taken.people)
    assert body["single_hires"]["value"] <= body["cell"]["value"] == story.best.value
    assert body["cell"]["feasible"] is True
    assert body["cell"]["broken_rules"] == []
    assert float(body["cell"]["monthly_cost"]["amount"]) == float(story.best.monthly_cost)


def test_hires_chosen_one_by_one_break_what_the_whole_must_hold_and_it_is_said_which_rule(api, cast):
    """Somebody shines in the seat and holds no KYC; only another, less shiny, does."""
    profiles.skill("kyc", kind="regulation")
    seats = (Function.BUSINESS, Function.ENGINEERING, Function.OPERATIONS)
    for function in seats:
        shiny = profiles.professional(main_function=function, functions=[function], seniority=5, rate_amount=41)
        profiles.claim(shiny, "cobol", 5)
        profiles.speaks(shiny, "en", Cefr.C2)
        plain = profiles.professional(main_function=function, functions=[function], seniority=3, rate_amount=60)
        profiles.claim(plain, "cobol", 3)
        profiles.claim(plain, "kyc", 4)
        profiles.speaks(plain, "en", Cefr.B2)
    run = cells.composed_run(cells.published_project(cast.organization, with_market=False))
    best = run.proposals.get(rank=1)
    body = api(cast.recruiter, accept_language="en").get(f"/api/v1/proposals/{best.public_id}/augmentation").json()
    single, cell = body["single_hires"], body["cell"]
    assert (cell["feasible"], single["feasible"]) == (True, False)
    assert [(row["rule"], row["data"]) for row in single["broken_rules"]] == [
        ("need", {"asked": 1, "found": 0, "skill": "kyc"})
    ]
    assert single["broken_rules"][0]["text"] == "KYC, which too few hold"
    assert [(row["skill"], row["covered"]) for row in single["regulation"]] == [("kyc", False)]
    assert [(row["skill"], row["covered"]) for row in cell["regulation"]] == [("kyc", True)]
    assert (single["points_of_contact"], cell["points_of_contact"]) == (3, 1)


def test_both_sides_show_english_shared_hours_and_cost(table, story):
    body = table()
    for side in (body["cell"], body["single_hires"]):
        assert side["bridges"] == sum(row["english"] in {"c1", "c2"} for row in side["hires"])
        assert side["worst_day_minutes"] == min(row["least"] for row in side["shared_by_month"])
        assert float(side["landed"]["before_tax"]) == float(side["monthly_cost"]["amount"])
        assert side["empty_seats"] == 0
    assert body["bridges_asked"] == 1


def test_scenarios_are_switched_on_by_name_and_never_presented_as_advice(table):
    plain, switched = table(), table(query="?scenarios=section_174,hire_act")
    assert [row["code"] for row in switched["scenarios"] if row["on"]] == ["section_174", "hire_act"]
    assert not any(row["on"] for row in plain["scenarios"])
    assert float(switched["cell"]["landed"]["after_tax"]) > float(plain["cell"]["landed"]["after_tax"])
    assert [line["code"] for line in switched["cell"]["landed"]["lines"]] == [
        "people", "hire_act", "first_year_deduction",
    ]  # fmt: skip
    assert set(plain["notice"]) == {"en", "es"}
    assert all(row["source"] and row["source_date"] for row in plain["scenarios"])


def test_titles_and_rules_are_told_in_spanish(table):
    assert "Margen de la agencia" in [row["title"] for row in table(language="es-MX")["scenarios"]]


@pytest.mark.parametrize("query", ["?scenarios=free_lunch", "?margin=3"])
def test_an_unknown_scenario_or_parameter_is_400(table, query):
    table(query=query, expect=400)


def test_a_client_reads_the_table_of_an_offered_cell_without_names_or_rates_of_anybody_else(table, cast, story):
    table(cast.client, expect=404)
    story.offered()
    body = table(cast.client)
    text = json.dumps(body, ensure_ascii=False)
    for person in Professional.objects.all():
        assert person.family_names not in text
        assert person.public_id not in text
    inside = set(story.best.members.values_list("pseudonym", flat=True))
    for row in body["single_hires"]["hires"]:
        assert (row["monthly_cost"] is None) == (row["pseudonym"] not in inside)
    table(cast.rival, expect=404)


def test_the_table_is_of_the_moment_of_the_run_and_not_of_today(table, story):
    before = table()
    Project.objects.filter(pk=story.project.pk).update(monthly_cap=1)
    Professional.objects.filter(given_names__startswith="Xóchitl").update(rate_amount=99)
    after = table()
    assert after["single_hires"]["monthly_cost"] == before["single_hires"]["monthly_cost"]
    assert after["cell"]["feasible"] is True


def test_the_table_costs_few_queries(api, cast, story, django_assert_max_num_queries):
    caller = api(cast.recruiter)
    with django_assert_max_num_queries(12):
        assert caller.get(f"{story.cell}/augmentation").status_code == 200
