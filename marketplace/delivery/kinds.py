"""The kinds of notification: who may be told, under which category, and in which words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from marketplace.delivery.models import Category, EmailCadence

# How a category goes out by e-mail until the person says otherwise.
DEFAULT_CADENCE: dict[str, str] = {
    Category.OFFERS: EmailCadence.IMMEDIATE,
    Category.INVITATIONS: EmailCadence.IMMEDIATE,
    Category.ENGAGEMENTS: EmailCadence.IMMEDIATE,
    Category.REVIEW: EmailCadence.DIGEST,
    Category.ALERTS: EmailCadence.DIGEST,
    Category.SYSTEM: EmailCadence.IMMEDIATE,
}


@dataclass(frozen=True)
class Kind:
    """``audience`` holds the roles that may be told; ``required`` shows in the app whatever is chosen."""

    name: str
    category: Category
    title: Promise | str
    body: Promise | str
    audience: frozenset[str]
    required: bool


_kinds: dict[str, Kind] = {}


def register(
    name: str,
    *,
    category: Category,
    title: Promise | str,
    body: Promise | str,
    audience: Iterable[str],
    required: bool = False,
) -> None:
    """Declare a kind, once, while the apps get ready. Raises ValueError for a name that is taken."""
    if name in _kinds:
        raise ValueError(f"the notification kind {name!r} is declared already")
    _kinds[name] = Kind(name, category, title, body, frozenset(audience), required)


def kind_named(name: str) -> Kind:
    """Return a declared kind. Raises LookupError."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"no notification kind {name!r} is registered") from None


def every_kind() -> tuple[Kind, ...]:
    """Return all kinds by name."""
    return tuple(_kinds[name] for name in sorted(_kinds))
