"""Skills and certificates of a résumé against those of the profile, through the look-up: certain or only suggested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from profiles import resume_scales
from profiles.importers.headings import names_group
from profiles.importers.periods import first_day
from profiles.levels import SkillKind
from profiles.models import Skill
from profiles.services import skills
from profiles.services.claims import MOST_CLAIMS
from profiles.services.proposing.draft import Draft, Proposal, keep, placed

MOST_SUGGESTIONS = 3
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Mention:
    """A text of an entry that may name a skill; ``rank`` is lower the more is said of it.

    ``heads`` is set where it only says what its keywords are: “Languages” over Java and COBOL is no skill.
    """

    text: str
    pointer: str
    entry: dict[str, Any]
    rank: int
    heads: bool = False


def propose(draft: Draft) -> Iterator[Proposal]:
    """Propose each name and keyword: as a claim where it surely names a skill, else as text with the nearest names.

    Of several mentions of a skill the one that says most becomes the claim.
    """
    mentions = list(_mentions(draft))
    known = skills.resolve({each.text for each in mentions if len(each.text) <= _LONGEST_NAME and not each.heads})
    claims = {claim.skill.code: claim for claim in draft.professional.claims.all()}
    room = MOST_CLAIMS - len(claims)
    best: dict[str, Mention] = {}
    for mention in mentions:
        skill = None if mention.heads else known.get(mention.text)
        if skill is not None and (skill.code not in best or mention.rank < best[skill.code].rank):
            best[skill.code] = mention
    for mention in mentions:
        skill = known.get(mention.text)
        if mention.heads:
            yield _kept(mention, draft)
        elif skill is None:
            yield _unknown(mention, draft)
        elif skill.kind == SkillKind.CERTIFICATE:
            draft.reading.notice("certificate_without_date", mention.pointer, skill=skill.code)
            yield _kept(mention, draft, skill)
        elif best[skill.code] is not mention:
            yield _kept(mention, draft, skill)
        elif skill.code not in claims and room <= 0:
            draft.reading.notice("too_many_skills", mention.pointer, most=MOST_CLAIMS)
            yield _kept(mention, draft, skill)
        else:
            claim = claims.get(skill.code)
            room -= claim is None
            value, assumed = _claim(skill, mention)
            sure = skills.names().find(mention.text)
            share = (sure.confidence if sure else 1.0) * draft.sure(95, 85)
            proposal = Proposal(
                "skill", f"/skills/{skill.code}", mention.pointer, value, round(min(share, 60) if assumed else share)
            )
            current = None
            if claim is not None:
                current = {"skill": skill.code, "level": claim.level, "years": claim.years}
                if assumed:  # an assumption contradicts nobody
                    current, value["level"] = {**current, "level": claim.level}, claim.level
                if "years" not in mention.entry:
                    value["years"] = claim.years
            yield placed(proposal, current, skill.code)


def _mentions(draft: Draft) -> Iterator[Mention]:
    for position, entry in enumerate(draft.reading.document.get("skills", [])):
        pointer = f"/skills/{position}"
        said = "level" in entry or "years" in entry
        if not entry.get("name") and not entry.get("keywords"):
            yield Mention("", pointer, entry, 9)
        if entry.get("name"):
            heads = bool(entry.get("keywords")) and names_group(entry["name"])
            yield Mention(entry["name"], f"{pointer}/name", entry, 0 if said else 1, heads)
        for at, word in enumerate(entry.get("keywords", [])):
            yield Mention(word, f"{pointer}/keywords/{at}", entry, 2 if said else 3)


def _claim(skill: Skill, mention: Mention) -> tuple[dict[str, Any], bool]:
    """Return the claim, and whether its level is only assumed because the résumé states none."""
    years = mention.entry.get("years")
    stated = years if isinstance(years, int) and not isinstance(years, bool) and 0 <= years <= 60 else None
    level = resume_scales.read_level(str(mention.entry.get("level", "")))
    if level is None and stated is not None:
        level = resume_scales.level_of_years(stated)
    value = {"skill": skill.code, "level": int(level or resume_scales.ASSUMED_LEVEL), "years": stated or 0}
    return value, level is None


def _kept(mention: Mention, draft: Draft, skill: Skill | None = None) -> Proposal:
    value: dict[str, Any] = {"kept": mention.text or mention.entry}
    if skill is not None:
        value["skill"] = skill.code
    return Proposal("skill_text", "/resume/skills", mention.pointer, value, draft.sure(95, 60))


def _unknown(mention: Mention, draft: Draft) -> Proposal:
    """Propose to keep a text; the nearest skills are for its owner to choose from, none is taken."""
    proposal = _kept(mention, draft)
    if 0 < len(mention.text) <= _LONGEST_NAME:
        near = skills.codes(mention.text)[:MOST_SUGGESTIONS]
        if near:
            proposal.value["suggestions"] = near
    return proposal


def propose_certificates(draft: Draft) -> Iterator[Proposal]:
    """Propose certificates that the taxonomy knows and that have a date; the others are kept as they stand."""
    entries = draft.reading.document.get("certificates", [])
    names = [entry.get("name", "") for entry in entries]
    found = skills.resolve({name for name in names if 0 < len(name) <= _LONGEST_NAME})
    known = {row.skill.code: row for row in draft.professional.certificates.all()}
    told: set[str] = set()
    for position, entry in enumerate(entries):
        pointer = f"/certificates/{position}"
        skill = found.get(entry.get("name", ""))
        issued = first_day(entry.get("date", "")) if entry.get("date") else None
        if skill is None or skill.kind != SkillKind.CERTIFICATE or skill.code in told:
            yield keep(draft, "certificates", pointer, entry)
            continue
        if issued is None or issued > draft.today:
            draft.reading.notice("certificate_without_date", pointer, skill=skill.code)
            yield keep(draft, "certificates", pointer, entry)
            continue
        told.add(skill.code)
        value: dict[str, Any] = {"skill": skill.code, "issued_on": issued.isoformat()}
        if entry.get("url", "").startswith("https://") and len(entry["url"]) <= 200:
            value["verify_url"] = entry["url"]
        row = known.get(skill.code)
        current = None
        if row is not None:
            current = {"skill": skill.code, "issued_on": row.issued_on.isoformat()}
            if "verify_url" in value:
                current["verify_url"] = row.verify_url
        proposal = Proposal("certificate", f"/certificates/{skill.code}", pointer, value, draft.sure(90, 75))
        yield placed(proposal, current, skill.code)
