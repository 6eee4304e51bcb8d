"""The Spanish catalog: complete, compiled, and with the placeholders of its originals."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages import pofile
from babel.messages.catalog import Message
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from marketplace.local import translations
from tests.english_words import english_words, spanish_words

ROOT = Path(settings.BASE_DIR)
CATALOG = ROOT / "marketplace" / "locale" / "es_MX" / "LC_MESSAGES" / "django.po"
# Words that are written alike in both languages.
ALIKE = {"Principal", "No", "W-9"}
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")


def messages() -> list[Message]:
    with CATALOG.open("rb") as stream:
        return [message for message in pofile.read_po(stream, locale="es_MX") if message.id]


def forms(text: str | list[str] | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_every_text_in_use_is_translated_and_compiled() -> None:
    assert translations.problems(ROOT) == []


def test_a_translation_uses_every_placeholder_of_its_original_and_no_other() -> None:
    found = messages()
    assert len(found) > 300
    for message in found:
        wanted = set(_PLACEHOLDER.findall(forms(message.id)[-1]))
        for text in forms(message.string):
            assert set(_PLACEHOLDER.findall(text)) == wanted, message.id


def test_a_translation_says_it_in_spanish() -> None:
    unchanged = {forms(message.id)[0] for message in messages() if forms(message.string)[0] == forms(message.id)[0]}
    assert unchanged <= ALIKE


def test_a_translation_ends_as_its_original_does() -> None:
    for message in messages():
        for text in forms(message.string):
            assert text.endswith(".") == forms(message.id)[-1].endswith("."), message.id


def test_spanish_text_is_not_english_and_english_text_is_not_spanish() -> None:
    for message in messages():
        for text in forms(message.string):
            assert not english_words(text), text
        for text in forms(message.id):
            assert not spanish_words(text), text


def test_a_text_that_counts_has_one_form_for_one_and_another_for_several() -> None:
    counting = [message for message in messages() if not isinstance(message.id, str)]
    assert len(counting) > 10
    for message in counting:
        singular, plural = forms(message.string)
        assert singular != plural, message.id


@pytest.mark.parametrize("language", ["es-mx", "es-MX"])
def test_django_finds_the_compiled_catalog(language: str) -> None:
    with translation.override(language):
        assert gettext("Not allowed") == "No permitido"
