"""The market as one project sees it: its dates, its hours, its currency and its skills."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

import numpy as np
from numpy.typing import NDArray

from marketplace.clients.models import Project
from matching import engine
from matching.engine import Evidence
from matching.index.free_time import Usual, least_free
from matching.index.layout import EVIDENCE, EXPIRES, LANGUAGES, Column, Columns, Held
from matching.index.overlay import Overlay
from matching.index.roster import Roster

HIGHEST_CENTS = 2_000_000_000  # what an int32 column can say; nobody affordable asks for it


@dataclass(frozen=True)
class View:
    """A market, and the people behind its rows."""

    market: engine.Market
    people: Roster


def asked_cents(amount: Decimal, rate: Decimal | None) -> int:
    """Return an hourly rate in hundredths of another currency, rounded up; -1 where no exchange rate is known."""
    return -1 if rate is None else min(HIGHEST_CENTS, int((amount * rate * 100).to_integral_value(ROUND_CEILING)))


def market_for(
    overlay: Overlay, project: Project, skills: Collection[int], rates: Mapping[str, Decimal | None]
) -> View:
    """Return everybody active, in the order of their ids, as ``snapshots.take`` would read them from rows.

    ``rates`` says what a unit of each currency is worth in the project's. Columns are views of the index where nothing
    had to be worked out; they hold until it is refreshed.
    """
    columns = overlay.people_by_id()
    first, last = project.starts_on.toordinal(), project.ends_on.toordinal()
    size = len(columns["high"])
    spells = overlay.spells()
    touched = np.zeros(size, bool)
    touched[spells.person] = True
    usual = Usual(columns["weekly_minutes"], columns["available_from"], columns["available_until"])
    people = engine.People(
        ref=np.arange(size, dtype=np.int64),
        functions=columns["functions"],
        main_function=columns["main_function"],
        seniority=columns["seniority"],
        country=columns["country"],
        routes=columns["routes"],
        rate_cents=_rate_cents(overlay, rates)[columns["rate"]],
        free_minutes=least_free(usual, spells, touched, first, last),
        overlap_minutes=_shared_minutes(overlay, project)[columns["hours"]],
        available_from=columns["available_from"],
        languages={key: columns[key] for key in LANGUAGES} | _language_evidence(columns, last),
    )
    postings = {skill: _posting(overlay.held(skill), last, project.ends_on.year) for skill in sorted(skills)}
    market = engine.Market(people, postings, engine.Collaborations(*overlay.edges()))
    return View(market, Roster(columns["high"], columns["low"]))


def _rate_cents(overlay: Overlay, rates: Mapping[str, Decimal | None]) -> NDArray[np.int32]:
    """Cents in the project's currency by number of rate: a market has few distinct ones."""
    known = [asked_cents(Decimal(cents).scaleb(-2), rates.get(currency)) for currency, cents in overlay.tables.rates]
    return np.array(known, np.int32)


def _shared_minutes(overlay: Overlay, project: Project) -> NDArray[np.int16]:
    """The worst day's overlap by number of working hours."""
    known = [
        engine.worst_day_overlap(
            *hours, project.time_zone, project.day_starts, project.day_ends, project.starts_on, project.ends_on
        )
        for hours in overlay.tables.hours
    ]
    return np.array(known, np.int16)


def _language_evidence(columns: Columns, last: int) -> dict[str, Column]:
    """What stands behind each language on the last day: a result that has run out by then is self-declared."""
    found = {}
    for language, name in EVIDENCE.items():
        evidence, expires = columns[name], columns[EXPIRES[language]]
        lapsed = np.flatnonzero((expires > 0) & (expires < last))
        if len(lapsed):
            evidence = evidence.copy()
            evidence[lapsed] = Evidence.SELF_DECLARED
        found[name] = evidence
    return found


def _posting(held: Held, last: int, year: int) -> engine.Posting:
    """Evidence of a claim counts while it lasts; a certificate's years run from its issue to the engagement's end."""
    certified = held.issued > 0
    lapsed = ~certified & (held.expires > 0) & (held.expires < last)
    return engine.Posting(
        person=held.person,
        level=held.level,
        years=np.where(certified, np.clip(year - held.issued.astype(np.int32), 0, 60), held.years).astype(np.uint8),
        evidence=np.where(lapsed, np.uint8(Evidence.SELF_DECLARED), held.evidence),
        valid_through=np.where(certified, held.expires, 0).astype(np.int32),
    )
