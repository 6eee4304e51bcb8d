"""The kinds of notification: who may be told, under which category, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    """``audience`` holds the roles that may be told; ``required`` shows in the app whatever is chosen.

    ``link`` gives the path below ``FRONTEND_URL`` to which an e-mail leads, from the subject's public id. It is asked
    when the e-mail is written and kept nowhere, so it may hold a secret (after ``#``, where no server logs it).
    """

    name: str
    category: Category
    title: Promise | str
    body: Promise | str
    audience: frozenset[str]
    required: bool
    link: Callable[[str], str] | None = None


_kinds: dict[str, Kind] = {}


def register(
    name: str,
    *,
    category: Category,
    title: Promise | str,
    body: Promise | str,
    audience: Iterable[str],
    required: bool = False,
    link: Callable[[str], str] | None = None,
) -> None:
    """Declare a kind, once, while the apps get ready. Raises ValueError for a name that is taken."""
    if name in _kinds:
        raise ValueError(f"the notification kind {name!r} is declared already")
    _kinds[name] = Kind(name, category, title, body, frozenset(audience), required, link)


def kind_named(name: str) -> Kind:
    """Return a declared kind. Raises LookupError."""
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"no notification kind {name!r} is registered") from None


def every_kind() -> tuple[Kind, ...]:
    """Return all kinds by name."""
    return tuple(_kinds[name] for name in sorted(_kinds))
