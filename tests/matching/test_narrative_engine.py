"""Whatever the engine really says about many small problems can be told, in either language."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from django.utils import translation

from matching import engine, narrative
from matching.engine import eligibility, explain, repairs
from matching.narrative import names as called
from matching.narrative.diagnoses import blocked_text, rule_text
from matching.narrative.names import Names
from matching.narrative.reasons import KNOWN, Subject
from matching.narrative.repairs import repair_text
from tests.engine import instances

ENGLISH = Names(
    "USD", ["Lead", "Builder", "Tester", "Writer"], ["Audits"] * 5, {str(n): f"skill {n}" for n in range(9)}
)
SPANISH = Names("USD", ["Guía", "Obra", "Prueba", "Texto"], ["Revisión"] * 5, {str(n): f"tema {n}" for n in range(9)})


def in_both(tell: Callable[[Names], str]) -> tuple[str, str]:
    with translation.override("en"):
        english = tell(ENGLISH)
    with translation.override("es-mx"):
        spanish = tell(SPANISH)
    return english, spanish


def assert_told(tell: Callable[[Names], str]) -> None:
    english, spanish = in_both(tell)
    assert english
    assert english != spanish
    for text in (english, spanish):
        assert not re.search(r"%\(|%s|\{|None", text)


def problems(count: int) -> list[engine.Problem]:
    found = []
    for seed in range(count):
        rng = np.random.default_rng(seed)
        problem = instances.tiny_problem(rng) if seed % 3 else instances.open_problem(rng)
        facing = replace(problem.seats[0], client_facing=True, countries=(0,), max_rate_cents=2_500)
        found.append(replace(problem, seats=(facing, *problem.seats[1:]), specialists=1, bridges=1))
    return found


def codes_in_source() -> set[str]:
    """Return every code that ``explain`` can give a reason, read from its source."""
    tree = ast.parse(inspect.getsource(explain))
    found: set[str] = set()
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"Reason", "fact"}:
            values = node.args[:1]
        elif isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["code"]:
            values = [node.value]
        for value in values:
            options = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            found |= {option.value for option in options if isinstance(option, ast.Constant)}
    return found


def test_every_code_that_the_engine_can_give_as_a_reason_has_its_sentence() -> None:
    assert len(codes_in_source()) > 15
    assert codes_in_source() == KNOWN


def test_every_reason_of_many_real_cells_is_told_in_either_language() -> None:
    seen: set[str] = set()
    for problem in problems(60):
        result = engine.solve(problem, engine.Limits(cells=2, seconds=5))
        for cell in result.cells if isinstance(result, engine.Composed) else ():
            for reason in cell.reasons:
                seen.add(reason.code)
                for client in (False, True):
                    assert_told(
                        lambda names, reason=reason, client=client: narrative.reason_text(
                            reason.code,
                            reason.data,
                            Subject("USD", "KX-0042", names.needs[0], names.skill("1")),
                            client=client,
                        )
                    )
    assert len(seen) > 12


def test_no_reason_shows_the_engines_number_of_a_person() -> None:
    for problem in problems(20):
        result = engine.solve(problem, engine.Limits(cells=1, seconds=5))
        for cell in result.cells if isinstance(result, engine.Composed) else ():
            for reason in cell.reasons:
                for client in (False, True):
                    shown = narrative.reason_data(reason.code, reason.data, client=client)
                    assert not {"ref", "key", "skill", "weeks"} & shown.keys()
                    assert client is False or "valid_through" not in shown


def test_every_lever_of_many_real_problems_is_told_in_either_language() -> None:
    seen: set[str] = set()
    for problem in problems(60):
        for lever in repairs.levers(problem):
            for repair in (lever.repair(0), lever.repair(len(lever.values) - 1)):
                seen.add(repair.code)
                change = {**repair.change, "skill": str(repair.change.get("skill"))}
                assert_told(lambda names, r=repair, c=change: repair_text(r.code, c, r.data, names))
    assert {"client_facing", "countries", "max_rate", "need_count", "language_floor", "cell_size"} <= seen


def test_every_rule_that_removes_people_has_a_name_in_either_language() -> None:
    for problem in problems(30):
        rules = {
            rule.code for position in range(len(problem.seats)) for rule in eligibility.seat_rules(problem, position)
        }
        rules |= {rule.code for need in problem.needs for rule in eligibility.need_rules(problem, need)}
        for code in rules:
            assert_told(lambda names, code=code: called.rule(code, names))


def test_every_diagnosis_of_many_real_problems_is_told_in_either_language() -> None:
    diagnosed = 0
    for problem in problems(15):
        poor = replace(problem, budget=problem.budget // 3)
        if not isinstance(engine.solve(poor, engine.Limits(cells=1, seconds=5)), engine.Infeasible):
            continue
        diagnosis = engine.diagnose(poor, engine.Limits(seconds=5))
        diagnosed += 1
        for blocked in diagnosis.blocked:
            entry = {
                "kind": blocked.kind,
                "position": blocked.index,
                "last_rule": blocked.last_rule,
                "removed": blocked.removed,
            }
            assert_told(lambda names, entry=entry: blocked_text(entry, names))
        for code in diagnosis.conflict.rules if diagnosis.conflict else ():
            assert_told(lambda names, code=code: rule_text(code, names))
    assert diagnosed > 4


@pytest.mark.parametrize(
    ("code", "data", "recruiter", "client"),
    [
        (
            "covers_need",
            {"key": "need_1", "points": 90, "holders": 3, "asked": 1},
            {"points": 90, "holders": 3, "asked": 1},
            {"holders": 3, "asked": 1},
        ),
        ("runner_up", {"ref": 4, "points_less": 12, "cost": 5400}, {"points_less": 12}, {}),
        ("starts_promptly", {"weeks": 105_000}, {}, {}),
        ("above_seniority_floor", {"asked": 2, "found": 4}, {"asked": "mid", "found": "lead"}, None),
        ("bridge", {"language": "en.speaking", "found": 6}, {"language": "en.speaking", "found": "c2"}, None),
        ("certificate_expires_soon", {"skill": 1, "valid_through": 739_900}, {"valid_through": "2026-10-11"}, {}),
        ("specialist", {"country": 1}, {"country": "US"}, None),
    ],
)
def test_a_client_gets_fewer_numbers_than_a_recruiter(code, data, recruiter, client) -> None:
    assert narrative.reason_data(code, data, client=False) == recruiter
    assert narrative.reason_data(code, data, client=True) == (recruiter if client is None else client)


def test_people_outside_the_cell_are_no_argument_for_a_client() -> None:
    hidden = {code for code in KNOWN if not narrative.for_client(code)}
    assert hidden == {"runner_up", "no_runner_up", "pinned"}


@pytest.mark.parametrize(
    ("code", "data", "english"),
    [
        ("bridges", {"count": 1, "language": "en.speaking"}, "1 member has C1 or better in spoken English."),
        ("bridges", {"count": 2, "language": "en.speaking"}, "2 members have C1 or better in spoken English."),
        ("covers_need", {"holders": 1}, "KX-0042 answers for Audits."),
        ("covers_need", {"holders": 2}, "KX-0042 answers for Audits, which 1 other member holds too."),
        ("covers_need", {"holders": 3}, "KX-0042 answers for Audits, which 2 other members hold too."),
        ("within_gap", {"gap": 1}, "It is at most 1 point from the best possible."),
        (
            "within_budget",
            {"cost": 41_250, "budget": 60_000, "left": 18_750},
            "It costs $41,250 a month, $18,750 below the cap.",
        ),
    ],
)
def test_numbers_in_reasons_agree_with_their_nouns(code, data, english) -> None:
    with translation.override("en"):
        assert narrative.reason_text(code, data, Subject("USD", "KX-0042", "Audits")) == english
