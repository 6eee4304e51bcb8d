"""Facets count what the people of a search have in common: all of them, or the first thousand."""

from __future__ import annotations

from collections import Counter

import pytest

from marketplace.kernel import clock
from profiles import search_facets, search_statement
from profiles.levels import Cefr, Country, Function, Seniority
from profiles.models import Professional, Skill
from profiles.search_criteria import Criteria
from profiles.synthetic.generate import generate
from profiles.synthetic.load import load
from profiles.taxonomy.source import read_taxonomy
from profiles.terms import understand
from tests.factories import accounts, profiles, unguarded
from tests.factories.taxonomy import load_taxonomy
from tests.profiles.search_oracle import Oracle

THERE = "/api/v1/professionals/facets"


def _as_counts(body: dict, facet: str) -> dict[str, int]:
    return {each["value"]: each["people"] for each in body[facet]}


@pytest.mark.parametrize("query", [{}, {"skill": "java:3"}, {"q": "mainframe", "country": "MX"}, {"city": "Monterrey"}])
def test_the_counts_are_those_of_plain_python(query, db, api):
    load_taxonomy()
    load(generate(300, 5, read_taxonomy(), as_of=clock.today()))
    unguarded.write(Professional.objects.filter(pk=Professional.objects.first().pk), status="erased")
    oracle = Oracle()
    people = [oracle.people[key] for key, _score in oracle.find({name: [value] for name, value in query.items()})]
    body = api(accounts.user("recruiter")).get(THERE, query).json()
    assert (body["people"], body["at_least"]) == (len(people), False)
    assert len(people) > 10
    assert _as_counts(body, "seniority") == Counter(Seniority(each.seniority).name.lower() for each in people)
    assert _as_counts(body, "country") == Counter("MX" if each.country == Country.MEXICO else "US" for each in people)
    assert _as_counts(body, "english") == Counter(
        Cefr(oracle.spoken[each.pk].get("en", 0)).name.lower() for each in people
    )
    assert _as_counts(body, "function") == Counter(
        Function(function).name.lower() for each in people for function in each.functions
    )
    cities = Counter(each.city for each in people)
    assert all(cities[each["name"]] == each["people"] for each in body["city"])
    assert [each["people"] for each in body["city"]] == sorted(cities.values(), reverse=True)[:20]
    known = Counter(code for each in people for code in oracle.known[each.pk])
    assert all(known[each["value"]] == each["people"] for each in body["skill"])
    assert [each["people"] for each in body["skill"]] == sorted(known.values(), reverse=True)[:20]


@pytest.fixture
def four(db):
    load_taxonomy()
    for city in ("Mérida", "MERIDA", "Mérida", "León"):
        person = profiles.professional(city=city)
        profiles.claim(person, "cobol", 3)
    return Professional.objects.all()


def test_more_people_than_are_counted_are_told_as_such(four, monkeypatch):
    monkeypatch.setattr(search_facets, "MOST_COUNTED", 3)
    found = search_facets.facets(Criteria())
    assert (found.people, found.at_least) == (3, True)
    assert sum(each.people for each in found.values["seniority"]) == 3


@pytest.mark.parametrize(("enough", "counted"), [(2, 2), (3, 3)])
def test_some_from_near_the_top_are_enough_where_more_are_far_from_it(enough, counted, db, monkeypatch):
    load_taxonomy()
    for place in reversed(range(60)):
        person = profiles.professional(city="Mérida" if place in (5, 20, 40, 45, 50) else "León")
        profiles.claim(person, "cobol", 3)
    monkeypatch.setattr(search_statement, "NEAR", 1)
    monkeypatch.setattr(search_facets, "MOST_COUNTED", 3)
    monkeypatch.setattr(search_facets, "ENOUGH", enough)
    terms = understand("cobol merida")
    named = dict(
        Skill.objects.filter(code__in=[code for term in terms for code in term.skills]).values_list("code", "pk")
    )
    found = search_facets.facets(Criteria(terms=terms, named=named))
    assert (found.people, found.at_least) == (counted, True)
    assert [(each.value, each.people) for each in found.values["city"]] == [("merida", counted)]


def test_exactly_as_many_as_are_counted_are_not_more(four, monkeypatch):
    monkeypatch.setattr(search_facets, "MOST_COUNTED", 4)
    assert not search_facets.facets(Criteria()).at_least


def test_spellings_of_a_city_are_one_value_that_the_filter_takes(four, api):
    recruiter = api(accounts.user("recruiter"))
    first = recruiter.get(THERE).json()["city"][0]
    assert (first["value"], first["people"]) == ("merida", 3)
    assert len(recruiter.get("/api/v1/professionals", {"city": first["value"]}).json()["results"]) == 3


@pytest.mark.parametrize("words", [("anti-money laundering", "prevención de lavado de dinero")])
def test_both_languages_count_the_same_under_their_own_names(words, four, api):
    profiles.claim(four[0], "aml-bsa", 3)
    profiles.claim(four[0], "payments", 3)
    bodies = [
        api(accounts.user("recruiter"), accept_language=language).get(THERE, {"q": text}).json()
        for text, language in zip(words, ("en", "es-MX"), strict=True)
    ]
    assert bodies[0]["people"] == bodies[1]["people"] == 1
    assert [each["value"] for each in bodies[0]["skill"]] == [each["value"] for each in bodies[1]["skill"]]
    assert {each["value"]: each["name"] for each in bodies[0]["skill"]} != {
        each["value"]: each["name"] for each in bodies[1]["skill"]
    }


def test_nobody_found_is_nobody_counted(four, api):
    body = api(accounts.user("recruiter")).get(THERE, {"q": "zapatero"}).json()
    assert (body["people"], body["at_least"], body["seniority"], body["skill"]) == (0, False, [], [])


def test_facets_refuse_what_the_list_refuses(four, api, cast):
    recruiter = api(accounts.user("recruiter"))
    assert recruiter.get(THERE, {"page_size": 3}).status_code == 400
    assert recruiter.get(THERE, {"skill": "coboll"}).status_code == 400
    assert api(cast.client).get(THERE).status_code == 403
