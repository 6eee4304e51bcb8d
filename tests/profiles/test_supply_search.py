"""Recruiters search supply; clients never get there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from marketplace.kernel import clock, identifiers
from profiles.levels import Cefr, Country, Evidence, Function, Seniority
from profiles.models import Professional
from tests.factories import accounts, profiles
from tests.factories.taxonomy import load_taxonomy

THERE = "/api/v1/professionals"


@pytest.fixture
def market(db):
    """Four people that the filters tell apart, by a short name."""
    load_taxonomy()
    rosa = profiles.professional(
        headline_en="Mainframe carpentry", city="Querétaro", cluster="queretaro", seniority=Seniority.LEAD
    )
    profiles.claim(rosa, "cobol", 5, evidence=Evidence.VERIFIED, verified_by="user_x", evidence_on=dt.date(2026, 1, 1))
    profiles.claim(rosa, "jcl", 3)
    profiles.speaks(rosa, "en", Cefr.C1)
    ana = profiles.professional(
        headline_es="Prevención de lavado",
        main_function=Function.BUSINESS,
        functions=[Function.BUSINESS, Function.OPERATIONS],
        country=Country.UNITED_STATES,
        city="Austin",
        rate_amount=Decimal("120.00"),
        available_from=dt.date(2027, 6, 1),
    )
    profiles.claim(ana, "cobol", 3)
    profiles.speaks(ana, "en", Cefr.C2)
    juan = profiles.professional(
        status="paused",
        seniority=Seniority.JUNIOR,
        rate_currency="MXN",
        rate_amount=Decimal("500.00"),
        rate_floor=Decimal("400.00"),
        available_until=dt.date(2027, 3, 1),
    )
    profiles.claim(
        juan,
        "cobol",
        4,
        evidence=Evidence.VERIFIED,
        verified_by="user_x",
        evidence_expires_on=clock.today() - dt.timedelta(days=1),
    )
    profiles.speaks(juan, "en", Cefr.B2)
    return {"rosa": rosa, "ana": ana, "juan": juan, "gone": profiles.professional(status="erased")}


@pytest.fixture
def search(market, api):
    recruiter = api(accounts.user("recruiter"))

    def ask(query=""):
        answer = recruiter.get(f"{THERE}{query}")
        assert answer.status_code == 200, answer.json()
        names = {row.public_id: name for name, row in market.items()}
        return {names[row["id"]] for row in answer.json()["results"]}

    return ask


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"rosa", "ana", "juan"}),
        ("?status=active", {"rosa", "ana"}),
        ("?status=active&status=paused", {"rosa", "ana", "juan"}),
        ("?skill=cobol:4", {"rosa", "juan"}),
        ("?skill=COBOL", {"rosa", "ana", "juan"}),
        ("?skill=cobol:3&skill=jcl:3", {"rosa"}),
        ("?skill=cobol:4&evidence_min=verified", {"rosa"}),
        ("?evidence_min=verified", {"rosa"}),
        ("?speaks=en:c1", {"rosa", "ana"}),
        ("?speaks=en:c2", {"ana"}),
        ("?speaks=es:a1", set()),
        ("?function=business", {"ana"}),
        ("?function=operations&function=engineering", {"rosa", "ana", "juan"}),
        ("?seniority_min=lead", {"rosa"}),
        ("?country=US", {"ana"}),
        ("?city=queretaro", {"rosa"}),
        ("?city=QUERÉTARO", {"rosa"}),
        ("?cluster=Querétaro", {"rosa"}),
        ("?available_from=2027-05-01", {"rosa"}),
        ("?available_from=2027-06-01", {"rosa", "ana"}),
        ("?rate_max=60", {"rosa"}),
        ("?q=mainframe", {"rosa", "juan", "ana"}),
        ("?q=carpentry", {"rosa"}),
        ("?q=carpentrý MAINFRAME", {"rosa"}),
        ("?q=prevencion", {"ana"}),
        ("?q=lavádo", {"ana"}),
        ("?q=jcl", {"rosa"}),
        ("?q=job control language", {"rosa"}),
        ("?q=100%25", set()),
    ],
)
def test_a_filter_finds_exactly_whom_it_means(query, found, search):
    assert search(query) == found


def test_pesos_are_converted_for_the_highest_rate(search):
    profiles.pesos_rate("0.05", dt.date(2026, 1, 5))
    assert search("?rate_max=25") == {"juan"}
    assert search("?rate_max=24.99") == set()


def test_ids_name_the_rows_wanted(search, market):
    assert search(f"?ids={market['rosa'].public_id},{market['juan'].public_id}") == {"rosa", "juan"}


def test_updated_after_leaves_out_what_was_seen_before(search, market):
    moment = clock.now()
    market["ana"].touch()
    assert search(f"?updated_after={moment.isoformat().replace('+00:00', 'Z')}") == {"ana"}


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("?skil=cobol", "/skil", "unknown_parameter"),
        ("?ordering=rate_floor", "/ordering", "unknown_parameter"),
        ("?skill=cobol:9", "/skill", "invalid"),
        ("?skill=coboll:4", "/skill", "unknown_skill"),
        ("?speaks=english", "/speaks", "invalid"),
        ("?speaks=fr:c1", "/speaks", "invalid"),
        ("?seniority_min=wizard", "/seniority_min", "invalid_choice"),
        ("?status=erased", "/status", "invalid_choice"),
        ("?country=CA", "/country", "invalid_choice"),
        ("?rate_max=cheap", "/rate_max", "invalid"),
        ("?rate_max=NaN", "/rate_max", "invalid"),
        ("?rate_max=-1", "/rate_max", "min_value"),
        ("?available_from=soon", "/available_from", "invalid"),
        ("?created_after=yesterday", "/created_after", "invalid"),
        ("?ids=proj_1", "/ids", "invalid_id"),
        ("?page_size=101", "/page_size", "invalid_page_size"),
        ("?cursor=zzz", "/cursor", "invalid_cursor"),
    ],
)
def test_a_query_that_cannot_be_read_is_a_400_naming_the_parameter(query, pointer, code, market, api):
    answer = api(accounts.user("recruiter")).get(f"{THERE}{query}")
    assert answer.status_code == 400
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]


def test_an_unknown_skill_in_a_query_offers_the_nearest(market, api):
    answer = api(accounts.user("recruiter")).get(f"{THERE}?skill=coboll:4")
    assert "cobol" in answer.json()["errors"][0]["detail"].split("Nearest")[1]


@pytest.mark.parametrize("who", ["client", "rival", "professional"])
def test_nobody_else_searches(who, cast, api):
    assert api(getattr(cast, who)).get(THERE).status_code == 403
    assert api(getattr(cast, who)).get(f"{THERE}/{cast.profile.public_id}").status_code == 403


def test_a_key_of_a_client_does_not_open_supply_whatever_its_scopes(cast, api):
    _key, text = accounts.key(cast.organization.pk)
    assert api(text).get(THERE).status_code == 403


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"HTTP_AUTHORIZATION": "Bearer cel_live_000000000000_wrong"},
        {"HTTP_AUTHORIZATION": "Basic cm9vdDpyb290"},
        {"HTTP_X_SESSION_TOKEN": "0" * 32},
    ],
)
def test_without_credentials_that_hold_the_answer_is_401(credentials, api):
    answer = api().get(THERE, **credentials)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_key_is_refused(cast, api):
    key, text = accounts.key(cast.organization.pk)
    key.expires_at = clock.now() - dt.timedelta(seconds=1)
    key.save()
    answer = api(text).get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "key_not_usable")


@pytest.mark.parametrize("name", ["absent", "erased", "other kind", "nonsense"])
def test_absent_and_hidden_look_the_same(name, market, api):
    there = {
        "absent": identifiers.encode("prof", identifiers.uuid7()),
        "erased": market["gone"].public_id,
        "other kind": identifiers.encode("proj", market["rosa"].pk),
        "nonsense": "prof_" + "z" * 26,
    }[name]
    answer = api(accounts.user("recruiter")).get(f"{THERE}/{there}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_page_of_people_costs_the_same_whatever_its_size(market, api, django_assert_max_num_queries):
    for _ in range(20):
        person = profiles.professional()
        profiles.claim(person, "cobol", 4)
        profiles.claim(person, "jcl", 4)
        profiles.speaks(person)
    recruiter = api(accounts.user("recruiter"))
    with django_assert_max_num_queries(9):
        assert len(recruiter.get(f"{THERE}?skill=cobol:3&page_size=20").json()["results"]) == 20


def test_a_whole_profile_costs_a_fixed_number_of_queries(market, api, django_assert_max_num_queries):
    person = profiles.professional()
    for code in ("cobol", "jcl", "db2", "java"):
        profiles.claim(person, code, 4)
    for code in ("cert-cissp", "cert-cism"):
        profiles.certificate(person, code)
    recruiter = api(accounts.user("recruiter"))
    with django_assert_max_num_queries(11):
        body = recruiter.get(f"{THERE}/{person.public_id}").json()
    assert (len(body["skills"]), len(body["certificates"])) == (4, 2)


def test_pages_follow_one_another_without_gap_or_repetition(market, api):
    wanted = [profiles.professional().public_id for _ in range(7)]
    recruiter, seen, there = api(accounts.user("recruiter")), [], f"{THERE}?page_size=3"
    while there:
        page = recruiter.get(there).json()
        seen += [row["id"] for row in page["results"]]
        there = page["next"]
    assert len(seen) == len(set(seen)) == Professional.objects.exclude(status="erased").count()
    assert set(wanted) <= set(seen)
