"""What a cell may cost, and what an hour may cost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from marketplace.clients.briefs import numbers
from marketplace.clients.briefs.reading import Plain, Reading
from marketplace.kernel.money import Currency, Money

_SCALE = r"(?:k|mil|thousand|mm|m|millions?|millon(?:es)?)"
_AMOUNT = re.compile(
    rf"(?P<before>us\$|usd\s*\$?|mxn\s*\$?|mx\$|\$)?\s*(?P<amount>{numbers.AMOUNT})\s*(?P<scale>{_SCALE}\b)?"
    r"(?:\s*(?:-|to|a|and|y)\s*(?:us\$|usd|\$)?\s*"
    rf"(?P<upper>{numbers.AMOUNT})\s*(?P<upper_scale>{_SCALE}\b)?)?"
    r"\s*(?:de\s)?(?P<behind>usd|us dollars?|dollars?|dolares|dls|mxn|pesos|m\.?n\.?\b)?"
)
_MONTHLY = re.compile(
    r"\s*(?:\w+\s)?(?:(?:per|a|each|/|al|por|cada|x)\s*(?:month|mo\b|mes)|monthly|mensual(?:es)?|pm\b)", re.ASCII
)
_MONTHLY_AHEAD = re.compile(
    r"(?:monthly|mensual|per month|al mes)[\w\s]{0,25}[:\s]*(?:of |de |is |es |up to |hasta |~)*$"
)
_HOURLY = re.compile(r"\s*(?:\w+\s)?(?:(?:per|an|/|por|la|x)\s*(?:hour|hr\b|h\b|hora)|hourly)")
_HOURLY_AHEAD = re.compile(
    r"(?:hourly|por hora|rates?|tarifas?)[\w\s]{0,25}[:\s]*(?:of |de |is |es |up to |hasta |maxim[ao] |max )*$"
)
_YEARLY = re.compile(r"\s*(?:\w+\s)?(?:(?:per|a|/|al|por)\s*(?:year|yr\b|annum|ano)|annual(?:ly)?|yearly|anual(?:es)?)")
_OF_MONEY = re.compile(
    r"\b(?:budget|cap|ceiling|spend|cost|price|presupuesto|tope|techo|monto|costo|inversion|not to exceed|up to"
    r"|max\w*)\b"
)
_NOT_THE_CELL = re.compile(
    r"\b(?:assets|revenue|customers|clients|accounts|transactions|employees|users|deposits|activos|ingresos"
    r"|clientes|cuentas"
    r"|transacciones|empleados|usuarios|bank|banco|fined|fine|funding|raised|aum)\b"
)
SMALLEST_CAP = 1_000
LARGEST_RATE = 500


@dataclass(frozen=True)
class Budget:
    """``monthly`` and ``total`` bound the whole cell, ``hourly`` is the most for an hour of one person."""

    monthly: Reading[Money] | None
    total: Reading[Money] | None
    hourly: Reading[Money] | None


def read(plain: Plain) -> Budget:
    """Return the budget. Dollars unless pesos are named; of a range its upper end, which is what may be spent."""
    monthly: Reading[Money] | None = None
    total: Reading[Money] | None = None
    hourly: Reading[Money] | None = None
    for match in plain.find(_AMOUNT):
        if not match["before"] and not match["behind"]:
            continue
        money = _money(match)
        before = plain.text[max(0, match.start() - 50) : match.start()]
        rest = plain.text[match.end() : match.end() + 30]
        evidence = (plain.of_match(match),)
        if _HOURLY.match(rest) or (_HOURLY_AHEAD.search(before) and money.amount <= LARGEST_RATE):
            hourly = hourly or Reading(money, 0.95, evidence)
        elif money.amount < SMALLEST_CAP:
            continue
        elif _MONTHLY.match(rest) or _MONTHLY_AHEAD.search(before):
            monthly = monthly or Reading(money, 0.95, evidence)
        elif _YEARLY.match(rest):
            shared = Money.of(money.amount / 12, money.currency)
            monthly = monthly or Reading(shared, 0.8, evidence)
        elif _OF_MONEY.search(before) or (_OF_MONEY.search(rest) and not _NOT_THE_CELL.search(rest)):
            total = total or Reading(money, 0.85, evidence)
        elif not _NOT_THE_CELL.search(rest) and re.match(r"\s*(?:total|all in|for|por|para|en total|over)\b", rest):
            total = total or Reading(money, 0.7, evidence)
    return Budget(monthly, total, hourly)


def _money(match: re.Match[str]) -> Money:
    scale = match["scale"]
    value = numbers.amount(match["amount"], scale)
    if match["upper"]:
        value = max(value, numbers.amount(match["upper"], match["upper_scale"] or scale))
    marks = f"{match['before'] or ''} {match['behind'] or ''}"
    pesos = re.search(r"mxn|mx\$|pesos|m\.?n", marks)
    return Money.of(min(value, Decimal(10) ** 9), Currency.MXN if pesos else Currency.USD)
