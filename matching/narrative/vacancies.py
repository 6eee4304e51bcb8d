"""What a replacement disturbs, and what of it the client has to accept, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.narrative import amounts


def disturbance(option: Mapping[str, Any]) -> str:
    """Return who else is affected by one option of a replacement."""
    leave, move = option["disturbs"]
    if not leave and not move:
        return _("Everybody else keeps their seat.")
    told = []
    if leave:
        told.append(
            ngettext("%(count)s other member leaves.", "%(count)s other members leave.", leave)
            % {"count": amounts.number(leave)}
        )
    if move:
        told.append(
            ngettext("%(count)s member changes to another seat.", "%(count)s members change to another seat.", move)
            % {"count": amounts.number(move)}
        )
    return " ".join(told)


def proof(option: Mapping[str, Any]) -> str:
    """Return what is proven of one option of a replacement."""
    if option["proven"]:
        return _("Proven: nothing disturbs the cell less, and nothing that disturbs it as little is worth more.")
    return _("Found in the time there was; something that disturbs the cell less may exist.")


def asked(code: str, option: Mapping[str, Any], before: str, currency: str) -> str:
    """Return why the client is asked. Raises KeyError for an unknown code."""
    sentences = {
        "cost_higher": _("The cell costs %(after)s a month instead of %(before)s.")
        % {
            "after": amounts.money(Decimal(option["monthly_cost"]), currency),
            "before": amounts.money(Decimal(before), currency),
        },
        "others_leave": _("More people leave than those who are gone."),
        "seats_change": _("Somebody who stays changes to another seat."),
        "starts_later": _("Somebody begins later than the rest."),
        "terms_relaxed": _("The seat is filled on other terms than those accepted."),
    }
    return sentences[code]
