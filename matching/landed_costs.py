"""What a month of work costs when it has landed: margins, fees and taxes by scenario, from dated reference data.

The data, each figure with its source and how sure of it we are, are in ``reference/landed_costs.toml``. It is a sketch
for comparison and never tax advice, and says so in both languages.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import get_language

from profiles.services import exchange

_FILE = Path(__file__).parent / "reference" / "landed_costs.toml"
_CENT = Decimal("0.01")

SideName = Literal["cell", "augmentation"]


@dataclass(frozen=True)
class Scenario:
    """A switch of the view. ``figures`` are its numbers: percent, years, or a monthly fee with its currency."""

    code: str
    applies_to: tuple[str, ...]
    figures: dict[str, Any]
    source: str
    source_date: dt.date
    confidence: str
    titles: dict[str, str]
    notes: dict[str, str]

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.titles["es" if (get_language() or "en").startswith("es") else "en"]

    @property
    def note(self) -> str:
        """What is assumed, in the reader's language."""
        return self.notes["es" if (get_language() or "en").startswith("es") else "en"]


@dataclass(frozen=True)
class Reference:
    """All scenarios by code; ``notice`` says in both languages what the view is not."""

    scenarios: dict[str, Scenario]
    tax_percent: int
    tax_source: str
    reviewed_on: dt.date
    notice: dict[str, str]


@dataclass(frozen=True)
class Charge:
    """What one person costs a month in the project's currency; ``foreign`` work is done outside the United States."""

    amount: Decimal
    foreign: bool


@dataclass(frozen=True)
class Line:
    """One part of the landed cost, per month. ``people``, a scenario's code, or ``first_year_deduction`` (negative)."""

    code: str
    amount: Decimal


@dataclass(frozen=True)
class Landed:
    """``before_tax`` is what is paid a month, ``after_tax`` the same less what the first year's deduction saves."""

    lines: tuple[Line, ...]
    before_tax: Decimal
    after_tax: Decimal


@lru_cache
def reference() -> Reference:
    """Return the reference data, read once per process."""
    content = tomllib.loads(_FILE.read_text())
    named = ("code", "applies_to", "source", "source_date", "confidence", "title_en", "title_es", "note_en", "note_es")
    return Reference(
        scenarios={
            row["code"]: Scenario(
                code=row["code"],
                applies_to=tuple(row["applies_to"]),
                figures={name: value for name, value in row.items() if name not in named},
                source=row["source"],
                source_date=row["source_date"],
                confidence=row["confidence"],
                titles={"en": row["title_en"], "es": row["title_es"]},
                notes={"en": row["note_en"], "es": row["note_es"]},
            )
            for row in content["scenario"]
        },
        tax_percent=content["tax_rate"]["percent"],
        tax_source=content["tax_rate"]["source"],
        reviewed_on=content["reviewed_on"],
        notice=content["notice"],
    )


def landed(
    charges: Sequence[Charge], side: SideName, switches: Collection[str], currency: str, today: dt.date
) -> Landed:
    """Return what these people cost a month in ``currency`` under the scenarios switched on.

    A fee in a currency without an exchange rate is left out. Without switches everything is deducted at once; §174
    spreads foreign work ratably over its years from the middle of the first, so that one half of one year's share
    counts in it; the bill denies the deduction of foreign payments and of its own tax.
    """
    known = reference()
    on = {code: known.scenarios[code].figures for code in switches if side in known.scenarios[code].applies_to}
    domestic = sum((charge.amount for charge in charges if not charge.foreign), Decimal(0))
    foreign = sum((charge.amount for charge in charges if charge.foreign), Decimal(0))
    lines = [Line("people", _cents(domestic + foreign))]
    if "agency_margin" in on:
        share = Decimal(1) + Decimal(on["agency_margin"]["percent"]) / 100
        lines.append(Line("agency_margin", _cents((domestic + foreign) * (share - 1))))
        domestic, foreign = domestic * share, foreign * share
    if "employer_of_record" in on:
        fee = on["employer_of_record"]
        rate = exchange.rate(fee["currency"], currency, today)
        if rate is not None:
            total = Decimal(fee["monthly_fee"]) * rate * sum(charge.foreign for charge in charges)
            lines.append(Line("employer_of_record", _cents(total)))
            foreign += total
    deductible = domestic + foreign
    if "section_174" in on:
        deductible = domestic + foreign / (2 * on["section_174"]["years"])
    if "hire_act" in on:
        lines.append(Line("hire_act", _cents(foreign * Decimal(on["hire_act"]["percent"]) / 100)))
        deductible = domestic
    before = sum((line.amount for line in lines), Decimal(0))
    saved = Line("first_year_deduction", -_cents(deductible * known.tax_percent / 100))
    return Landed((*lines, saved), before, before + saved.amount)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_EVEN)
