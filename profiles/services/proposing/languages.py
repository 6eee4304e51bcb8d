"""Languages of a résumé against those of the profile."""

from __future__ import annotations

from collections.abc import Iterator

from profiles import resume_scales
from profiles.levels import Activity, Cefr
from profiles.services.proposing.draft import Draft, Proposal, keep, placed


def propose(draft: Draft) -> Iterator[Proposal]:
    """Propose English and Spanish with the levels that are stated; the others, and those without one, to be kept."""
    known = {row.language: row for row in draft.professional.languages.all()}
    told: set[str] = set()
    for position, entry in enumerate(draft.reading.document.get("languages", [])):
        pointer = f"/languages/{position}"
        code = resume_scales.read_language(entry.get("language", ""))
        cefr = entry.get("cefr")
        fluency = resume_scales.read_fluency(entry.get("fluency", ""), cefr if isinstance(cefr, dict) else None)
        if code is None or code in told or fluency is None:
            if code is not None and code not in told:
                draft.reading.notice("language_without_level", pointer, language=code)
            yield keep(draft, "languages", pointer, entry)
            continue
        told.add(code)
        levels = dict.fromkeys(Activity.values, Cefr.C2) if fluency.native else {}
        levels |= fluency.levels
        value = {"language": str(code), "native": fluency.native}
        value |= {activity: level.name.lower() for activity, level in levels.items() if level}
        proposal = Proposal(
            "language", f"/languages/{code}", pointer, value, min(fluency.confidence, draft.sure(100, 85))
        )
        row = known.get(code)
        current = None
        if row is not None:
            current = {"language": str(code), "native": row.native}
            current |= {activity: Cefr(getattr(row, activity)).name.lower() for activity in levels}
        yield placed(proposal, current, str(code))
