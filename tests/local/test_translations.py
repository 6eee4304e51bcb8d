"""Translations are collected, compared and compiled without gettext's tools."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest

from marketplace.local import translations

CODE = """from django.utils.translation import gettext as _, ngettext
print(_("Cell"), _("Hello, %(name)s") % {"name": "x"}, ngettext("one seat", "{count} seats", 2))
"""
CATALOG = "marketplace/locale/es_MX/LC_MESSAGES/django.po"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with one module, one template, and a catalog that has every text and no translation."""
    templates = tmp_path / "matching" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "marketplace").mkdir()
    (tmp_path / "marketplace" / "code.py").write_text(CODE)
    (templates / "page.html").write_text("{% load i18n %}<h1>{% trans 'Reasons' %}</h1>")
    list(translations.update_and_compile(tmp_path))
    return tmp_path


def translate(root: Path, *pairs: tuple[str, str]) -> None:
    path = root / CATALOG
    text = path.read_text()
    for original, translated in pairs:
        kind = "msgid_plural" if original == "{count} seats" else "msgid"
        old = f'{kind} "{original}"\nmsgstr'
        assert old in text
        if kind == "msgid":
            text = text.replace(f'{old} ""', f'{old} "{translated}"')
        else:
            text = text.replace(f'{old}[0] ""\nmsgstr[1] ""', f'{old}[0] "un puesto"\nmsgstr[1] "{translated}"')
    path.write_text(text)


ALL = (
    ("Cell", "Célula"),
    ("Hello, %(name)s", "Hola, %(name)s"),
    ("{count} seats", "{count} puestos"),
    ("Reasons", "Motivos"),
)


def test_texts_of_code_and_templates_without_translation_are_named(root: Path) -> None:
    said = "\n".join(translations.problems(root))
    for text in ("Cell", "Hello, %(name)s", "one seat", "Reasons"):
        assert f"no translation of {text!r}" in said


def test_a_translated_and_compiled_catalog_is_in_order_and_gettext_reads_it(root: Path) -> None:
    translate(root, *ALL)
    list(translations.update_and_compile(root))
    assert translations.problems(root) == []
    with (root / CATALOG).with_suffix(".mo").open("rb") as stream:
        spanish = gettext.GNUTranslations(stream)
    assert spanish.gettext("Cell") == "Célula"
    assert spanish.ngettext("one seat", "{count} seats", 3) == "{count} puestos"


def test_a_catalog_that_was_edited_and_not_compiled_is_named(root: Path) -> None:
    translate(root, *ALL)
    assert translations.problems(root) == [f"{CATALOG.removesuffix('po')}mo is not up to date"]


def test_a_translation_with_a_placeholder_that_does_not_exist_is_named(root: Path) -> None:
    translate(root, ("Hello, %(name)s", "Hola, %(nombre)s"))
    assert any("names a placeholder that is not there" in sentence for sentence in translations.problems(root))


def test_a_second_run_changes_nothing(root: Path) -> None:
    path = root / CATALOG
    path.write_text(re.sub(r"(POT-Creation-Date: ).*(\\n)", r"\g<1>2020-01-01 00:00+0000\2", path.read_text()))
    before = path.read_bytes()
    assert b"2020-01-01" in before
    list(translations.update_and_compile(root))
    assert path.read_bytes() == before
