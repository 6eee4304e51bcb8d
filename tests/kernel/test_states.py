"""State machines: listed moves move, all others are refused with what would be allowed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from marketplace.kernel import states
from marketplace.kernel.errors import IllegalTransition

TABLE = {"open": frozenset({"held", "closed"}), "held": frozenset({"open"}), "closed": frozenset()}


@dataclass
class Door:
    status: str
    transitions = TABLE


def test_a_listed_move_changes_the_status():
    door = Door("open")
    states.move(door, "held")
    assert door.status == "held"


@pytest.mark.parametrize(("source", "to"), [("held", "closed"), ("closed", "open"), ("open", "open"), ("lost", "open")])
def test_an_unlisted_move_is_refused_and_changes_nothing(source, to):
    door = Door(source)
    with pytest.raises(IllegalTransition) as refusal:
        states.move(door, to)
    assert door.status == source
    assert (refusal.value.code, refusal.value.status) == ("illegal_transition", 409)
    assert refusal.value.data == {"from": source, "to": to, "allowed": sorted(TABLE.get(source, ()))}


def test_a_move_can_be_reserved_to_one_source():
    states.require(Door("held"), "open", only_from="held")
    with pytest.raises(IllegalTransition):
        states.require(Door("open"), "held", only_from="closed")
