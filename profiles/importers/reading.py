"""What reading a file gives: a JSON Resume document, where each part stood, and what was odd about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

MOST_NOTICES = 200
LONGEST_EXCERPT = 240


@dataclass(frozen=True)
class Source:
    """Where a part was read.

    ``pointer`` is a JSON pointer (RFC 6901) into a structured file; texts have ``page`` and ``line`` from 1 (``page`` 0
    where the format has no pages). ``text`` holds the words as they stood, at most 240 characters.
    """

    pointer: str = ""
    page: int = 0
    line: int = 0
    text: str = ""


@dataclass(frozen=True)
class Notice:
    """Something that was mended, left out or doubtful. ``code`` is stable, ``data`` holds no words of the person."""

    code: str
    pointer: str = ""
    data: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """The file cannot be read at all; ``pointer`` says where it goes wrong when the format has pointers."""

    def __init__(self, code: str, *, pointer: str = "", **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.pointer = pointer
        self.data = data


@dataclass
class Reading:
    """A file as read. Keys of ``sources`` are JSON pointers into ``document``; the longest that fits a part holds.

    ``identifiers`` are texts of the form of an RFC or a CURP: to notice a duplicate by, never to be stored.
    """

    format: str
    document: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    language: str = ""
    pages: int = 0
    identifiers: list[str] = field(default_factory=list)

    def notice(self, code: str, pointer: str = "", **data: Any) -> None:
        """Note something odd, up to a limit: a file with a thousand faults has one."""
        if len(self.notices) < MOST_NOTICES:
            self.notices.append(Notice(code, pointer, data))
        elif len(self.notices) == MOST_NOTICES:
            self.notices.append(Notice("more_notices"))

    def as_json(self) -> dict[str, Any]:
        """Return plain values, as they cross from the child process."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Reading:
        """Return what ``as_json`` gave."""
        return cls(
            format=content["format"],
            document=content["document"],
            sources={pointer: Source(**source) for pointer, source in content["sources"].items()},
            notices=[Notice(**notice) for notice in content["notices"]],
            language=content["language"],
            pages=content["pages"],
            identifiers=content["identifiers"],
        )


def escape(step: str) -> str:
    """Return one step of a JSON pointer, escaped (RFC 6901, section 3)."""
    return step.replace("~", "~0").replace("/", "~1")


def excerpt(text: str) -> str:
    """Return the words of a text up to the length that a source keeps."""
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_EXCERPT else words[: LONGEST_EXCERPT - 1] + "…"


def source_of(sources: Mapping[str, Source], pointer: str) -> Source:
    """Return the source of the part at ``pointer``: its own, or else of the nearest part around it."""
    step = pointer
    while step:
        if found := sources.get(step):
            # Inside a structured file the rest of the way is the same on both sides.
            return replace(found, pointer=found.pointer + pointer[len(step) :]) if found.pointer else found
        step = step.rpartition("/")[0]
    return Source(pointer=pointer)
