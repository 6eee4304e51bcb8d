"""The Spanish catalog: complete, compiled, and with the placeholders of its originals."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import django
import pytest
import rest_framework
from babel.messages import extract, pofile
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
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext_lazy": (1, 2), "ngettext": (1, 2)}
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")


# How one speaks to somebody as *usted*; a sentence begins with the second row only where it asks for something.
_USTED = re.compile(
    r"\b(usted|ustedes|vosotros|os|vuestr[oa]s?)\b"
    r"|(?:^|[.:;] )(introduzca|ingrese|seleccione|asegúrese|elija|indique|escriba|consulte|vuelva|revise|envíe"
    r"|inténtelo|verifique|haga|agregue|pida|espere|responda|cambie|confirme|guarde|lea|proporcione|corrija|añada|pulse)\b",
    re.IGNORECASE,
)
# Words of Spain for which Mexico has others: computadora, archivo, celular, costo, agregar, vencer, renta.
_OF_SPAIN = re.compile(
    r"\b(ordenador(es)?|ficheros?|móvil(es)?|costes?|añad\w+|caduc\w+|alquil\w+|pulsa\w*|aparc\w+|coger|enhorabuena)\b",
    re.IGNORECASE,
)


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


def test_readers_are_addressed_as_tu_and_in_the_words_of_mexico() -> None:
    for message in messages():
        for text in forms(message.string):
            found = _USTED.search(text)
            assert not found, (found, text)
            found = _OF_SPAIN.search(text)
            assert not found, (found, text)


def test_somebody_who_is_addressed_otherwise_would_be_noticed() -> None:
    for text in ("Por favor, escriba su contraseña: escriba dos veces.", "Introduzca un número.", "¿Y usted?"):
        assert _USTED.search(text), text
    for text in ("El coste del fichero", "Añade una clave", "Ha caducado"):
        assert _OF_SPAIN.search(text), text


def test_questions_and_exclamations_are_opened_as_they_are_closed() -> None:
    for message in messages():
        for text in forms(message.string):
            assert (text.count("¿"), text.count("¡")) == (text.count("?"), text.count("!")), text


def test_quotations_are_in_spanish_quotation_marks() -> None:
    for message in messages():
        for text in forms(message.string):
            assert not set('“”"') & set(text), text
            assert text.count("«") == text.count("»"), text


def test_texts_borrowed_from_libraries_are_still_theirs() -> None:
    """A sentence that its library has changed would be translated for nobody."""
    here = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("marketplace/*/borrowed_texts.py")}
    borrowed = {
        text
        for message in translations.texts_in_use(ROOT)
        if {place for place, _line in message.locations} & here
        for text in forms(message.id)
    }
    assert len(borrowed) > 80
    theirs = {text for library in (django, rest_framework, allauth) for text in texts_of(Path(library.__file__).parent)}
    assert borrowed <= theirs, borrowed - theirs


def texts_of(library: Path) -> set[str]:
    """Return the texts that a library marks for translation, in the modules whose texts reach our readers."""
    folders = ("", "account", "mfa", "forms", "core", "contrib/auth", "db/models/fields")
    paths = {path for folder in folders for path in (library / folder).glob("*.py")}
    paths |= set((library / "mfa").rglob("*.py"))
    found = set()
    for path in paths:
        with path.open("rb") as stream:
            for _line, text, *_rest in extract.extract("python", stream, keywords=KEYWORDS):
                found.update(forms(text))
    return found


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
