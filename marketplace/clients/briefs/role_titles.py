"""The title of a seat in both languages: the brief's own words in the one, role and skills in the other."""

from __future__ import annotations

from marketplace.clients.briefs import roles
from marketplace.clients.briefs.seat_reading import SeatReading
from profiles.levels import Seniority
from profiles.services import skills
from profiles.taxonomy.text import strip_accents

LONGEST = 120
MOST_SKILLS = 3

_RANKS = {
    Seniority.PRINCIPAL: ("principal", "principal"),
    Seniority.LEAD: ("lead", "líder"),
    Seniority.SENIOR: ("senior", "sénior"),
    Seniority.MID: ("mid-level", "intermedio"),
    Seniority.JUNIOR: ("junior", "júnior"),
}


def both(seat: SeatReading, language: str) -> tuple[str, str]:
    """Return the title of ``seat`` in English and in Spanish; ``language`` is that of the whole brief.

    A role with an English name in a Spanish brief ("QA Engineer") keeps it in both. What the brief does not say is made
    of the role, the rank and up to three skills: "Senior engineer (Java, Spring Boot)".
    """
    if seat.spanish:
        return _made(seat, "en") or seat.title, seat.title
    if language == "es":
        return seat.title, seat.title
    return seat.title, _made(seat, "es")


def _made(seat: SeatReading, language: str) -> str:
    plain = strip_accents(seat.title).casefold()
    # The head of a Spanish title comes first, that of an English one last; of two at one place the first listed counts.
    found = [
        (hit.start() if seat.spanish else -hit.end(), order, english, spanish)
        for order, (words, english, spanish) in enumerate(roles.ROLES)
        if (hit := words.search(plain))
    ]
    if not found:
        return ""
    _, _, english, spanish = min(found)
    # Whoever leads is read as senior without a word of it; "senior lead" would say more than the brief.
    leads = {"lead", "líder"} & {*english.split(), *spanish.split()}
    rank = _RANKS.get(Seniority(seat.seniority)) if seat.seniority and not leads else None
    if language == "en":
        role = f"{rank[0]} {english}" if rank else english
    else:
        role = f"{spanish} {rank[1]}" if rank else spanish
    known = skills.entries()
    named = dict.fromkeys(
        known[m.code].name_en if language == "en" else known[m.code].name_es
        for m in seat.mentions
        # A project manager manages projects: a role of two words says its method itself.
        if m.code in seat.own and (" " not in english or known[m.code].kind == "technology")
    )
    listed = ", ".join(list(named)[:MOST_SKILLS])
    title = f"{role} ({listed})" if listed else role
    return (title[:1].upper() + title[1:])[:LONGEST]
