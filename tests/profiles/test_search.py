"""A search finds whom plain Python finds, in the same order, page after page; words mean what they say."""

from __future__ import annotations

import base64
import datetime as dt
import random
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from marketplace.kernel import clock
from profiles import search, search_statement
from profiles.api.filters import ProfessionalFilterSet
from profiles.levels import Cefr, Evidence, Seniority
from profiles.models import Professional
from profiles.search_statement import MOST_STANDING
from profiles.synthetic.generate import generate
from profiles.synthetic.load import load
from profiles.taxonomy.source import read_taxonomy
from profiles.terms import Via, understand
from tests.factories import accounts, profiles, unguarded
from tests.factories.taxonomy import load_taxonomy
from tests.profiles.search_oracle import Oracle

THERE = "/api/v1/professionals"
TODAY = clock.today()


def asked(query: str) -> ProfessionalFilterSet:
    wanted = ProfessionalFilterSet(QueryDict(query), queryset=Professional.objects.all())
    assert wanted.is_valid(), wanted.errors
    return wanted


def walk(query: str, size: int) -> tuple[list, list]:
    """Every hit from the first page to the last, and from the last place back to the first."""
    wanted = asked(query).qs
    forth, page = [], None
    while page is None or len(page) == size:
        after = forth[-1].place if forth else None
        page = search.page(wanted.criteria, order=wanted.order, after=after, limit=size)
        forth += page
    back, page = forth[-1:], None
    while back and (page is None or len(page) == size):
        page = search.page(wanted.criteria, order=wanted.order, after=back[-1].place, backward=True, limit=size)
        back += page
    return [(hit.id, hit.score) for hit in forth], [(hit.id, hit.score) for hit in reversed(back)]


# Words that name no skill: in every synthetic profile, in some of them, in none.
WRITTEN = ["destaca", "strongest", "monterrey", "tijuana", "zapatero"]


def some_query(draw: random.Random, oracle: Oracle) -> str:
    """A few conditions that a good part of a small market meets."""
    popular = ["cobol", "java", "sql", "aws", "kafka", "payments", "db2-zos", "aml-bsa", "scrum", "cards"]
    named = ["mainframe", "cloud", "cybersecurity", "financial-crime", "cobol", "payments", *WRITTEN]
    cities = sorted({person.city for person in oracle.people.values()})
    clusters = sorted({person.cluster for person in oracle.people.values() if person.cluster})
    offers = {
        "skill": lambda: [f"{code}:{draw.randint(1, 4)}" for code in draw.sample(popular, draw.choice([1, 1, 2]))],
        "q": lambda: [" and ".join(draw.sample(named, draw.choice([1, 1, 2])))],
        "evidence_min": lambda: [draw.choice(["self_declared", "tested", "verified"])],
        "speaks": lambda: [draw.choice(["en:b1", "en:c1", "es:b2", "en:a1"])],
        "status": lambda: draw.sample(["active", "paused", "archived"], 2),
        "function": lambda: draw.sample(["business", "architecture", "engineering", "operations"], draw.randint(1, 2)),
        "seniority_min": lambda: [draw.choice(["mid", "senior", "lead"])],
        "country": lambda: [draw.choice(["MX", "MX", "US"])],
        "city": lambda: [draw.choice(cities).upper()],
        "cluster": lambda: [draw.choice(clusters)],
        "available_from": lambda: [(TODAY + dt.timedelta(days=draw.randint(-30, 120))).isoformat()],
        "weekly_minutes_min": lambda: [draw.choice(["600", "2400"])],
        "rate_max": lambda: [draw.choice(["30", "55.5", "120"])],
        "sort": lambda: [draw.choice(["rank", "newest"])],
    }
    query = QueryDict(mutable=True)
    for name in draw.sample(sorted(offers), draw.randint(0, 4)):
        query.setlist(name, offers[name]())
    return query.urlencode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("near", "together"),
    [(4_000, 20_000), (7, 9), (4_000, 1)],
    ids=["all are near", "hardly anybody is", "walks end early"],
)
def test_any_combination_of_conditions_finds_whom_plain_python_finds(near, together, db, monkeypatch):
    monkeypatch.setattr(search_statement, "NEAR", near)
    monkeypatch.setattr(search_statement, "TOGETHER", together)
    load_taxonomy()
    load(generate(400, 5, read_taxonomy(), as_of=TODAY))
    keys = list(Professional.objects.order_by("pk").values_list("pk", flat=True))
    for status, some in (("paused", keys[::7]), ("archived", keys[3::11]), ("erased", keys[5::23])):
        unguarded.write(Professional.objects.filter(pk__in=some), status=status)
    oracle, draw, sizes = Oracle(), random.Random(20), []
    for _ in range(150):
        query = some_query(draw, oracle)
        expected = oracle.find(dict(QueryDict(query).lists()))
        forth, back = walk(query, draw.choice([3, 10, 60]))
        assert forth == expected, query
        assert back == expected, query
        sizes.append(len(expected))
    # The comparison says something only if many queries find somebody and many leave somebody out.
    assert sum(0 < size < len(oracle.people) for size in sizes) > 60


@pytest.fixture
def crowd(db):
    """People who are told apart by one thing each."""
    load_taxonomy()
    people = {
        "expert": profiles.professional(
            headline_en="Core banking", headline_es="Banca central", seniority=Seniority.LEAD
        ),
        "junior": profiles.professional(headline_en="Core banking", headline_es="Banca", seniority=Seniority.JUNIOR),
        "writer": profiles.professional(
            headline_en="Writes about compilers", headline_es="Compiladores y lenguajes", city="Mérida"
        ),
        "holder": profiles.professional(headline_en="Security", headline_es="Seguridad"),
    }
    profiles.claim(people["expert"], "cobol", 5)
    profiles.claim(people["junior"], "cobol", 2)
    profiles.claim(people["junior"], "aml-bsa", 3)
    profiles.speaks(people["expert"], "en", Cefr.B2)
    profiles.certificate(people["holder"], "cert-cissp", expires_on=clock.today() + dt.timedelta(days=9))
    return people


@pytest.fixture
def found(crowd, api):
    recruiter = api(accounts.user("recruiter"))
    names = {person.public_id: name for name, person in crowd.items()}

    def ask(**query):
        answer = recruiter.get(THERE, query)
        assert answer.status_code == 200, answer.json()
        return {names[row["id"]]: row for row in answer.json()["results"]}

    return ask


def test_the_score_is_the_sum_that_the_documentation_states(found):
    row = found(skill="cobol:5")["expert"]
    assert row["score"] == 500 + 6 * 6 + 40 * Seniority.LEAD + 25 * Cefr.B2
    assert row["matched"] == [{"skill": "cobol", "via": "asked"}]


def test_the_best_come_first_and_newest_on_demand(found):
    assert list(found(skill="cobol")) == ["expert", "junior"]
    assert list(found(skill="cobol", sort="newest")) == ["junior", "expert"]


def test_a_broader_word_finds_holders_of_what_is_narrower_and_says_so(found):
    rows = found(q="mainframe")
    assert list(rows) == ["expert", "junior"]
    assert rows["junior"]["matched"] == [{"skill": "cobol", "via": "broader"}]


@pytest.mark.parametrize(
    "words", ["anti-money laundering", "prevención de lavado de dinero", "PREVENCION DE LAVADO DE DINERO"]
)
def test_both_languages_find_the_same_people(words, found):
    rows = found(q=words)
    assert {name: row["matched"] for name, row in rows.items()} == {"junior": [{"skill": "aml-bsa", "via": "name"}]}


def test_both_names_of_every_skill_are_understood_as_that_skill_and_nothing_else():
    for entry in read_taxonomy().entries:
        english, spanish = understand(entry.name_en), understand(entry.name_es)
        assert english == spanish, entry.code
        (term,) = english
        assert (term.skills[entry.code], term.words) == (Via.NAME, ())


def test_a_query_and_its_translation_find_the_same_people(db):
    load_taxonomy()
    entries = [entry for entry in read_taxonomy().entries if entry.name_en != entry.name_es]
    some = random.Random(8).sample(entries, 30)
    for entry in some:
        profiles.claim(profiles.professional(headline_en=entry.name_en, headline_es="Otra cosa"), entry.code, 3)
    for entry in some:
        for ending in ("", " destaca"):
            english, spanish = (walk(urlencode({"q": name + ending}), 20) for name in (entry.name_en, entry.name_es))
            assert english == spanish, entry.code
        assert walk(urlencode({"q": entry.name_es}), 20)[0], entry.code


def test_a_word_behind_a_name_makes_it_no_slip_of_another_name():
    for entry in read_taxonomy().entries:
        for name in (entry.name_en, entry.name_es):
            (loose,) = [term for term in understand(f"{name} destaca") if term.words == ("destaca",)]
            assert loose.skills == {}, name


def test_a_slip_behind_what_is_a_name_by_itself_is_still_forgiven():
    assert "sql-server" in {code for term in understand("SQL Sever") for code in term.skills}


def test_a_typo_is_forgiven_and_marked(found):
    assert found(q="cobool")["expert"]["matched"] == [{"skill": "cobol", "via": "spelling"}]


def test_part_of_a_name_is_marked(found):
    assert found(q="lavado")["junior"]["matched"] == [{"skill": "aml-bsa", "via": "part"}]


@pytest.mark.parametrize("words", ["compiladores", "COMPILADOR", "compilers", "compil", "lénguajes merida", "Mérida"])
def test_words_of_the_profile_are_found_by_their_stem_whatever_the_accents(words, found):
    assert {name: row["matched"] for name, row in found(q=words).items()} == {
        "writer": [{"skill": None, "via": "text"}]
    }


def test_every_word_must_be_found(found):
    assert list(found(q="cobol core")) == ["expert", "junior"]
    assert list(found(q="cobol central")) == ["expert"]
    assert list(found(q="cobol compiladores")) == []


@pytest.mark.parametrize("words", ["'", "\\", "& | ! :*", "a:b", "''':*", "%s %(p0)s", "<->", "\u2028"])
def test_signs_that_mean_something_to_the_database_mean_nothing_here(words, found):
    assert found(q=words).keys() <= {"expert", "junior", "writer", "holder"}


def test_a_valid_certificate_is_its_skill_at_the_highest_level(found, crowd):
    assert list(found(skill="cert-cissp:5")) == ["holder"]
    crowd["holder"].certificates.update(expires_on=clock.today() - dt.timedelta(days=1))
    assert list(found(skill="cert-cissp:1")) == []


def test_evidence_counts_through_its_last_day(found, crowd):
    for day, expected in ((0, ["expert"]), (-1, [])):
        crowd["expert"].claims.update(
            evidence=Evidence.VERIFIED, verified_by="user_x", evidence_expires_on=clock.today() + dt.timedelta(days=day)
        )
        assert list(found(skill="cobol", evidence_min="verified")) == expected
        assert list(found(evidence_min="tested")) == expected


def test_a_page_costs_the_same_number_of_queries_whatever_is_asked_and_found(crowd, api):
    for _ in range(12):
        person = profiles.professional()
        for code in ("cobol", "jcl", "db2-zos"):
            profiles.claim(person, code, 4)
        profiles.speaks(person)
    profiles.pesos_rate()
    recruiter = api(accounts.user("recruiter"))

    def cost(query: str) -> int:
        recruiter.get(f"{THERE}?{query}")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert recruiter.get(f"{THERE}?{query}").json()["results"]
        return len(captured)

    full = "skill=cobol:2&skill=jcl:2&speaks=en:b1&rate_max=90&q=mainframe&cluster=guadalajara&page_size="
    assert cost(full + "2") == cost(full + "12") <= 11
    assert cost("page_size=2") == cost("page_size=12") <= 8


def test_pages_go_forth_and_back_through_people_of_the_same_rank(crowd, api):
    for _ in range(9):
        profiles.professional()
    recruiter = api(accounts.user("recruiter"))
    pages, there = [], f"{THERE}?page_size=4"
    while there:
        pages.append(recruiter.get(there).json())
        there = pages[-1]["next"]
    seen = [row["id"] for page in pages for row in page["results"]]
    assert len(seen) == len(set(seen)) == 13
    back, there = [], pages[-1]["previous"]
    while there:
        back.append(recruiter.get(there).json())
        there = back[-1]["previous"]
    assert [page["results"] for page in reversed(back)] == [page["results"] for page in pages[:-1]]


@pytest.mark.parametrize("position", ["", "12", "x.0", "-1." + "0" * 32, "70000." + "0" * 32, "5." + "0" * 31, "5.zz"])
def test_a_place_that_no_page_gave_is_refused(position, crowd, api):
    cursor = base64.b64encode(f"p={position}".encode()).decode()
    answer = api(accounts.user("recruiter")).get(THERE, {"cursor": cursor})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "invalid_cursor")


def test_the_longest_names_are_understood_first():
    (term,) = understand("job control language")
    assert term.skills["jcl"] == Via.NAME
    assert not term.words
    first, second = understand("cobol Guadalajara")
    assert (first.skills["cobol"], second.words) == (Via.NAME, ("Guadalajara",))


@pytest.mark.parametrize("text", ["mainframe and cloud", "cloud mainframe", "programming on mainframe"])
def test_two_skills_are_two_terms_whatever_the_whole_sounds_like(text):
    first, second = understand(text)
    named = {code for code in ("mainframe", "cloud", "programming") if code in text}
    assert {code for term in (first, second) for code, via in term.skills.items() if via == Via.NAME} == named
    assert first.words == second.words == ()


def test_ordinary_words_around_a_name_are_understood():
    (term,) = understand("COBOL developers")
    assert term.skills["cobol"] == Via.NAME


def test_a_misspelled_name_of_several_words_is_understood_as_a_whole():
    terms = understand("job contrl languge")
    assert len(terms) == 3
    assert all("jcl" in term.skills for term in terms)


@pytest.mark.parametrize("word", ["engineer", "ingeniero"])
def test_a_word_that_many_names_share_is_no_misspelling_of_any_of_them(word):
    (term,) = understand(word)
    assert (dict(term.skills), term.words) == ({}, (word,))


def test_joining_words_ask_for_nothing():
    assert understand("de la and the") == ()


def test_the_highest_points_of_a_person_are_what_the_database_gives(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT profiles_search_standing(%s, %s)", [Seniority.PRINCIPAL, Cefr.C2])
        assert cursor.fetchone() == (MOST_STANDING,)
