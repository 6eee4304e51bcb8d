"""From a document that was read to the parts that are proposed to its owner, each with where it would go and how sure.

Nothing is decided here: a part is *proposed*, *present* when the profile says the same already, or in *conflict* when
the profile says something else. What no column holds, or cannot hold, is proposed to be kept as it stands.
"""

from __future__ import annotations

from profiles import kept_resume
from profiles.importers.reading import Reading
from profiles.models import Professional
from profiles.resume_scales import ASSUMED_LEVEL
from profiles.services.proposing import basics, languages, rest, skills, work
from profiles.services.proposing.draft import Draft, Proposal

MOST_ITEMS = 1000

__all__ = ["ASSUMED_LEVEL", "MOST_ITEMS", "Proposal", "propose"]


def propose(reading: Reading, professional: Professional, kept: kept_resume.Kept) -> list[Proposal]:
    """Return everything that was read, in the order of a profile; at most 1,000 parts, the rest told by a notice."""
    draft = Draft(reading, professional, kept)
    found: list[Proposal] = []
    for parts in (
        basics.propose(draft),
        work.propose(draft),
        skills.propose(draft),
        languages.propose(draft),
        skills.propose_certificates(draft),
        rest.propose(draft),
    ):
        for part in parts:
            if len(found) == MOST_ITEMS:
                reading.notice("too_many_parts", most=MOST_ITEMS)
                return found
            found.append(part)
    return found
