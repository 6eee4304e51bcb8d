"""A search as one would write it without thinking of speed: everybody in memory, one condition after the other."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from marketplace.kernel import clock
from profiles.levels import Seniority
from profiles.models import Certificate, LanguageProficiency, Professional, Skill, SkillBroader, SkillClaim
from profiles.taxonomy.text import strip_accents


@dataclass(frozen=True)
class Known:
    """What somebody shows of one skill; ``lasting`` evidence holds today."""

    level: int
    lasting: int
    points: int


class Oracle:
    """Answers from rows read once."""

    def __init__(self) -> None:
        today = clock.today()
        self.people = {person.pk: person for person in Professional.objects.exclude(status="erased")}
        self.spoken: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
        for row in LanguageProficiency.objects.all():
            self.spoken[row.professional_id][row.language] = row.speaking
        self.known: dict[uuid.UUID, dict[str, Known]] = defaultdict(dict)
        for cert in Certificate.objects.select_related("skill"):
            if cert.expires_on is None or cert.expires_on >= today:
                points = 500 + 60 * cert.evidence
                self.known[cert.professional_id][cert.skill.code] = Known(5, cert.evidence, points)
        for claim in SkillClaim.objects.select_related("skill"):
            lapsed = claim.evidence_expires_on is not None and claim.evidence_expires_on < today
            lasting = 0 if lapsed else claim.evidence
            recency = 4 * min(max((claim.last_used or 0) - 2000, 0), 50)
            points = 100 * claim.level + 60 * lasting + 6 * min(claim.years, 15) + recency
            self.known[claim.professional_id][claim.skill.code] = Known(claim.level, lasting, points)
        self.codes = set(Skill.objects.values_list("code", flat=True))
        self.written = {key: _words(person) for key, person in self.people.items()}
        self.children = defaultdict(set)
        for link in SkillBroader.objects.select_related("skill", "broader"):
            self.children[link.broader.code].add(link.skill.code)

    def below(self, code: str) -> set[str]:
        """A skill and everything narrower."""
        return {code}.union(*(self.below(child) for child in self.children[code]))

    def standing(self, key: uuid.UUID) -> int:
        return 40 * self.people[key].seniority + 25 * self.spoken[key].get("en", 0)

    def find(self, asked: dict[str, list[str]]) -> list[tuple[uuid.UUID, int]]:
        """Return (id, score), best first, of those who meet a query.

        ``q`` holds codes of skills, or words that name none, with "and" between.
        """
        kept = [key for key, person in self.people.items() if self._fits(key, person, asked)]
        ranked = [(key, self.standing(key) + self._points(key, asked)) for key in kept]
        by_id = asked.get("sort") == ["newest"]
        return sorted(ranked, key=lambda hit: (0 if by_id else hit[1], hit[0]), reverse=True)

    def _shows(self, key: uuid.UUID, text: str) -> bool:
        if text in self.codes:
            return bool(self.below(text) & set(self.known[key]))
        return any(word.startswith(text) for word in self.written[key])

    def _points(self, key: uuid.UUID, asked: dict[str, list[str]]) -> int:
        known = self.known[key]
        if "skill" in asked:
            return known[asked["skill"][0].partition(":")[0]].points
        if "q" not in asked:
            return max((each.points for each in known.values()), default=0)
        named = [text for text in asked["q"][0].split(" and ") if text in self.codes]
        codes = self.below(named[0]) if named else set()
        return max((known[code].points for code in codes & set(known)), default=0)

    def _fits(self, key: uuid.UUID, person: Professional, asked: dict[str, list[str]]) -> bool:
        least = {"self_declared": 0, "tested": 1, "verified": 2}[asked.get("evidence_min", ["self_declared"])[0]]
        known = self.known[key]
        for text in asked.get("skill", []):
            code, _colon, level = text.partition(":")
            if code not in known or known[code].level < int(level) or known[code].lasting < least:
                return False
        if "skill" not in asked and least and all(each.lasting < least for each in known.values()):
            return False
        if not all(self._shows(key, text) for each in asked.get("q", []) for text in each.split(" and ")):
            return False
        for text in asked.get("speaks", []):
            language, _colon, step = text.partition(":")
            if self.spoken[key].get(language, 0) < ["a1", "a2", "b1", "b2", "c1", "c2"].index(step) + 1:
                return False
        tests = {
            "status": lambda values: person.status in values,
            "function": lambda values: (
                set(person.functions)
                & {["business", "architecture", "engineering", "operations"].index(value) for value in values}
            ),
            "seniority_min": lambda values: person.seniority >= Seniority[values[0].upper()],
            "country": lambda values: person.country == ["MX", "US"].index(values[0]),
            "city": lambda values: _plain(person.city) == _plain(values[0]),
            "cluster": lambda values: _plain(person.cluster) == _plain(values[0]),
            "available_from": lambda values: _there(person, dt.date.fromisoformat(values[0])),
            "weekly_minutes_min": lambda values: person.weekly_minutes >= int(values[0]),
            "rate_max": lambda values: _dollars(person) <= Decimal(values[0]),
        }
        return all(test(asked[name]) for name, test in tests.items() if name in asked)


def _words(person: Professional) -> set[str]:
    texts = (person.headline_en, person.headline_es, person.summary_en, person.summary_es, person.city, person.cluster)
    return set(re.findall(r"\w+", _plain(" ".join(texts))))


def _plain(text: str) -> str:
    return strip_accents(text).lower()


def _there(person: Professional, day: dt.date) -> bool:
    return (person.available_from or day) <= day <= (person.available_until or day)


def _dollars(person: Professional) -> Decimal:
    return person.rate_amount if person.rate_currency == "USD" else person.rate_amount / Decimal("18.50")
