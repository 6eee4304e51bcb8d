"""Reasons: facts about a cell, its members and its needs, as stable codes with numbers. Words are found elsewhere."""

from __future__ import annotations

from matching.engine.instance import Instance, Placement
from matching.engine.outcome import Cell, Reason
from matching.engine.problem import Problem


def reasons(problem: Problem, instance: Instance, cell: Cell, members: list[Placement]) -> tuple[Reason, ...]:
    return ()
