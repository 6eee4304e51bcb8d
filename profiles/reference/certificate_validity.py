"""How long certificates usually hold, and who says so; the expiry printed on somebody's certificate always decides.

The months of today are also the ``validity_months`` of the taxonomy, and the tests compare the two. What a certificate
of an earlier year was given for is here alone: CNCF gave 36 months until March 31, 2024.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from profiles.reference.tables import HERE


@dataclass(frozen=True)
class Validity:
    """For certificates issued from ``first_day`` to ``last_day``: ``months``, None unless it ``states`` ``expires``.

    ``states``: ``expires``, ``never``, or ``varies`` where one entry of the taxonomy stands for certificates of several
    terms. ``certainty``: ``issuer``, ``reproduced`` or ``unconfirmed``, which has no source.
    """

    skill: str
    months: int | None
    states: str
    first_day: dt.date
    last_day: dt.date
    certainty: str
    source: str
    url: str
    seen_on: dt.date | None
    note_en: str
    note_es: str

    def note(self, language: str) -> str:
        """Return what to know about it, in ``es`` or else English."""
        return self.note_es if language.startswith("es") else self.note_en


@lru_cache
def validities() -> dict[str, tuple[Validity, ...]]:
    """Return what is known of each certificate by its code, ascending by day; the last one is today's."""
    with (HERE / "certificate_validity.csv").open(encoding="utf-8", newline="") as handle:
        rows = [_validity(row) for row in csv.DictReader(handle)]
    return {skill: tuple(row for row in rows if row.skill == skill) for skill in dict.fromkeys(r.skill for r in rows)}


def usual_months(skill: str, issued_on: dt.date, otherwise: int | None) -> int | None:
    """Return how long a certificate issued on a day usually holds; ``otherwise`` where nothing is known of that day."""
    for each in validities().get(skill, ()):
        if each.first_day <= issued_on <= each.last_day:
            return each.months
    return otherwise


def _validity(row: dict[str, str]) -> Validity:
    return Validity(
        skill=row["skill"],
        months=int(row["months"]) if row["months"] else None,
        states=row["states"],
        first_day=dt.date.fromisoformat(row["first_day"]) if row["first_day"] else dt.date.min,
        last_day=dt.date.fromisoformat(row["last_day"]) if row["last_day"] else dt.date.max,
        certainty=row["certainty"],
        source=row["source"],
        url=row["url"],
        seen_on=dt.date.fromisoformat(row["seen_on"]) if row["seen_on"] else None,
        note_en=row["note_en"],
        note_es=row["note_es"],
    )
