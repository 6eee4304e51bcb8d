"""What the people that a search finds have in common: counts beside a page, for narrowing it further.

Counted are the first ``MOST_COUNTED`` people in the order of the search, or fewer, but at least ``ENOUGH``, where more
would have to be looked for far from the top. That bounds the cost whatever is asked, and says of a large result what
its best part looks like; ``at_least`` tells that there are more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from marketplace.kernel import clock
from profiles import search
from profiles.search_criteria import Criteria, Order

MOST_COUNTED = 1_000
ENOUGH = 100
MOST_VALUES = 20

# Names are taken from one of the people: the tables of the search hold them without accents.
_COUNTS = """
WITH hits AS MATERIALIZED (
    SELECT professional_id, partial FROM ({found}) AS f (professional_id, score, skills, partial)
),
counted AS MATERIALIZED (SELECT professional_id FROM hits LIMIT %(most)s),
people AS MATERIALIZED (
    SELECT r.professional_id, r.functions, r.seniority, r.country, r.english, r.city, r.cluster,
           p.city AS city_name, p.cluster AS cluster_name
    FROM counted JOIN profiles_searchrow AS r USING (professional_id)
    JOIN profiles_professional AS p ON p.id = r.professional_id
),
facets (facet, value, name, people) AS (
    SELECT 'function', f::text, '', count(*) FROM people CROSS JOIN generate_series(0, 14) AS f
    WHERE functions & (1 << f) <> 0 GROUP BY f
    UNION ALL SELECT 'seniority', seniority::text, '', count(*) FROM people GROUP BY seniority
    UNION ALL SELECT 'country', country::text, '', count(*) FROM people GROUP BY country
    UNION ALL SELECT 'english', english::text, '', count(*) FROM people GROUP BY english
    UNION ALL (SELECT 'city', city, min(city_name), count(*) FROM people WHERE city <> ''
               GROUP BY city ORDER BY count(*) DESC, city LIMIT %(values)s)
    UNION ALL (SELECT 'cluster', cluster, min(cluster_name), count(*) FROM people WHERE cluster <> ''
               GROUP BY cluster ORDER BY count(*) DESC, cluster LIMIT %(values)s)
    UNION ALL (SELECT 'skill', s.code, CASE WHEN %(spanish)s THEN s.name_es ELSE s.name_en END, held.people
               FROM (SELECT c.skill_id, count(*) AS people FROM counted
                     JOIN profiles_searchclaim AS c USING (professional_id) WHERE c.valid_until >= %(today)s
                     GROUP BY c.skill_id ORDER BY count(*) DESC, c.skill_id LIMIT %(values)s) AS held
               JOIN profiles_skill AS s ON s.id = held.skill_id)
)
SELECT '', coalesce(bool_or(partial), FALSE)::text, '', count(*) FROM hits UNION ALL SELECT * FROM facets
"""


@dataclass(frozen=True)
class Value:
    """A value of a facet: as a filter takes it (scales by number), its name where people gave one, and how many."""

    value: str
    name: str
    people: int


@dataclass(frozen=True)
class Facets:
    """``people`` were counted, of possibly more (``at_least``); ``values`` by facet, the most frequent first."""

    people: int
    at_least: bool
    values: dict[str, list[Value]]


def facets(criteria: Criteria, *, order: str = Order.RANK, language: str = "en") -> Facets:
    """Count what the first ``MOST_COUNTED`` people who meet ``criteria`` have in common, in one statement.

    Of cities, clusters and skills the ``MOST_VALUES`` most frequent; names of skills in ``language``.
    """
    asking = search.statement(criteria, order=order, limit=MOST_COUNTED + 1, enough=min(ENOUGH, MOST_COUNTED + 1))
    text = _COUNTS.format(found=asking.text())
    parameters = {
        **asking.parameters,
        "most": MOST_COUNTED,
        "values": MOST_VALUES,
        "spanish": language.startswith("es"),
        "today": clock.today(),
    }
    found: dict[str, list[Value]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        for facet, value, name, people in cursor.fetchall():
            found[facet].append(Value(value, name, people))
    (everybody,) = found.pop("")
    for values in found.values():
        values.sort(key=lambda each: (-each.people, each.value))
    return Facets(
        min(everybody.people, MOST_COUNTED), everybody.people > MOST_COUNTED or everybody.value == "true", dict(found)
    )
