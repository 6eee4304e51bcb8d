"""Why this cell: one sentence for each kind of fact, with as much of its numbers as the reader may see.

The engine tells facts about people. A client gets those that argue for the cell, without what would single a person out
(dates of certificates, weeks since somebody is free) and without what concerns people who are not in the cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.narrative import amounts
from matching.narrative import names as called
from profiles.levels import COUNTRY_CODES, Cefr, Function, Seniority

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Subject:
    """What a fact is about, as the reader may know it: a pseudonym or a name, the need, the skill, the currency."""

    currency: str
    member: str = ""
    need: str = ""
    skill: str = ""


@dataclass(frozen=True)
class _Kind:
    """``shown`` are the numbers for recruiters, ``to_client`` those for a client, None where the fact is not told."""

    sentence: Callable[[Data, Subject], str]
    shown: tuple[str, ...] = ()
    to_client: tuple[str, ...] | None = ()


def for_client(code: str) -> bool:
    """Whether a client is told facts of this kind at all."""
    return _KINDS[code].to_client is not None


def reason_data(code: str, data: Data, *, client: bool) -> dict[str, Any]:
    """Return the numbers of a fact as the reader may see them, scales by name and days as ISO 8601."""
    kind = _KINDS[code]
    shown = (kind.to_client or ()) if client else kind.shown
    return {key: _wire(code, key, data[key]) for key in shown if key in data}


def reason_text(code: str, data: Data, subject: Subject, *, client: bool = False) -> str:
    """Return the sentence of a fact; ``data`` is the engine's. Raises KeyError for a code that has no sentence."""
    if client and code == "certificate_expires_soon":
        return _("The certificate of %(member)s for %(skill)s expires within three months after the end.") % vars(
            subject
        )
    return _KINDS[code].sentence(data, subject)


def _wire(code: str, key: str, value: Any) -> Any:
    if key == "function":
        return Function(value).name.lower()
    if key == "country":
        return COUNTRY_CODES[value]
    if key == "valid_through":
        return dt.date.fromordinal(value).isoformat()
    if key in {"asked", "found"} and code == "above_seniority_floor":
        return Seniority(value).name.lower()
    if key in {"asked", "found"} and code in {"language_above_floor", "bridge"}:
        return Cefr(value).name.lower()
    return value


# -- the cell ---------------------------------------------------------------------------------------------------------
def _money(data: Data, subject: Subject) -> dict[str, str]:
    return {key: amounts.money(data[key], subject.currency) for key in ("cost", "budget", "left")}


def _within_budget(data: Data, subject: Subject) -> str:
    return _("It costs %(cost)s a month, %(left)s below the cap.") % _money(data, subject)


def _budget_binding(data: Data, subject: Subject) -> str:
    return _("It costs %(cost)s a month: the cap of %(budget)s leaves only %(left)s.") % _money(data, subject)


def _shared_hours(data: Data, subject: Subject) -> str:
    return _("Everybody shares at least %(hours)s of the working day with the client, even on the worst day.") % {
        "hours": amounts.hours(data["least_minutes"])
    }


def _bridges(data: Data, subject: Subject) -> str:
    return ngettext(
        "%(count)s member has C1 or better in %(language)s.",
        "%(count)s members have C1 or better in %(language)s.",
        data["count"],
    ) % {"count": amounts.number(data["count"]), "language": called.language(data["language"])}


def _specialists(data: Data, subject: Subject) -> str:
    return ngettext(
        "%(count)s member is based in the United States.",
        "%(count)s members are based in the United States.",
        data["count"],
    ) % {"count": amounts.number(data["count"])}


def _worked_together(data: Data, subject: Subject) -> str:
    return ngettext(
        "Members have worked together before: %(count)s past collaboration.",
        "Members have worked together before: %(count)s past collaborations.",
        data["collaborations"],
    ) % {"count": amounts.number(data["collaborations"])}


def _given_up_for_cohesion(data: Data, subject: Subject) -> str:
    return ngettext(
        "It gives up %(points)s point so that people who know each other work together.",
        "It gives up %(points)s points so that people who know each other work together.",
        data["points"],
    ) % {"points": amounts.number(data["points"])}


def _proven_best(data: Data, subject: Subject) -> str:
    return ngettext(
        "No such cell is worth more than %(points)s point.",
        "No such cell is worth more than %(points)s points.",
        abs(data["bound"]),
    ) % {"points": amounts.number(data["bound"])}


def _within_gap(data: Data, subject: Subject) -> str:
    return ngettext(
        "It is at most %(points)s point from the best possible.",
        "It is at most %(points)s points from the best possible.",
        data["gap"],
    ) % {"points": amounts.number(data["gap"])}


# -- its needs --------------------------------------------------------------------------------------------------------
def _covers_need(data: Data, subject: Subject) -> str:
    others = data["holders"] - 1
    told = {"member": subject.member, "need": subject.need, "others": amounts.number(others)}
    if not others:
        return _("%(member)s answers for %(need)s.") % told
    return (
        ngettext(
            "%(member)s answers for %(need)s, which %(others)s other member holds too.",
            "%(member)s answers for %(need)s, which %(others)s other members hold too.",
            others,
        )
        % told
    )


def _thin_coverage(data: Data, subject: Subject) -> str:
    return _("Only %(member)s holds %(need)s: nobody in the cell could take over.") % vars(subject)


def _sole_holder(data: Data, subject: Subject) -> str:
    return _("%(member)s alone holds %(need)s, which is a wish.") % vars(subject)


def _wish_not_held(data: Data, subject: Subject) -> str:
    return _("Nobody in the cell holds %(need)s, which is a wish.") % vars(subject)


# -- its members ------------------------------------------------------------------------------------------------------
def _main_function(data: Data, subject: Subject) -> str:
    return _("The main function of %(member)s is what the seat asks for: %(function)s.") % {
        "member": subject.member,
        "function": str(Function(data["function"]).label).lower(),
    }


def _above_seniority_floor(data: Data, subject: Subject) -> str:
    return _("The seniority of %(member)s is “%(found)s”; the seat asks for “%(asked)s”.") % {
        "member": subject.member,
        "found": called.seniority(data["found"]),
        "asked": called.seniority(data["asked"]),
    }


def _language_above_floor(data: Data, subject: Subject) -> str:
    return _("%(member)s has %(found)s in %(language)s; the seat asks for %(asked)s.") % {
        "member": subject.member,
        "language": called.language(data["language"]),
        "found": called.cefr(data["found"]),
        "asked": called.cefr(data["asked"]),
    }


def _bridge(data: Data, subject: Subject) -> str:
    return _("%(member)s can speak for the cell: %(found)s in %(language)s.") % {
        "member": subject.member,
        "language": called.language(data["language"]),
        "found": called.cefr(data["found"]),
    }


def _specialist(data: Data, subject: Subject) -> str:
    return _("%(member)s is based in the United States.") % vars(subject)


def _starts_promptly(data: Data, subject: Subject) -> str:
    return _("%(member)s is free well before the start.") % vars(subject)


def _pinned(data: Data, subject: Subject) -> str:
    return _("%(member)s was pinned by a recruiter.") % vars(subject)


def _certificate_expires_soon(data: Data, subject: Subject) -> str:
    return _("The certificate of %(member)s for %(skill)s expires on %(date)s, soon after the end.") % {
        "member": subject.member,
        "skill": subject.skill,
        "date": amounts.date(dt.date.fromordinal(data["valid_through"])),
    }


def _runner_up(data: Data, subject: Subject) -> str:
    less = data["points_less"]
    if less <= 0:
        return _("Somebody else could take the seat of %(member)s without any loss.") % vars(subject)
    return ngettext(
        "Without %(member)s the next best person in the seat would be worth %(points)s point less.",
        "Without %(member)s the next best person in the seat would be worth %(points)s points less.",
        less,
    ) % {"member": subject.member, "points": amounts.number(less)}


def _no_runner_up(data: Data, subject: Subject) -> str:
    return _("Nobody else could take the seat of %(member)s while the others stay.") % vars(subject)


_BUDGET = ("cost", "budget", "left")
_HELD = ("holders", "asked")
_KINDS: dict[str, _Kind] = {
    "within_budget": _Kind(_within_budget, _BUDGET, _BUDGET),
    "budget_binding": _Kind(_budget_binding, _BUDGET, _BUDGET),
    "shared_hours": _Kind(_shared_hours, ("least_minutes",), ("least_minutes",)),
    "bridges": _Kind(_bridges, ("count", "asked", "language"), ("count", "asked", "language")),
    "specialists": _Kind(_specialists, ("count", "asked"), ("count", "asked")),
    "worked_together": _Kind(_worked_together, ("collaborations",), ("collaborations",)),
    "given_up_for_cohesion": _Kind(_given_up_for_cohesion, ("points", "best"), ("points", "best")),
    "proven_best": _Kind(_proven_best, ("bound",), ("bound",)),
    "within_gap": _Kind(_within_gap, ("value", "bound", "gap"), ("value", "bound", "gap")),
    "covers_need": _Kind(_covers_need, ("points", *_HELD), _HELD),
    "thin_coverage": _Kind(_thin_coverage, _HELD, _HELD),
    "sole_holder": _Kind(_sole_holder, _HELD, _HELD),
    "wish_not_held": _Kind(_wish_not_held),
    "main_function": _Kind(_main_function, ("function",), ("function",)),
    "above_seniority_floor": _Kind(_above_seniority_floor, ("asked", "found"), ("asked", "found")),
    "language_above_floor": _Kind(
        _language_above_floor, ("language", "asked", "found"), ("language", "asked", "found")
    ),
    "bridge": _Kind(_bridge, ("language", "found"), ("language", "found")),
    "specialist": _Kind(_specialist, ("country",), ("country",)),
    "starts_promptly": _Kind(_starts_promptly),
    "pinned": _Kind(_pinned, to_client=None),
    "certificate_expires_soon": _Kind(_certificate_expires_soon, ("valid_through",)),
    "runner_up": _Kind(_runner_up, ("points_less",), None),
    "no_runner_up": _Kind(_no_runner_up, to_client=None),
}
KNOWN = frozenset(_KINDS)
