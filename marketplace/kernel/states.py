"""State machines as tables: ``{from: {to, …}}``. Only services move a state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import IllegalTransition

Transitions = Mapping[str, frozenset[str]]


class Stateful(Protocol):
    status: str

    @property
    def transitions(self) -> Transitions: ...


def allowed(transitions: Transitions, status: str) -> frozenset[str]:
    """Return the states that ``status`` may move to."""
    return transitions.get(status, frozenset())


def require(row: Stateful, to: str, *, only_from: str | None = None) -> None:
    """Raise IllegalTransition unless ``row`` may move to ``to``; ``only_from`` tells apart moves with one target."""
    if to not in allowed(row.transitions, row.status) or only_from not in {None, row.status}:
        raise IllegalTransition(
            "illegal_transition",
            _("This cannot move from “%(source)s” to “%(target)s”.")
            % {"source": _label(row.transitions, row.status), "target": _label(row.transitions, to)},
            data={"from": row.status, "to": to, "allowed": sorted(allowed(row.transitions, row.status))},
        )


def _label(transitions: Transitions, status: str) -> str:
    """Return the state as people call it: states are keys of their table, and members of an enumeration there."""
    known = next((state for state in transitions if state == status), status)
    return str(getattr(known, "label", known)).lower()


def move(row: Stateful, to: str) -> None:
    """Set the status of ``row``, which the caller holds locked and saves. Raises IllegalTransition."""
    require(row, to)
    row.status = to
