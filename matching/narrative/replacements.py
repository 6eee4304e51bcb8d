"""What a replacement gains or loses, one sentence for each fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.narrative import amounts
from matching.narrative import names as called
from matching.narrative.names import Names

Data = Mapping[str, Any]


def fact_text(code: str, better: bool, data: Data, names: Names) -> str:
    """Return the sentence of a fact of ``services.replacements``. Raises KeyError for a code that has none."""
    return _SENTENCES[code](better, data, names)


def _monthly_cost(better: bool, data: Data, names: Names) -> str:
    told = {"money": amounts.money(abs(data["after"] - data["before"]), names.currency)}
    return _("%(money)s a month less.") % told if better else _("%(money)s a month more.") % told


def _seniority(better: bool, data: Data, names: Names) -> str:
    return _("Seniority “%(after)s” instead of “%(before)s”.") % {
        "after": called.seniority(data["after"]),
        "before": called.seniority(data["before"]),
    }


def _english(better: bool, data: Data, names: Names) -> str:
    return _("Spoken English %(after)s instead of %(before)s.") % {
        "after": called.cefr(data["after"]),
        "before": called.cefr(data["before"]),
    }


def _overlap(better: bool, data: Data, names: Names) -> str:
    return _("%(after)s shared with the client on the worst day instead of %(before)s.") % {
        "after": amounts.hours(data["after"]),
        "before": amounts.hours(data["before"]),
    }


def _need_strength(better: bool, data: Data, names: Names) -> str:
    told = {"skill": names.skill(data["skill"])}
    return _("%(skill)s is held more strongly.") % told if better else _("%(skill)s is held less strongly.") % told


def _need_holders(better: bool, data: Data, names: Names) -> str:
    return ngettext(
        "%(after)s member holds %(skill)s instead of %(before)s.",
        "%(after)s members hold %(skill)s instead of %(before)s.",
        data["after"],
    ) % {
        "after": amounts.number(data["after"]),
        "before": amounts.number(data["before"]),
        "skill": names.skill(data["skill"]),
    }


_SENTENCES: dict[str, Callable[[bool, Data, Names], str]] = {
    "monthly_cost": _monthly_cost,
    "seniority": _seniority,
    "english": _english,
    "overlap_minutes": _overlap,
    "need_strength": _need_strength,
    "need_holders": _need_holders,
}
