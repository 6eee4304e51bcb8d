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
points of evidence that lapses with time wait for ``lapse``; filters by evidence look at the dates themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet

from marketplace.kernel import clock
from marketplace.kernel.money import Currency
from profiles.models import SearchClaim, SearchRow, SearchText, Skill, SkillAlias
from profiles.search_statement import Criteria, Order, Place, Statement
from profiles.services import exchange, skills
from profiles.taxonomy.text import normalize

_BATCH = 2_000
_WORTH_REBUILDING = 20_000
TABLES: tuple[type[models.Model], ...] = (SearchClaim, SearchRow, SearchText)


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
) -> Statement:
    """Return the statement of ``page`` as of today, at today's exchange rate."""
    today = clock.today()
    return Statement(
        criteria,
        order=order,
        after=after,
        backward=backward,
        limit=limit,
        today=today,
        pesos=None if criteria.dollars is None else exchange.rate(Currency.USD, Currency.MXN, today),
    )


# -- keeping the tables ------------------------------------------------------------------------------------------------


def catch_up(newcomers: int) -> int:
    """Make everybody findable after a load of ``newcomers`` during which the triggers were off, the faster way.

    Returns how many people were written.
    """
    return rebuild() if newcomers >= max(_WORTH_REBUILDING, SearchRow.objects.count()) else fill()


def fill() -> int:
    """Make everybody findable who is not yet, and return how many: for loads during which the triggers were off."""
    before = SearchRow.objects.count()
    reached: uuid.UUID | None = uuid.UUID(int=0)
    with connection.cursor() as cursor:
        while reached is not None:
            cursor.execute("SELECT profiles_search_fill(%s, %s)", [reached, _BATCH])
            reached = cursor.fetchone()[0]
    return SearchRow.objects.count() - before


@transaction.atomic
def rebuild() -> int:
    """Write the tables anew and return how many people there are; searches wait meanwhile.

    The statements of the caller's transaction lose their time limit. ``VACUUM`` afterwards makes the first searches as
    fast as the later ones.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    with connection.cursor() as cursor, _without_indexes():
        cursor.execute(f"TRUNCATE {', '.join(model._meta.db_table for model in TABLES)}")
        return fill()


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Building an index once is several times faster than growing it row by row."""
    indexes = [(model, index) for model in TABLES for index in model._meta.indexes]
    with connection.schema_editor() as editor:
        for model, index in indexes:
            editor.remove_index(model, index)
    yield
    with connection.schema_editor() as editor:
        for model, index in indexes:
            editor.add_index(model, index)


def refresh(people: Sequence[uuid.UUID]) -> None:
    """Write the rows of these people anew, as the triggers do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT profiles_search_refresh(%s::uuid[])", [list(people)])


@transaction.atomic
def lapse(*, most: int = 500) -> int:
    """Take away the points of evidence, and the certificates, that lapsed before today; return of how many people.

    Repeatable; ``most`` people at a time, so that nobody waits long for their locks.
    """
    overdue = SearchClaim.objects.filter(evidence_until__lt=clock.today())
    people = sorted(set(overdue.values_list("professional_id", flat=True)[:most]))
    refresh(people)
    return len(people)


# -- the taxonomy ------------------------------------------------------------------------------------------------------


def skills_called(found: QuerySet[Skill], text: str) -> QuerySet[Skill]:
    """Keep skills that ``text`` may mean: named so, spelled similarly, or with it inside one of their names."""
    inside = SkillAlias.objects.filter(normalized__contains=normalize(text) or text).values("skill_id")
    return found.filter(Q(code__in=skills.codes(text)) | Q(pk__in=inside) | Q(code=text))
