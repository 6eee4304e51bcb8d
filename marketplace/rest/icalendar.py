"""Calendars as RFC 5545 writes them: times in UTC, lines folded at 75 octets, texts escaped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

_OCTETS = 75


@dataclass(frozen=True)
class Event:
    """``uid`` stays the same for the same event. Two days without a time are a whole-day event, ``ends`` excluded."""

    uid: str
    starts: dt.datetime | dt.date
    ends: dt.datetime | dt.date
    summary: str
    description: str = ""
    busy: bool = True


@dataclass(frozen=True)
class Calendar:
    """``made_at`` is what DTSTAMP says of every event, in UTC."""

    name: str
    language: str
    made_at: dt.datetime
    events: Sequence[Event]


def written(calendar: Calendar) -> bytes:
    """Return the calendar as ``text/calendar`` in UTF-8."""
    return b"".join(_folded(line) for line in _lines(calendar))


class CalendarRenderer(BaseRenderer):
    """Writes a ``Calendar``; a refusal in its place stays a problem in JSON."""

    media_type = "text/calendar"
    format = "ics"
    charset = "utf-8"
    render_style = "binary"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return written(data) if isinstance(data, Calendar) else orjson.dumps(data, default=str)


def _lines(calendar: Calendar) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//Celula//Shared hours//{calendar.language.upper()}"
    yield "CALSCALE:GREGORIAN"
    yield f"NAME:{_escaped(calendar.name)}"
    yield f"X-WR-CALNAME:{_escaped(calendar.name)}"
    for event in calendar.events:
        yield "BEGIN:VEVENT"
        yield f"UID:{event.uid}"
        yield f"DTSTAMP:{_moment(calendar.made_at)}"
        yield f"DTSTART{_when(event.starts)}"
        yield f"DTEND{_when(event.ends)}"
        yield f"SUMMARY;LANGUAGE={calendar.language}:{_escaped(event.summary)}"
        if event.description:
            yield f"DESCRIPTION;LANGUAGE={calendar.language}:{_escaped(event.description)}"
        yield f"TRANSP:{'OPAQUE' if event.busy else 'TRANSPARENT'}"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _when(point: dt.datetime | dt.date) -> str:
    return f":{_moment(point)}" if isinstance(point, dt.datetime) else f";VALUE=DATE:{point:%Y%m%d}"


def _moment(point: dt.datetime) -> str:
    return f"{point.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Escape a TEXT value (RFC 5545, section 3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Fold a content line between characters, never within one (RFC 5545, section 3.1)."""
    folded, width = bytearray(), 0
    for sign in line:
        octets = sign.encode()
        if width + len(octets) > _OCTETS:
            folded += b"\r\n "
            width = 1
        folded += octets
        width += len(octets)
    return bytes(folded + b"\r\n")
