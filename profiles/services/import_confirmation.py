"""Taking over the accepted parts of a résumé, through the services that a person's own edits go through."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel import identifiers, states
from marketplace.kernel.errors import Conflict, FieldError, Invalid
from profiles import kept_resume
from profiles.importers.reading import Notice, Reading
from profiles.levels import COUNTRY_CODES, Activity, Cefr
from profiles.models import Experience, Professional, ResumeExtras, ResumeImport, ResumeImportItem
from profiles.services import (
    certificates,
    claims,
    experiences,
    imports,
    languages,
    professionals,
    proposing,
    resume_export,
)
from profiles.states import ImportItemStatus, ResumeImportStatus

_SKILL_SECTIONS = frozenset({"skill", "skill_text"})
_COUNTRIES = {code: number for number, code in COUNTRY_CODES.items()}


@dataclass(frozen=True)
class SkillChoice:
    """A correction of one part: which skill it names (a code or a name), and at which level; None leaves it as read."""

    item: uuid.UUID
    skill: str | None = None
    level: int | None = None


@dataclass
class _Part:
    """An accepted part, as it stands against the profile of this moment."""

    item: ResumeImportItem
    at: str  # pointer into the request, for a refusal
    pointer: str
    value: dict[str, Any]
    status: str
    target: str

    @property
    def writes(self) -> bool:
        return self.status != ImportItemStatus.PRESENT and self.item.section != "kept"


@transaction.atomic
def confirm(
    *,
    resume: ResumeImport,
    accept: Sequence[uuid.UUID],
    overwrite: Sequence[uuid.UUID] = (),
    choices: Sequence[SkillChoice] = (),
    actor: Actor | None,
) -> ResumeImport:
    """Take the accepted parts over, all or none, and close the import; what was not accepted is forgotten.

    What contradicts the profile of this moment must be named in ``overwrite`` too. Raises Invalid with pointers into
    the request (``unknown_item``, ``unknown_skill``, limits of the profile), Conflict ``overwrite_not_chosen``,
    IllegalTransition when the import is not there to be confirmed.
    """
    row = imports.locked(resume)
    states.require(row, ResumeImportStatus.CONFIRMED)
    professional = professionals.locked(row.professional)
    extras = ResumeExtras.objects.select_for_update().filter(professional=professional).first()
    kept = extras.kept if extras else {}
    parts = _chosen(row, professional, kept, accept, overwrite)
    _correct(parts, choices)
    _write_basics(professional, parts, actor)
    for part in parts:
        if part.writes:
            _pointing(part, lambda part=part: _write(professional, part, actor))  # type: ignore[misc]
    _keep(row.read_document, kept, parts, resume_export.side(_fresh(professional), "en"))
    extras = extras or ResumeExtras(professional=professional)
    extras.seal(kept)
    extras.save()
    _mark(row, {part.item.pk for part in parts})
    imports.close(row, ResumeImportStatus.CONFIRMED)
    log.record(
        subject=row,
        action="resume_import.confirm",
        actor=actor,
        accepted=len(parts),
        overwritten=sum(part.status == ImportItemStatus.CONFLICT for part in parts),
    )
    return row


def _fresh(professional: Professional) -> Professional:
    found: Professional = Professional.objects.with_everything().get(pk=professional.pk)
    return found


# -- choosing ---------------------------------------------------------------------------------------------------------
def _chosen(
    row: ResumeImport,
    professional: Professional,
    kept: kept_resume.Kept,
    accept: Sequence[uuid.UUID],
    overwrite: Sequence[uuid.UUID],
) -> list[_Part]:
    """Return the accepted parts in the order of the document, held against the profile as it is now."""
    items = {item.pk: item for item in row.items.all()}
    asked = [(f"/accept/{at}", key) for at, key in enumerate(accept)]
    asked += [(f"/overwrite/{at}", key) for at, key in enumerate(overwrite)]
    unknown = [at for at, key in asked if key not in items]
    if unknown:
        raise Invalid.several(
            [FieldError(at, "unknown_item", _("This import has no such part.")) for at in unknown],
        )
    now = {each.pointer: each for each in proposing.propose(_reading(row), _fresh(professional), kept)}
    parts: dict[uuid.UUID, _Part] = {}
    for at, key in asked:
        content = items[key].content
        fresh = now[content["pointer"]]
        parts.setdefault(
            key, _Part(items[key], at, content["pointer"], dict(content["value"]), fresh.status, fresh.target)
        )
    unasked = [
        part for key, part in parts.items() if part.status == ImportItemStatus.CONFLICT and key not in set(overwrite)
    ]
    if unasked:
        raise Conflict(
            "overwrite_not_chosen",
            _("The profile says something else here; name the part in “overwrite” to replace it."),
            errors=[
                FieldError(part.at, "overwrite_not_chosen", _("The profile says something else here."))
                for part in unasked
            ],
            data={"items": [part.item.public_id for part in unasked]},
        )
    return sorted(parts.values(), key=lambda part: part.item.position)


def _reading(row: ResumeImport) -> Reading:
    notices = [Notice(each["code"], each["pointer"], each["data"]) for each in row.notices]
    return Reading(row.format, row.read_document, notices=notices, language=row.language)


def _correct(parts: Collection[_Part], choices: Sequence[SkillChoice]) -> None:
    by_item = {part.item.pk: part for part in parts}
    errors = []
    for at, choice in enumerate(choices):
        part = by_item.get(choice.item)
        if part is None or part.item.section not in _SKILL_SECTIONS:
            errors.append(
                FieldError(f"/skills/{at}/item", "unknown_item", _("This is no accepted part that names a skill."))
            )
            continue
        if choice.skill is not None:
            part.value["skill"], part.value["chosen"] = choice.skill, True
        if choice.level is not None:
            part.value["level"] = choice.level
            part.value.setdefault("chosen", part.item.section == "skill")
        part.at = f"/skills/{at}"
    if errors:
        raise Invalid.several(errors)


# -- writing ----------------------------------------------------------------------------------------------------------
def _pointing(part: _Part, work: Any) -> None:
    """Run ``work``; a refusal of the profile becomes one of the part that caused it."""
    try:
        work()
    except Invalid as refusal:
        detail = refusal.errors[0].detail if refusal.errors else refusal.detail
        data = refusal.errors[0].data if refusal.errors else None
        raise Invalid(refusal.code, detail, errors=[FieldError(part.at, refusal.code, detail, data)]) from refusal


def _write_basics(professional: Professional, parts: Sequence[_Part], actor: Actor | None) -> None:
    basics = [part for part in parts if part.item.section == "basics" and part.writes]
    fields = {column: value for part in basics for column, value in part.value.items()}
    if "country" in fields:
        fields["country"] = _COUNTRIES[fields["country"]]
    if fields:
        _pointing(
            basics[0],
            lambda: professionals.update(professional=professional, version=None, actor=actor, **fields),
        )


def _write(professional: Professional, part: _Part, actor: Actor | None) -> None:
    section = part.item.section
    if section == "experience":
        _write_experience(professional, part, actor)
    elif section == "language":
        _write_language(professional, part, actor)
    elif section == "certificate":
        _write_certificate(professional, part, actor)
    elif section == "skill" or part.value.get("chosen"):
        _write_claim(professional, part, actor)


def _write_experience(professional: Professional, part: _Part, actor: Actor | None) -> None:
    columns = dict(part.value)
    for column in ("starts_on", "ends_on"):
        columns[column] = dt.date.fromisoformat(columns[column]) if columns[column] else None
    key = identifiers.decode(Experience.prefix, part.target) if part.target else None
    if key is not None:
        experiences.update(professional=professional, experience_id=key, version=None, actor=actor, **columns)
    else:
        part.target = experiences.add(professional=professional, actor=actor, **columns).public_id


def _write_language(professional: Professional, part: _Part, actor: Actor | None) -> None:
    stated = {name: Cefr[part.value[name].upper()] for name in Activity.values if name in part.value}
    languages.set_one(
        professional=professional,
        language=part.value["language"],
        native=part.value["native"],
        actor=actor,
        **stated,
    )
    part.target = part.value["language"]


def _write_certificate(professional: Professional, part: _Part, actor: Actor | None) -> None:
    known = professional.certificates.filter(skill__code=part.value["skill"]).first()
    certificates.set_one(
        professional=professional,
        skill=part.value["skill"],
        issued_on=dt.date.fromisoformat(part.value["issued_on"]),
        number=known.number if known else "",
        verify_url=part.value.get("verify_url", known.verify_url if known else ""),
        actor=actor,
    )
    part.target = part.value["skill"]


def _write_claim(professional: Professional, part: _Part, actor: Actor | None) -> None:
    known = professional.claims.filter(skill__code=part.value["skill"]).first()
    claim, _new = claims.set_one(
        professional=professional,
        claimed=claims.Claimed(
            skill=part.value["skill"],
            level=part.value.get("level") or (known.level if known else int(proposing.ASSUMED_LEVEL)),
            years=part.value.get("years", known.years if known else 0),
            last_used=known.last_used if known else None,
        ),
        actor=actor,
    )
    part.value["skill"] = claim.skill.code


# -- keeping ----------------------------------------------------------------------------------------------------------
def _keep(
    document: dict[str, Any], kept: kept_resume.Kept, parts: Sequence[_Part], profile: kept_resume.ProfileSide
) -> None:
    """Keep the accepted parts as they were written, with what the columns say now."""
    texts: dict[int, list[_Part]] = {}
    for part in parts:
        steps = part.pointer.split("/")[1:]
        if steps[0] == "skills":
            texts.setdefault(int(steps[1]), []).append(part)
            continue
        said = _at(document, part.pointer)
        if steps[:2] == ["basics", "profiles"] and len(steps) == 3:
            if part.status != ImportItemStatus.PRESENT:
                kept_resume.keep_profile(kept, said)
        elif steps[0] == "basics":
            name = "/".join(steps[1:])
            kept_resume.keep_basic(kept, name, said, profile.columns.get(name, {}))
        elif part.item.section in {"experience", "language", "certificate"}:
            kept_resume.keep_entry(kept, steps[0], said, part.target, profile.rows[steps[0]][part.target][1])
        elif part.status != ImportItemStatus.PRESENT:
            if steps[0] in kept_resume.ROWS:
                kept_resume.keep_entry(kept, steps[0], said, None, {})
            else:
                entry = len(steps) == 2
                kept_resume.keep_rest(kept, _unescaped(steps[0]), said, entry=entry)
    kept_resume.keep_skills(
        kept, [_skill_entry(document["skills"][at], of_entry, profile) for at, of_entry in sorted(texts.items())]
    )


def _skill_entry(
    entry: dict[str, Any], parts: Sequence[_Part], profile: kept_resume.ProfileSide
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return an entry of skills with its accepted texts only, and the claims that they became."""
    accepted = {part.pointer.split("/", 3)[3] if part.pointer.count("/") > 2 else "" for part in parts}
    kept = {key: value for key, value in entry.items() if key not in {"name", "keywords"}}
    if "name" in accepted:
        kept["name"] = entry["name"]
    words = [word for at, word in enumerate(entry.get("keywords", [])) if f"keywords/{at}" in accepted]
    if words:
        kept["keywords"] = words
    linked = {}
    for part in parts:
        code = part.value.get("skill")
        if code in profile.claims and (part.item.section == "skill" or part.value.get("kept")):
            text = _at({"skills": [entry]}, "/skills/0/" + part.pointer.split("/", 3)[3])
            linked[text] = {"skill": code, **profile.claims[code][1]}
    return {key: kept[key] for key in [*(key for key in entry if key in kept)]}, linked


def _at(document: Any, pointer: str) -> Any:
    found = document
    for step in pointer.split("/")[1:]:
        found = found[int(step)] if isinstance(found, list) else found[_unescaped(step)]
    return found


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _mark(row: ResumeImport, accepted: Collection[uuid.UUID]) -> None:
    """Mark the parts, and forget the words of those that were not accepted."""
    row.items.filter(pk__in=accepted).update(status=ImportItemStatus.ACCEPTED)
    row.items.exclude(pk__in=accepted).update(status=ImportItemStatus.REJECTED, payload=b"")
