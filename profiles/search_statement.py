"""The one statement that finds a page of people in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from profiles.levels import Cefr, Seniority
from profiles.search_conditions import Conditions
from profiles.search_criteria import Criteria, Order, Place
from profiles.terms import Term

__all__ = ["MOST_STANDING", "NEAR", "TOGETHER", "Criteria", "Order", "Place", "Statement"]

MOST_STANDING = 40 * max(Seniority.values) + 25 * max(Cefr.values)
NEAR = 4_000
"""How many people are asked one after the other before everybody is looked for at once."""
TOGETHER = 20_000
"""How many rows are read of several skills together, before any person is asked."""


class Statement:
    """One page as SQL over the tables of ``models.search_row``.

    People come from up to two lists, each in the order of the page and no longer than it: holders of a skill
    (``foremost``), and those who only have the words (``writers``). A list is walked in the order of the page along an
    index. What that index cannot say is asked of one person after the other, of the first ``NEAR`` only; where these
    neither fill the page nor are all there are, everybody who meets the conditions is found first and sorted then. So
    what is common is found near the top and what is rare by what makes it rare, and nothing depends on how rare
    PostgreSQL takes the beginning of a word to be.
    """

    def __init__(
        self,
        criteria: Criteria,
        *,
        order: str,
        after: Place | None,
        backward: bool,
        limit: int,
        today: dt.date,
        pesos: Decimal | None,
        enough: int | None = None,
    ) -> None:
        """``pesos``: what a dollar is worth, None where no exchange rate is known; needed with ``criteria.dollars``.

        With ``enough``, a list that has so many people from near the top may stay shorter than ``limit``; rows then
        have a fourth column that tells whether one did.
        """
        self._conditions = Conditions(criteria, today=today, pesos=pesos)
        self._asked, self._order, self._after = criteria, order, after
        self._direction, self._beyond = ("ASC", ">") if backward else ("DESC", "<")
        self._columns = ("professional_id",) if order == Order.NEWEST else ("score", "professional_id")
        self._most, self._limit = limit, self._conditions.bind(limit)
        self._near = self._conditions.bind(max(NEAR, 8 * limit))
        self._enough = None if enough is None else self._conditions.bind(enough)
        self._parts: list[str] = []
        self._partial: list[str] = []

    @property
    def parameters(self) -> dict[str, Any]:
        """What ``text`` binds, by name."""
        return self._conditions.parameters

    def text(self) -> str:
        """Return the statement: rows of (professional_id, score, ids of skills held). It binds ``parameters``."""
        asked, conditions = self._asked, self._conditions
        lists = " UNION ALL ".join(f"SELECT professional_id, score FROM {name}" for name in self._lists())
        named = [skill for skill, _level in asked.skills]
        named += [skill for term in asked.terms for skill in asked.term_skills(term)]
        held = (
            "SELECT m.skill_id FROM profiles_searchclaim AS m WHERE m.professional_id = h.professional_id AND"
            f" m.skill_id = ANY({conditions.bind(named)}::int[]) AND {conditions.valid('m')}"
            " ORDER BY m.score DESC, m.skill_id"
        )
        # Starting parallel workers takes longer than most pages; a function that is unsafe for them keeps them away.
        serially = "set_config('max_parallel_workers_per_gather', '0', true)"
        partial = f", {' OR '.join(self._partial) or 'FALSE'}" if self._enough else ""
        return (
            f"WITH {', '.join(self._parts)} SELECT h.professional_id, h.score, ARRAY({held}){partial}"
            f" FROM ({lists}) AS h (professional_id, score), {serially} {self._ordered('h')}"
        )

    # -- the lists -----------------------------------------------------------------------------------------------------

    def _lists(self) -> list[str]:
        """Write the parts of the statement and return the names of those that people come from."""
        asked, terms = self._asked, self._merged(self._asked.terms)
        lead = next((term for term in terms if asked.term_skills(term)), None)
        if asked.skills:
            return [self._holders(terms)]
        if lead is not None:
            rest = [term for term in terms if term is not lead]
            holders = [self._holders_of_any(asked.term_skills(lead), rest)]
            return [*holders, self._writers(lead, rest)] if lead.words else holders
        if terms:
            return [self._writers(terms[0], terms[1:])]
        return [self._anybody()]

    def _merged(self, terms: Iterable[Term]) -> list[Term]:
        """Words that name no skill become one look into the index of words, in which the rarest decides."""
        kept, words = list[Term](), list[str]()
        for term in terms:
            if term.words and not self._asked.term_skills(term):
                words += term.words
            else:
                kept.append(term)
        return [*kept, Term({}, tuple(words))] if words else kept

    def _anybody(self) -> str:
        told = self._conditions
        return self._walked("foremost", "row", [*told.person("r"), *told.row("r"), *told.evidenced("r")], [])

    def _holders(self, terms: Iterable[Term]) -> str:
        """Holders of the first skill asked for who have the others too."""
        (skill, level), *others = self._asked.skills
        told = self._conditions
        probes = [
            *(told.exists("claim", "o", "r", told.claim("o", other, least)) for other, least in others),
            *(told.shown(term, "r") for term in terms),
            *told.of_row("r"),
        ]
        return self._walked("foremost", "claim", [*told.claim("r", skill, level), *told.person("r")], probes)

    def _holders_of_any(self, named: list[int], rest: Iterable[Term]) -> str:
        """Holders of any of these skills, each person with the best of them."""
        told = self._conditions
        steps = [told.valid("r"), *told.person("r")]
        probes = [*(told.shown(term, "r") for term in rest), *told.of_row("r")]
        if len(named) > 1:
            return self._walked_together("foremost", named, steps, probes)
        return self._walked("foremost", "claim", [f"r.skill_id = {told.bind(named[0])}", *steps], probes)

    def _writers(self, lead: Term, rest: Iterable[Term]) -> str:
        """Those who have the words of ``lead`` in their text and none of its skills."""
        told = self._conditions
        steps, probes = told.person("r"), [told.written(lead, "r"), *(told.shown(term, "r") for term in rest)]
        if self._asked.term_skills(lead):
            probes.append(f"NOT {told.holding(lead, 'r')}")
            if self._order == Order.RANK and self._direction == "DESC":
                # Nobody is looked for who could not come onto this page any more.
                ahead = f"SELECT count(*) FROM foremost WHERE score > {told.bind(MOST_STANDING)}"
                steps.append(f"({ahead}) < {self._limit}")
        return self._walked("writers", "row", steps, [*probes, *told.of_row("r")], score="standing")

    # -- walking -------------------------------------------------------------------------------------------------------

    def _walked(self, name: str, table: str, steps: list[str], probes: list[str], *, score: str = "score") -> str:
        """Add a list along one index: ``steps`` stand in the index, ``probes`` are asked of each person."""
        steps = [*steps, *self._beyond_place("r", score)]
        if not probes:
            self._part(name, f"{_from(table, score, steps)} {self._ordered('r', score)}")
            return name
        self._part(f"{name}_walk", f"{_from(table, score, steps)} {self._ordered('r', score, self._near)}")
        self._near_or_all(name, probes, "TRUE", f"{_from(table, score, [*steps, *probes])} OFFSET 0")
        return name

    def _walked_together(self, name: str, named: list[int], steps: list[str], probes: list[str]) -> str:
        """Add a list along one index per skill, since an index cannot merge the ranks of several.

        Of each skill the first ``TOGETHER`` shared by all are read. What lies beyond the end of any of these walks may
        be missing others: only what comes before the nearest such end is looked at.
        """
        told = self._conditions
        these = told.bind(named)
        if self._after is None and not probes:
            # Nobody can be among the best of all without being among as many of one skill.
            first = _from("claim", "score", ["r.skill_id = s.id", *steps])
            self._part(
                name,
                "SELECT w.professional_id, max(w.score) AS score"
                f" FROM unnest({these}) AS s (id) CROSS JOIN LATERAL ({first} {self._ordered('r')}) AS w"
                " GROUP BY w.professional_id",
            )
            return name
        each = told.bind(max(TOGETHER // len(named), 2 * self._most))
        one = _from("claim", "score", ["r.skill_id = s.id", *steps, *self._beyond_place("r", "score")])
        self._part(
            f"{name}_each",
            f"SELECT w.*, row_number() OVER (PARTITION BY w.skill_id {self._order_of('w')}) AS nth"
            f" FROM unnest({these}) AS s (id) CROSS JOIN LATERAL ({one} {self._ordered('r', most=each)}) AS w",
        )
        ends = f"SELECT FROM {name}_each AS e WHERE e.nth >= {each}"
        places = ", ".join(f"e.{column}" for column in self._columns)
        end = f"(SELECT {places} FROM {name}_each AS e WHERE e.nth >= {each} {self._order_of('e')} LIMIT 1)"
        before = "<=" if self._direction == "ASC" else ">="
        self._part(
            f"{name}_walk",
            f"SELECT r.professional_id, r.score, r.skill_id FROM {name}_each AS r WHERE NOT EXISTS ({ends})"
            f" OR ({', '.join(f'r.{column}' for column in self._columns)}) {before} {end}"
            f" {self._ordered('r', most=self._near)}",
        )
        # Everybody comes once, with their best.
        better = [f"b.skill_id = ANY({these})", told.valid("b"), "(b.score, b.skill_id) > (r.score, r.skill_id)"]
        once = f"NOT {told.exists('claim', 'b', 'r', better)}"
        holders = _from("claim", "score", [f"r.skill_id = ANY({these})", *steps, *probes])
        beyond = _all(self._beyond_place("r", "score"))
        every = (
            f"SELECT r.professional_id, r.score FROM (SELECT h.professional_id, max(h.score) AS score FROM ({holders})"
            f" AS h GROUP BY h.professional_id) AS r WHERE {beyond}"
        )
        self._near_or_all(name, [once, *probes], f"NOT EXISTS ({ends})", every)
        return name

    def _near_or_all(self, name: str, probes: list[str], is_whole: str, every: str) -> None:
        """Add the list ``name``: of its walk whoever meets ``probes``, or of ``every`` where that is too little.

        ``is_whole`` tells whether a walk that is shorter than it might be has come to the end of the list.
        """
        self._part(
            f"{name}_near",
            f"SELECT r.professional_id, r.score FROM {name}_walk AS r WHERE {_all(probes)} {self._ordered('r')}",
        )
        done = f"(SELECT so FROM {name}_done)"
        many = f"(SELECT count(*) FROM {name}_near)"
        at_end = f"(SELECT count(*) FROM {name}_walk) < {self._near} AND {is_whole}"
        self._part(f"{name}_done", f"SELECT {many} >= {self._enough or self._limit} OR {at_end} AS so")
        self._partial.append(f"({many} BETWEEN {self._enough} AND {self._limit} - 1 AND NOT ({at_end}))")
        self._part(
            name,
            f"SELECT r.professional_id, r.score FROM {name}_near AS r WHERE {done} UNION ALL"
            f" SELECT r.professional_id, r.score FROM (SELECT r.professional_id, r.score FROM ({every}) AS r"
            f" {self._ordered('r')}) AS r WHERE NOT {done}",
        )

    def _part(self, name: str, query: str) -> None:
        self._parts.append(f"{name} AS MATERIALIZED ({query})")

    def _beyond_place(self, alias: str, score: str) -> list[str]:
        if self._after is None:
            return []
        bind = self._conditions.bind
        if self._order == Order.NEWEST:
            return [f"{alias}.professional_id {self._beyond} {bind(self._after.id)}"]
        # One comparison of rows is one step into the index.
        place = f"({bind(self._after.score)}, {bind(self._after.id)})"
        return [f"({alias}.{score}, {alias}.professional_id) {self._beyond} {place}"]

    def _order_of(self, alias: str, score: str = "score") -> str:
        rank = "" if self._order == Order.NEWEST else f"{alias}.{score} {self._direction}, "
        return f"ORDER BY {rank}{alias}.professional_id {self._direction}"

    def _ordered(self, alias: str, score: str = "score", most: str = "") -> str:
        return f"{self._order_of(alias, score)} LIMIT {most or self._limit}"


def _from(table: str, score: str, conditions: list[str]) -> str:
    # Of skills the walk also says which one: a probe may ask for a better one.
    skill = ", r.skill_id" if table == "claim" else ""
    return (
        f"SELECT r.professional_id, r.{score} AS score{skill} FROM profiles_search{table} AS r WHERE {_all(conditions)}"
    )


def _all(conditions: list[str]) -> str:
    return " AND ".join(conditions) or "TRUE"
