"""Languages that somebody speaks, and what a résumé says of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from profiles.importers import tongues
from profiles.importers.lines import Line, without_pictures
from profiles.importers.listings import LEVEL_ALONE, MARKS, split_items

_TEST = re.compile(
    r"\W*(?:TOEFL|IELTS|TOEIC|DELE|SIELE|DELF|DALF|Duolingo|Linguaskill|Cambridge|Goethe|TestDaF|CELPE|HSK|JLPT)\b",
    re.IGNORECASE,
)


def read_languages(lines: Sequence[Line]) -> Iterator[tuple[dict[str, Any], Line]]:
    """Yield entries of JSON Resume's ``languages``: the name as written, and what is said of it as ``fluency``.

    A level that stands alone, in the next cell or line, belongs to the language before it.
    """
    found: list[tuple[dict[str, Any], Line]] = []
    for line in lines:
        if line.cells:
            found += [(entry, line) for entry in _language_row(line)]
            continue
        for text in _apart(split_items(line.text)):
            entry = _language(text)
            if entry is not None:
                found.append((entry, line))
            elif found and (every := re.match(r"(?:both|all|ambos|todos)\b[\s:]+", text, re.IGNORECASE)):
                for each, _line in found:
                    each.setdefault("fluency", text[every.end() :].strip(" :()–—-,."))
            elif found and _is_fluency(text):
                said = text.strip(" :()–—-,.")
                found[-1][0]["fluency"] = f"{found[-1][0]['fluency']}, {said}" if "fluency" in found[-1][0] else said
    yield from found


def _apart(items: Sequence[str]) -> list[str]:
    """Part ``English and Spanish`` where both are languages."""
    whole = [each for item in items for each in _unglued(item)]
    parted = [re.split(r"\s+(?:and|y|e)\s+", item) for item in whole]
    halves = zip(whole, parted, strict=True)
    return [each for item, parts in halves for each in (parts if all(map(_language, parts)) else [item])]


def _unglued(item: str) -> list[str]:
    """Part ``Español 100% Maya (hablado) Inglés 80%`` before each language; one in brackets belongs to what is said."""
    starts = [
        found.start()
        for found in re.finditer(r"[^\W\d_]+", item)
        if tongues.is_language(found[0]) and item.count("(", 0, found.start()) == item.count(")", 0, found.start())
    ]
    # What stands before the first language, “Native: English”, is said of it.
    edges = [0, *starts[1:], len(item)]
    return [re.sub(r"\s*(?:\b(?:and|y|e)|/)\s*$", "", item[start:end]).strip() for start, end in pairwise(edges)]


def _language(text: str) -> dict[str, str] | None:
    words = text.replace("(", " (").replace(":", ": ").split()
    position = next((at for at, word in enumerate(words) if tongues.is_language(word)), None)
    if position is None:
        # A language that no list knows is one where its level stands behind it.
        found = re.fullmatch(r"(?P<language>[^\W\d_]{3,20})\s*(?:[:(–—-]\s*)(?P<fluency>[^)]{2,40})\)?", text.strip())
        return found.groupdict() if found and _is_fluency(found["fluency"]) else None
    rest = " ".join([*words[:position], *words[position + 1 :]])
    fluency = _spoken(MARKS.sub("", rest))
    if "(" in fluency and ")" not in fluency:
        fluency += ")"
    entry = {"language": words[position].strip(" :()–—-,.")}
    return {**entry, "fluency": fluency} if fluency else entry


def _spoken(rest: str) -> str:
    """Return what is said of a language, without flags and without its name in letters of its own: ``(עברית)``."""
    plain_letters = re.sub(r"\([^()]*\)", lambda found: found[0] if _in_latin(found[0]) else " ", rest)
    return " ".join(without_pictures(word) for word in plain_letters.split()).strip(" :()–—-,.").strip()


def _in_latin(text: str) -> bool:
    return all("LATIN" in unicodedata.name(sign, "LATIN") for sign in text if sign.isalpha())


def _is_fluency(text: str) -> bool:
    return bool(
        LEVEL_ALONE.fullmatch(text.strip(" .:()")) or re.search(r"\b[ABC][12]\b|\d\s*%", text) or _TEST.match(text)
    )


def _language_row(line: Line) -> Iterator[dict[str, Any]]:
    said = dict(line.cells)
    if entry := _language(said.get("language", "")):
        parts = [said[name] for name in ("level", "speaking", "writing", "reading", "listening") if name in said]
        cefr = {
            name: level[0].upper()
            for name in ("listening", "reading", "speaking", "writing")
            if (level := re.search(r"\b[ABC][12]\b", said.get(name, ""), re.IGNORECASE))
        }
        yield {**entry, **({"fluency": parts[0]} if parts else {}), **({"cefr": cefr} if cefr else {})}
