"""The registry of personal data: what each column is for, on what basis, for how long, and who erases it.

Every concrete model of ours registers all its columns, personal or plain; one that is forgotten fails the build.
Basis and retention follow Mexico's LFPDPPP of 2025 (purposes, blocking before erasure).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True)
class PersonalField:
    """``eraser``: ``blank`` empties the column, ``row`` deletes its row, ``keep`` retains it for the stated duty."""

    purpose: str
    basis: str
    retention: str
    eraser: str


_models: list[type[models.Model]] = []
_personal: dict[str, dict[str, PersonalField]] = {}
_plain: dict[str, frozenset[str]] = {}


def register(model: type[models.Model], *, personal: dict[str, PersonalField], plain: Iterable[str]) -> None:
    """Declare every column of ``model``."""
    _models.append(model)
    _personal[model._meta.label] = personal
    _plain[model._meta.label] = frozenset(plain)


def registered() -> tuple[type[models.Model], ...]:
    """Return every model that has declared its columns."""
    return tuple(_models)


def personal_fields(model: type[models.Model]) -> dict[str, PersonalField]:
    """Return the personal columns of ``model``."""
    return _personal.get(model._meta.label, {})


def undeclared(model: type[models.Model]) -> set[str]:
    """Return the columns of ``model`` that nobody has declared."""
    label = model._meta.label
    known = _personal.get(label, {}).keys() | _plain.get(label, frozenset())
    return {field.name for field in model._meta.concrete_fields} - known
