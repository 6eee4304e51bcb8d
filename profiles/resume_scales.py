"""The words in which résumés state levels, read into the scales of a profile and written from them.

Words say less than a level does, so each reading has a confidence, and the person confirms it. Years of practice are
read by a table of our own, which stops below expert: time alone makes nobody one.

============  =====================
years         level
============  =====================
under 1       2, works with guidance
1 to 3        3, works independently
4 and more    4, advanced
============  =====================
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from profiles.levels import Activity, Cefr, LanguageCode, Level
from profiles.taxonomy.text import strip_accents

ASSUMED_LEVEL = Level.INDEPENDENT

_LEVEL_WORDS = (
    (Level.EXPERT, r"expert|experto|experta|master|guru|experte|dominio total"),
    (Level.ADVANCED, r"advanced|avanzad[oa]|proficient|fluent|senior|strong|alto|highly|solid[oa]|excellent|excelente"),
    (Level.SUPERVISED, r"basic|basic[oa]|elementary|elemental|some|familiar|junior|bajo"),
    (Level.AWARE, r"beginner|principiante|novice|aware|nociones|none"),
    (
        Level.INDEPENDENT,
        r"intermediate|intermedi[oa]|competent|competente|medio|working|good|bueno|regular",
    ),
)
_LEVELS_OUT = {
    Level.AWARE: ("Beginner", "Principiante"),
    Level.SUPERVISED: ("Basic", "Básico"),
    Level.INDEPENDENT: ("Intermediate", "Intermedio"),
    Level.ADVANCED: ("Advanced", "Avanzado"),
    Level.EXPERT: ("Expert", "Experto"),
}
_OUT_OF = re.compile(r"(\d{1,2}(?:[.,]\d)?)\s*(?:/|of|de|out of)\s*(\d{1,3})|(\d{1,3})\s*%")

_CEFR = re.compile(r"\b([abc][12])\b")
_NATIVE = re.compile(r"\b(?:native|nativ[oa]|mother tongue|materna|bilingual|bilingue|first language)\b")
# LinkedIn's five steps are those of the US government's ILR scale; the pairs are customary, not official.
_FLUENCY_WORDS = (
    (
        Cefr.C1,
        r"full professional|profesional completo|competencia profesional completa|fluent|fluente|fluid[oa]|fluency",
    ),
    (
        Cefr.B1,
        r"limited working|basico limitado|profesional basica|intermediate|intermedi(?:ari)?[oa]|conversational|medio",
    ),
    (Cefr.B2, r"professional working|profesional|upper intermediate|intermedio alto|good|bueno"),
    (Cefr.C1, r"advanced|avanzad[oa]|proficient|excellent|excelente|dominio"),
    (Cefr.A2, r"elementary|elemental|basic|basic[oa]|pre intermediate"),
    (Cefr.A1, r"beginner|principiante"),
)
_LANGUAGE_NAMES = {
    LanguageCode.ENGLISH: frozenset(("english", "ingles", "en", "eng", "en us", "en gb", "idioma ingles")),
    LanguageCode.SPANISH: frozenset(
        ("spanish", "espanol", "castellano", "es", "spa", "es mx", "es es", "idioma espanol")
    ),
}


@dataclass(frozen=True)
class Fluency:
    """CEFR by activity as words state it, or native; ``confidence`` 0..100."""

    levels: dict[str, Cefr]
    native: bool
    confidence: int


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9/%.,]+", strip_accents(text).casefold().replace("-", " ")))


def read_level(text: str) -> Level | None:
    """Return the level that a text states, in words, as a share (``4/5``, ``80%``), or None."""
    compared = _plain(text)
    if found := _OUT_OF.search(compared):
        part = float((found[1] or found[3]).replace(",", "."))
        whole = float(found[2] or 100)
        return Level(min(5, max(1, round(5 * part / whole)))) if 0 < part <= whole else None
    if compared in {str(level.value) for level in Level}:
        return Level(int(compared))
    for level, words in _LEVEL_WORDS:
        if re.search(rf"\b(?:{words})\b", compared):
            return level
    return None


def level_of_years(years: int) -> Level:
    """Return the level that years of practice speak for, by the table above."""
    if years < 1:
        return Level.SUPERVISED
    return Level.INDEPENDENT if years < 4 else Level.ADVANCED


def write_level(level: int, language: str) -> str:
    """Return a level in a word that ``read_level`` reads back."""
    return _LEVELS_OUT[Level(level)][language.startswith("es")]


def read_language(text: str) -> LanguageCode | None:
    """Return which of our languages a name or code means."""
    compared = _plain(text)
    return next((code for code, names in _LANGUAGE_NAMES.items() if compared in names), None)


def read_fluency(text: str, cefr: dict[str, str] | None = None) -> Fluency | None:
    """Return what is said of a language: by activity where ``cefr`` has it, else the words. None when nothing tells."""
    stated = {
        activity: Cefr[level.upper()]
        for activity, level in (cefr or {}).items()
        if activity in Activity.values and isinstance(level, str) and level.upper() in Cefr.__members__
    }
    compared = _plain(text)
    native = bool(_NATIVE.search(compared))
    if stated.get("speaking"):
        return Fluency(stated, native, 95)
    if native:
        return Fluency({}, True, 90)
    if found := _CEFR.search(compared):
        return Fluency(dict.fromkeys(Activity.values, Cefr[found[1].upper()]), False, 90)
    for level, words in _FLUENCY_WORDS:
        if re.search(rf"\b(?:{words})\b", compared):
            return Fluency(dict.fromkeys(Activity.values, level), False, 55)
    return None


def write_fluency(speaking: int, native: bool, language: str) -> str:
    """Return a level, or that somebody is native, in words that ``read_fluency`` reads back."""
    if native:
        return "Hablante nativo" if language.startswith("es") else "Native speaker"
    return Cefr(speaking).name if speaking else ""


def write_language(code: str, language: str) -> str:
    """Return the name of one of our languages."""
    names = {"en": ("English", "Inglés"), "es": ("Spanish", "Español")}
    return names[code][language.startswith("es")]
