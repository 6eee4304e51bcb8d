"""What is proposed, and what proposing needs to know."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from marketplace.kernel import clock
from profiles import kept_resume
from profiles.importers.reading import Reading
from profiles.importers.text_language import SUPPORTED, language_of
from profiles.models import Professional
from profiles.states import ImportItemStatus

_STRUCTURED = frozenset({"json_resume", "europass_xml", "europass_json"})


@dataclass(frozen=True)
class Proposal:
    """``value`` is plain JSON; ``pointer`` leads into the document; ``target`` is the row that a conflict is with."""

    section: str
    path: str
    pointer: str
    value: dict[str, Any]
    confidence: int
    status: ImportItemStatus = ImportItemStatus.PROPOSED
    current: dict[str, Any] | None = None
    target: str = ""


@dataclass
class Draft:
    """What proposing needs to know, and what it notices on the way."""

    reading: Reading
    professional: Professional
    kept: kept_resume.Kept
    structured: bool = field(init=False)
    today: dt.date = field(default_factory=clock.today)

    def __post_init__(self) -> None:
        self.structured = self.reading.format in _STRUCTURED

    def sure(self, structured: int, text: int) -> int:
        """Return the confidence: what was labeled in the file is surer than what stood in running text."""
        return structured if self.structured else text

    def column_language(self, text: str) -> str:
        """Return ``en`` or ``es`` for the column that a text belongs to, empty when it is in another language."""
        found = language_of(text) or self.reading.language or "en"
        return found if found in SUPPORTED else ""


def keep(draft: Draft, section: str, pointer: str, value: Any, *, entry: bool = True, path: str = "") -> Proposal:
    """Return the proposal to keep a part as it stands: an ``entry`` beside the others, or a part there is one of."""
    proposal = Proposal("kept", path or f"/resume/{section}", pointer, {"kept": value}, draft.sure(95, 60))
    known = kept_resume.found(draft.kept, section, value, entry=entry)
    return placed(proposal, None if known is None else {"kept": known})


def placed(proposal: Proposal, current: dict[str, Any] | None, target: str = "") -> Proposal:
    """Return a proposal against what the profile says in its place: nothing, the same, or something else."""
    if current is None:
        return proposal
    if current == proposal.value:
        return replace(proposal, status=ImportItemStatus.PRESENT, target=target)
    return replace(proposal, status=ImportItemStatus.CONFLICT, current=current, target=target)
