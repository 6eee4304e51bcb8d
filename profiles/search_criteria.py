"""What a search of supply asks for, in which order, and from which place on."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from profiles.levels import Evidence
from profiles.terms import Term


class Order(models.TextChoices):
    """The declared orders of a search; each ends in the id, so that no two people share a place."""

    RANK = "rank", _("Best first")
    NEWEST = "newest", _("Newest first")


class Place(NamedTuple):
    """Where somebody stands in an order."""

    score: int
    id: uuid.UUID


@dataclass(frozen=True)
class Criteria:
    """What must hold, all of it. Empty values ask for nothing.

    ``skills``: (id, least level); ``evidence``: the least, of the skills asked for, or of any skill without them;
    ``terms``: see ``profiles.terms``, with ``named`` the ids of their skills by code; ``english`` and ``spanish``:
    spoken CEFR; ``functions``: any of these; ``dollars``: the highest hourly rate.
    """

    skills: tuple[tuple[int, int], ...] = ()
    evidence: int = Evidence.SELF_DECLARED
    terms: tuple[Term, ...] = ()
    named: dict[str, int] = field(default_factory=dict)
    english: int = 0
    spanish: int = 0
    functions: tuple[int, ...] = ()
    status: tuple[str, ...] = ()
    seniority: int = 0
    country: int | None = None
    city: str = ""
    cluster: str = ""
    available_on: dt.date | None = None
    weekly_minutes: int = 0
    dollars: Decimal | None = None
    ids: tuple[uuid.UUID, ...] = ()
    created_after: dt.datetime | None = None
    updated_after: dt.datetime | None = None

    def term_skills(self, term: Term) -> list[int]:
        """Return the ids of the skills that answer ``term``, those that the tables know."""
        return [self.named[code] for code in term.skills if code in self.named]
