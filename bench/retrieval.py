"""Row 5, retrieval: one ranked page of a recruiter's search, beside the same as raw SQL and beside the naive join.

Three ways to the same people in the same order: the product's own; its statement through a bare cursor; a join over the
tables of the profiles as one would write it with the ORM. Each is timed twice: who is found and in which order, from
conditions that were understood (``ranked``), and the whole page (``page``): from the query string to the bytes of the
results; of the raw way, to what the lines say, as tuples. The product's page is timed a second time as a client meets
it (``http``): a request in, with its session, the bytes of the answer out.

Run it on a database that holds a market: ``python -m bench.django_process bench.retrieval``.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, reduce
from operator import or_
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.db.models import Case, F, FilteredRelation, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.http import HttpRequest, QueryDict
from django.test.utils import override_settings
from rest_framework.test import APIClient

from bench.sampling import median, quantile, timed
from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.kernel import clock, identifiers
from marketplace.kernel.money import Currency
from marketplace.rest.renderers import JSONRenderer
from profiles import search
from profiles.api.filters import ProfessionalFilterSet
from profiles.api.outputs import ProfessionalSummaryOutput
from profiles.api.ranked_pages import Search
from profiles.models import Professional, SearchClaim, SearchRow, SearchText, SkillClaim
from profiles.search_criteria import Criteria
from profiles.services import exchange

PAGE = 26  # a page of 25, and one more to know whether another follows
NAIVE_ROUNDS = 3
_WRITTEN = ("headline_en", "headline_es", "summary_en", "summary_es", "city", "cluster")

QUERIES = (
    "skill=cobol:4&speaks=en:b2&seniority_min=senior&country=MX",
    "skill=java:4&skill=kafka:3",
    "skill=python:3&rate_max=60&function=engineering",
    "skill=aml-bsa:3&evidence_min=verified",
    "skill=db2-zos:3&city=guadalajara",
    "skill=aws:4&available_from=2027-01-11&speaks=en:c1&country=MX",
    "q=mainframe&speaks=en:c1",
    "q=prevención de lavado de dinero&seniority_min=lead",
    "q=zapatero",
    "q=ingeniero guadalajara",
    "q=cobol zapatero",
    "q=mainframe guadalajara",
)
"""One skill, two, and words, some of which nobody has; conditions that every index holds, and others."""


def measure(rounds: int = 20) -> dict[str, Any]:
    """Return p50 and p95 in seconds of each way over all queries, per query, and ratios: medians over the queries.

    ``agree`` counts queries for which all ways name the same people in the same order. Every way is warmed up once. The
    market must be loaded, and vacuumed (``vacuum``) for index-only scans; nothing is asserted, and nothing is left in
    the database.
    """
    cases: list[dict[str, Any]] = []
    samples: dict[str, list[float]] = defaultdict(list)
    with _client() as client:
        for query in QUERIES:
            ways = _ways(query, client)
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
                ("http", "raw_page"),
                ("naive_page", "page"),
                ("naive_page", "http"),
            )
        },
        "cases": cases,
    }


def _ways(query: str, client: APIClient) -> dict[str, Callable[[], list[uuid.UUID]]]:
    criteria = _asked(query).criteria
    statement = search.statement(criteria, limit=PAGE)
    text, parameters = statement.text(), statement.parameters
    return {
        "ranked": partial(ranked, criteria),
        "raw_ranked": partial(raw_ranked, text, parameters),
        "naive_ranked": lambda: list(naive(criteria).values_list("pk", flat=True)[:PAGE]),
        "page": partial(page, query),
        "http": partial(http, query, client),
        "raw_page": partial(raw_page, text, parameters),
        "naive_page": partial(naive_page, criteria),
    }


@contextmanager
def _client() -> Iterator[APIClient]:
    """A recruiter with a session, for as long as it takes; requests are not counted, and write no log."""
    logging.disable(logging.INFO)
    try:
        with override_settings(ALLOWED_HOSTS=["*"], THROTTLE=False), transaction.atomic():
            recruiter = User.objects.create_user(f"bench.{uuid.uuid4().hex}@example.com", role=Role.RECRUITER)
            request = HttpRequest()
            request.session = SessionStore()
            login(request, recruiter, backend=settings.AUTHENTICATION_BACKENDS[0])
            request.session.save()
            client = APIClient()
            client.credentials(HTTP_X_SESSION_TOKEN=str(request.session.session_key))
            yield client
            transaction.set_rollback(True)
    finally:
        logging.disable(logging.NOTSET)


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
    """Answer a query string as the list of professionals does, up to the bytes of its lines."""
    wanted = _asked(query)
    hits = search.page(wanted.criteria, order=wanted.order, limit=PAGE)
    JSONRenderer().render(wanted.read(hits))
    return [hit.id for hit in hits]


def http(query: str, client: APIClient) -> list[uuid.UUID]:
    """Send the request of a client and take its answer; the page is as long as the others."""
    answer = client.get(f"/api/v1/professionals?{query}&page_size={PAGE}")
    if answer.status_code != 200:
        raise RuntimeError(f"{query}: {answer.status_code} {answer.content[:200]!r}")
    found = (identifiers.decode(Professional.prefix, line["id"]) for line in orjson.loads(answer.content)["results"])
    return [key for key in found if key is not None]


def naive_page(criteria: Criteria) -> list[uuid.UUID]:
    """Join with the ORM, read along what the lines show, and serialize them field by field."""
    people: Any = naive(criteria).with_claims()[:PAGE]  # type: ignore[attr-defined]
    JSONRenderer().render(ProfessionalSummaryOutput(people, many=True).data)
    return [person.pk for person in people]


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
    """Join and sort the tables of the profiles with the ORM; certificates are left out, words are looked for whole."""
    people: QuerySet[Any] = Professional.objects.exclude(status="erased").annotate(
        asked=FilteredRelation("claims"), en=FilteredRelation("languages", condition=Q(languages__language="en"))
    )
    lead = next((term for term in criteria.terms if criteria.term_skills(term)), None)
    wanted = [skill for skill, _level in criteria.skills[:1]] or (criteria.term_skills(lead) if lead else [])
    level = criteria.skills[0][1] if criteria.skills else 1
    if wanted:
        leading = Q(asked__skill_id__in=wanted, asked__level__gte=level, asked__evidence__gte=criteria.evidence)
        people = people.filter(leading)
    people = _narrowed(people, criteria)
    for skill, least in criteria.skills[1:]:
        people = people.filter(claims__skill_id=skill, claims__level__gte=least)
    for term in criteria.terms:
        if term is not lead or criteria.skills:
            people = people.filter(_shown(criteria.term_skills(term), term.words))
    standing = 40 * F("seniority") + 25 * Coalesce(F("en__speaking"), 0)
    ranking: QuerySet[Any] = people.annotate(score=Max(_points() + standing) if wanted else Max(standing))
    return ranking.order_by("-score", "-pk")


def _shown(skills: list[int], words: tuple[str, ...]) -> Q:
    written = Q(pk=None)
    if words:
        written = Q()
        for word in words:
            places = (Q(**{f"{column}__icontains": word}) for column in _WRITTEN)
            written &= reduce(or_, places)
    return written | Q(pk__in=SkillClaim.objects.filter(skill_id__in=skills).values("professional_id"))


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
    return 100 * F("asked__level") + 60 * lasting + 6 * Least(F("asked__years"), 15) + 4 * recency


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
