"""Finding projects by words, in either language.

A word is taken for a skill where the taxonomy is certain: then it stands for the skill and what is narrower, under any
name in either language, whether the project asks for it or its brief speaks of it. Other words are looked for in what
is written of the project and in the names of its skills and of its solution type in both languages. So a query and its
translation find the same projects. A misspelling finds nothing; what may have been meant is offered.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import override

from marketplace.clients.models import Need, Project, ProjectText, SeatSkill
from marketplace.clients.models.project import SolutionType
from marketplace.clients.states import ProjectStatus
from profiles.models import Skill
from profiles.search_conditions import beginning, folded
from profiles.services import skills
from profiles.terms import Term, Via, understand

MOST_FILLED = 200
MOST_COUNTED = 10_000
_LANGUAGES = ("en", "es-mx")
_SHORTEST_NAME = 3  # a lone C or R stands in many a text

_WRITE = """
INSERT INTO clients_projecttext (project_id, skills, words) VALUES (%s, %s, profiles_search_words(%s, %s))
ON CONFLICT (project_id) DO UPDATE SET (skills, words) = ROW(excluded.skills, excluded.words)
"""


@dataclass(frozen=True)
class Suggestion:
    """A skill whose name is spelled like ``written``, which names none."""

    written: str
    skill: str
    name: str


@dataclass(frozen=True)
class Value:
    """A value as a filter takes it, its name in the reader's language, and how many projects have it."""

    value: str
    name: str
    projects: int


@dataclass(frozen=True)
class Facets:
    """``projects`` were counted, of possibly more (``at_least``)."""

    projects: int
    at_least: bool
    status: list[Value]
    solution_type: list[Value]


def write(project: Project) -> None:
    """Make ``project`` findable by what it says now, in the caller's transaction."""
    seats = list(project.seats.all())
    named = set(SeatSkill.objects.filter(seat__in=seats).values_list("skill_id", flat=True))
    named |= set(Need.objects.filter(project=project).values_list("skill_id", flat=True))
    written = f"{project.title}\n{project.brief}"
    spoken_of = {found.code for found in skills.finder().find_all(written)}
    rows = list(Skill.objects.filter(Q(pk__in=named) | Q(code__in=spoken_of)))
    texts = []
    for language in _LANGUAGES:
        with override(language):
            kind = str(SolutionType(project.solution_type).label)
        titles = [seat.title(language) for seat in seats]
        texts.append("\n".join([written, project.external_id, kind, *titles, *(row.name(language) for row in rows)]))
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [project.pk, sorted(row.pk for row in rows), *texts])


def fill() -> None:
    """Make up to ``MOST_FILLED`` projects findable that are not yet, such as those older than this search."""
    for project in Project.objects.filter(~Exists(ProjectText.objects.filter(pk=OuterRef("pk"))))[:MOST_FILLED]:
        write(project)


def matching(projects: QuerySet[Project], text: str) -> QuerySet[Project]:
    """Keep the projects that show everything that ``text`` asks for; skills are looked up in one query."""
    terms = understand(text)
    named = _named(terms)
    found = ProjectText.objects.all()
    for term in terms:
        found = found.filter(_shown(term, named))
    return projects.filter(pk__in=found.values("pk")) if terms else projects


def suggestions(text: str, language: str) -> list[Suggestion]:
    """Return the skills that words of ``text`` which name nothing may be misspellings of, names in ``language``."""
    meant = {
        code: " ".join(term.words)
        for term in understand(text)
        for code, via in term.skills.items()
        if via == Via.SPELLING
    }
    rows = Skill.objects.in_bulk(list(meant), field_name="code")
    return [Suggestion(words, code, rows[code].name(language)) for code, words in meant.items() if code in rows]


def facets(projects: QuerySet[Project]) -> Facets:
    """Count states and solution types of the newest ``MOST_COUNTED`` of ``projects``, in one query."""
    newest = projects.order_by("-created_at", "-pk").values("pk")[: MOST_COUNTED + 1]
    rows = Project.objects.filter(pk__in=newest).order_by().values_list("status", "solution_type")
    by_status, by_kind = Counter[str](), Counter[str]()
    for status, kind, many in rows.annotate(many=Count("pk")):
        by_status[status] += many
        by_kind[kind] += many
    everybody = by_status.total()
    return Facets(
        projects=min(everybody, MOST_COUNTED),
        at_least=everybody > MOST_COUNTED,
        status=_values(by_status, ProjectStatus),
        solution_type=_values(by_kind, SolutionType),
    )


def _values(counted: Counter[str], choices: type[TextChoices]) -> list[Value]:
    ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Value(value, str(choices(value).label), many) for value, many in ranked]


def _named(terms: tuple[Term, ...]) -> dict[str, int]:
    codes = {code for term in terms for code in _certain(term)}
    return dict(Skill.objects.filter(code__in=codes).values_list("code", "pk")) if codes else {}


def _certain(term: Term) -> list[str]:
    return [code for code, via in term.skills.items() if via != Via.SPELLING]


def _shown(term: Term, named: dict[str, int]) -> Q:
    shown = Q(skills__overlap=[named[code] for code in _certain(term) if code in named])
    # What a title or the solution type is called may be the name of a skill, and is meant then too.
    called = [name for code, via in term.skills.items() if via == Via.NAME for name in skills.entries()[code].names]
    telling = [SearchQuery(folded(name), config="simple") for name in called if len(name) >= _SHORTEST_NAME]
    if telling:
        shown |= Q(words=reduce(or_, telling))
    if term.words:
        shown |= Q(words=reduce(and_, (_written(word) for word in term.words)))
    return shown


def _written(word: str) -> CombinedSearchQuery | SearchQuery:
    """Any word that begins so, accents aside, or that has the same stem in English or Spanish."""
    begins = SearchQuery(beginning(word), config="simple", search_type="raw")
    stems = (SearchQuery(word, config="english"), SearchQuery(word, config="spanish"))
    return begins | stems[0] | stems[1] | SearchQuery(folded(word), config="spanish")
