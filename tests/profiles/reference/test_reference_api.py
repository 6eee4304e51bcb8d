"""Reference data over HTTP: zones with their rules, clusters, holidays, conversion tables."""

from __future__ import annotations

import pytest

REFERENCE = "/api/v1/reference"


@pytest.fixture
def reader(cast, api):
    return api(cast.client)


@pytest.fixture
def lectora(cast, api):
    return api(cast.client, accept_language="es-MX")


def test_holidays_of_one_country_come_with_the_one_sided_days_of_both(reader):
    answer = reader.get(f"{REFERENCE}/holidays", {"country": "MX", "year": 2026})
    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert {day["country"] for day in body["holidays"]} == {"MX"}
    assert body["holidays"][4] == {
        "date": "2026-09-16",
        "day": "Wednesday, September 16, 2026",
        "country": "MX",
        "name": "Independence Day",
        "name_en": "Independence Day",
        "name_es": "Día de la Independencia",
        "observed": False,
        "on_working_day": True,
    }
    assert len(body["one_sided"]) == 14
    assert body["one_sided"][0] == {
        "date": "2026-01-19",
        "day": "Monday, January 19, 2026",
        "resting": "US",
        "working": "MX",
        "name": "Martin Luther King Jr. Day",
    }


def test_holidays_of_both_countries_are_in_order_and_named_for_the_reader(lectora):
    body = lectora.get(f"{REFERENCE}/holidays", {"year": 2030}).json()
    assert [day["date"] for day in body["holidays"]] == sorted(day["date"] for day in body["holidays"])
    named = {(day["date"], day["country"]): day["name"] for day in body["holidays"]}
    assert named["2030-10-01", "MX"] == "Transmisión del Poder Ejecutivo Federal"
    assert named["2030-11-28", "US"] == "Día de Acción de Gracias"
    in_words = {day["date"]: day["day"] for day in body["holidays"]}
    assert in_words["2030-11-28"] == "jueves, 28 de noviembre de 2030"
    assert [law["country"] for law in body["laws"]] == ["MX", "US"]
    assert "artículo 74" in body["laws"][0]["law"]


def test_without_a_year_this_one_is_meant(reader):
    assert reader.get(f"{REFERENCE}/holidays").json()["holidays"][0]["date"].endswith("-01-01")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"country": "CA"}, "/country"),
        ({"year": "2100"}, "/year"),
        ({"year": "soon"}, "/year"),
        ({"years": "2026"}, "/years"),
    ],
)
def test_questions_without_an_answer_are_a_400_with_a_pointer(query, pointer, reader):
    answer = reader.get(f"{REFERENCE}/holidays", query)
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (400, [pointer])


def test_zones_say_whether_they_keep_summer_time(reader):
    found = {zone["name"]: zone for zone in reader.get(f"{REFERENCE}/zones").json()["zones"]}
    assert found["America/Mexico_City"]["changes_clocks"] is False
    assert found["America/Mexico_City"]["next_change"] is None
    assert found["America/Mexico_City"]["offset"] == -360
    tijuana = found["America/Tijuana"]
    assert tijuana["changes_clocks"] is True
    assert tijuana["next_change"]["offset"] != tijuana["offset"]
    assert tijuana["next_change"]["at"].endswith("Z")


def test_zones_are_named_for_the_reader_with_the_changes_of_a_year(reader, lectora):
    body = lectora.get(f"{REFERENCE}/zones", {"year": 2022}).json()
    found = {zone["name"]: zone for zone in body["zones"]}
    mexico = found["America/Mexico_City"]
    assert (body["year"], len(found)) == (2022, 41)
    assert mexico["label"] == mexico["label_es"] == "Centro de México: Ciudad de México y el centro"
    assert mexico["rule"] == "Sin horario de verano desde el 30 de octubre de 2022."
    assert (mexico["january"], mexico["july"]) == (-360, -300)
    assert mexico["changes"] == [
        {"at": "2022-04-03T08:00:00Z", "offset": -300},
        {"at": "2022-10-30T07:00:00Z", "offset": -360},
    ]
    english = {zone["name"]: zone for zone in reader.get(f"{REFERENCE}/zones").json()["zones"]}
    assert english["America/Mexico_City"]["changes"] == []
    assert len(english["America/Tijuana"]["changes"]) == 2
    assert english["America/Hermosillo"]["rule"] == "No summer time, as in neighboring Arizona."


@pytest.mark.parametrize("year", ["2006", "2100", "999999999999999999999", "-1", "MMXXVI", ""])
def test_zones_of_a_year_that_is_not_known_are_a_400(year, reader):
    answer = reader.get(f"{REFERENCE}/zones", {"year": year})
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (400, ["/year"])


def test_clusters_are_named_for_the_reader(reader, lectora):
    english = {each["code"]: each for each in reader.get(f"{REFERENCE}/clusters").json()["clusters"]}
    spanish = {each["code"]: each for each in lectora.get(f"{REFERENCE}/clusters").json()["clusters"]}
    assert (english["CDMX"]["name"], spanish["CDMX"]["name"]) == ("Mexico City", "Ciudad de México")
    assert english["Tijuana"]["time_zones"] == ["America/Tijuana"]
    zapopan = {"name": "Zapopan", "region": "Jalisco", "label": "Zapopan, Jalisco", "time_zone": "America/Mexico_City"}
    assert zapopan in english["Guadalajara"]["cities"]
    assert english["CDMX"]["cities"][1]["label"] == "Naucalpan, State of Mexico"
    assert spanish["Charlotte"]["cities"][0]["label"] == "Charlotte, Carolina del Norte"
    assert spanish["New York"]["cities"][0]["name"] == "New York", "what a profile holds"


def test_tables_are_shown_with_source_scale_and_cuts(reader, lectora):
    tests = {each["code"]: each for each in reader.get(f"{REFERENCE}/cefr-tables").json()["tests"]}
    assert {"toefl-ibt", "ielts", "duolingo", "cambridge", "dele", "siele", "toeic-lr", "cenni"} <= set(tests)
    toefl = {table["table_version"]: table for table in tests["toefl-ibt"]["tables"]}
    assert (toefl["toefl-ets-2026"]["first_day"], toefl["toefl-ets-2015"]["last_day"]) == ("2026-01-21", "2026-01-20")
    assert {"part": "overall", "points": "95", "least": "c1", "most": "c2"} in toefl["toefl-ets-2015"]["cuts"]
    assert toefl["toefl-ets-2008"]["used"] is False
    assert {table["certainty"] for table in tests["ielts"]["tables"] if table["used"]} == {"partly"}
    assert tests["toeic-lr"]["scales"][0]["activities"] == ["listening", "reading"]
    assert (tests["cenni"]["language"], tests["dele"]["scales"][0]["activities"]) == (None, [])
    assert (tests["siele"]["validity_months"], tests["dele"]["validity_months"]) == (60, None)
    assert tests["ielts"]["scales"][0]["overall"] == {"lowest": "0", "highest": "9", "step": "0.5"}
    assert tests["dele"]["scales"][0]["sections"] is None
    notas = {
        table["table_version"]: table["note"]
        for each in lectora.get(f"{REFERENCE}/cefr-tables").json()["tests"]
        for table in each["tables"]
    }
    assert notas["dele-certificate"].startswith("El diploma indica")
    vigencias = {
        each["code"]: each["validity_source"] for each in lectora.get(f"{REFERENCE}/cefr-tables").json()["tests"]
    }
    assert tests["siele"]["validity_url"] == "https://spanish.unileon.es/en/siele.htm"
    assert (tests["dele"]["validity_source"], vigencias["dele"]) == (
        "Instituto Cervantes: the diplomas are valid indefinitely.",
        "Instituto Cervantes: los diplomas tienen vigencia indefinida.",
    )


@pytest.mark.parametrize("path", ["zones", "clusters", "holidays", "cefr-tables", "levels"])
def test_reference_data_needs_no_query_of_its_own(path, reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert reader.get(f"{REFERENCE}/{path}").status_code == 200
