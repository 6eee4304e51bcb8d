"""The taxonomy as written in the CSV files beside this module, read into plain values."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent

CONDITIONS = ("", "as_written", "alone")
KINDS = ("technology", "method", "domain", "regulation", "certificate")
LANGUAGES = ("en", "es")

_COLUMNS = {
    "skills.csv": (
        "code",
        "kind",
        "name_en",
        "name_es",
        "family",
        "validity_months",
        "reference",
        "onet_code",
        "esco_uri",
    ),
    "aliases.csv": ("code", "language", "alias", "condition"),
    "broader.csv": ("code", "broader"),
    "neighbors.csv": ("code", "neighbor", "weight"),
    "ordinary_words.csv": ("name", "means", "alone"),
    "also_means.csv": ("name", "code"),
}


@dataclass(frozen=True)
class Alias:
    """Another name of an entry. A name that is the same in both languages is filed under ``en``.

    ``as_written`` marks a name that means something else in another spelling: SWIFT carries payments, Swift is a
    programming language. ``alone`` marks a name that counts where it stands alone, in a field for skills, but is an
    ordinary word inside a sentence: "claims" or "operations".
    """

    language: str
    name: str
    as_written: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Neighbor:
    """A skill that holders of the entry pick up fast: ``weight`` (0..1) is the share of strength carried over."""

    code: str
    weight: float


@dataclass(frozen=True)
class Entry:
    """One skill: names in both languages, other names, broader skills, neighbors and outside references.

    ``validity_months`` is a certificate's usual validity (``None`` when it does not expire or is no certificate); the
    expiry on the document itself decides. ``reference`` is a regulation's citation or a certificate's issuing body.
    ``onet_code`` is O*NET's: the occupation whose work a method or domain is (``15-1253.00``), or the commodity under
    which a technology is listed (``43232405``). ``esco_uri`` is the ESCO skill that means exactly the same. Each is
    empty unless known for certain.
    """

    code: str
    kind: str
    name_en: str
    name_es: str
    family: str = ""
    validity_months: int | None = None
    reference: str = ""
    onet_code: str = ""
    esco_uri: str = ""
    aliases: tuple[Alias, ...] = ()
    broader: tuple[str, ...] = ()
    neighbors: tuple[Neighbor, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the entry: both preferred names first, then the aliases."""
        return (self.name_en, self.name_es, *(alias.name for alias in self.aliases))


@dataclass(frozen=True)
class Taxonomy:
    """All entries, ascending by code."""

    entries: tuple[Entry, ...]

    def by_code(self) -> dict[str, Entry]:
        """Return the entries under their codes."""
        return {entry.code: entry for entry in self.entries}


def read_taxonomy(folder: Path = HERE) -> Taxonomy:
    """Read the four CSV files of ``folder``.

    Raises ``ValueError`` naming file and line when a file cannot be read as a table, or a row belongs to an unknown
    code. Whether the content makes sense is for ``profiles.taxonomy.validate`` to say.
    """
    entries: dict[str, Entry] = {}
    for row in _rows(folder, "skills.csv"):
        if row["code"] in entries:
            raise ValueError(f"skills.csv: code {row['code']!r} appears twice")
        months = row["validity_months"]
        if months and not months.isdigit():
            raise ValueError(f"skills.csv: {row['code']!r} has validity_months {months!r}")
        entries[row["code"]] = Entry(**{**row, "validity_months": int(months) if months else None})  # type: ignore[arg-type]

    aliases: dict[str, list[Alias]] = defaultdict(list)
    for row in _rows(folder, "aliases.csv"):
        aliases[_known(entries, row, "aliases.csv")].append(
            Alias(row["language"], row["alias"], *(_condition(row) == each for each in CONDITIONS[1:]))
        )
    broader: dict[str, list[str]] = defaultdict(list)
    for row in _rows(folder, "broader.csv"):
        broader[_known(entries, row, "broader.csv")].append(row["broader"])
    neighbors: dict[str, list[Neighbor]] = defaultdict(list)
    for row in _rows(folder, "neighbors.csv"):
        neighbors[_known(entries, row, "neighbors.csv")].append(Neighbor(row["neighbor"], _weight(row)))

    return Taxonomy(
        tuple(
            replace(
                entries[code],
                aliases=tuple(aliases[code]),
                broader=tuple(broader[code]),
                neighbors=tuple(neighbors[code]),
            )
            for code in sorted(entries)
        )
    )


def read_words_to_ask_about(folder: Path = HERE) -> list[str]:
    """Return the everyday words that even a field for skills takes only as the name is written: Tandem, Phoenix."""
    return [row["name"] for row in _rows(folder, "ordinary_words.csv") if row["alone"] == "ask"]


def read_also_means(folder: Path = HERE) -> dict[str, tuple[str, ...]]:
    """Return what else a name may mean, as codes of skills: CDC, a committee or the capture of changed data."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows(folder, "also_means.csv"):
        found[row["name"]] = (*found.get(row["name"], ()), row["code"])
    return found


def read_ordinary_words(folder: Path = HERE) -> list[str]:
    """Return the names that are everyday words too, such as Go or Spring, as written in ``ordinary_words.csv``."""
    return [row["name"] for row in _rows(folder, "ordinary_words.csv")]


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != _COLUMNS[name]:
            raise ValueError(f"{name}: the header must be {','.join(_COLUMNS[name])}")
        rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise ValueError(f"{name}, line {number}: expected {len(_COLUMNS[name])} fields")
    return rows


def _known(entries: Mapping[str, Entry], row: Mapping[str, str], name: str) -> str:
    if row["code"] not in entries:
        raise ValueError(f"{name}: unknown code {row['code']!r}")
    return row["code"]


def _condition(row: Mapping[str, str]) -> str:
    if row["condition"] not in CONDITIONS:
        raise ValueError(f"aliases.csv: {row['alias']!r} has condition {row['condition']!r}")
    return row["condition"]


def _weight(row: Mapping[str, str]) -> float:
    try:
        return float(row["weight"])
    except ValueError as error:
        raise ValueError(f"neighbors.csv: {row['code']!r} has weight {row['weight']!r}") from error
