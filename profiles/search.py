"""How recruiters find people: one statement per page, answered in the order of the rank from covering indexes.

The rank is a whole number, the sum of what the person shows and of the skill asked for:

====================  =====================================================================
100 per level         of the skill, 1 to 5
60 per evidence       0 self-declared, 1 tested, 2 verified; lapsed evidence is self-declared
6 per year            of practice, at most 15
4 per calendar year   of last use after 2000, at most 50: recency, stated so that no order changes as time passes
40 per seniority      1 to 5
25 per CEFR step      of spoken English, 0 to 6
====================  =====================================================================

The first skill asked for ranks, the others must hold; with only words, whichever skill they name; words found in the
text alone give the points of the person; with neither, the person's best skill counts. Equal ranks: newest first. A
certificate is its skill at level 5 while it is valid, where nothing is claimed (as in ``selectors.holdings``).

The tables (``models.search_row``) are written by the database itself in the transaction of every change, rates in
their own currency: limits are converted at the day's exchange rate, so that a new rate makes nothing stale. Only the
points of evidence that lapses with time wait for ``search_upkeep.lapse``; filters by evidence look at the dates
themselves.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from marketplace.kernel import clock
from marketplace.kernel.money import Currency
from profiles.models import Skill, SkillAlias
from profiles.search_criteria import Criteria, Order, Place
from profiles.search_statement import Statement
from profiles.services import exchange, skills
from profiles.taxonomy.text import normalize


@dataclass(frozen=True)
class Hit:
    """Somebody found: rank, and the ids of the skills held among those asked for or named, strongest first."""

    id: uuid.UUID
    score: int
    skills: tuple[int, ...]

    @property
    def place(self) -> Place:
        return Place(self.score, self.id)


def page(
    criteria: Criteria,
    *,
    order: str = Order.RANK,
    after: Place | None = None,
    backward: bool = False,
    limit: int,
) -> list[Hit]:
    """Return up to ``limit`` people who meet ``criteria`` in their order, from ``after`` on, in one statement.

    ``backward`` returns those just before ``after`` instead, nearest first. A rate limit costs one more look, for the
    exchange rate.
    """
    asking = statement(criteria, order=order, after=after, backward=backward, limit=limit)
    with connection.cursor() as cursor:
        cursor.execute(asking.text(), asking.parameters)
        return [Hit(person, score, tuple(held)) for person, score, held in cursor.fetchall()]


def statement(
    criteria: Criteria,
    *,
    order: str = Order.RANK,
    after: Place | None = None,
    backward: bool = False,
    limit: int,
    enough: int | None = None,
) -> Statement:
    """Return the statement of ``page`` as of today, at today's exchange rate; ``enough`` as in ``Statement``."""
    today = clock.today()
    return Statement(
        criteria,
        order=order,
        after=after,
        backward=backward,
        limit=limit,
        enough=enough,
        today=today,
        pesos=None if criteria.dollars is None else exchange.rate(Currency.USD, Currency.MXN, today),
    )


# -- the taxonomy ------------------------------------------------------------------------------------------------------


def skills_called(found: QuerySet[Skill], text: str) -> QuerySet[Skill]:
    """Keep skills that ``text`` may mean: named so, spelled similarly, or with it inside one of their names."""
    inside = SkillAlias.objects.filter(normalized__contains=normalize(text) or text).values("skill_id")
    return found.filter(Q(code__in=skills.codes(text)) | Q(pk__in=inside) | Q(code=text))
