"""Every kind of notification, as it is read in the app and in an e-mail, in both languages."""

from __future__ import annotations

import re
import uuid

import pytest
from django.utils import translation

from marketplace.delivery import kinds, mail, wording
from marketplace.delivery.models import EmailMessage, Notification
from tests.english_words import english_words, spanish_words
from tests.factories import accounts

ZONE = "America/Mexico_City"
KINDS = [kind for kind in kinds.every_kind() if not kind.name.startswith("test.")]
_PLACEHOLDER = re.compile(r"%\((\w+)\)")
_AS_STORED = re.compile(r"\d{4}-\d{2}-\d{2}|T\d{2}:")


def sample(name):
    """Return a value such as notifications hold under a name: a moment, a day, or something that stands as it is.

    ``cells`` is counted by a text with a plural, which does not show its names before it is filled in.
    """
    if name.endswith("_at"):
        return "2026-12-01T16:30:00+00:00"
    if name.endswith("_on"):
        return "2027-01-11"
    return "«Mainframe»" if name in {"search", "description"} else 3


def told(kind, language):
    with translation.override(language):
        names = {"cells", *(name for text in (kind.title, kind.body) for name in _PLACEHOLDER.findall(str(text)))}
        data = {name: sample(name) for name in names}
        return wording.title(kind.name, data, zone=ZONE), wording.body(kind.name, data, zone=ZONE)


def test_there_are_the_kinds_of_every_room():
    assert len(KINDS) > 40
    assert {kind.category for kind in KINDS} == set(kinds.Category)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_notification_is_told_in_the_readers_language_with_nothing_left_open(kind):
    english, spanish = told(kind, "en"), told(kind, "es-mx")
    for one, other in zip(english, spanish, strict=True):
        assert one.strip()
        assert one != other
        assert not english_words(other), other
        assert not spanish_words(one), one
        for text in (one, other):
            assert "%(" not in text
            assert "–" not in text, text  # what is missing
            assert not _AS_STORED.search(text), text
    if any(name.endswith(("_at", "_on")) for name in _PLACEHOLDER.findall(str(kind.body))):
        assert " de 2026" in spanish[1] or " de 2027" in spanish[1]
        assert "December 1, 2026" in english[1] or "January 11, 2027" in english[1]


def test_an_e_mail_with_all_of_them_is_spanish_from_subject_to_footer(db, settings):
    settings.FRONTEND_URL = "https://app.celula.example"
    person = accounts.user(language="es-mx")
    row = EmailMessage.objects.create(recipient=person)
    news = [
        Notification(
            recipient=person,
            kind=kind.name,
            category=kind.category,
            subject="inv_00000000000000000000000000",
            data={name: sample(name) for name in ("cells", *_PLACEHOLDER.findall(str(kind.body)))},
        )
        for kind in KINDS
        if kind.link is None
    ] * 2
    letter = mail.written(row, person, news, ZONE, uuid.uuid4())
    assert letter.subject == f"Célula: {len(news)} mensajes"
    more = len(news) - mail.MOST_LISTED
    assert more > 1
    assert f"Y {more} avisos más en la aplicación." in letter.text
    assert '<html lang="es-mx">' in letter.html
    for text in (letter.text, re.sub(r"<[^>]*>", " ", letter.html)):
        assert not english_words(text), english_words(text)
        assert len(spanish_words(text)) > 100
