"""From what somebody wrote to a skill: certain or refused, with the nearest names offered."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.errors import FieldError
from profiles.models import Skill
from profiles.taxonomy.finder import Finder
from profiles.taxonomy.hierarchy import Hierarchy
from profiles.taxonomy.lookup import Lookup, Match
from profiles.taxonomy.source import Entry, read_taxonomy
from profiles.taxonomy.ways import SUGGESTED


@lru_cache
def entries() -> dict[str, Entry]:
    """Return the entries of the taxonomy under their codes, read once per process."""
    return read_taxonomy().by_code()


@lru_cache
def names() -> Lookup:
    """Return the look-up over every name of the taxonomy, read once per process."""
    return Lookup(entries().values())


@lru_cache
def finder() -> Finder:
    """Return the finder of skills inside sentences, built once per process."""
    return Finder(entries().values())


@lru_cache
def hierarchy() -> Hierarchy:
    """Return what is more general and what more special than each skill, built once per process."""
    return Hierarchy(entries().values())


def matches(text: str) -> list[Match]:
    """Return what ``text`` may mean, surest first: the certain skill, then similar spellings (``how`` is ``fuzzy``)."""
    found = names().find(text)
    near = [Match(each.code, each.confidence, SUGGESTED) for each in names().suggest(text)]
    return [found, *(each for each in near if each.code != found.code)] if found else near


def codes(text: str) -> list[str]:
    """Return the codes that ``text`` may mean, surest first: the certain one, then similar spellings."""
    return [match.code for match in matches(text)]


def resolve(texts: Collection[str]) -> dict[str, Skill]:
    """Return the skill of each text that names one for certain, in one query; the others are left out."""
    found = {text: match.code for text in texts if (match := names().find(text))}
    rows = {skill.code: skill for skill in Skill.objects.filter(code__in=[*found.values(), *texts], active=True)}
    known = {text: rows.get(text) or rows.get(found.get(text, "")) for text in texts}
    return {text: skill for text, skill in known.items() if skill is not None}


def unknown(text: str, pointer: str) -> FieldError:
    """Return the fault of a text that names no skill, with the nearest names in the reader's language."""
    near = Skill.objects.in_bulk(codes(text), field_name="code")
    language = get_language() or "en"
    offered: list[dict[str, Any]] = [
        {"code": code, "name": near[code].name(language)} for code in codes(text) if code in near
    ]
    return FieldError(
        pointer, "unknown_skill", _("No skill is called “%(text)s”.") % {"text": text}, {"suggestions": offered}
    )
