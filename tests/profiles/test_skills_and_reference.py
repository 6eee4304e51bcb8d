"""The taxonomy and the scales, as any caller reads them."""

from __future__ import annotations

import pytest

from profiles.taxonomy.source import read_taxonomy
from tests.factories import accounts
from tests.factories.taxonomy import load_taxonomy

SKILLS = "/api/v1/skills"


@pytest.fixture
def reader(cast, api):
    load_taxonomy()
    return api(cast.client)


def codes(answer):
    assert answer.status_code == 200, answer.json()
    return [each["code"] for each in answer.json()["results"]]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cobol", "cobol"),
        ("coboll", "cobol"),
        ("prevencion de lavado de dinero", "aml"),
        ("Job Control Language", "jcl"),
        ("gobierno de datos", "data-governance"),
    ],
)
def test_the_likeliest_meaning_comes_first_despite_accents_language_and_typos(text, first, reader):
    assert codes(reader.get(SKILLS, {"q": text}))[0].startswith(first)


@pytest.mark.parametrize(
    ("text", "how", "confidence"),
    [
        ("COBOL", "exact", 1.0),
        ("gobierno del dato", "alias", 0.95),
        ("calidades de los datos", "inflected", 0.85),
        ("5 años en AS/400", "described", 0.8),
    ],
)
def test_a_certain_answer_says_how_it_was_found_and_how_sure_it_is(text, how, confidence, reader):
    first, *others = reader.get(SKILLS, {"q": text}).json()["results"]
    assert first["match"] == {"how": how, "confidence": confidence}
    assert all(each["match"] is None or each["match"]["how"] == "fuzzy" for each in others)


def test_a_guess_is_marked_as_one_and_a_plain_list_has_no_matches(reader):
    guessed = reader.get(SKILLS, {"q": "javasricpt"}).json()["results"][0]
    assert (guessed["code"], guessed["match"]["how"]) == ("javascript", "fuzzy")
    assert guessed["match"]["confidence"] < 0.9
    assert all(each["match"] is None for each in reader.get(SKILLS).json()["results"])


def test_part_of_a_name_finds_all_that_hold_it(reader):
    assert {"data-governance", "data-quality"} <= set(codes(reader.get(SKILLS, {"q": "data", "page_size": 100})))


def test_a_text_that_means_nothing_finds_nothing(reader):
    assert codes(reader.get(SKILLS, {"q": "xyzzyplugh"})) == []


def test_kinds_and_families_narrow(reader):
    found = reader.get(SKILLS, {"kind": "regulation", "page_size": 100}).json()["results"]
    assert found
    assert {each["kind"] for each in found} == {"regulation"}
    family = found[0]["family"]
    found = reader.get(SKILLS, {"family": family, "page_size": 100}).json()["results"]
    assert {each["family"] for each in found} == {family}


def test_an_unknown_kind_is_a_400(reader):
    assert reader.get(SKILLS, {"kind": "magic"}).status_code == 400


def test_all_pages_together_are_the_taxonomy_in_order(reader):
    seen, there = [], f"{SKILLS}?page_size=100"
    while there:
        page = reader.get(there).json()
        seen += [each["code"] for each in page["results"]]
        there = page["next"]
    assert seen == sorted(set(seen))
    assert len(seen) == len(read_taxonomy().entries) > 1_000


def test_names_come_in_the_readers_language_and_in_both(reader, cast, api):
    spanish = api(cast.client, accept_language="es-MX").get(f"{SKILLS}/data-governance").json()
    english = reader.get(f"{SKILLS}/data-governance").json()
    assert english["name"] == english["name_en"] == spanish["name_en"]
    assert spanish["name"] == spanish["name_es"] == english["name_es"]
    assert spanish["name"] != english["name"]


def test_one_skill_shows_its_neighbors_with_what_carries_over(reader):
    body = reader.get(f"{SKILLS}/cobol").json()
    assert body["aliases"]
    weights = [each["weight_percent"] for each in body["neighbors"]]
    assert weights == sorted(weights, reverse=True)
    assert weights


def test_a_skill_shows_its_codes_in_esco_and_onet_and_empty_text_where_there_are_none(reader):
    listed = {each["code"]: each for each in reader.get(SKILLS, {"q": "java", "page_size": 100}).json()["results"]}
    java = reader.get(f"{SKILLS}/java").json()
    assert java["esco_uri"] == "http://data.europa.eu/esco/skill/19a8293b-8e95-4de3-983f-77484079c389"
    assert java["onet_code"] == "43232405"
    assert {name: listed["java"][name] for name in ("esco_uri", "onet_code")} == {
        "esco_uri": java["esco_uri"],
        "onet_code": java["onet_code"],
    }
    assert reader.get(f"{SKILLS}/software-testing").json()["onet_code"] == "15-1253.00"
    without = reader.get(f"{SKILLS}/spei").json()
    assert (without["esco_uri"], without["onet_code"]) == ("", "")


def test_an_unknown_code_is_a_404(reader):
    assert reader.get(f"{SKILLS}/alchemy").status_code == 404


def test_the_list_costs_a_fixed_number_of_queries(reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        reader.get(SKILLS, {"page_size": 100})


def test_every_scale_is_labeled_in_the_readers_language(reader):
    body = reader.get("/api/v1/reference/levels").json()
    assert [step["name"] for step in body["cefr"]] == ["none", "a1", "a2", "b1", "b2", "c1", "c2"]
    assert [step["name"] for step in body["country"]] == ["MX", "US"]
    assert body["skill_level"][4] == {"name": "5", "value": 5, "label": "Expert"}
    assert set(body) == {"skill_level", "seniority", "cefr", "evidence", "function", "contract_route", "country"}


def test_zones_know_who_keeps_summer_time(reader):
    zones = {zone["name"]: zone for zone in reader.get("/api/v1/reference/zones").json()["zones"]}
    summer = {name: zone["july"] - zone["january"] for name, zone in zones.items()}
    assert summer["America/Mexico_City"] == summer["America/Hermosillo"] == summer["America/Cancun"] == 0
    assert summer["America/Tijuana"] == summer["America/Ciudad_Juarez"] == summer["America/New_York"] == 60
    assert (zones["America/Mexico_City"]["january"], zones["America/Mexico_City"]["country"]) == (-360, "MX")


@pytest.mark.parametrize("path", [SKILLS, f"{SKILLS}/cobol", "/api/v1/reference/levels", "/api/v1/reference/zones"])
def test_reference_data_is_for_everybody_who_says_who_they_are(path, reader, cast, api):
    for who in (cast.professional, cast.recruiter, cast.operator, cast.rival):
        assert api(who).get(path).status_code == 200
    _key, text = accounts.key(cast.organization.pk, scopes=["reference:read"])
    assert api(text).get(path).status_code == 200
    _key, text = accounts.key(cast.organization.pk, scopes=["projects:read"])
    assert api(text).get(path).status_code == 403
    assert api().get(path).status_code == 401
