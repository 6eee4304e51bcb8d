"""What a person must meet to be found, as SQL over the tables of ``models.search_row``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from marketplace.kernel.money import Currency
from profiles.levels import Evidence
from profiles.search_criteria import Criteria
from profiles.taxonomy.text import strip_accents
from profiles.terms import Term

_HIGHEST_CENTS = 2**31 - 1


class Conditions:
    """The conditions of ``criteria`` on rows under an alias; ``parameters`` are what the statement binds.

    Those of ``person`` and ``claim`` stand in the indexes that are walked. ``probes`` are asked of one person after
    the other in another table, wherever the person comes from: ``outer`` is any table with a ``professional_id``.
    """

    def __init__(self, criteria: Criteria, *, today: dt.date, pesos: Decimal | None) -> None:
        """``pesos``: what a dollar is worth, None where no exchange rate is known; needed with ``criteria.dollars``."""
        self.parameters: dict[str, Any] = {}
        self._asked, self._pesos = criteria, pesos
        self._today = self.bind(today)

    def bind(self, value: Any) -> str:
        """Return the place in the statement of a value that is sent beside it."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s"

    def person(self, alias: str) -> list[str]:
        """Return what rows of people and of skills both say: it stands in the indexes that are walked."""
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
        conditions = [f"{alias}.{column} {sign % self.bind(value)}" for column, sign, value in told if value]
        if asked.country is not None:
            conditions.append(f"{alias}.country = {self.bind(asked.country)}")
        if asked.available_on is not None:
            conditions.append(
                f"{self.bind(asked.available_on)} BETWEEN {alias}.available_from AND {alias}.available_until"
            )
        if asked.dollars is not None:
            conditions.append(self._affordable(alias, asked.dollars))
        return conditions

    def _affordable(self, alias: str, dollars: Decimal) -> str:
        limits = {Currency.USD: dollars}
        if self._pesos is not None:
            limits[Currency.MXN] = dollars * self._pesos
        within = [
            f"({alias}.rate_currency = {self.bind(str(currency))}"
            f" AND {alias}.rate_cents <= {self.bind(min(int(amount * 100), _HIGHEST_CENTS))})"
            for currency, amount in limits.items()
        ]
        return f"({' OR '.join(within)})"

    def row(self, alias: str) -> list[str]:
        """Return what only the rows of people say."""
        asked = self._asked
        told = [
            ("city", "=", folded(asked.city)),
            ("cluster", "=", folded(asked.cluster)),
            ("created_at", ">", asked.created_after),
            ("updated_at", ">", asked.updated_after),
        ]
        return [f"{alias}.{column} {sign} {self.bind(value)}" for column, sign, value in told if value]

    def evidenced(self, alias: str) -> list[str]:
        """Return that some skill has the evidence, where no skill is asked for."""
        if not self._asked.evidence or self._asked.skills:
            return []
        column = "verified_until" if self._asked.evidence == Evidence.VERIFIED else "tested_until"
        return [f"{alias}.{column} >= {self._today}"]

    def of_row(self, outer: str) -> list[str]:
        """Return, as a probe, what only the rows of people say."""
        conditions = [*self.row("w"), *self.evidenced("w")]
        return [self.exists("row", "w", outer, conditions)] if conditions else []

    def valid(self, alias: str) -> str:
        """Return that the skill is held today."""
        return f"{alias}.valid_until >= {self._today}"

    def claim(self, alias: str, skill: int, level: int) -> list[str]:
        """Return that the skill is held at ``level`` with the evidence asked for."""
        conditions = [
            f"{alias}.skill_id = {self.bind(skill)}",
            f"{alias}.level >= {self.bind(level)}",
            self.valid(alias),
        ]
        if self._asked.evidence:
            conditions.append(f"{alias}.evidence >= {self.bind(self._asked.evidence)}")
            conditions.append(f"{alias}.evidence_until >= {self._today}")
        return conditions

    def shown(self, term: Term, outer: str) -> str:
        """Return, as a probe, that a skill of ``term`` is held or its words are in the text."""
        ways = [self.holding(term, outer)] if self._asked.term_skills(term) else []
        ways += [self.written(term, outer)] if term.words else []
        return f"({' OR '.join(ways) or 'FALSE'})"

    def holding(self, term: Term, outer: str) -> str:
        """Return, as a probe, that any skill of ``term`` is held."""
        named = self.bind(self._asked.term_skills(term))
        return self.exists("claim", "t", outer, [f"t.skill_id = ANY({named})", self.valid("t")])

    def written(self, term: Term, outer: str) -> str:
        """Return, as a probe, that all words of ``term`` are in the text."""
        if not term.words:
            return "FALSE"
        query = " && ".join(f"({self._beginning_or_stem(word)})" for word in term.words)
        return self.exists("text", "x", outer, [f"x.words @@ ({query})"])

    def _beginning_or_stem(self, word: str) -> str:
        """Any word that begins so, accents aside, or that has the same stem in English or Spanish."""
        written, stripped, begins = self.bind(word), self.bind(folded(word)), self.bind(beginning(word))
        return (
            f"to_tsquery('simple', {begins}) || plainto_tsquery('english', {written})"
            f" || plainto_tsquery('spanish', {written}) || plainto_tsquery('spanish', {stripped})"
        )

    @staticmethod
    def exists(table: str, alias: str, outer: str, conditions: Iterable[str]) -> str:
        """Return, as a probe, that a row about the person of ``outer`` meets ``conditions``."""
        return (
            f"EXISTS (SELECT FROM profiles_search{table} AS {alias} WHERE {alias}.professional_id ="
            f" {outer}.professional_id AND {' AND '.join(conditions)})"
        )


def folded(text: str) -> str:
    """Return ``text`` as the tables hold it: trimmed, lower case, no accents."""
    return strip_accents(text.strip()).lower()


def beginning(word: str) -> str:
    """Return the text of a tsquery of any word that begins with ``word``, accents and case ignored."""
    return f"'{folded(word).translate({39: ' ', 92: ' '})}':*"
