"""The lines of a search, made without records or serializers, are those that the serializer would make."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from profiles.api.lines import lines
from profiles.api.outputs import ProfessionalSummaryOutput
from profiles.levels import Cefr, ContractRoute, Country, Evidence, Function, Seniority
from profiles.models import Professional, Skill
from tests.factories import accounts, profiles, unguarded
from tests.factories.taxonomy import load_taxonomy

THERE = "/api/v1/professionals"


@pytest.fixture
def people(db):
    """Two people with everything that a line can show, and one with nothing."""
    load_taxonomy()
    rosa = profiles.professional(
        headline_en="Mainframe", headline_es="Ingeniería «central» \\ \"y\" más", city="Querétaro", cluster="Bajío",
        seniority=Seniority.LEAD, functions=[Function.ENGINEERING, Function.OPERATIONS], rate_amount=Decimal("0.50"),
        rate_floor=0,
        available_from=dt.date(2027, 1, 4), available_until=dt.date(2028, 1, 4),
    )  # fmt: skip
    for code, level in (("jcl", 5), ("cobol", 5), ("java", 2)):
        profiles.claim(rosa, code, level, last_used=None)
    profiles.claim(
        rosa, "db2-zos", 4, evidence=Evidence.VERIFIED, verified_by="user_x", evidence_on=dt.date(2026, 1, 1),
        evidence_expires_on=dt.date(2027, 1, 1), evidence_source="Code review, “two hours”",
    )  # fmt: skip
    profiles.speaks(rosa, "en", Cefr.C1)
    rosa.languages.update(
        test="TOEFL iBT",
        raw_score="5",
        section_scores={"speaking": "5"},
        scale_version="1-6",
        tested_on=dt.date(2026, 2, 1),
        evidence=Evidence.TESTED,
        evidence_expires_on=dt.date(2028, 2, 1),
    )
    profiles.speaks(rosa, "es", Cefr.C2)
    ana = profiles.professional(
        country=Country.UNITED_STATES, status="paused", rate_currency="MXN", contract_route=ContractRoute.US_SPECIALIST
    )
    profiles.claim(ana, "cobol", 1)
    return [rosa, ana, profiles.professional()]


def _shown(language: str) -> dict:
    """What the serializer says of each person, claims in the order of the list."""
    rows = Professional.objects.with_claims()
    with override(language):
        made = json.loads(json.dumps(ProfessionalSummaryOutput(rows, many=True).data, default=str))
    for line in made:
        line["skills"].sort(key=lambda claim: (-claim["level"], claim["skill"]))
        line["languages"].sort(key=lambda spoken: spoken["language"])
    return {line["id"]: line for line in made}


@pytest.mark.parametrize("language", ["en", "es-MX"])
def test_a_line_is_what_the_serializer_says_of_the_person(language, people, api):
    recruiter = api(accounts.user("recruiter"), accept_language=language)
    results = recruiter.get(THERE).json()["results"]
    expected = _shown(language)
    assert len(results) == len(expected) == 3
    for line in results:
        assert {key: line[key] for key in line if key not in ("score", "matched")} == expected[line["id"]]
        assert list(line)[-2:] == ["score", "matched"]
    named = {claim["skill"]: claim["name"] for line in results for claim in line["skills"]}
    assert named["java"] == Skill.objects.get(code="java").name(language)


def test_one_query_reads_all_lines_of_a_page(people, api):
    recruiter = api(accounts.user("recruiter"))
    recruiter.get(THERE)
    with CaptureQueriesContext(connection) as captured:
        assert len(recruiter.get(THERE).json()["results"]) == 3
    read = [query for query in captured.captured_queries if "profiles_" in query["sql"]]
    # One finds, one reads.
    assert len(read) == 2


def test_nobody_is_shown_who_was_erased_between_finding_and_reading(people):
    from_search = [person.pk for person in people]
    unguarded.write(Professional.objects.filter(pk=people[0].pk), status="erased")
    visible = Professional.objects.exclude(status="erased")
    assert people[0].pk not in lines(visible, from_search, "en")
    assert len(lines(visible, from_search, "en")) == 2
