"""Lines of a text document, with what their looks say about their rank."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from profiles.importers.reading import Reading, Source, excerpt

MOST_CHARACTERS = 200_000
LONGEST_LINE = 2_000

# Zero-width signs and the marks that turn the direction of writing: they show nothing and hide words from a search.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_GAP = re.compile(r"\t+|[ \u00a0]{4,}")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
# “E X P E R I E N C I A   L A B O R A L”: letters apart by one space, words by more.
_SPACED = re.compile(r"\s*(?:[^\W\d_]|&)(?: [^\W\d_])*(?:\s{2,}(?:[^\W\d_]|&)(?: [^\W\d_])*)*\s*")
_FEWEST_SPACED = 4
_BULLET = re.compile(r"^\s*(?:[•●▪■◦‣⁃·∙○►▸➢➤✓✔★*–—-]|o(?=\s{2,}))\s+")


@dataclass(frozen=True)
class Line:
    """One line: ``number`` counts from 1 on its ``page`` (0 without pages); ``size`` and ``y`` in points, 0 unknown.

    ``left`` is the distance from the left edge and ``edge`` where the column ends (0 unknown); ``heading`` is set where
    the document itself says so and ``rank`` tells its level (1 the highest, 0 unknown); ``bullet`` where the line opens
    an item of a list; ``hidden`` where signs that show nothing were taken out. ``cells`` are the parts of a row of a
    table whose columns say what they hold, as pairs of a name of ``tables`` and the text. ``stretch`` is how wide the
    letters of the font are beside the usual ones.
    """

    text: str
    page: int = 0
    number: int = 0
    size: float = 0.0
    left: float = 0.0
    edge: float = 0.0
    stretch: float = 1.0
    y: float = 0.0
    bold: bool = False
    heading: bool = False
    rank: int = 0
    bullet: bool = False
    hidden: bool = False
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def source(self) -> Source:
        return Source(page=self.page, line=self.number, text=excerpt(self.text))

    @property
    def right(self) -> float:
        """Where the line ends, in points, by the usual widths of letters; exact widths are in fonts that may lack."""
        return self.left + self.stretch * self.size * sum(_width(sign) for sign in self.text)


def _width(sign: str) -> float:
    """Return the width of a letter as a share of its size, about that of Helvetica."""
    if sign in "iljItfr.,;:'’|!()[]-· ":
        return 0.29
    if sign in "mwMW@%—":
        return 0.86
    return 0.68 if sign.isupper() else 0.53


def clean(text: str) -> str:
    """Return a text as it is meant: composed letters, no invisible or control signs, single spaces.

    A wide gap, as between an employer and the dates at the right edge, becomes one tab; words written with a space
    behind each letter are words again.
    """
    visible = _CONTROL.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text).translate(_LIGATURES)))
    if len(visible.split()) >= _FEWEST_SPACED and _SPACED.fullmatch(visible):
        return " ".join(word.replace(" ", "") for word in re.split(r"\s{2,}", visible.strip()))
    pieces = (" ".join(piece.split()) for piece in _GAP.split(visible))
    return "\t".join(piece for piece in pieces if piece)


def line(text: str, **looks: object) -> Line:
    """Return a line of cleaned text, its bullet sign taken off and remembered."""
    # Symbol fonts put their bullets into the private area, which ``clean`` would take away.
    marked = re.sub(r"^\s*[\uf0a7\uf0b7\uf0d8\uf0fc\uf076]", "• ", text[:LONGEST_LINE])
    written = clean(marked)
    if _INVISIBLE.search(text.strip("\u200b\ufeff")):
        looks = {**looks, "hidden": True}
    found = _BULLET.match(written + " ")
    if found and written[found.end() :].strip():
        looks = {**looks, "bullet": True}
        written = written[found.end() :].strip()
    return Line(text=without_pictures(written), **looks)  # type: ignore[arg-type]


def without_pictures(text: str) -> str:
    """Return a text without the emoji and symbols around it: they stand for a label or a bullet, or adorn a name."""
    start, end = 0, len(text)
    while start < end and _is_picture(text[start]):
        start += 1
    while end > start and _is_picture(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_picture(sign: str) -> bool:
    return sign in " \u200d\ufe0f" or unicodedata.category(sign) in {"So", "Sk", "Mn", "Cn"}


def within_limits(lines: Iterable[Line], reading: Reading) -> list[Line]:
    """Return the lines that hold words, up to 200,000 characters in all; what is cut off is told."""
    kept: list[Line] = []
    total = 0
    for each in lines:
        if not each.text:
            continue
        total += len(each.text)
        if total > MOST_CHARACTERS:
            reading.notice("text_cut", most=MOST_CHARACTERS)
            break
        kept.append(each)
    if any(each.hidden for each in kept):
        reading.notice("hidden_characters_removed")
    return kept


def joined(lines: Sequence[Line]) -> str:
    """Return wrapped lines as paragraphs: a line goes on until one ends a sentence, opens an item, or starts anew."""
    paragraphs: list[str] = []
    for each in lines:
        goes_on = (
            bool(paragraphs)
            and not each.bullet
            and (paragraphs[-1][-1] not in ".!?:;" or each.text[:1].islower())
            and (each.text[:1].islower() or len(paragraphs[-1].splitlines()[-1]) > 60)
        )
        if goes_on:
            paragraphs[-1] = (
                paragraphs[-1][:-1] + each.text if paragraphs[-1].endswith("-") else f"{paragraphs[-1]} {each.text}"
            )
        else:
            paragraphs.append(each.text)
    return "\n".join(paragraphs)
