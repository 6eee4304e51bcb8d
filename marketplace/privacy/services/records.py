"""Where somebody's personal data lies: every registered table that belongs to one person, by the registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from marketplace.accounts.models import User
from marketplace.kernel import personal_data
from marketplace.kernel.personal_data import PersonalField
from profiles.models import Professional

_OWNERS = ("professional", "professional_id", "user", "recipient")
# What hangs on a placement is its person's, though the placement itself stays when they are erased.
_THROUGH = {"placement": "placement__professional", "rating": "rating__placement__professional"}


@dataclass(frozen=True)
class Holding:
    """The rows of ``model`` that belong to a person, and which of its columns are personal."""

    model: type[models.Model]
    rows: models.QuerySet[Any]
    personal: dict[str, PersonalField]

    @property
    def by_row(self) -> bool:
        """Whether whole rows go when the person is erased."""
        return any(field.eraser == "row" for field in self.personal.values())


def owners_of(model: type[models.Model]) -> tuple[str, ...]:
    """Return the columns that say whose a row is: one, or each that names a person where a row is about several.

    A path leads there where the row hangs on a placement. Empty where rows belong to nobody directly, and go with the
    rows of another table.
    """
    if model in (Professional, User):
        return ("id",)
    columns = {field.name: field for field in model._meta.concrete_fields}
    named = next((name for name in _OWNERS if name in columns), None)
    if named is not None:
        return (named,)
    direct = tuple(name for name, field in columns.items() if field.related_model in (Professional, User))
    return direct or tuple(path for name, path in _THROUGH.items() if name in columns)


def of(professional: Professional) -> Iterator[Holding]:
    """Yield what is held of a person, the account first and the profile last."""
    ordered = sorted(
        personal_data.registered(), key=lambda model: (model is Professional, model is not User, model.__name__)
    )
    for model in ordered:
        found = personal_data.personal_fields(model)
        mine = Q()
        for owner in owners_of(model) if found else ():
            of_user = (
                model is User if owner == "id" else model._meta.get_field(owner.split("__")[0]).related_model is User
            )
            key = professional.user_id if of_user else professional.pk
            mine |= Q(**{owner: key}) if key is not None else Q()
        if mine:
            yield Holding(model, model._default_manager.filter(mine), found)
