"""Each rule of the taxonomy catches the defect that it is named after, and the files as shipped have none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from profiles.taxonomy.source import HERE, KINDS, Alias, Entry, Neighbor, Taxonomy, read_taxonomy
from profiles.taxonomy.validate import Defect, validate

COBOL = Entry(
    code="cobol",
    kind="technology",
    name_en="COBOL",
    name_es="COBOL",
    aliases=(Alias("en", "Enterprise COBOL"), Alias("es", "lenguaje COBOL")),
    broader=("mainframe",),
    neighbors=(Neighbor("pl-i", 0.6),),
)
MAINFRAME = Entry(
    code="mainframe",
    kind="technology",
    name_en="Mainframe",
    name_es="Mainframe",
    aliases=(Alias("en", "IBM Z"), Alias("es", "macrocomputadora")),
)
PL_I = Entry(
    code="pl-i",
    kind="technology",
    name_en="PL/I",
    name_es="PL/I",
    aliases=(Alias("en", "PL/1"), Alias("es", "lenguaje PL/I")),
    broader=("mainframe",),
)
SOUND = (COBOL, MAINFRAME, PL_I)
COBOL_IN_ESCO = "http://data.europa.eu/esco/skill/def007fa-5fed-4a5f-91a2-b0d7e3db1be1"


def defects_with(**changes: object) -> list[Defect]:
    """Return the defects of a sound little taxonomy in which COBOL was changed."""
    return validate(Taxonomy((replace(COBOL, **changes), MAINFRAME, PL_I)))  # type: ignore[arg-type]


def test_a_sound_taxonomy_has_no_defect() -> None:
    assert validate(Taxonomy(SOUND)) == []


def test_the_shipped_taxonomy_has_no_defect_and_covers_every_kind() -> None:
    taxonomy = read_taxonomy()
    assert validate(taxonomy) == []
    assert len(taxonomy.entries) >= 220
    assert {entry.kind for entry in taxonomy.entries} == set(KINDS)


@pytest.mark.parametrize(
    "codes",
    [
        "cobol jcl vsam cics ims db2-zos rexx pl-i zos rpg control-m",
        "java spring-boot core-banking iso-20022 ach swift-messaging spei cards",
        "kyc cip cdd edd beneficial-ownership ofac sanctions-screening transaction-monitoring sar aml-bsa",
        "data-governance data-catalog data-lineage data-quality data-stewardship master-data dama-dmbok dcam bcbs-239",
        "glba-safeguards sox-404 nydfs-500 naic-668 third-party-risk pci-dss cnbv-cub lfpiorpi hipaa ccpa lfpdppp",
        "cert-cissp cert-pmp cert-cams cert-cdmp cert-cism cert-cisa cert-itil4 cert-oracle-java cert-ibm-zos",
    ],
)
def test_the_codes_that_blueprints_and_projects_rely_on_exist(codes: str) -> None:
    assert set(codes.split()) <= set(read_taxonomy().by_code())


def test_certificates_expire_as_their_issuers_say() -> None:
    entries = read_taxonomy().by_code()
    assert {entries[code].validity_months for code in ("cert-cissp", "cert-pmp", "cert-cams", "cert-aws-saa")} == {36}
    assert entries["cert-oracle-java"].validity_months is None
    assert entries["cert-ibm-zos"].validity_months is None


@pytest.mark.parametrize("code", ["", "Cobol", "cobol_85", "-cobol", "cobol--85", "x" * 65, "prevención"])
def test_a_code_that_is_no_slug_is_caught(code: str) -> None:
    assert ("malformed_code", code) in {(defect.rule, defect.code) for defect in defects_with(code=code)}


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("unknown_kind", {"kind": "tool"}),
        ("missing_name", {"name_es": " "}),
        ("missing_name", {"name_en": "…"}),
        ("missing_alias", {"aliases": (Alias("en", "Enterprise COBOL"),)}),
        ("missing_alias", {"aliases": (Alias("es", "lenguaje COBOL"),)}),
        ("unknown_language", {"aliases": (*COBOL.aliases, Alias("fr", "langage COBOL"))}),
        ("shared_name", {"aliases": (*COBOL.aliases, Alias("en", "ibm  z"))}),
        ("shared_name", {"name_es": "Macrocomputadora"}),
        ("repeated_alias", {"aliases": (*COBOL.aliases, Alias("es", "Lenguaje Cobol"))}),
        ("empty_alias", {"aliases": (*COBOL.aliases, Alias("es", "—"))}),
        ("dangling_broader", {"broader": ("mainframes",)}),
        ("dangling_neighbor", {"neighbors": (Neighbor("pli", 0.6),)}),
        ("self_broader", {"broader": ("cobol",)}),
        ("self_neighbor", {"neighbors": (Neighbor("cobol", 0.6),)}),
        ("repeated_broader", {"broader": ("mainframe", "mainframe")}),
        ("repeated_neighbor", {"neighbors": (Neighbor("pl-i", 0.6), Neighbor("pl-i", 0.5))}),
        ("isolated", {"broader": (), "neighbors": ()}),
        ("isolated", {"broader": ("cobol",), "neighbors": ()}),
        ("weight_out_of_range", {"neighbors": (Neighbor("pl-i", 1.5),)}),
        ("weight_out_of_range", {"neighbors": (Neighbor("pl-i", -0.1),)}),
        ("weight_out_of_range", {"neighbors": (Neighbor("pl-i", float("nan")),)}),
        ("misplaced_validity", {"validity_months": 36}),
        ("misplaced_validity", {"kind": "certificate", "validity_months": 0, "reference": "IBM"}),
        ("missing_reference", {"kind": "regulation"}),
        ("missing_reference", {"kind": "certificate"}),
        ("malformed_onet_code", {"onet_code": "15-1252"}),
        ("malformed_onet_code", {"onet_code": "43211503"}),
        ("malformed_onet_code", {"onet_code": "43232405 "}),
        ("misplaced_onet_code", {"onet_code": "43232405", "kind": "method"}),
        ("malformed_esco_uri", {"esco_uri": "https://example.com/cobol"}),
        ("malformed_esco_uri", {"esco_uri": f"http://data.europa.eu/esco/skill/{'-' * 36}"}),
        ("malformed_esco_uri", {"esco_uri": COBOL_IN_ESCO.replace("/skill/", "/occupation/")}),
        ("malformed_esco_uri", {"esco_uri": COBOL_IN_ESCO.replace("http:", "https:")}),
    ],
)
def test_each_rule_catches_its_defect(rule: str, changes: dict[str, object]) -> None:
    assert rule in {defect.rule for defect in defects_with(**changes) if defect.code in ("cobol", "mainframe")}


@pytest.mark.parametrize("code", ["15-1251.00", "43232402", ""])
def test_an_occupation_a_commodity_or_no_code_of_onet_is_sound(code: str) -> None:
    assert defects_with(onet_code=code, esco_uri=COBOL_IN_ESCO) == []


def test_a_concept_of_esco_belongs_to_one_entry() -> None:
    entries = (replace(COBOL, esco_uri=COBOL_IN_ESCO), MAINFRAME, replace(PL_I, esco_uri=COBOL_IN_ESCO))
    (defect,) = validate(Taxonomy(entries))
    assert (defect.rule, defect.code) == ("shared_esco_uri", "cobol")
    assert defect.detail.endswith("cobol, pl-i")


def test_the_codes_of_esco_and_onet_are_those_that_were_compared_by_hand() -> None:
    entries = read_taxonomy().by_code()
    assert entries["cobol"].esco_uri == COBOL_IN_ESCO
    assert entries["database-administration"].onet_code == "15-1242.00"
    assert entries["java"].onet_code == "43232405"
    # Same names, other things: SPARK is a Java micro framework there, Oracle Relational Database the product Rdb, and
    # cab07957 is the engineering of safe machines.
    assert [entries[code].esco_uri for code in ("spark", "oracle-db")] == ["", ""]
    assert "cab07957" not in entries["security-engineering"].esco_uri
    assert sum(bool(entry.esco_uri) for entry in entries.values()) >= 176
    assert sum(bool(entry.onet_code) for entry in entries.values()) >= 227


def linked(code: str, *broader: str) -> Entry:
    """Return an entry of which only the links upward matter."""
    return Entry(code=code, kind="method", name_en=code, name_es=code, broader=broader)


def cycles(*entries: Entry) -> list[str]:
    return [defect.detail for defect in validate(Taxonomy(entries)) if defect.rule == "cycle"]


def test_a_cycle_of_broader_skills_is_caught_and_shown() -> None:
    assert cycles(linked("a", "b"), linked("b", "c"), linked("c", "a")) == ["a > b > c > a"]


def test_two_ways_up_to_the_same_skill_are_no_cycle() -> None:
    assert cycles(linked("a", "b", "c"), linked("b", "d"), linked("c", "d"), linked("d")) == []


def test_a_chain_of_thousands_is_judged_without_deep_recursion() -> None:
    chain = [linked(f"a{index}", f"a{index + 1}") for index in range(5_000)]
    assert cycles(*chain, linked("a5000")) == []
    assert len(cycles(*chain, linked("a5000", "a0"))) == 1


def rewrite(folder: Path, name: str, change: Callable[[str], str]) -> Path:
    """Copy the shipped files into ``folder`` with one of them changed."""
    for source in HERE.glob("*.csv"):
        text = source.read_text(encoding="utf-8")
        (folder / source.name).write_text(change(text) if source.name == name else text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("skills.csv", lambda text: text.replace("kind", "sort", 1), "header"),
        ("skills.csv", lambda text: text + "cobol,technology,COBOL,COBOL,mainframe,,,,\n", "twice"),
        ("skills.csv", lambda text: text + "odd,technology,Odd,Rara,x,soon,,,\n", "validity_months"),
        ("skills.csv", lambda text: text + "short,technology\n", "expected 9 fields"),
        ("aliases.csv", lambda text: text + "nothing,en,Nothing,\n", "unknown code"),
        ("aliases.csv", lambda text: text + "cobol,en,Some COBOL,maybe\n", "condition"),
        ("broader.csv", lambda text: text + "nothing,cobol\n", "unknown code"),
        ("neighbors.csv", lambda text: text + "cobol,java,much\n", "weight"),
    ],
)
def test_files_that_are_no_tables_are_refused_with_the_place(
    tmp_path: Path, name: str, change: Callable[[str], str], message: str
) -> None:
    folder = rewrite(tmp_path, name, change)
    with pytest.raises(ValueError, match=message) as caught:
        read_taxonomy(folder)
    assert name in str(caught.value)


def test_the_shipped_files_are_sorted_so_that_changes_read_well() -> None:
    for path in HERE.glob("*.csv"):
        rows = [line.split(",")[:2] for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        assert rows == sorted(rows), path.name
