"""A diagnosis as rows can keep it: positions and codes instead of the engine's numbers, each repair with its amendment.

The JSON of ``MatchRun.diagnosis``::

    {"proof": "eligibility", "complete": true,
     "blocked": [{"kind": "seat", "position": 2, "id": "seat_…", "last_rule": "language:en.speaking",
                  "removed": [["function", 1500], ["skill:cobol", 410], ["language:en.speaking", 3]]}],
     "conflict": ["budget", "seat:2/skill:cobol"],
     "repairs": [{"code": "budget", "price": 1200, "data": {…}, "change": {…}, "amendment": {"monthly_cap": "21200"}}],
     "combination": [ … as repairs, which only together allow a cell … ]}

``amendment`` is what ``projects.amend`` takes. A repair that the project cannot express has none and is left out.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from marketplace.clients.models import Project
from matching import engine, snapshots
from profiles.models import Professional, Skill


def as_json(
    project: Project, problem: engine.Problem, result: engine.Infeasible, diagnosis: engine.Diagnosis
) -> dict[str, Any]:
    """Return the diagnosis of an infeasible run."""
    skills = _skill_codes(problem)
    repairs = [_repair(project, problem, repair, skills) for repair in diagnosis.repairs]
    combination = [_repair(project, problem, repair, skills) for repair in diagnosis.combination]
    return {
        "proof": result.proof,
        "complete": diagnosis.complete,
        "blocked": [
            {
                "kind": blocked.kind,
                "position": blocked.index,
                "id": (problem.seats if blocked.kind == "seat" else problem.needs)[blocked.index].key,
                "last_rule": _named(blocked.last_rule, skills),
                "removed": [[_named(rule, skills), count] for rule, count in blocked.removed],
            }
            for blocked in diagnosis.blocked
        ],
        "conflict": [_named(rule, skills) for rule in diagnosis.conflict.rules] if diagnosis.conflict else [],
        "repairs": [repair for repair in repairs if repair["amendment"]],
        "combination": combination if all(repair["amendment"] for repair in combination) else [],
    }


def of_question(
    project: Project, taken: snapshots.Taken, result: engine.Infeasible, diagnosis: engine.Diagnosis
) -> dict[str, Any]:
    """Return the diagnosis of a question that has no answer.

    Repairs that the project cannot express stay: letting go of a pin or an exclusion mends a question. People are
    named by their public ids.
    """
    problem = taken.problem
    skills = _skill_codes(problem)

    def told(repair: engine.Repair) -> dict[str, Any]:
        entry = _repair(project, problem, repair, skills)
        if "ref" in entry["change"]:
            person = _person(taken, entry["change"].pop("ref"))
            entry["change"]["professional"] = entry["data"]["before"] = person
        entry["data"]["rule"] = rule(entry["data"].get("rule", ""))
        return entry

    def rule(code: str) -> str:
        kind, _colon, ref = code.partition(":")
        return f"{kind}:{_person(taken, int(ref))}" if kind in {"pin", "banned"} and ref else code

    found = as_json(project, problem, result, diagnosis)
    return {
        **found,
        "conflict": [rule(code) for code in found["conflict"]],
        "repairs": [told(repair) for repair in diagnosis.repairs],
        "combination": [told(repair) for repair in diagnosis.combination],
    }


def changes_as_json(
    project: Project, problem: engine.Problem, changes: Sequence[engine.Repair]
) -> list[dict[str, Any]]:
    """Return single changes as a diagnosis keeps its repairs; those that a project cannot express have no amendment."""
    skills = _skill_codes(problem)
    return [_repair(project, problem, change, skills) for change in changes]


def _person(taken: snapshots.Taken, ref: int) -> str:
    return Professional(pk=taken.person(ref)).public_id


def confirmed(project: Project, diagnosis: engine.Diagnosis, seconds: float) -> engine.Diagnosis:
    """Return the diagnosis without the changes of date that do not stand on the market as it is from that date on.

    Free time and shared hours of a snapshot were computed for the dates it was taken for, so the engine cannot promise
    another start by itself.
    """

    def stands(repair: engine.Repair) -> bool:
        if repair.change["field"] != "starts_on":
            return True
        moved = copy.copy(project)
        moved.starts_on = dt.date.fromordinal(repair.change["value"])
        result = engine.solve(snapshots.current(moved).problem, engine.Limits(cells=1, seconds=seconds))
        return isinstance(result, engine.Composed)

    return replace(diagnosis, repairs=tuple(repair for repair in diagnosis.repairs if stands(repair)))


def _skill_codes(problem: engine.Problem) -> dict[int, str]:
    wanted = {floor.skill for seat in problem.seats for floor in seat.skills} | {
        need.skill for need in problem.needs if need.skill is not None
    }
    return dict(Skill.objects.filter(pk__in=wanted).values_list("pk", "code"))


def _named(rule: str, skills: Mapping[int, str]) -> str:
    """Return a rule code such as ``seat:2/skill:17`` with the skill's code in place of its number."""
    head, colon, last = rule.rpartition(":")
    if colon and head.rpartition("/")[2] in {"skill", "evidence", "certificate"} and last.isdigit():
        return f"{head}:{skills.get(int(last), last)}"
    return rule


def _repair(
    project: Project, problem: engine.Problem, repair: engine.Repair, skills: Mapping[int, str]
) -> dict[str, Any]:
    change = dict(repair.change)
    if "skill" in change:
        change["skill"] = skills[change["skill"]]
    data = dict(repair.data)
    if "rule" in data:
        data["rule"] = _named(data["rule"], skills)
    return {
        "code": repair.code,
        "price": repair.price,
        "data": data,
        "change": change,
        "amendment": _amendment(project, problem, change),
    }


def _amendment(project: Project, problem: engine.Problem, change: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ``projects.amend`` takes for one change, as JSON; empty where the project cannot say it."""
    field, value = change["field"], change["value"]
    if change["target"] == "problem":
        match field:
            case "budget":
                return {"monthly_cap": str(Decimal(value))}
            case "bridges":
                return {"bridges": value}
            case "specialists":
                return {"us_specialists": value}
            case "starts_on":
                return {"starts_on": dt.date.fromordinal(value).isoformat()}
    elif change["target"] == "need":
        if field == "evidence":  # the project knows one floor of evidence, for all
            return {"evidence_floor": value}
        if field in {"level", "count"}:
            return {"needs": {str(change["position"]): {field: value}}}
    elif change["target"] == "seat":
        seat = _seat_amendment(project, change)
        if field == "min_overlap_minutes":
            return {"overlap_minutes": value}
        if field == "skills" and change["attribute"] == "evidence":
            return {"evidence_floor": value}
        return {"seats": {str(change["position"]): seat}} if seat else {}
    return {}


def _seat_amendment(project: Project, change: Mapping[str, Any]) -> dict[str, Any]:
    field, value = change["field"], change["value"]
    match field:
        case "languages":
            return {"languages": {change["key"]: value}}
        case "language_evidence":
            return {"language_evidence": {change["key"]: value}}
        case "skills":
            return {"skills": {change["skill"]: value}} if change["attribute"] == "level" else {}
        case "max_rate_cents":
            return {"max_rate": {"amount": str(Decimal(value) / 100), "currency": project.currency}}
        case "min_seniority" | "weekly_minutes" | "countries" | "client_facing" | "least":
            return {field: value}
    return {}
