"""Cursor pages: bounded, stable while rows come, and refusing what they did not give out."""

from __future__ import annotations

import base64
import datetime as dt

import pytest

from marketplace.delivery.models import Notification
from tests.factories import profiles

THERE = "/api/v1/professionals"
NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def reader(cast, api):
    for _ in range(6):
        profiles.professional()
    return api(cast.recruiter)


def cursor(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_pages_link_forth_and_back_in_body_and_header(reader):
    first = reader.get(f"{THERE}?page_size=3")
    assert len(first.json()["results"]) == 3
    assert first.json()["previous"] is None
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    second = reader.get(first.json()["next"])
    assert 'rel="prev"' in second["Link"]
    assert reader.get(second.json()["previous"]).json()["results"] == first.json()["results"]


def test_a_row_that_comes_in_between_neither_repeats_nor_hides_another(reader):
    first = reader.get(f"{THERE}?page_size=3").json()
    profiles.professional()
    second = reader.get(first["next"]).json()
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}
    assert len(second["results"]) == 3


def test_rows_of_one_moment_come_to_an_end_however_many_they_are(cast, api):
    told = [
        Notification(recipient=cast.client, kind="offer.sent", category="offers", subject=f"offer_{n}", created_at=NOON)
        for n in range(1_150)
    ]
    Notification.objects.bulk_create(told)
    reader, seen, there = api(cast.client), [], "/api/v1/notifications?page_size=100"
    while there and len(seen) <= len(told):
        page = reader.get(there).json()
        seen += [row["id"] for row in page["results"]]
        there = page["next"]
    assert len(seen) == len(set(seen)) == len(told)


def test_the_filters_of_the_first_page_hold_for_the_next(reader):
    first = reader.get(f"{THERE}?page_size=3&status=active").json()
    assert "status=active" in first["next"]


@pytest.mark.parametrize("size", ["0", "-1", "101", "all", "", "1.5", "²", "٣", "99999999999999999999"])
def test_a_page_size_out_of_bounds_is_refused(size, reader):
    answer = reader.get(THERE, {"page_size": size})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "invalid_page_size")


@pytest.mark.parametrize(
    "given",
    [
        "zzz",
        "%%%",
        "ñ",
        cursor("p=notadate"),
        cursor("p="),
        cursor("p=2026-13-45"),
        cursor("p=\0"),
        cursor("p=99999999999999999999"),
        cursor("o=-1"),
        cursor("o=99999999999999999999"),
        cursor("o=x"),
        cursor("r=x&p=2026-01-01T00:00:00"),
        base64.b64encode(b"\xff\xfe").decode(),
    ],
)
@pytest.mark.parametrize("there", [THERE, "/api/v1/skills"])
def test_a_cursor_that_no_page_gave_never_crashes(given, there, reader):
    profiles.skill("cobol")
    answer = reader.get(there, {"cursor": given})
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/cursor", "invalid_cursor")]


def test_garbage_is_named_as_such(reader):
    answer = reader.get(THERE, {"cursor": cursor("p=notadate")})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "invalid_cursor")
