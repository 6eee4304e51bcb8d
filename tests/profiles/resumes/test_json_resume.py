"""JSON Resume as people and programs really write it: mended where its meaning is plain, told where it is not."""

from __future__ import annotations

import json

import pytest

from profiles.importers import formats
from profiles.importers.reading import Reading, source_of


def read(document) -> Reading:
    return formats.read(json.dumps(document).encode())


def notices(reading: Reading) -> list[tuple[str, str]]:
    return [(notice.code, notice.pointer) for notice in reading.notices]


def test_empty_texts_nulls_lists_and_objects_say_nothing_and_are_no_fault():
    reading = read({"basics": {"name": "Ana", "email": "", "location": {}}, "work": None, "skills": [], "meta": {}})
    assert reading.document == {"basics": {"name": "Ana"}}
    assert notices(reading) == []


def test_a_byte_order_mark_is_no_fault():
    reading = formats.read(b"\xef\xbb\xbf" + json.dumps({"basics": {"name": "José"}}).encode())
    assert reading.document == {"basics": {"name": "José"}}
    assert notices(reading) == []


def test_an_empty_object_is_a_valid_resume_of_nobody():
    assert read({}).document == {}


@pytest.mark.parametrize("end", [None, "", "Present", "actualidad", "current"])
def test_an_open_end_is_an_end_that_is_not_there(end):
    reading = read({"work": [{"name": "Acme", "position": "Engineer", "startDate": "2019", "endDate": end}]})
    assert reading.document["work"] == [{"name": "Acme", "position": "Engineer", "startDate": "2019"}]
    assert notices(reading) == []


def test_dates_of_other_forms_are_brought_into_its_own():
    reading = read({"work": [{"name": "A", "startDate": "March 2019", "endDate": "06/2020"}]})
    assert reading.document["work"] == [{"name": "A", "startDate": "2019-03", "endDate": "2020-06"}]
    assert notices(reading) == [("converted", "/work/0/startDate"), ("converted", "/work/0/endDate")]


def test_a_date_that_cannot_be_read_is_left_out_and_told():
    reading = read({"work": [{"name": "A", "startDate": "the good old days"}]})
    assert reading.document["work"] == [{"name": "A"}]
    assert notices(reading) == [("unreadable_date", "/work/0/startDate")]


def test_keywords_as_objects_and_lists_as_texts_are_understood():
    reading = read(
        {
            "skills": [
                {"name": "Web", "keywords": [{"name": "HTML"}, "CSS"]},
                {"name": "Data", "keywords": "SQL, Python; Spark"},
                "COBOL",
            ]
        }
    )
    assert reading.document["skills"] == [
        {"name": "Web", "keywords": ["HTML", "CSS"]},
        {"name": "Data", "keywords": ["SQL", "Python", "Spark"]},
        {"name": "COBOL"},
    ]
    assert [pointer for _code, pointer in notices(reading)] == [
        "/skills/0/keywords/0",
        "/skills/1/keywords",
        "/skills/2",
    ]


def test_a_lone_object_where_a_list_is_wanted_is_a_list_of_one():
    assert read({"work": {"name": "Acme"}}).document == {"work": [{"name": "Acme"}]}


def test_numbers_where_texts_are_wanted_become_texts():
    reading = read({"basics": {"phone": 3312345678}, "education": [{"score": 9.5}]})
    assert reading.document == {"basics": {"phone": "3312345678"}, "education": [{"score": "9.5"}]}


def test_names_of_the_schema_before_version_one_are_known():
    reading = read(
        {"work": [{"company": "Acme", "website": "https://acme.example"}], "certifications": [{"name": "CKA"}]}
    )
    assert reading.document["work"][0]["name"] == "Acme"
    assert reading.document["work"][0]["url"] == "https://acme.example"
    assert reading.document["certificates"] == [{"name": "CKA"}]
    assert notices(reading) == [
        ("former_field", "/work/0/company"),
        ("former_field", "/work/0/website"),
        ("former_field", "/certifications"),
    ]
    assert source_of(reading.sources, "/certificates/0/name").pointer == "/certifications/0/name"


def test_sections_that_are_not_known_are_kept_and_told():
    reading = read({"hobby horses": ["chess"], "basics": {"name": "Ana", "nickname": "Anita"}})
    assert reading.document == {"hobby horses": ["chess"], "basics": {"name": "Ana", "nickname": "Anita"}}
    assert notices(reading) == [("unknown_field", "/hobby horses")]


@pytest.mark.parametrize("value", [7, True, "text", [1]])
def test_a_section_of_the_wrong_kind_is_left_out_and_told(value):
    reading = read({"basics": value, "meta": {"version": "1"}})
    assert reading.document == {"meta": {"version": "1"}}
    assert notices(reading) == [("wrong_type", "/basics")]


def test_a_thousand_faults_are_told_as_two_hundred_and_one():
    reading = read({"work": [{"startDate": "never"} for _number in range(1000)]})
    assert len(reading.notices) == 201
    assert reading.notices[-1].code == "more_notices"


def test_what_moved_up_because_something_empty_went_keeps_its_own_pointer():
    reading = read({"work": [{}, None, {"name": "Acme", "position": "Engineer"}]})
    assert reading.document["work"] == [{"name": "Acme", "position": "Engineer"}]
    assert source_of(reading.sources, "/work/0/position").pointer == "/work/2/position"
