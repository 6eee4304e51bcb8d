"""Rooms above that name people: they follow a merge within its transaction, or refuse it.

A fact told after commit would come too late: between the two, somebody's placement would be nobody's.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Follower:
    """``lock`` takes the rows about these people, before the people themselves are locked, as everywhere.

    ``move`` gives the rows of the first person to the second and returns, as JSON, what ``restore`` needs to give them
    back to the first. Both run within the transaction and may raise Conflict, which refuses the whole.
    """

    name: str
    lock: Callable[[Collection[uuid.UUID]], None]
    move: Callable[[uuid.UUID, uuid.UUID], Any]
    restore: Callable[[Any, uuid.UUID, uuid.UUID], None]


_followers: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    """Have a room follow every merge; called from its ``AppConfig.ready``. The same name replaces."""
    _followers[follower.name] = follower


def lock(people: Collection[uuid.UUID]) -> None:
    """Let every room lock its rows, in the order of their names."""
    for name in sorted(_followers):
        _followers[name].lock(people)


def move(merged: uuid.UUID, survivor: uuid.UUID) -> dict[str, Any]:
    """Let every room follow; return what each of them needs to come back."""
    return {name: _followers[name].move(merged, survivor) for name in sorted(_followers)}


def restore(moved: dict[str, Any], merged: uuid.UUID, survivor: uuid.UUID) -> None:
    """Let every room that followed come back."""
    for name in sorted(_followers.keys() & moved.keys()):
        _followers[name].restore(moved[name], merged, survivor)
