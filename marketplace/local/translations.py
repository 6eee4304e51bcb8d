"""Translations without gettext's tools: Babel collects texts from code and templates and compiles the catalogs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import extract, mofile, pofile
from babel.messages.catalog import Catalog
from django.utils.translation.template import templatize

KEYWORDS = (
    *("gettext", "gettext_lazy", "gettext_noop", "ngettext:1,2", "ngettext_lazy:1,2", "_"),
    *("pgettext:1c,2", "pgettext_lazy:1c,2", "npgettext:1c,2,3"),
)
SOURCES = ("marketplace", "profiles", "matching")
FIRST_CATALOG = Path("marketplace/locale/es_MX/LC_MESSAGES/django.po")
_PLACEHOLDER = re.compile(r"%\(\w+\)|\{\w*\}")
_TEMPLATE_SUFFIXES = {".html", ".txt"}


def catalogs(root: Path) -> list[Path]:
    """List the ``.po`` files of the checkout ``root``."""
    return sorted(path for name in SOURCES for path in (root / name).rglob("locale/*/LC_MESSAGES/*.po"))


def texts_in_use(root: Path) -> Catalog:
    """Collect every text marked for translation in Python code and templates below :data:`SOURCES`."""
    found = Catalog(charset="utf-8")
    keywords = _keywords()
    for name in SOURCES:
        for path in sorted((root / name).rglob("*")):
            stream = _python_of(path)
            if stream is None:
                continue
            for line, message, comments, context in extract.extract("python", stream, keywords=keywords):
                place = path.relative_to(root).as_posix()
                found.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return found


def problems(root: Path) -> list[str]:
    """Say in sentences which texts lack a translation and which ``.mo`` is not what its ``.po`` compiles to."""
    found = []
    used = texts_in_use(root)
    paths = catalogs(root)
    if not paths and len(used):
        found.append("there is no catalog although texts are marked for translation")
    for path in paths:
        catalog = _read(path)
        place = path.relative_to(root)
        for message in used:
            if not message.id:
                continue
            text = _key(message.id)
            known = catalog.get(text, message.context)
            if known is None or known.fuzzy or not all(_strings(known.string)):
                found.append(f"{place}: no translation of {text!r}")
            elif any(
                _placeholders(translated) - _placeholders(*_strings(message.id))
                for translated in _strings(known.string)
            ):
                found.append(f"{place}: the translation of {text!r} names a placeholder that is not there")
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.read_bytes() != _compiled(catalog):
            found.append(f"{compiled.relative_to(root)} is not up to date")
    return found


def update_and_compile(root: Path) -> Iterator[str]:
    """Add new texts to every catalog, drop unused ones, compile; yield a sentence for each catalog."""
    used = texts_in_use(root)
    for path in catalogs(root) or [root / FIRST_CATALOG]:
        catalog = _read(path) if path.exists() else Catalog(locale=path.parts[-3], charset="utf-8")
        # The date of the last run would make every run a change.
        used.creation_date = catalog.creation_date
        # No fuzzy matching: a guess that looks like a translation is worse than a gap that the check names.
        catalog.update(used, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            pofile.write_po(stream, catalog, width=120, sort_output=True, omit_header=False, no_location=True)
        path.with_suffix(".mo").write_bytes(_compiled(catalog))
        empty = sum(1 for message in catalog if message.id and not all(_strings(message.string)))
        yield f"{path.relative_to(root)}: {len(catalog)} texts, {empty} without translation"


def _read(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return pofile.read_po(stream, locale=path.parts[-3])


def _compiled(catalog: Catalog) -> bytes:
    stream = io.BytesIO()
    mofile.write_mo(stream, catalog)
    return stream.getvalue()


def _python_of(path: Path) -> io.BytesIO | None:
    """Return Python that holds the texts of ``path``, or None when it holds none; Django turns templates into it."""
    if path.suffix == ".py":
        return io.BytesIO(path.read_bytes())
    if path.suffix in _TEMPLATE_SUFFIXES and "templates" in path.parts:
        return io.BytesIO(templatize(path.read_text(encoding="utf-8")).encode())
    return None


def _keywords() -> dict[str, tuple[int | tuple[int, str], ...] | None]:
    keywords: dict[str, tuple[int | tuple[int, str], ...] | None] = {}
    for entry in KEYWORDS:
        name, _, places = entry.partition(":")
        numbers = [(int(part[:-1]), "c") if part.endswith("c") else int(part) for part in places.split(",") if part]
        keywords[name] = tuple(numbers) or None
    return keywords


def _key(identifier: str | list[str] | tuple[str, ...]) -> str:
    return identifier if isinstance(identifier, str) else identifier[0]


def _strings(string: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (string or "",) if isinstance(string, str) or string is None else tuple(string)


def _placeholders(*texts: str) -> set[str]:
    return {name for text in texts for name in _PLACEHOLDER.findall(text)}
