"""What would allow a cell: one sentence for each kind of change that a diagnosis proposes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.narrative import amounts
from matching.narrative import names as called
from matching.narrative.names import Names

Change = Mapping[str, Any]


def repair_text(code: str, change: Change, data: Change, names: Names) -> str:
    """Return the sentence of a repair; ``change`` and ``data`` are the engine's, with skills by code.

    Raises KeyError for a code that has no sentence.
    """
    return _SENTENCES[code](change, data, names)


def _budget(change: Change, data: Change, names: Names) -> str:
    return _("Raise the monthly cap by %(more)s, to %(after)s.") % {
        "more": amounts.money(data["more"], names.currency),
        "after": amounts.money(data["after"], names.currency),
    }


def _language_floor(change: Change, data: Change, names: Names) -> str:
    told = {"language": called.language(change["key"]), "seat": names.seat(change["position"])}
    if not data["after"]:
        return _("Ask for no level of %(language)s in the seat %(seat)s.") % told
    levels = {"before": called.cefr(data["before"]), "after": called.cefr(data["after"])}
    return _("Accept %(after)s instead of %(before)s of %(language)s in the seat %(seat)s.") % {**told, **levels}


def _language_evidence(change: Change, data: Change, names: Names) -> str:
    return _("Accept “%(after)s” instead of “%(before)s” as %(evidence)s, in the seat %(seat)s.") % {
        "after": called.evidence(data["after"]),
        "before": called.evidence(data["before"]),
        "evidence": called.language_evidence(change["key"]),
        "seat": names.seat(change["position"]),
    }


def _client_facing(change: Change, data: Change, names: Names) -> str:
    return _("Let the seat %(seat)s not face the client.") % {"seat": names.seat(change["position"])}


def _seniority_floor(change: Change, data: Change, names: Names) -> str:
    return _("Accept the seniority “%(after)s” instead of “%(before)s” in the seat %(seat)s.") % {
        "after": called.seniority(data["after"]),
        "before": called.seniority(data["before"]),
        "seat": names.seat(change["position"]),
    }


def _skill_level(change: Change, data: Change, names: Names) -> str:
    told = {"skill": names.skill(change["skill"]), "seat": names.seat(change["position"]), **_steps(data)}
    if not data["after"]:
        return _("Do without %(skill)s in the seat %(seat)s.") % told
    return _("Accept level %(after)s instead of %(before)s of %(skill)s in the seat %(seat)s.") % told


def _skill_evidence(change: Change, data: Change, names: Names) -> str:
    # A project has one evidence floor for all, so that is what the repair moves.
    return _("Lower the evidence floor from “%(before)s” to “%(after)s”, for %(skill)s in the seat %(seat)s.") % {
        "after": called.evidence(data["after"]),
        "before": called.evidence(data["before"]),
        "skill": names.skill(change["skill"]),
        "seat": names.seat(change["position"]),
    }


def _countries(change: Change, data: Change, names: Names) -> str:
    return _("Accept people from either country in the seat %(seat)s.") % {"seat": names.seat(change["position"])}


def _overlap(change: Change, data: Change, names: Names) -> str:
    return _("Lower the shared working time from %(before)s to %(after)s a day, for the seat %(seat)s.") % {
        "after": amounts.hours(data["after"]),
        "before": amounts.hours(data["before"]),
        "seat": names.seat(change["position"]),
    }


def _weekly_minutes(change: Change, data: Change, names: Names) -> str:
    return _("Ask for %(after)s instead of %(before)s a week in the seat %(seat)s.") % {
        "after": amounts.hours(data["after"]),
        "before": amounts.hours(data["before"]),
        "seat": names.seat(change["position"]),
    }


def _max_rate(change: Change, data: Change, names: Names) -> str:
    return _("Raise the hourly limit of the seat %(seat)s from %(before)s to %(after)s.") % {
        "seat": names.seat(change["position"]),
        "before": amounts.money(Decimal(data["before"]) / 100, names.currency),
        "after": amounts.money(Decimal(data["after"]) / 100, names.currency),
    }


def _start(change: Change, data: Change, names: Names) -> str:
    return _("Start on %(after)s instead of %(before)s.") % {
        "after": amounts.date(dt.date.fromordinal(data["after"])),
        "before": amounts.date(dt.date.fromordinal(data["before"])),
    }


def _need_level(change: Change, data: Change, names: Names) -> str:
    return _("Accept level %(after)s instead of %(before)s of %(need)s in the cell.") % {
        "need": names.need(change["position"]),
        **_steps(data),
    }


def _need_evidence(change: Change, data: Change, names: Names) -> str:
    return _("Lower the evidence floor from “%(before)s” to “%(after)s”, for %(need)s in the cell.") % {
        "need": names.need(change["position"]),
        "after": called.evidence(data["after"]),
        "before": called.evidence(data["before"]),
    }


def _need_count(change: Change, data: Change, names: Names) -> str:
    return ngettext(
        "Ask for %(after)s member instead of %(before)s with %(need)s.",
        "Ask for %(after)s members instead of %(before)s with %(need)s.",
        data["after"],
    ) % {"need": names.need(change["position"]), **_steps(data)}


def _need_dropped(change: Change, data: Change, names: Names) -> str:
    return _("Make %(need)s a wish instead of a must.") % {"need": names.need(change["position"])}


def _bridges(change: Change, data: Change, names: Names) -> str:
    return ngettext(
        "Ask for %(after)s member instead of %(before)s who speaks English at C1.",
        "Ask for %(after)s members instead of %(before)s who speak English at C1.",
        data["after"],
    ) % _steps(data)


def _specialists(change: Change, data: Change, names: Names) -> str:
    return ngettext(
        "Ask for %(after)s member instead of %(before)s based in the United States.",
        "Ask for %(after)s members instead of %(before)s based in the United States.",
        data["after"],
    ) % _steps(data)


def _routes(change: Change, data: Change, names: Names) -> str:
    return _("Accept every contract route.")


def _pin_removed(change: Change, data: Change, names: Names) -> str:
    return _("Let go of a pinned member.")


def _ban_removed(change: Change, data: Change, names: Names) -> str:
    return _("Take back an exclusion.")


def _in_common(change: Change, data: Change, names: Names) -> str:
    return ngettext(
        "Allow %(after)s member instead of %(before)s in common with an earlier cell.",
        "Allow %(after)s members instead of %(before)s in common with an earlier cell.",
        data["after"],
    ) % _steps(data)


def _cell_size(change: Change, data: Change, names: Names) -> str:
    if change["field"] == "least":
        return ngettext(
            "Accept a cell of %(after)s member instead of at least %(before)s.",
            "Accept a cell of %(after)s members instead of at least %(before)s.",
            data["after"],
        ) % _steps(data)
    return ngettext(
        "Allow a cell of %(after)s member instead of at most %(before)s.",
        "Allow a cell of %(after)s members instead of at most %(before)s.",
        data["after"],
    ) % _steps(data)


def _seat_optional(change: Change, data: Change, names: Names) -> str:
    return _("Let the seat %(seat)s stay empty.") % {"seat": names.seat(change["position"])}


def _steps(data: Change) -> dict[str, str]:
    return {"before": amounts.number(data["before"]), "after": amounts.number(data["after"])}


_SENTENCES: dict[str, Callable[[Change, Change, Names], str]] = {
    "budget": _budget,
    "language_floor": _language_floor,
    "language_evidence": _language_evidence,
    "client_facing": _client_facing,
    "seniority_floor": _seniority_floor,
    "skill_level": _skill_level,
    "skill_evidence": _skill_evidence,
    "countries": _countries,
    "overlap": _overlap,
    "weekly_minutes": _weekly_minutes,
    "max_rate": _max_rate,
    "start": _start,
    "need_level": _need_level,
    "need_evidence": _need_evidence,
    "need_count": _need_count,
    "need_dropped": _need_dropped,
    "bridges": _bridges,
    "specialists": _specialists,
    "routes": _routes,
    "pin_removed": _pin_removed,
    "ban_removed": _ban_removed,
    "in_common": _in_common,
    "cell_size": _cell_size,
    "seat_optional": _seat_optional,
}
