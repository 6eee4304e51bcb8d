"""Sections of a résumé that are kept as they stand."""

from __future__ import annotations

from collections.abc import Iterator

from profiles.importers.reading import escape
from profiles.services.proposing.draft import Draft, Proposal, keep

_READ_ELSEWHERE = frozenset({"basics", "work", "skills", "languages", "certificates"})


def propose(draft: Draft) -> Iterator[Proposal]:
    """Propose to keep every section that the profile has nothing for."""
    for section, value in draft.reading.document.items():
        if section in _READ_ELSEWHERE:
            continue
        path = "/resume/" + (section if section.isidentifier() and len(section) <= 60 else "other")
        if isinstance(value, list):
            for position, entry in enumerate(value):
                yield keep(draft, section, f"/{escape(section)}/{position}", entry, path=path)
        else:
            yield keep(draft, section, f"/{escape(section)}", value, entry=False, path=path)
