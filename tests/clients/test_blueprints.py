"""Blueprints: eight starting points that hold what the taxonomy and the rules know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from marketplace.clients.blueprints.catalog import Blueprint, blueprints
from marketplace.clients.models.project import SolutionType
from marketplace.clients.services import projects
from marketplace.kernel import clock
from marketplace.kernel.errors import Invalid
from marketplace.kernel.money import Money
from profiles.levels import Cefr, Function
from profiles.taxonomy.source import read_taxonomy
from tests.conftest import Cast
from tests.factories.taxonomy import load_taxonomy

EVERY = pytest.mark.parametrize("blueprint", blueprints().values(), ids=list(blueprints()))
ENTRIES = read_taxonomy().by_code()


def test_there_is_a_blueprint_for_every_solution_type() -> None:
    assert list(blueprints()) == SolutionType.values
    assert len(blueprints()) == 8


@EVERY
def test_every_skill_of_a_blueprint_is_a_code_of_the_taxonomy(blueprint: Blueprint) -> None:
    asked = {floor.skill for seat in blueprint.seats for floor in seat.skills}
    asked |= {need.skill for need in blueprint.all_needs}
    assert asked <= ENTRIES.keys()


@EVERY
def test_regulation_tags_are_regulations_and_other_needs_are_not(blueprint: Blueprint) -> None:
    assert {ENTRIES[need.skill].kind for need in blueprint.regulations} <= {"regulation"}
    assert "regulation" not in {ENTRIES[need.skill].kind for need in blueprint.needs}


@EVERY
def test_a_blueprint_covers_all_four_functions(blueprint: Blueprint) -> None:
    assert {seat.function for seat in blueprint.seats} == set(Function)


@EVERY
def test_seats_that_face_the_client_ask_for_spoken_english_at_b2(blueprint: Blueprint) -> None:
    for seat in blueprint.seats:
        if seat.client_facing:
            assert {f.level >= Cefr.B2 for f in seat.languages if (f.language, f.activity) == ("en", "speaking")} == {
                True
            }


@EVERY
def test_a_blueprint_is_written_in_both_languages(blueprint: Blueprint) -> None:
    pairs = [(blueprint.title_en, blueprint.title_es), (blueprint.description_en, blueprint.description_es)]
    pairs += [(seat.title_en, seat.title_es) for seat in blueprint.seats]
    assert all(english and spanish and english != spanish for english, spanish in pairs)


def test_every_blueprint_makes_a_project_that_can_be_published(cast: Cast) -> None:
    load_taxonomy()
    starts_on = clock.today() + dt.timedelta(weeks=6)
    for blueprint in blueprints().values():
        project = projects.create(
            organization=cast.organization,
            blueprint=blueprint.code,
            starts_on=starts_on,
            monthly_cap=Money.of(60_000, "USD"),
            actor=None,
        )
        published = projects.publish(project=project, actor=None)
        assert published.seats.count() == len(blueprint.seats)
        assert published.needs.count() == len(blueprint.all_needs)
        assert projects.warnings(published) == []


def test_what_is_given_wins_over_the_blueprint(cast: Cast) -> None:
    load_taxonomy()
    project = projects.create(
        organization=cast.organization,
        blueprint="analytics",
        title="Claims reporting",
        bridges=3,
        needs=(),
        starts_on=clock.today() + dt.timedelta(weeks=6),
        monthly_cap=Money.of(60_000, "USD"),
        actor=None,
    )
    assert (project.title, project.bridges, project.needs.count()) == ("Claims reporting", 3, 0)
    assert project.overlap_minutes == blueprints()["analytics"].overlap_minutes


def test_a_blueprint_that_does_not_exist_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        projects.create(
            organization=cast.organization,
            blueprint="blockchain",
            starts_on=clock.today() + dt.timedelta(weeks=6),
            monthly_cap=Money.of(1, "USD"),
            actor=None,
        )
    assert refusal.value.code == "unknown_blueprint"


def test_the_list_speaks_the_language_of_its_reader(api: Callable[..., APIClient], cast: Cast) -> None:
    english = api(cast.client).get("/api/v1/blueprints").json()
    spanish = api(cast.client, accept_language="es-MX").get("/api/v1/blueprints").json()
    assert [row["code"] for row in english] == SolutionType.values
    assert english[0]["title"] == english[0]["title_en"] != spanish[0]["title"] == english[0]["title_es"]


def test_a_blueprint_is_shown_in_the_form_that_a_project_takes(api: Callable[..., APIClient], cast: Cast) -> None:
    load_taxonomy()
    client = api(cast.client)
    shown = client.get("/api/v1/blueprints/core_modernization").json()
    made = client.post(
        "/api/v1/projects",
        {
            "title": shown["title"],
            "solution_type": shown["code"],
            "starts_on": (clock.today() + dt.timedelta(weeks=6)).isoformat(),
            "ends_on": (clock.today() + dt.timedelta(weeks=40)).isoformat(),
            "monthly_cap": {"amount": "60000", "currency": "USD"},
            "seats": shown["seats"],
            "needs": shown["needs"] + shown["regulations"],
        },
    )
    assert made.status_code == 201, made.json()
    assert len(made.json()["seats"]) == len(shown["seats"])


def test_an_unknown_blueprint_answers_404(api: Callable[..., APIClient], cast: Cast) -> None:
    answer = api(cast.client).get("/api/v1/blueprints/blockchain")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
