"""What the columns of a market say in words: names, addresses, headlines, summaries, in both languages."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from profiles.levels import Country, Seniority
from profiles.synthetic import names
from profiles.synthetic.market import SyntheticMarket
from profiles.taxonomy.source import Taxonomy
from profiles.taxonomy.text import strip_accents

MARK_EN, MARK_ES = "[Synthetic]", "[Sintético]"

_SENIORITY_EN = {
    Seniority.JUNIOR: "Junior",
    Seniority.MID: "Mid-level",
    Seniority.SENIOR: "Senior",
    Seniority.LEAD: "Lead",
    Seniority.PRINCIPAL: "Principal",
}
_SENIORITY_ES = {
    Seniority.JUNIOR: "nivel júnior",
    Seniority.MID: "nivel intermedio",
    Seniority.SENIOR: "nivel sénior",
    Seniority.LEAD: "líder",
    Seniority.PRINCIPAL: "nivel principal",
}
_SHOWN_SKILLS = 3


class Wording:
    """Texts of one market, a person at a time; ``person`` is a row of ``market.people``."""

    def __init__(self, market: SyntheticMarket, taxonomy: Taxonomy) -> None:
        """Keep what is asked again and again in plain lists: indexing arrays one by one is slow."""
        people = market.people
        entries = taxonomy.by_code()
        self._practices = market.practices
        self._places = market.places
        self._given, self._second_given = people.given.tolist(), people.second_given.tolist()
        self._family, self._second_family = people.family.tolist(), people.second_family.tolist()
        self._place, self._practice = people.place.tolist(), people.practice.tolist()
        self._years, self._seniority = people.years.tolist(), people.seniority.tolist()
        self._skill_names = [(entries[code].name_en, entries[code].name_es) for code in market.skill_codes]
        self._best = _best_skills(market)

    def given_names(self, person: int) -> str:
        """Return one or two given names."""
        second = self._second_given[person]
        first = names.GIVEN[self._given[person]]
        return f"{first} {names.GIVEN[second]}" if second >= 0 else first

    def family_names(self, person: int) -> str:
        """Return both family names of a Mexican, the one of a US specialist."""
        return " ".join(name for name in self.family_pair(person) if name)

    def family_pair(self, person: int) -> tuple[str, str]:
        """Return the first and the second family name, the latter empty where there is none."""
        second = self._second_family[person]
        return names.FAMILY[self._family[person]], names.FAMILY[second] if second >= 0 else ""

    def email(self, person: int) -> str:
        """Return an address in a domain that is reserved for examples (RFC 2606), unique within the market."""
        domain = "mx" if self._places[self._place[person]].country == Country.MEXICO else "com"
        first, family = names.GIVEN[self._given[person]], names.FAMILY[self._family[person]]
        local = re.sub(r"[^a-z.]", "", strip_accents(f"{first}.{family}").lower())
        return f"{local}.{person + 1}@example.{domain}"

    def title(self, person: int, seniority: int) -> tuple[str, str]:
        """Return the person's trade at ``seniority``, in English and in Spanish."""
        practice = self._practices[self._practice[person]]
        return (
            f"{_SENIORITY_EN[Seniority(seniority)]}, {practice.title_en}",
            f"{practice.title_es[0].upper()}{practice.title_es[1:]}, {_SENIORITY_ES[Seniority(seniority)]}",
        )

    def headline(self, person: int) -> tuple[str, str]:
        """Return the marked headline in English and in Spanish."""
        english, spanish = self.title(person, self._seniority[person])
        return f"{MARK_EN} {english}", f"{MARK_ES} {spanish}"

    def summary(self, person: int) -> tuple[str, str]:
        """Return the marked summary in English and in Spanish: years, trade, city and the three strongest skills."""
        practice, city = self._practices[self._practice[person]], self._places[self._place[person]].city
        years, best = self._years[person], [self._skill_names[skill] for skill in self._best[person] if skill >= 0]
        english = (
            f"{MARK_EN} {years} {'year' if years == 1 else 'years'} in {practice.title_en}, based in {city}."
            f"{_sentence(' Strongest in ', [name for name, _ in best], 'and')}"
        )
        spanish = (
            f"{MARK_ES} {years} {'año' if years == 1 else 'años'} en {practice.title_es}, con sede en {city}."
            f"{_sentence(' Destaca en ', [name for _, name in best], 'y')}"
        )
        return english, spanish


def _best_skills(market: SyntheticMarket) -> list[list[int]]:
    """Return the strongest skills of each person (by level, then years), -1 where there are fewer."""
    claims = market.claims
    order = np.lexsort((claims.skill, -claims.years.astype(np.int16), -claims.level.astype(np.int16), claims.person))
    person = claims.person[order]
    rank = np.arange(len(person)) - np.searchsorted(person, person, side="left")
    best: NDArray[np.int32] = np.full((len(market), _SHOWN_SKILLS), -1, dtype=np.int32)
    shown = rank < _SHOWN_SKILLS
    best[person[shown], rank[shown]] = claims.skill[order][shown]
    listed: list[list[int]] = best.tolist()
    return listed


def _sentence(opening: str, items: list[str], conjunction: str) -> str:
    if not items:
        return ""
    if len(items) == 1:
        return f"{opening}{items[0]}."
    last = items[-1]
    # Spanish "y" turns into "e" before the sound of an i.
    joint = "e" if conjunction == "y" and re.match(r"h?i(?!e)", strip_accents(last).lower()) else conjunction
    return f"{opening}{', '.join(items[:-1])} {joint} {last}."
