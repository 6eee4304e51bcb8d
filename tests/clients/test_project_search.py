"""Projects are found by words in either language: by what they ask for, by what they speak of, by what they are."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from marketplace.clients.models import Project, ProjectText
from marketplace.clients.models.project import SolutionType
from marketplace.clients.services import project_search, projects
from marketplace.clients.specification import NeedSpecification, SkillFloor
from marketplace.kernel import sweeping
from profiles.taxonomy.source import read_taxonomy
from tests.conftest import Cast
from tests.factories import accounts, clients
from tests.factories.taxonomy import load_taxonomy

PROJECTS = "/api/v1/projects"
Api = Callable[..., APIClient]
Ask = Callable[..., set[str]]


@pytest.fixture
def written(cast: Cast) -> dict[str, Project]:
    """Projects of one client that are told apart by words, and one of a rival."""
    load_taxonomy()

    def project(title: str, **fields: object) -> Project:
        values = {"seats": (clients.seat(title_en="Member", title_es="Integrante", skills=()),), "needs": (), **fields}
        return clients.project(cast.organization, title=title, **values)

    return {
        "cobol": project("Ledger", seats=(clients.seat(skills=(SkillFloor("cobol", 3),)),)),
        "kyc": project(
            "Apertura de cuentas", solution_type=SolutionType.ONBOARDING_KYC, needs=(NeedSpecification("aml-bsa", 3),)
        ),
        "spoken": project(
            "Núcleo", brief="Una canción en Cancún. Hay que migrar trabajos de COBOL y prevención de lavado de dinero.",
            solution_type=SolutionType.LEGACY_MAINTENANCE, external_id="REQ-2041",
        ),
        "ai": project("Chat for branches", brief="Answers customers.", solution_type=SolutionType.AI),
        "rival": clients.project(cast.rival_organization, title="Ledger of a rival"),
    }  # fmt: skip


@pytest.fixture
def found(written: dict[str, Project], cast: Cast, api: Api) -> Ask:
    names = {project.public_id: name for name, project in written.items()}
    client = api(cast.client)

    def ask(q: str, **query: str) -> set[str]:
        answer = client.get(PROJECTS, {"q": q, **query})
        assert answer.status_code == 200, answer.json()
        return {names[row["id"]] for row in answer.json()["results"]}

    return ask


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("cobol", {"cobol", "spoken"}),
        ("COBOL developers", {"cobol", "spoken"}),
        ("mainframe", {"cobol", "spoken"}),
        ("anti-money laundering", {"kyc", "spoken"}),
        ("prevención de lavado de dinero", {"kyc", "spoken"}),
        ("PREVENCION DE LAVADO", {"kyc", "spoken"}),
        ("lavado", {"kyc", "spoken"}),
        ("laundering", {"kyc", "spoken"}),
        ("ledger", {"cobol"}),
        ("nucleo", {"spoken"}),
        ("cancion cancun", {"spoken"}),
        ("canciones", {"spoken"}),
        ("artificial intelligence", {"ai"}),
        ("inteligencia artificial", {"ai"}),
        ("legacy", {"spoken"}),
        ("REQ-2041", {"spoken"}),
        ("cobol lavado", {"spoken"}),
        ("cobol cuentas", set()),
        ("zapatero", set()),
        ("integrante", {"kyc", "spoken", "ai"}),
        ("member", {"kyc", "spoken", "ai"}),
        ("de la", {"cobol", "kyc", "spoken", "ai"}),
        ("%s ' \\ :* & |", set()),
    ],
)
def test_words_find_the_projects_that_show_them(words: str, expected: set[str], found: Ask) -> None:
    assert found(words) == expected


def test_nobody_finds_a_rivals_project(found: Ask, written: dict[str, Project], cast: Cast, api: Api) -> None:
    assert "rival" not in found("rival")
    there = api(cast.rival).get(PROJECTS, {"q": "rival"}).json()["results"]
    assert [row["id"] for row in there] == [written["rival"].public_id]


def test_recruiters_find_no_drafts(written: dict[str, Project], cast: Cast, api: Api) -> None:
    recruiter = api(cast.recruiter)
    assert recruiter.get(PROJECTS, {"q": "ledger"}).json()["results"] == []
    Project.objects.filter(pk=written["cobol"].pk).update(status="cancelled")
    assert [row["title"] for row in recruiter.get(PROJECTS, {"q": "ledger"}).json()["results"]] == ["Ledger"]


def test_words_and_filters_hold_together(found: Ask) -> None:
    assert found("cobol", solution_type="legacy_maintenance") == {"spoken"}
    assert found("cobol", status="published") == set()


def test_a_misspelling_finds_nothing_and_is_offered_what_may_be_meant(found: Ask, cast: Cast, api: Api) -> None:
    assert found("cobool") == set()
    offered = api(cast.client).get(PROJECTS, {"q": "cobool"}).json()["suggestions"]
    assert {"written": "cobool", "skill": "cobol", "name": "COBOL"} in offered
    assert api(cast.client).get(PROJECTS, {"q": "cobol"}).json()["suggestions"] == []
    assert api(cast.client).get(PROJECTS).json()["suggestions"] == []


def test_a_change_is_found_at_once_and_what_it_replaced_no_longer(
    found: Ask, written: dict[str, Project], cast: Cast
) -> None:
    row = written["cobol"]
    projects.update(
        project=row, version=row.version, actor=accounts.actor(cast.client), title="Tarjetas",
        seats=(clients.seat(title_en="Member", title_es="Integrante", skills=(SkillFloor("java", 3),)),),
    )  # fmt: skip
    assert found("ledger") == set()
    assert found("tarjetas") == found("java") == {"cobol"}
    assert found("cobol") == {"spoken"}


def test_projects_older_than_the_search_are_found_after_a_sweep(found: Ask) -> None:
    ProjectText.objects.all().delete()
    assert found("cobol") == set()
    sweeping.sweep()
    assert found("cobol") == {"cobol", "spoken"}
    assert ProjectText.objects.count() == Project.objects.count()


def test_a_name_in_english_and_in_spanish_finds_the_same_projects_all_over_the_taxonomy(
    written: dict[str, Project], cast: Cast
) -> None:
    entries = [entry for entry in read_taxonomy().entries if entry.name_en != entry.name_es]
    some = random.Random(3).sample(entries, 40)
    for number, entry in enumerate(some):
        fields = (
            {"needs": (NeedSpecification(entry.code, 3),)} if number % 2 else {"brief": f"We need {entry.name_en}."}
        )
        clients.project(cast.organization, title=f"Project {number}", seats=(clients.seat(skills=()),), **fields)
    everything = Project.objects.all()
    for entry in some:
        english, spanish = (
            set(project_search.matching(everything, name).values_list("pk", flat=True))
            for name in (entry.name_en, entry.name_es)
        )
        assert english == spanish, entry.code
        assert english, entry.code


def test_facets_count_what_is_found(found: Ask, cast: Cast, api: Api) -> None:
    body = api(cast.client, accept_language="es-MX").get(f"{PROJECTS}/facets", {"q": "cobol"}).json()
    assert (body["projects"], body["at_least"]) == (2, False)
    assert [(each["value"], each["projects"]) for each in body["status"]] == [("draft", 2)]
    assert [(each["value"], each["name"], each["projects"]) for each in body["solution_type"]] == [
        ("core_modernization", "Modernización del core bancario", 1),
        ("legacy_maintenance", "Mantenimiento de sistemas heredados", 1),
    ]
    assert api(cast.professional).get(f"{PROJECTS}/facets").status_code == 403
    assert api(cast.client).get(f"{PROJECTS}/facets", {"page_size": 2}).status_code == 400


def test_facets_say_that_there_are_more(written: dict[str, Project], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_search, "MOST_COUNTED", 4)
    found = project_search.facets(Project.objects.all())
    assert (found.projects, found.at_least) == (4, True)


def test_a_search_costs_the_same_number_of_queries_whatever_it_finds(
    written: dict[str, Project], cast: Cast, api: Api
) -> None:
    client = api(cast.client)

    def cost(**query: str) -> int:
        client.get(PROJECTS, query)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PROJECTS, query).json()["results"]
        return len(captured)

    assert cost(q="cobol") == cost(q="mainframe") <= 6
    for number in range(8):
        clients.project(cast.organization, title=f"COBOL {number}")
    assert cost(q="cobol") == cost(q="cobol", page_size="3") <= 6
