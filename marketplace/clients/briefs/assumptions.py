"""What a project takes for granted where its brief is silent: said, so that nobody finds it invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.clients.blueprints.catalog import Blueprint, blueprints
from marketplace.clients.briefs.analysis import Analysis
from marketplace.clients.briefs.draft import OF_THE_SHAPE
from marketplace.clients.models import Project
from profiles.levels import Cefr, Seniority


@dataclass(frozen=True)
class Assumption:
    """``value`` stands, or will stand, at ``pointer`` of the project though the brief does not say it."""

    code: str
    pointer: str
    value: Any
    note: str | Promise


_PLAIN = ("overlap_minutes", "bridges", "us_specialists")


def of(analysis: Analysis, body: dict[str, Any]) -> list[Assumption]:
    """Return what ``body``, the draft of ``analysis``, and creating a project from it add to the words of the brief."""
    blueprint = blueprints().get(body.get("blueprint", ""))
    return [*_of_the_project(analysis, body, blueprint), *_of_seats(analysis, body), *_of_levels(analysis, body)]


def _of_the_project(analysis: Analysis, body: dict[str, Any], blueprint: Blueprint | None) -> list[Assumption]:
    usual = _("The brief does not say it; this is the usual value.")
    new = Project()
    found = [Assumption("default", f"/{name}", body[name], usual) for name in _unread(analysis) if name in body]
    if blueprint is None:
        found += [Assumption("default", f"/{name}", getattr(new, name), usual) for name in _PLAIN if name not in body]
    else:
        note = _("The brief does not say it; it comes from the blueprint.")
        filled: dict[str, Any] = {name: getattr(blueprint, name) for name in _PLAIN}
        filled |= {"seats": len(blueprint.seats), "needs": len(blueprint.all_needs)}
        if analysis.title is None:
            named = _("The brief has no title; the kind of solution is taken.")
            found.append(Assumption("title_of_solution", "/title", body["title"], named))
        if "ends_on" not in body:
            found.append(Assumption("months_of_blueprint", "/ends_on", blueprint.months, note))
        found += [
            Assumption("from_blueprint", f"/{name}", value, note) for name, value in filled.items() if name not in body
        ]
    if "time_zone" not in body:
        note = _("The brief names no place; the time zone of your organization is taken.")
        found.append(Assumption("time_zone_of_organization", "/time_zone", None, note))
    if analysis.cap_shared_out and "monthly_cap" in body:
        note = _("The total budget is shared out evenly over the months.")
        found.append(Assumption("cap_from_total", "/monthly_cap", body["monthly_cap"], note))
    return found


def _unread(analysis: Analysis) -> list[str]:
    """Return what is counted over the whole cell and not read from the brief."""
    bridges = any(demand.value.people and demand.value.level >= Cefr.C1 for demand in analysis.languages)
    read = {"bridges": bridges, "us_specialists": analysis.places.us_specialists is not None}
    return [name for name in OF_THE_SHAPE if not read[name]]


def _of_seats(analysis: Analysis, body: dict[str, Any]) -> list[Assumption]:
    found = []
    for number, (seat, made) in enumerate(zip(analysis.seats, body.get("seats", ()), strict=False)):
        at = f"/seats/{number}"
        if not seat.counted:
            found.append(Assumption("one_person", f"{at}/most", made["most"], _("No number is given: one person.")))
        if seat.seniority is None:
            lowest = Seniority.JUNIOR.name.lower()
            note = _("No seniority is given: anybody with the skills fits.")
            found.append(Assumption("any_seniority", f"{at}/min_seniority", lowest, note))
        if seat.weekly_minutes is None:
            found.append(Assumption("full_time", f"{at}/weekly_minutes", 2400, _("No hours are given: full time.")))
    return found


def _of_levels(analysis: Analysis, body: dict[str, Any]) -> list[Assumption]:
    stated = {need.code for need in analysis.needs if need.stated}
    note = _("No level is given: the usual one is taken.")
    places = [
        (f"/seats/{seat}/skills/{place}", floor)
        for seat, made in enumerate(body.get("seats", ()))
        for place, floor in enumerate(made["skills"])
    ] + [(f"/needs/{place}", need) for place, need in enumerate(body.get("needs", ()))]
    return [
        Assumption("usual_level", f"{at}/level", item["level"], note)
        for at, item in places
        if item["skill"] not in stated
    ]
