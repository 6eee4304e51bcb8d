"""What a cell may cost, and what an hour may cost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from marketplace.clients.briefs import numbers
from marketplace.clients.briefs.reading import Plain, Reading
from marketplace.kernel.money import Currency, Money

_SCALE = r"(?:k|mil|thousand|grand|mdd|mdp|mm|m|millions?|millon(?:es)?)"
_MARK = r"(?:us\$|usd\s*\$?|mxn\s*\$?|mx\$|\$)"
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_MARK})\s*|(?<![\w.,$/-]))(?P<amount>{numbers.AMOUNT})\s*(?P<scale>{_SCALE}\b)?"
    rf"(?:\s*(?:-|to|a|and|y|hasta)\s*(?:us\$|usd|\$)?\s*(?P<upper>{numbers.AMOUNT})\s*(?P<upper_scale>{_SCALE}\b)?)?"
    r"\s*(?:de\s)?(?P<behind>usd|us dollars?|us\b|u\.s\. dollars?|dollars?|dolares|dlls?|dls|mxn|pesos|m\.?n\.?\b)?"
    rf"|(?P<worded>{numbers.WORDED})\s(?:de\s)?(?P<currency>us dollars?|dollars?|dolares|pesos|usd|mxn)"
)
_PER_MONTH = (
    r"(?:(?:per|a|each|every|/|al|por|cada|x|in any|in each)\s*(?:calendar\s|given\s|one\s)?(?:month|mos?\b|mes)"
    r"|monthly|mensual(?:es)?|pm\b|p/m\b)"
)
_PER_PERSON = re.compile(
    r"(?:per|for each|/|each|por|por cada|cada)\s*(?:person|head|seat|resource|developer|engineer|consultant|fte|member"
    r"|persona|recurso|cabeza|perfil|elemento|consultor|desarrollador|ingeniero|integrante)\b|\bc/u\b|\beach\b"
    r"|\bapiece\b"
    r"|\bcada un[oa]\b"
)
_MONTHLY = re.compile(rf"\s*(?:\w+\s)?(?:\w+\s)?[(]?{_PER_MONTH}", re.ASCII)
_MONTHLY_AHEAD = re.compile(
    r"(?:monthly|mensual(?:es)?|per month|al mes|por mes|cada mes)[\w\s]{0,25}[:\s]*(?:of |de |is |es |up to |hasta "
    r"|~)*$"
)
_HOURLY = re.compile(r"\s*(?:\w+\s)?(?:(?:per|an|a|/|por|la|x)\s*(?:hour|hr\b|h\b|hora)|hourly)")
_HOURLY_AHEAD = re.compile(
    r"(?:hourly|por hora|rates?|tarifas?)[\w\s]{0,25}[:\s]*(?:of |de |is |es |up to |hasta |maxim[ao] |max )*$"
)
_YEARLY = re.compile(r"\s*(?:\w+\s)?(?:(?:per|a|/|al|por)\s*(?:year|yr\b|annum|ano)|annual(?:ly)?|yearly|anual(?:es)?)")
_YEARLY_AHEAD = re.compile(r"\b(?:annual|yearly|anual)\s(?:\w+\s){0,3}(?:of |de )?$")
_OTHER_SPAN = re.compile(
    r"\s*(?:\w+\s)?(?:(?:per|a|/|por|al|la)\s*(?:(?P<week>week|semana)|(?P<quarter>quarter|trimestre)|day|dia)\b"
    r"|(?P<weekly>weekly|semanal(?:es)?)|(?P<quarterly>quarterly|trimestral(?:es)?)|daily|diari[oa]s)"
)
_OF_MONEY = re.compile(
    r"\b(?:budget|cap|ceiling|spend|spending|cost|price|fees?|pay|exceed|presupuesto|tope|techo|monto|costo|precio"
    r"|inversion"
    r"|importe|honorarios|gastar|pagar|exced\w+|rebas\w+|pase de|not to exceed|not-to-exceed|nte|up to|hasta|maximo"
    r"|max\w*|contamos con|disponemos de)\b"
)
_NOT_THE_CELL = re.compile(
    r"\b(?:assets|revenue|customers|clients|accounts|transactions|employees|users|deposits|activos|ingresos"
    r"|clientes|cuentas|policies|polizas|claims|lines|lineas|members|people|programs|records|registros"
    r"|transacciones|empleados|usuarios|bank|banco|fined|fine|funding|raised|aum)\b"
)
_NOT_THE_CELL_AHEAD = re.compile(
    r"\b(?:assets|revenues?|deposits|sales|activos|ingresos|ventas|fine[sd]?|multas?|loss(?:es)?|perdidas?|portfolio"
    r"|cartera"
    r"|capital|valued|funding|raised|deducible)\W+(?:\w+\W+){0,3}$"
)
_TOTAL_BEHIND = re.compile(
    r"[\s,]*(?:\w+\s){0,2}?(?:in total|total|all[- ]in|in the aggregate|overall|for the (?:whole|entire)|fixed|for"
    r"|por todo"
    r"|por|para|en total|over|cerrados?|globales|todo incluido)\b"
)
SMALLEST_CAP = 1_000
LARGEST_RATE = 500


@dataclass(frozen=True)
class Budget:
    """``monthly`` and ``total`` bound the whole cell, ``hourly`` is the most for an hour of one person.

    ``per_person`` is the most for a month of one person, as long as nothing bounds the whole.
    """

    monthly: Reading[Money] | None
    total: Reading[Money] | None
    hourly: Reading[Money] | None
    per_person: Reading[Money] | None = None


def read(plain: Plain) -> Budget:
    """Return the budget. Dollars unless pesos are named; of a range its upper end, which is what may be spent."""
    found: dict[str, Reading[Money]] = {}
    for match in plain.find(_AMOUNT):
        money = _money(match)
        if kind := _kind(plain.text, match, money):
            name, share, confidence = kind
            value = Money.of(money.amount * share, money.currency)
            found.setdefault(name, Reading(value, confidence, (plain.of_match(match),)))
    return Budget(found.get("monthly"), found.get("total"), found.get("hourly"), found.get("per_person"))


def _kind(text: str, match: re.Match[str], money: Money) -> tuple[str, Decimal, float] | None:
    """Return what an amount bounds, which share of it a month is, and how sure that is."""
    before = text[max(0, match.start() - 50) : match.start()].rpartition("\n")[2]
    rest = text[match.end() : match.end() + 40].partition("\n")[0]
    one, sure = Decimal(1), 1.0
    if not (match["before"] or match["behind"] or match["worded"] or match["scale"] in {"mdd", "mdp"}):
        # "we can spend like 22k per month": no currency, but a budget's words on both sides, or thousands in a month.
        thousands = match["scale"] in {"k", "mil", "thousand", "grand"} or money.amount >= SMALLEST_CAP
        if not (thousands and _MONTHLY.match(rest) and (match["scale"] or _OF_MONEY.search(before))):
            return None
        sure = 0.85
    if _HOURLY.match(rest) or (_HOURLY_AHEAD.search(before) and money.amount <= LARGEST_RATE):
        return "hourly", one, round(0.95 * sure, 3)
    if money.amount < SMALLEST_CAP:
        return None
    if _MONTHLY.match(rest) or _MONTHLY_AHEAD.search(before):
        person = _PER_PERSON.search(rest) or re.search(r"\b(?:per|por|cada) (?:person|persona|recurso|head)\W", before)
        return ("per_person" if person else "monthly"), one, round(0.95 * sure, 3)
    if _YEARLY.match(rest) or _YEARLY_AHEAD.search(before):
        return "monthly", one / 12, 0.8
    if other := _OTHER_SPAN.match(rest):
        if other["week"] or other["weekly"]:
            return "monthly", Decimal(52) / 12, 0.7
        return ("monthly", one / 3, 0.7) if other["quarter"] or other["quarterly"] else None
    if _NOT_THE_CELL.search(rest) or _NOT_THE_CELL_AHEAD.search(before):
        return None
    if _OF_MONEY.search(before) or _OF_MONEY.search(rest):
        return "total", one, 0.85
    return ("total", one, 0.7) if _TOTAL_BEHIND.match(rest) else None


def _money(match: re.Match[str]) -> Money:
    if match["worded"]:
        value, marks = numbers.worded(match["worded"]), match["currency"]
    else:
        scale = match["scale"]
        value = numbers.amount(match["amount"], scale)
        if match["upper"]:
            value = max(value, numbers.amount(match["upper"], match["upper_scale"] or scale))
        marks = f"{match['before'] or ''} {match['behind'] or ''} {scale or ''} {match['upper_scale'] or ''}"
    pesos = re.search(r"mxn|mx\$|pesos|m\.?n|mdp", marks)
    return Money.of(min(value, Decimal(10) ** 9), Currency.MXN if pesos else Currency.USD)
