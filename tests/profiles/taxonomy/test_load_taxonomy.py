"""The tables of skills follow the files, twice as well as once, and never lose a skill that somebody claims."""

from __future__ import annotations

import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from profiles.models import Skill, SkillAlias, SkillBroader, SkillNeighbor
from profiles.services import taxonomy
from profiles.taxonomy.source import HERE, Alias, Neighbor, Taxonomy, read_taxonomy
from profiles.taxonomy.text import normalize

pytestmark = pytest.mark.django_db

SOURCE = read_taxonomy()


def contents() -> list[list[tuple[object, ...]]]:
    """Return everything that the four tables hold, without the numbered keys of links."""
    return [
        sorted(Skill.objects.values_list("id", "code", "name_en", "name_es", "active", "validity_months")),
        sorted(SkillAlias.objects.values_list("skill__code", "language", "text", "normalized")),
        sorted(SkillBroader.objects.values_list("skill__code", "broader__code")),
        sorted(SkillNeighbor.objects.values_list("skill__code", "neighbor__code", "weight_percent")),
    ]


def changed(code: str, **values: object) -> Taxonomy:
    """Return the shipped taxonomy with one entry changed."""
    return Taxonomy(tuple(replace(e, **values) if e.code == code else e for e in SOURCE.entries))  # type: ignore[arg-type]


def test_loading_fills_the_tables_with_what_the_files_say() -> None:
    loaded = taxonomy.load_taxonomy()
    assert loaded.created == loaded.skills == Skill.objects.filter(active=True).count() == len(SOURCE.entries)
    assert loaded.broader == sum(len(entry.broader) for entry in SOURCE.entries) == SkillBroader.objects.count()
    assert loaded.neighbors == sum(len(entry.neighbors) for entry in SOURCE.entries) == SkillNeighbor.objects.count()
    link = SkillNeighbor.objects.get(skill__code="java", neighbor__code="kotlin")
    assert link.weight_percent == 70
    assert Skill.objects.get(code="cert-cissp").validity_months == 36


def test_every_name_is_found_in_the_table_under_its_normalized_form() -> None:
    taxonomy.load_taxonomy()
    owner = dict(SkillAlias.objects.values_list("normalized", "skill__code"))
    for entry in SOURCE.entries:
        assert {owner[normalize(name)] for name in entry.names} == {entry.code}


def test_loading_twice_changes_nothing() -> None:
    taxonomy.load_taxonomy()
    before = contents()
    again = taxonomy.load_taxonomy()
    assert (again.created, again.updated, again.retired) == (0, 0, ())
    assert contents() == before


def test_a_changed_entry_keeps_its_row_and_gets_its_new_names_and_links() -> None:
    taxonomy.load_taxonomy()
    key = Skill.objects.get(code="cobol").pk
    aliases = (Alias("en", "Modern COBOL"), Alias("es", "COBOL moderno"))
    loaded = taxonomy.load_taxonomy(changed("cobol", name_es="COBOL de IBM", aliases=aliases))
    assert (loaded.created, loaded.updated) == (0, 1)
    assert Skill.objects.get(pk=key).name_es == "COBOL de IBM"
    texts = set(SkillAlias.objects.filter(skill_id=key).values_list("text", flat=True))
    assert texts == {"COBOL", "COBOL de IBM", "Modern COBOL", "COBOL moderno"}


def test_an_entry_that_left_the_files_is_switched_off_and_comes_back() -> None:
    taxonomy.load_taxonomy()
    shorter = Taxonomy(tuple(entry for entry in SOURCE.entries if entry.code != "cert-frm"))
    assert taxonomy.load_taxonomy(shorter).retired == ("cert-frm",)
    assert not Skill.objects.get(code="cert-frm").active
    taxonomy.load_taxonomy()
    assert Skill.objects.get(code="cert-frm").active


def test_a_name_may_move_from_one_skill_to_another() -> None:
    taxonomy.load_taxonomy()
    entries = SOURCE.by_code()
    mdm = next(alias for alias in entries["master-data"].aliases if alias.name == "MDM")
    moved = {
        "master-data": replace(
            entries["master-data"], aliases=tuple(a for a in entries["master-data"].aliases if a != mdm)
        ),
        "reference-data": replace(entries["reference-data"], aliases=(*entries["reference-data"].aliases, mdm)),
    }
    taxonomy.load_taxonomy(Taxonomy(tuple(moved.get(entry.code, entry) for entry in SOURCE.entries)))
    assert SkillAlias.objects.get(normalized="mdm").skill.code == "reference-data"


def test_an_unsound_taxonomy_is_refused_and_nothing_changes() -> None:
    taxonomy.load_taxonomy()
    before = contents()
    with pytest.raises(ValueError, match="weight_out_of_range"):
        taxonomy.load_taxonomy(changed("cobol", neighbors=(Neighbor("pl-i", 2.0),)))
    assert contents() == before


def test_the_command_reports_what_it_did() -> None:
    out = StringIO()
    call_command("load_taxonomy", stdout=out)
    assert out.getvalue().startswith(f"{len(SOURCE.entries)} skills ({len(SOURCE.entries)} new, 0 changed, 0 retired)")


def test_the_command_says_what_is_wrong_with_unsound_files(tmp_path: Path) -> None:
    for shipped in HERE.glob("*.csv"):
        shutil.copy(shipped, tmp_path)
    with (tmp_path / "skills.csv").open("a", encoding="utf-8") as skills:
        skills.write("lonely,method,Lonely,Solitaria,delivery,,,,\n")
    with pytest.raises(CommandError, match="isolated"):
        call_command("load_taxonomy", folder=tmp_path)
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("load_taxonomy", folder=tmp_path / "elsewhere")
    assert not Skill.objects.exists()
