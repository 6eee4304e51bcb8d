"""Positions of a résumé against those of the profile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from rapidfuzz import fuzz

from profiles.importers.periods import first_day, last_day
from profiles.importers.text_language import language_of
from profiles.models import Experience
from profiles.services.experiences import MOST_EXPERIENCES
from profiles.services.proposing.draft import Draft, Proposal, keep, placed

LONGEST_EMPLOYER = LONGEST_TITLE = 120
LONGEST_SUMMARY = 4000

_SAME_EMPLOYER = 90  # of 100, by rapidfuzz's token sort ratio
_SAME_START_DAYS = 62


def propose(draft: Draft) -> Iterator[Proposal]:
    """Propose positions: as rows of the profile where they have what a row needs, else to be kept."""
    known = list(draft.professional.experiences.all())
    room = MOST_EXPERIENCES - len(known)
    for position, entry in enumerate(draft.reading.document.get("work", [])):
        pointer = f"/work/{position}"
        value = _experience(entry, pointer, draft)
        if value is None:
            yield keep(draft, "work", pointer, entry)
            continue
        found = _like(value, known)
        if found is None and room <= 0:
            draft.reading.notice("too_many_positions", pointer, most=MOST_EXPERIENCES)
            yield keep(draft, "work", pointer, entry)
            continue
        if found is None:
            room -= 1
        yield _proposal(value, entry, pointer, found, draft)


def _proposal(
    value: dict[str, Any], entry: dict[str, Any], pointer: str, found: Experience | None, draft: Draft
) -> Proposal:
    unsure = any(
        notice.code == "title_and_employer_unsure" and notice.pointer == pointer for notice in draft.reading.notices
    )
    whole = len(entry.get("startDate", "")) == 10
    confidence = draft.sure(95 if whole else 85, 50 if unsure else 75)
    path = f"/experiences/{found.public_id}" if found else "/experiences"
    proposal = Proposal("experience", path, pointer, value, confidence)
    if found is None:
        return proposal
    return placed(proposal, {column: _plain(getattr(found, column)) for column in value}, found.public_id)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _experience(entry: dict[str, Any], pointer: str, draft: Draft) -> dict[str, Any] | None:
    """Return the columns of a position, None when it lacks one that a profile needs."""
    employer, title = _line(entry.get("name")), _line(entry.get("position"))
    start = first_day(entry.get("startDate", "")) if entry.get("startDate") else None
    end = last_day(entry["endDate"]) if entry.get("endDate") else None
    lacking = [name for name, value in (("name", employer), ("position", title), ("startDate", start)) if not value]
    if entry.get("endDate") and end is None:
        lacking.append("endDate")
    if lacking:
        draft.reading.notice("position_incomplete", pointer, missing=lacking)
        return None
    assert start is not None
    if start > draft.today:
        draft.reading.notice("in_the_future", f"{pointer}/startDate")
        return None
    if end is not None and end < start:
        draft.reading.notice("dates_reversed", f"{pointer}/endDate")
        return None
    text = description(entry)
    language = draft.column_language(text) if text else ""
    if text and not language:
        draft.reading.notice("unsupported_language", f"{pointer}/summary", language=language_of(text))
    if len(employer) > LONGEST_EMPLOYER or len(title) > LONGEST_TITLE or len(text) > LONGEST_SUMMARY:
        draft.reading.notice("shortened", pointer)
    value: dict[str, Any] = {
        "employer": employer[:LONGEST_EMPLOYER],
        "title": title[:LONGEST_TITLE],
        "starts_on": start.isoformat(),
        "ends_on": end.isoformat() if end else None,
    }
    if language:
        value[f"summary_{language}"] = text[:LONGEST_SUMMARY]
    return value


def description(entry: dict[str, Any]) -> str:
    """Return what an entry of work tells of the position, its highlights as a list below the summary."""
    lines = [entry.get("summary", "").strip(), *(f"• {item.strip()}" for item in entry.get("highlights", []))]
    return "\n".join(line for line in lines if line).strip()


def _line(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _like(value: dict[str, Any], known: list[Experience]) -> Experience | None:
    """Return the position of the profile that this one is about: a like employer and about the same first day."""
    start = dt.date.fromisoformat(value["starts_on"])
    for experience in known:
        employer = fuzz.token_sort_ratio(value["employer"].casefold(), experience.employer.casefold())
        title = fuzz.token_sort_ratio(value["title"].casefold(), experience.title.casefold())
        near = abs((experience.starts_on - start).days) <= _SAME_START_DAYS
        if near and employer >= _SAME_EMPLOYER and (title >= _SAME_EMPLOYER or experience.starts_on == start):
            return experience
    return None
