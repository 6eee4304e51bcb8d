"""Bringing the tables of skills in line with the files of the taxonomy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from profiles.models import Skill, SkillAlias, SkillBroader, SkillNeighbor
from profiles.taxonomy.source import Entry, Taxonomy, read_taxonomy
from profiles.taxonomy.text import normalize
from profiles.taxonomy.validate import validate

_SKILL_FIELDS = ("kind", "family", "name_en", "name_es", "esco_uri", "onet_code", "validity_months", "active")


@dataclass(frozen=True)
class Loaded:
    """What the tables hold after loading, and what changed: links are replaced, skills are never deleted.

    ``retired`` are the codes that the files no longer have; they stay for old claims, switched off.
    """

    skills: int
    aliases: int
    broader: int
    neighbors: int
    created: int
    updated: int
    retired: tuple[str, ...]


@transaction.atomic
def load_taxonomy(taxonomy: Taxonomy | None = None) -> Loaded:
    """Insert, update or switch off skills and replace their names and links, all or nothing; repeatable.

    Reads the shipped files unless ``taxonomy`` is given. Raises ``ValueError`` listing the defects of an unsound one.
    """
    source = taxonomy or read_taxonomy()
    if defects := validate(source):
        raise ValueError("; ".join(f"{defect.rule} ({defect.code}): {defect.detail}" for defect in defects))
    created, updated, retired = _store_skills(source)
    ids = dict(Skill.objects.values_list("code", "id"))
    return Loaded(
        skills=len(source.entries),
        aliases=_store_aliases(source, ids),
        broader=_store_broader(source, ids),
        neighbors=_store_neighbors(source, ids),
        created=created,
        updated=updated,
        retired=retired,
    )


def _values(entry: Entry) -> dict[str, Any]:
    shared = {name: getattr(entry, name) for name in _SKILL_FIELDS if name != "active"}
    return {**shared, "active": True}


def _store_skills(source: Taxonomy) -> tuple[int, int, tuple[str, ...]]:
    known = {skill.code: skill for skill in Skill.objects.select_for_update().order_by("code")}
    fresh, changed = [], []
    for entry in source.entries:
        values = _values(entry)
        skill = known.pop(entry.code, None)
        if skill is None:
            fresh.append(Skill(code=entry.code, **values))
        elif any(getattr(skill, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(skill, name, value)
            changed.append(skill)
    retired = tuple(sorted(known))
    switched_off = [skill for skill in known.values() if skill.active]
    for skill in switched_off:
        skill.active = False
    Skill.objects.bulk_create(fresh)
    Skill.objects.bulk_update([*changed, *switched_off], _SKILL_FIELDS, batch_size=200)
    return len(fresh), len(changed), retired


def _store_aliases(source: Taxonomy, ids: dict[str, int]) -> int:
    """Store every name, preferred ones included, under its normalized form: one search column finds them all."""
    rows: dict[str, SkillAlias] = {}
    for entry in source.entries:
        named = [("en", entry.name_en), ("es", entry.name_es), *((a.language, a.name) for a in entry.aliases)]
        for language, name in named:
            rows.setdefault(
                normalize(name),
                SkillAlias(skill_id=ids[entry.code], language=language, text=name, normalized=normalize(name)),
            )
    SkillAlias.objects.filter(skill_id__in=ids.values()).delete()
    return len(SkillAlias.objects.bulk_create(rows.values()))


def _store_broader(source: Taxonomy, ids: dict[str, int]) -> int:
    SkillBroader.objects.all().delete()
    return len(
        SkillBroader.objects.bulk_create(
            SkillBroader(skill_id=ids[entry.code], broader_id=ids[code])
            for entry in source.entries
            for code in entry.broader
        )
    )


def _store_neighbors(source: Taxonomy, ids: dict[str, int]) -> int:
    SkillNeighbor.objects.all().delete()
    return len(
        SkillNeighbor.objects.bulk_create(
            SkillNeighbor(
                skill_id=ids[entry.code],
                neighbor_id=ids[neighbor.code],
                weight_percent=min(99, max(1, round(neighbor.weight * 100))),
            )
            for entry in source.entries
            for neighbor in entry.neighbors
        )
    )
