"""Shared hours of two places: by day, by month, on the worst day, and as a calendar."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from marketplace.rest.icalendar import Calendar, Event, written
from matching.engine import overlap
from matching.shared_time import Side, shared_time

OVERLAP = "/api/v1/reference/overlap"
YEAR = {"from": "2026-01-01", "to": "2026-12-31"}
GUADALAJARA = {"zone": "America/Mexico_City", "client_zone": "America/New_York"}
NINE_TO_SIX = (540, 1080)


@pytest.fixture
def reader(cast, api):
    return api(cast.client)


def unfolded(content):
    """Parse RFC 5545 strictly: CRLF, at most 75 octets a line, every BEGIN with its END; return the events."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")[:-1]
    assert all(0 < len(line) <= 75 for line in lines)
    assert b"\n" not in content.replace(b"\r\n", b"")
    logical = re.sub(rb"\r\n[ \t]", b"", content).decode().split("\r\n")[:-1]
    assert (logical[0], logical[1], logical[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    assert logical[2].startswith("PRODID:")
    events, event = [], None
    for line in logical[1:-1]:
        name, colon, value = line.partition(":")
        assert colon, line
        if line == "BEGIN:VEVENT":
            assert event is None
            event = {}
        elif line == "END:VEVENT":
            events.append(event)
            event = None
        elif event is not None:
            name = name.partition(";LANGUAGE=")[0]
            assert name not in event, "every property at most once"
            if name in {"SUMMARY", "DESCRIPTION"}:
                assert not re.search(r"[,;]", re.sub(r"\\.", "", value)), "a TEXT escapes its commas and semicolons"
            event[name] = re.sub(r"\\([\\;,nN])", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)
    assert event is None
    return events


def moment(text):
    return dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "client_zone", "january", "july"),
    [
        ("America/Mexico_City", "America/New_York", 8, 7),
        ("America/Mexico_City", "America/Los_Angeles", 7, 8),
        ("America/Tijuana", "America/Phoenix", 8, 9),
        ("America/Hermosillo", "America/Denver", 9, 8),
        ("America/Cancun", "America/Chicago", 8, 9),
        ("America/Matamoros", "America/New_York", 8, 8),
    ],
)
def test_months_share_what_the_clocks_of_both_places_leave(zone, client_zone, january, july):
    found = shared_time(
        Side(zone, *NINE_TO_SIX), Side(client_zone, *NINE_TO_SIX), dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    )
    hours = {month.month: (month.least // 60, month.most // 60) for month in found.months}
    assert (hours[1], hours[7]) == ((january, january), (july, july))


@pytest.mark.parametrize(
    ("person", "client"),
    [
        (("America/Mexico_City", 540, 1080), ("America/New_York", 540, 1080)),
        (("America/Tijuana", 480, 1020), ("America/Phoenix", 600, 1140)),
        (("America/Mexico_City", 1320, 360), ("Asia/Kolkata", 540, 1080)),
        (("America/Cancun", 0, 0), ("America/Chicago", 1380, 420)),
        (("Europe/Madrid", 540, 1080), ("America/Los_Angeles", 540, 1080)),
    ],
)
def test_the_worst_day_is_the_one_that_matching_judges_by(person, client):
    first, last = dt.date(2026, 2, 3), dt.date(2027, 4, 20)
    found = shared_time(Side(*person), Side(*client), first, last)
    assert found.worst.minutes == overlap.worst_day_overlap(*person, *client, first, last)
    by_month = overlap.shared_minutes_by_month(*person, *client, first, last)
    assert sum(day.minutes for day in found.days) == sum(month.total for month in by_month)
    assert found.best.minutes == max(month.most for month in by_month)


def test_a_day_ending_at_midnight_is_a_day_ending_at_midnight():
    to_midnight = Side("America/Mexico_City", 540, 1440)
    found = shared_time(to_midnight, to_midnight, dt.date(2026, 3, 2), dt.date(2026, 3, 2))
    assert found.worst.minutes == 900


def test_holidays_of_both_sides_are_marked_and_left_out_of_the_months():
    found = shared_time(
        Side("America/Mexico_City", *NINE_TO_SIX),
        Side("America/New_York", *NINE_TO_SIX),
        dt.date(2026, 1, 1),
        dt.date(2026, 12, 31),
    )
    resting = {day.on: [holiday.country for holiday in day.holidays] for day in found.days if day.holidays}
    assert len(resting) == 16, "14 one-sided days, New Year's Day and Christmas"
    assert resting[dt.date(2026, 1, 1)] == ["MX", "US"]
    assert resting[dt.date(2026, 2, 2)] == ["MX"]
    assert resting[dt.date(2026, 7, 3)] == ["US"]
    assert sum(month.days + month.holidays for month in found.months) == len(found.days) == 261
    assert sum(month.holidays for month in found.months) == 16


def test_a_side_elsewhere_has_no_holidays_that_are_known():
    found = shared_time(
        Side("Europe/Madrid", *NINE_TO_SIX),
        Side("Asia/Kolkata", *NINE_TO_SIX),
        dt.date(2026, 1, 1),
        dt.date(2026, 1, 6),
    )
    assert [day.holidays for day in found.days] == [()] * 4


def test_the_endpoint_shows_the_worst_day_months_and_days(reader):
    answer = reader.get(OVERLAP, {**GUADALAJARA, **YEAR})
    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert (body["worst"]["date"], body["worst"]["minutes"]) == ("2026-03-09", 420)
    assert (body["best"]["date"], body["best"]["minutes"]) == ("2026-01-01", 480)
    assert body["months"][0] == {
        "year": 2026,
        "month": 1,
        "least": 480,
        "most": 480,
        "total": 20 * 480,
        "days": 20,
        "holidays": 2,
    }
    assert body["days"][1] == {
        "date": "2026-01-02",
        "minutes": 480,
        "spans": [{"opens": "2026-01-02T15:00:00Z", "closes": "2026-01-02T23:00:00Z"}],
        "holidays": [],
    }
    assert body["days"][0]["holidays"][0] == {"country": "MX", "name": "New Year's Day"}


def test_places_can_be_cities_and_the_answer_names_their_zones(reader):
    days = {"from": "2026-07-06", "to": "2026-07-10"}
    by_city = reader.get(OVERLAP, {"zone": "Ciudad Juárez", "client_zone": "new york", **days}).json()
    by_zone = reader.get(OVERLAP, {"zone": "America/Ciudad_Juarez", "client_zone": "America/New_York", **days}).json()
    assert by_city == by_zone
    assert (by_city["zone"], by_city["client_zone"]) == ("America/Ciudad_Juarez", "America/New_York")


def test_a_former_name_of_a_zone_keeps_its_holidays(reader):
    asked = {"zone": "Mexico/General", "client_zone": "US/Eastern", **YEAR}
    assert sum(bool(day["holidays"]) for day in reader.get(OVERLAP, asked).json()["days"]) == 16


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("America/Mexico_City", 480, 420),  # only New York moves
        ("America/Matamoros", 480, 480),  # both move on the same day
        ("America/Hermosillo", 420, 360),
    ],
)
def test_the_day_after_clocks_change_is_another_day(zone, before, after, reader):
    asked = {"zone": zone, "client_zone": "America/New_York", "from": "2026-03-06", "to": "2026-03-09"}
    days = reader.get(OVERLAP, asked).json()["days"]
    assert [(day["date"], day["minutes"]) for day in days] == [("2026-03-06", before), ("2026-03-09", after)]


def test_hours_over_midnight_are_shared_with_the_day_before_and_after(reader):
    night = {"starts": "22:00", "ends": "06:00"}
    asked = {"zone": "America/Mexico_City", "client_zone": "Asia/Kolkata", **night}
    (day,) = reader.get(OVERLAP, {**asked, "from": "2026-07-08", "to": "2026-07-08"}).json()["days"]
    # 22:00 to 06:00 in Mexico is 09:30 to 17:30 of the next day in India.
    assert day["spans"] == [{"opens": "2026-07-08T04:00:00Z", "closes": "2026-07-08T12:00:00Z"}]
    assert day["minutes"] == 480


def test_hours_can_be_named_on_both_sides(reader):
    hours = {"starts": "07:00", "ends": "15:00", "client_starts": "10:00", "client_ends": "19:00"}
    body = reader.get(OVERLAP, {**GUADALAJARA, **hours, "from": "2026-07-06", "to": "2026-07-06"}).json()
    assert body["days"][0]["spans"] == [{"opens": "2026-07-06T14:00:00Z", "closes": "2026-07-06T21:00:00Z"}]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"zone": "America/Guadalajara"}, ("/zone", "unknown_zone")),
        ({"client_zone": "../../etc/passwd"}, ("/client_zone", "unknown_zone")),
        ({"from": "2027-01-01"}, ("/to", "ends_before_start")),
        ({"to": "2029-06-01"}, ("/to", "span_too_long")),
        ({"from": "1999-01-01", "to": "1999-02-01"}, ("/from", "year_unknown")),
        ({"from": "tomorrow"}, ("/from", "invalid")),
        ({"starts": "25:00"}, ("/starts", "invalid_time")),
        ({"country": "MX"}, ("/country", "unknown_parameter")),
        ({"zone": ""}, ("/zone", "blank")),
        ({"zone": "America/Mexico_City" * 9}, ("/zone", "unknown_zone")),
        ({"client_zone": "posixrules"}, ("/client_zone", "unknown_zone")),
        ({"from": "2000-01-01", "to": "2027-05-19"}, ("/to", "span_too_long")),
        ({"from": "9999-12-31", "to": "9999-12-31"}, ("/from", "year_unknown")),
        ({"from": "0001-01-01", "to": "0001-01-02"}, ("/from", "year_unknown")),
        ({"to": "99999-01-01"}, ("/to", "invalid")),
        ({"to": "2026-02-30"}, ("/to", "invalid")),
        ({"ends": "24:01"}, ("/ends", "invalid_time")),
        ({"client_starts": "9:00"}, ("/client_starts", "invalid_time")),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".ics"])
def test_questions_without_an_answer_are_problems_in_either_form(suffix, change, expected, reader):
    answer = reader.get(OVERLAP + suffix, {**GUADALAJARA, **YEAR, **change})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [expected]


def test_what_is_needed_is_named(reader):
    answer = reader.get(OVERLAP, {})
    assert {each["pointer"] for each in answer.json()["errors"]} == {"/zone", "/client_zone", "/from", "/to"}


def test_the_calendar_holds_the_same_hours_and_the_holidays(reader):
    query = {**GUADALAJARA, **YEAR}
    body = reader.get(OVERLAP, query).json()
    answer = reader.get(f"{OVERLAP}.ics", query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    events = unfolded(answer.content)
    assert len({event["UID"] for event in events}) == len(events)
    shared = {(moment(event["DTSTART"]), moment(event["DTEND"])) for event in events if "DTSTART" in event}
    assert shared == {
        (dt.datetime.fromisoformat(span["opens"]), dt.datetime.fromisoformat(span["closes"]))
        for day in body["days"]
        if not day["holidays"]
        for span in day["spans"]
    }
    whole_days = [event for event in events if "DTSTART;VALUE=DATE" in event]
    assert len(whole_days) == 18, "14 one-sided days, and two days that both countries keep"
    assert {event["SUMMARY"] for event in whole_days} >= {"Holiday in Mexico: Independence Day"}
    first = next(event for event in whole_days if event["DTSTART;VALUE=DATE"] == "20260916")
    assert first["DTEND;VALUE=DATE"] == "20260917"


def test_the_calendar_comes_by_negotiation_too_and_in_spanish(cast, api):
    client = api(cast.client, accept="text/calendar", accept_language="es-MX")
    answer = client.get(OVERLAP, {**GUADALAJARA, **YEAR})
    assert answer["Content-Type"].startswith("text/calendar")
    summaries = {event["SUMMARY"] for event in unfolded(answer.content)}
    assert {"Horas compartidas (7 h)", "Día festivo en México: Día de la Independencia"} <= summaries


def test_the_same_question_makes_the_same_events_in_either_language_and_for_good(cast, api):
    def events(language):
        client = api(cast.client, accept_language=language)
        return unfolded(client.get(f"{OVERLAP}.ics", {**GUADALAJARA, **YEAR}).content)

    english, spanish = events("en"), events("es-MX")
    assert [event["UID"] for event in english] == [event["UID"] for event in spanish]
    assert english[0]["UID"] == "ffd4e23602fa7099513f001bb7ee3bfa@celula", "a subscriber would see every event anew"
    assert all(re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"]) for event in english)
    assert not {event["SUMMARY"] for event in english} & {event["SUMMARY"] for event in spanish}


def test_texts_are_escaped_and_long_lines_folded_between_characters():
    text = "ñandú; coma, diagonal \\ y\nsalto: " + "á" * 90
    event = Event("uid@celula", dt.date(2026, 1, 1), dt.date(2026, 1, 2), text, description=text)
    content = written(Calendar("Nombre; con, signos", "es-mx", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), [event]))
    (parsed,) = unfolded(content)
    assert parsed["SUMMARY"] == parsed["DESCRIPTION"] == text
    assert parsed["DTSTAMP"] == "20260101T000000Z"
