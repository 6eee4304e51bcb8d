"""Row 5, retrieval: one ranked page of a recruiter's search, beside the same as raw SQL and beside the naive join.

Three ways to the same people in the same order: the product's own; its statement through a bare cursor; a join over the
tables of the profiles as one would write it with the ORM. Each is timed twice: who is found and in which order, from
conditions that were understood (``ranked``), and the whole way from the query string to what the lines of the list say,
before JSON (``page``). Run it on a database that holds a market: ``python -m bench.django_process bench.retrieval``.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Case, F, FilteredRelation, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.http import QueryDict

from bench.sampling import median, quantile, timed
from marketplace.kernel import clock
from marketplace.kernel.money import Currency
from profiles import search
from profiles.api.filters import ProfessionalFilterSet
from profiles.api.ranked_pages import Search
from profiles.models import Professional, SearchClaim, SearchRow, SearchText
from profiles.search_criteria import Criteria
from profiles.services import exchange

PAGE = 26  # a page of 25, and one more to know whether another follows
NAIVE_ROUNDS = 3

QUERIES = (
    "skill=cobol:4&speaks=en:b2&seniority_min=senior&country=MX",
    "skill=java:4&skill=kafka:3",
    "skill=python:3&rate_max=60&function=engineering",
    "skill=aml-bsa:3&evidence_min=verified",
    "skill=db2-zos:3&city=guadalajara",
    "skill=aws:4&available_from=2027-01-11&speaks=en:c1&country=MX",
    "q=mainframe&speaks=en:c1",
    "q=prevención de lavado de dinero&seniority_min=lead",
)
"""One skill, two, and words; conditions that every index holds, and such that only the rows of people say."""


def measure(rounds: int = 20) -> dict[str, Any]:
    """Return p50 and p95 in seconds of each way over all queries, per query, and ratios: medians over the queries.

    ``agree`` counts queries for which all ways name the same people in the same order. Every way is warmed up once. The
    market must be loaded, and vacuumed (``vacuum``) for index-only scans; nothing is asserted.
    """
    cases: list[dict[str, Any]] = []
    samples: dict[str, list[float]] = defaultdict(list)
    for query in QUERIES:
        ways = _ways(query)
        answers = [way() for way in ways.values()]
        case = {"query": query, "found": len(answers[0]), "agree": all(each == answers[0] for each in answers)}
        for name, way in ways.items():
            taken = [timed(way)[1] for _ in range(NAIVE_ROUNDS if name.startswith("naive") else rounds)]
            samples[name] += taken
            case[name] = median(taken)
        cases.append(case)
    return {
        "people": Professional.objects.count(),
        "queries": len(cases),
        "agree": sum(case["agree"] for case in cases),
        **{name: {"p50": median(taken), "p95": quantile(taken, 0.95)} for name, taken in samples.items()},
        **{
            f"{slow}_over_{fast}": median([case[slow] / case[fast] for case in cases])
            for slow, fast in (
                ("ranked", "raw_ranked"),
                ("naive_ranked", "ranked"),
                ("page", "raw_page"),
                ("naive_page", "page"),
            )
        },
        "cases": cases,
    }


def _ways(query: str) -> dict[str, Callable[[], list[uuid.UUID]]]:
    criteria = _asked(query).criteria
    statement = search.statement(criteria, limit=PAGE)
    text, parameters = statement.text(), statement.parameters
    return {
        "ranked": partial(ranked, criteria),
        "raw_ranked": partial(raw_ranked, text, parameters),
        "naive_ranked": lambda: list(naive(criteria).values_list("pk", flat=True)[:PAGE]),
        "page": partial(page, query),
        "raw_page": partial(raw_page, text, parameters),
        "naive_page": lambda: [person.pk for person in naive(criteria).with_claims()[:PAGE]],  # type: ignore[attr-defined]
    }


def vacuum() -> None:
    """Bring statistics and visibility up to date, as autovacuum does in time."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for model in (SearchClaim, SearchRow, SearchText):
            cursor.execute(f"VACUUM (ANALYZE) {model._meta.db_table}")


def ranked(criteria: Criteria) -> list[uuid.UUID]:
    """Find a page of people."""
    return [hit.id for hit in search.page(criteria, limit=PAGE)]


def page(query: str) -> list[uuid.UUID]:
    """Answer a query string as the list of professionals does, up to the lines that it would write."""
    wanted = _asked(query)
    return [line.pk for line in wanted.read(search.page(wanted.criteria, order=wanted.order, limit=PAGE))]


def raw_ranked(statement: str, parameters: dict[str, Any]) -> list[uuid.UUID]:
    """Run the statement of a page."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] for row in cursor.fetchall()]


def raw_page(statement: str, parameters: dict[str, Any]) -> list[uuid.UUID]:
    """Run the statement of a page and read what its lines show, as tuples."""
    people = raw_ranked(statement, parameters)
    with connection.cursor() as cursor:
        for reading in _READINGS:
            cursor.execute(reading, [people])
            cursor.fetchall()
    return people


_READINGS = (
    "SELECT id, status, synthetic, given_names, family_names, headline_en, headline_es, main_function, functions,"
    " seniority, country, city, region, cluster, time_zone, rate_amount, rate_currency, contract_route, weekly_minutes,"
    " available_from, available_until, created_at, updated_at FROM profiles_professional WHERE id = ANY(%s)",
    "SELECT c.professional_id, s.code, s.name_en, s.name_es, c.level, c.years, c.last_used, c.evidence,"
    " c.evidence_source, c.evidence_on, c.evidence_expires_on FROM profiles_skillclaim AS c"
    " JOIN profiles_skill AS s ON s.id = c.skill_id WHERE c.professional_id = ANY(%s)",
    "SELECT professional_id, language, listening, speaking, reading, writing, native, evidence, test, raw_score,"
    " scale_version, tested_on FROM profiles_languageproficiency WHERE professional_id = ANY(%s)",
)


def naive(criteria: Criteria) -> QuerySet[Any]:
    """Join and sort the tables of the profiles with the ORM; certificates and words in texts are left out."""
    wanted = [skill for skill, _level in criteria.skills[:1]]
    wanted = wanted or [key for term in criteria.terms for key in criteria.term_skills(term)]
    level = criteria.skills[0][1] if criteria.skills else 1
    leading = Q(asked__skill_id__in=wanted, asked__level__gte=level, asked__evidence__gte=criteria.evidence)
    people: QuerySet[Any] = Professional.objects.exclude(status="erased").annotate(
        asked=FilteredRelation("claims"), en=FilteredRelation("languages", condition=Q(languages__language="en"))
    )
    people = _narrowed(people.filter(leading), criteria)
    for skill, least in criteria.skills[1:]:
        people = people.filter(claims__skill_id=skill, claims__level__gte=least)
    ranking: QuerySet[Any] = people.annotate(score=Max(_points())).order_by("-score", "-pk")
    return ranking


def _narrowed(people: QuerySet[Any], criteria: Criteria) -> QuerySet[Any]:
    if criteria.english:
        people = people.filter(en__speaking__gte=criteria.english)
    if criteria.country is not None:
        people = people.filter(country=criteria.country)
    if criteria.functions:
        people = people.filter(functions__overlap=list(criteria.functions))
    if criteria.city:
        people = people.filter(city__iexact=criteria.city)
    if criteria.available_on:
        day = criteria.available_on
        people = people.filter(Q(available_from=None) | Q(available_from__lte=day))
        people = people.filter(Q(available_until=None) | Q(available_until__gte=day))
    if criteria.dollars is not None:
        pesos = exchange.rate(Currency.USD, Currency.MXN, clock.today()) or 0
        dear = Q(rate_currency="USD", rate_amount__gt=criteria.dollars)
        dear |= Q(rate_currency="MXN", rate_amount__gt=criteria.dollars * pesos)
        people = people.exclude(dear)
    return people.filter(seniority__gte=criteria.seniority)


def _points() -> Any:
    recency = Least(Greatest(Coalesce(F("asked__last_used"), 0) - 2000, 0), 50)
    lasting = Case(
        When(asked__evidence_expires_on__lt=clock.today(), then=Value(0)),
        default=F("asked__evidence"),
        output_field=IntegerField(),
    )
    skill = 100 * F("asked__level") + 60 * lasting + 6 * Least(F("asked__years"), 15) + 4 * recency
    return skill + 40 * F("seniority") + 25 * Coalesce(F("en__speaking"), 0)


def _asked(query: str) -> Search:
    people = Professional.objects.exclude(status="erased")
    filters = ProfessionalFilterSet(QueryDict(query), queryset=people)
    if not filters.is_valid():
        raise ValueError(f"{query}: {filters.errors.as_text()}")
    wanted: Search = filters.qs  # type: ignore[assignment]
    return wanted


if __name__ == "__main__":
    vacuum()
    print(json.dumps(measure(), indent=1))
