"""The SQL of one page of a search: whom to look for, and the one statement that finds them in order."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.money import Currency
from profiles.levels import Cefr, Evidence, Seniority
from profiles.taxonomy.text import strip_accents
from profiles.terms import Term

_HIGHEST_CENTS = 2**31 - 1
MOST_STANDING = 40 * max(Seniority.values) + 25 * max(Cefr.values)


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


class Statement:
    """One page as SQL over the tables of ``models.search_row``.

    People come from up to two branches, each in the order of the page and no longer than it: holders of a skill
    (``foremost``), and those who only have the words. What an index cannot say is asked of each person in turn.
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
    ) -> None:
        """``pesos``: what a dollar is worth, None where no exchange rate is known; needed with ``criteria.dollars``."""
        self.parameters: dict[str, Any] = {}
        self._asked, self._order, self._after = criteria, order, after
        self._backward = backward
        self._direction, self._beyond = ("ASC", ">") if backward else ("DESC", "<")
        self._limit, self._today, self._pesos = self._bind(limit), self._bind(today), pesos

    def text(self) -> str:
        """Return the statement: rows of (professional_id, score, ids of skills held). It binds ``parameters``."""
        asked = self._asked
        lead = next((term for term in asked.terms if asked.term_skills(term)), None)
        writers = ""
        if asked.skills:
            found = self._holders()
        elif lead is not None:
            rest = [term for term in asked.terms if term is not lead]
            found = self._holders_of_any(asked.term_skills(lead), rest)
            writers = self._writers(lead, rest) if lead.words else ""
        elif asked.terms:
            found = self._writers(asked.terms[0], asked.terms[1:])
        else:
            found = self._anybody()
        named = [skill for skill, _level in asked.skills]
        named += [skill for term in asked.terms for skill in asked.term_skills(term)]
        held = (
            "SELECT m.skill_id FROM profiles_searchclaim AS m WHERE m.professional_id = h.professional_id AND"
            f" m.skill_id = ANY({self._bind(named)}::int[]) AND {self._valid('m')} ORDER BY m.score DESC, m.skill_id"
        )
        everybody = f"SELECT * FROM foremost UNION ALL ({writers})" if writers else "SELECT * FROM foremost"
        # Starting parallel workers takes longer than most pages; a function that is unsafe for them keeps them away.
        serially = "set_config('max_parallel_workers_per_gather', '0', true)"
        return (
            f"WITH foremost (professional_id, score) AS MATERIALIZED ({found})"
            f" SELECT h.professional_id, h.score, ARRAY({held}) FROM ({everybody}) AS h (professional_id, score),"
            f" {serially} {self._ordered('h', 'score')}"
        )

    def _bind(self, value: Any) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s"

    # -- where people come from ----------------------------------------------------------------------------------------

    def _anybody(self) -> str:
        conditions = [*self._person("r"), *self._row("r"), *self._evidenced("r")]
        return self._branch("row", "r", "score", conditions)

    def _holders(self) -> str:
        """Holders of the first skill asked for who have the others too."""
        (skill, level), *others = self._asked.skills
        conditions = [
            *self._claim("c", skill, level),
            *self._person("c"),
            *(self._exists("claim", "o", "c", self._claim("o", other, least)) for other, least in others),
            *(self._shown(term, "c") for term in self._asked.terms),
            *self._of_row("c"),
        ]
        return self._branch("claim", "c", "score", conditions)

    def _holders_of_any(self, named: list[int], rest: Iterable[Term]) -> str:
        """Holders of any of these skills, each person with the best of them."""
        conditions = [
            "c.skill_id = s.id",
            self._valid("c"),
            *self._person("c"),
            *(self._shown(term, "c") for term in rest),
            *self._of_row("c"),
        ]
        if len(named) > 1 and self._after is not None:
            # Whoever stood on an earlier page with a better skill does not come again with a lesser one.
            better = [
                f"b.skill_id = ANY({self._bind(named)})",
                self._valid("b"),
                "(b.score, b.skill_id) > (c.score, c.skill_id)",
            ]
            conditions.append(f"NOT {self._exists('claim', 'b', 'c', better)}")
        # One walk per skill, each ending after a page: an index cannot merge the ranks of several.
        return (
            f"SELECT each.professional_id, max(each.score) FROM unnest({self._bind(named)}) AS s (id)"
            f" CROSS JOIN LATERAL ({self._branch('claim', 'c', 'score', conditions)}) AS each"
            " GROUP BY each.professional_id"
        )

    def _writers(self, lead: Term, rest: Iterable[Term]) -> str:
        """Those who have the words of ``lead`` in their text and none of its skills."""
        conditions = [
            self._written(lead, "r"),
            *self._person("r"),
            *self._row("r"),
            *self._evidenced("r"),
            *(self._shown(term, "r") for term in rest),
        ]
        if self._asked.term_skills(lead):
            conditions.append(f"NOT {self._holding(lead, 'r')}")
            if self._order == Order.RANK and not self._backward:
                # Nobody is looked for who could not come onto this page any more.
                ahead = f"SELECT count(*) FROM foremost WHERE score > {self._bind(MOST_STANDING)}"
                conditions.append(f"({ahead}) < {self._limit}")
        return self._branch("row", "r", "standing", conditions)

    def _branch(self, table: str, alias: str, score: str, conditions: list[str]) -> str:
        if self._after is not None and self._order == Order.NEWEST:
            conditions = [*conditions, f"{alias}.professional_id {self._beyond} {self._bind(self._after.id)}"]
        elif self._after is not None:
            # One comparison of rows is one step into the index.
            place = f"({self._bind(self._after.score)}, {self._bind(self._after.id)})"
            conditions = [*conditions, f"({alias}.{score}, {alias}.professional_id) {self._beyond} {place}"]
        return (
            f"SELECT {alias}.professional_id, {alias}.{score} FROM profiles_search{table} AS {alias}"
            f" WHERE {' AND '.join(conditions) or 'TRUE'} {self._ordered(alias, score)}"
        )

    def _ordered(self, alias: str, score: str) -> str:
        rank = "" if self._order == Order.NEWEST else f"{alias}.{score} {self._direction}, "
        return f"ORDER BY {rank}{alias}.professional_id {self._direction} LIMIT {self._limit}"

    # -- conditions ----------------------------------------------------------------------------------------------------

    def _person(self, alias: str) -> list[str]:
        """What rows of people and of skills both say, in the index that is walked."""
        asked = self._asked
        told = [
            ("status", "= ANY(%s)", list(asked.status)),
            ("functions", "& %s <> 0", sum(1 << function for function in set(asked.functions))),
            ("seniority", ">= %s", asked.seniority),
            ("english", ">= %s", asked.english),
            ("spanish", ">= %s", asked.spanish),
            ("weekly_minutes", ">= %s", asked.weekly_minutes),
            ("professional_id", "= ANY(%s)", list(asked.ids)),
        ]
        conditions = [f"{alias}.{column} {sign % self._bind(value)}" for column, sign, value in told if value]
        if asked.country is not None:
            conditions.append(f"{alias}.country = {self._bind(asked.country)}")
        if asked.available_on is not None:
            conditions.append(
                f"{self._bind(asked.available_on)} BETWEEN {alias}.available_from AND {alias}.available_until"
            )
        if asked.dollars is not None:
            conditions.append(self._affordable(alias, asked.dollars))
        return conditions

    def _affordable(self, alias: str, dollars: Decimal) -> str:
        limits = {Currency.USD: dollars}
        if self._pesos is not None:
            limits[Currency.MXN] = dollars * self._pesos
        within = [
            f"({alias}.rate_currency = {self._bind(str(currency))}"
            f" AND {alias}.rate_cents <= {self._bind(min(int(amount * 100), _HIGHEST_CENTS))})"
            for currency, amount in limits.items()
        ]
        return f"({' OR '.join(within)})"

    def _row(self, alias: str) -> list[str]:
        """What only the rows of people say."""
        asked = self._asked
        told = [
            ("city", "=", folded(asked.city)),
            ("cluster", "=", folded(asked.cluster)),
            ("created_at", ">", asked.created_after),
            ("updated_at", ">", asked.updated_after),
        ]
        return [f"{alias}.{column} {sign} {self._bind(value)}" for column, sign, value in told if value]

    def _evidenced(self, alias: str) -> list[str]:
        """Evidence of any skill, where none is asked for."""
        if not self._asked.evidence or self._asked.skills:
            return []
        column = "verified_until" if self._asked.evidence == Evidence.VERIFIED else "tested_until"
        return [f"{alias}.{column} >= {self._today}"]

    def _of_row(self, outer: str) -> list[str]:
        conditions = [*self._row("w"), *self._evidenced("w")]
        return [self._exists("row", "w", outer, conditions)] if conditions else []

    def _valid(self, alias: str) -> str:
        return f"{alias}.valid_until >= {self._today}"

    def _claim(self, alias: str, skill: int, level: int) -> list[str]:
        conditions = [
            f"{alias}.skill_id = {self._bind(skill)}",
            f"{alias}.level >= {self._bind(level)}",
            self._valid(alias),
        ]
        if self._asked.evidence:
            conditions.append(f"{alias}.evidence >= {self._bind(self._asked.evidence)}")
            conditions.append(f"{alias}.evidence_until >= {self._today}")
        return conditions

    def _shown(self, term: Term, outer: str) -> str:
        ways = [self._holding(term, outer)] if self._asked.term_skills(term) else []
        ways += [self._written(term, outer)] if term.words else []
        return f"({' OR '.join(ways) or 'FALSE'})"

    def _holding(self, term: Term, outer: str) -> str:
        named = self._bind(self._asked.term_skills(term))
        return self._exists("claim", "t", outer, [f"t.skill_id = ANY({named})", self._valid("t")])

    def _written(self, term: Term, outer: str) -> str:
        if not term.words:
            return "FALSE"
        query = " && ".join(f"({self._beginning_or_stem(word)})" for word in term.words)
        return self._exists("text", "x", outer, [f"x.words @@ ({query})"])

    def _beginning_or_stem(self, word: str) -> str:
        """Any word that begins so, accents aside, or that has the same stem in English or Spanish."""
        plain = folded(word)
        written, stripped = self._bind(word), self._bind(plain)
        begins = self._bind(f"'{plain.translate({39: ' ', 92: ' '})}':*")
        return (
            f"to_tsquery('simple', {begins}) || plainto_tsquery('english', {written})"
            f" || plainto_tsquery('spanish', {written}) || plainto_tsquery('spanish', {stripped})"
        )

    @staticmethod
    def _exists(table: str, alias: str, outer: str, conditions: Iterable[str]) -> str:
        return (
            f"EXISTS (SELECT FROM profiles_search{table} AS {alias} WHERE {alias}.professional_id ="
            f" {outer}.professional_id AND {' AND '.join(conditions)})"
        )


def folded(text: str) -> str:
    """Return ``text`` as the tables hold it: trimmed, lower case, no accents."""
    return strip_accents(text.strip()).lower()
