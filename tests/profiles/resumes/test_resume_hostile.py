"""Files that are bad or mean to do harm: a stable code each, limits that hold, and only the reader dies."""

from __future__ import annotations

import json
import random
import time
import zipfile

import pytest

from profiles import resume_notices
from profiles.importers import docx, formats, json_text, pdf, sandbox
from profiles.importers.reading import Reading, Refused
from profiles.services import imports
from tests.factories import profiles
from tests.profiles.resumes import files, texts

QUICK = sandbox.Limits(cpu_seconds=2, wall_seconds=10.0, memory=256 * 1024 * 1024)
GOOD = files.text_pdf(texts.ENGLISH)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><SkillsPassport>&l9;</SkillsPassport>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><SkillsPassport>&f;</SkillsPassport>'
DEEP_XML = "<SkillsPassport>" + "<a>" * 5000 + "</a>" * 5000 + "</SkillsPassport>"

REFUSED = {
    "nothing": (b"", "empty_file"),
    "blanks": (b" \n\t \xef\xbb\xbf", "empty_file"),
    "binary": (bytes(range(256)) * 40, "unknown_format"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "unknown_format"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "legacy_word"),
    "a DOCX with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "password_protected",
    ),
    "a PDF with a password": (files.encrypted(GOOD, user_password="secret"), "password_protected"),
    "a scanned PDF": (files.pdf([[], []]), "no_text"),
    "a PDF cut off": (GOOD[: len(GOOD) // 3], "damaged_file"),
    "a PDF of its name only": (b"%PDF-1.7\n", "damaged_file"),
    "a PDF whose pages hold themselves": (files.page_tree_loop(), "damaged_file"),
    "a PDF with its page 20,000 levels down": (files.deep_page_tree(20_000), "damaged_file"),
    "a PDF that draws a form within itself": (files.form_of_itself(), "no_text"),
    "a PDF page that unpacks to 9 MB": (files.inflating_pdf(9), "too_large_inside"),
    "one page ten thousand times": (
        files.pdf_of(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [%s] /Count 10000 >>" % (b"3 0 R " * 10_000),
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
            ]
        ),
        "too_many_pages",
    ),
    "too many pages": (files.pdf([[files.Words("Page")]] * 41), "too_many_pages"),
    "a ZIP that is no document": (files.archive({"notes.txt": b"hello"}), "not_a_document"),
    "a ZIP cut off": (files.docx(texts.ENGLISH)[:400], "damaged_file"),
    "a DOCX without text": (files.docx(""), "no_text"),
    "a ZIP bomb": (files.archive({"word/document.xml": b" " * 60_000_000}), "too_large_inside"),
    "many members": (
        files.archive({"word/document.xml": b"<a/>", **{f"m{n}": b"" for n in range(2100)}}),
        "too_large_inside",
    ),
    "a DOCX of a million paragraphs": (
        files.archive({"word/document.xml": files.millions_of_paragraphs(1_000_000)}),
        "too_many_elements",
    ),
    "a DOCX of pictures only": (
        files.archive({**files.members(files.docx("")), "word/media/image1.png": b"\x89PNG" + bytes(500)}),
        "no_text",
    ),
    "a DOCX with a bomb for its styles": (
        files.archive({**files.members(files.docx(texts.ENGLISH)), "word/styles.xml": b" " * 60_000_000}),
        "too_large_inside",
    ),
    "a ZIP within a ZIP": (
        files.archive({"word/document.xml": files.archive({"a": bytes(9_000_000)})}),
        "malformed_xml",
    ),
    "a workbook": (files.archive({"xl/workbook.xml": b"<a/>"}), "not_a_document"),
    "RTF": (rb"{\rtf1\ansi Ana L\'f3pez}", "unknown_format"),
    "a DOCX with entities": (files.archive({"word/document.xml": BOMB.encode()}), "forbidden_xml"),
    "billion laughs": (BOMB.encode(), "forbidden_xml"),
    "an external entity": (EXTERNAL.encode(), "forbidden_xml"),
    "deep XML": (DEEP_XML.encode(), "too_deep"),
    "broken XML": (b"<SkillsPassport><LearnerInfo>", "malformed_xml"),
    "other XML": (b"<html><body>Hello</body></html>", "unknown_format"),
    "XML in an unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><a/>', "malformed_xml"),
    "deep JSON": (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
    "rather deep JSON": (b'{"basics":' * 90 + b"1" + b"}" * 90, "too_deep"),
    "broken JSON": (b'{"basics": {', "malformed_json"),
    "NaN": (b'{"basics": NaN}', "malformed_json"),
    "a list": (b"[1, 2]", "not_an_object"),
    "a text in JSON": (b'"2019-03"', "not_an_object"),
    "German of nobody": (files.docx(texts.GERMAN.replace("Jürgen Müller\n", "")), "unsupported_language"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_a_stable_code(name):
    content, code = REFUSED[name]
    with pytest.raises(Refused) as refusal:
        formats.read(content)
    assert refusal.value.code == code
    assert str(resume_notices.sentence(code, refusal.value.data))


def test_a_file_that_is_only_locked_against_changes_is_read():
    assert formats.read(files.encrypted(GOOD, user_password="")).document["basics"]["name"] == "John A. Smith"


def test_broken_json_is_refused_with_the_line_and_column():
    with pytest.raises(Refused) as refusal:
        formats.read(b'{"basics": {"name": "Ana"},\n "work": [,]}')
    assert refusal.value.data == {"line": 2, "column": 11}


def test_json_that_is_too_deep_is_refused_with_a_pointer_to_where():
    deep = json.dumps({"meta": {"a": json.loads("[" * 80 + "]" * 80)}}).encode()
    with pytest.raises(Refused) as refusal:
        formats.read(deep)
    assert refusal.value.pointer == "/meta/a/0"


def test_sizes_that_an_archive_only_claims_are_not_believed(monkeypatch):
    honest = files.docx(texts.ENGLISH)
    monkeypatch.setattr(docx, "MOST_BYTES", 500)
    # The directory says 60 bytes; what comes out is what counts.
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda self: [])
    monkeypatch.setattr(docx, "_checked", lambda archive: {"word/document.xml"})
    with pytest.raises(Refused) as refusal:
        docx.read_lines(honest, Reading("docx"))
    assert refusal.value.code == "too_large_inside"


def test_a_page_that_unpacks_without_end_takes_down_only_its_reader():
    with pytest.raises(Refused) as refusal:
        sandbox.read(files.inflating_pdf(150), QUICK)
    assert (refusal.value.code, refusal.value.data) == ("too_large_inside", {"most": pdf.MOST_UNPACKED})
    assert sandbox.read(GOOD).document["basics"]["name"] == "John A. Smith"


def test_a_page_is_refused_by_what_it_unpacks_to_before_it_is_read(monkeypatch):
    assert formats.read(GOOD).document["basics"]["name"] == "John A. Smith"
    monkeypatch.setattr(pdf, "MOST_UNPACKED", 100)
    with pytest.raises(Refused) as refusal:
        formats.read(GOOD)
    assert (refusal.value.code, refusal.value.data) == ("too_large_inside", {"most": 100})


def test_forms_within_forms_are_drawn_only_as_long_as_the_reader_has():
    started = time.monotonic()
    with pytest.raises(Refused) as refusal:
        sandbox.read(files.forms_within_forms(60), QUICK)
    assert refusal.value.code in {"took_too_long", "not_a_resume", "no_text"}
    assert time.monotonic() - started < QUICK.wall_seconds + 5


def test_a_script_and_a_file_inside_a_pdf_are_neither_run_nor_read():
    reading = sandbox.read(files.scripted_pdf("Ana Lopez Ruiz | ana@example.mx | Guadalajara, Jalisco"))
    assert reading.document["basics"]["email"] == "ana@example.mx"
    assert "example.com" not in json.dumps(reading.as_json())


def test_of_a_document_with_macros_only_the_text_is_read():
    macros = files.archive(
        {**files.members(files.docx(texts.ENGLISH)), "word/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 99}
    )
    assert formats.read(macros).document == formats.read(files.docx(texts.ENGLISH)).document


def test_what_a_file_is_counts_and_not_what_it_is_called(api, db):
    person = profiles.professional()
    row = imports.request(
        professional=person, content=files.docx(texts.ENGLISH), media_type="application/pdf", actor=None
    )
    imports.execute(row.pk)
    row.refresh_from_db()
    assert (row.status, row.format) == ("read", "docx")


def test_a_reader_that_computes_too_long_is_stopped_by_its_own_limit():
    slow = files.pdf([[files.Words("word " * 200, y=700.0 - row) for row in range(600)]] * 40)
    with pytest.raises(Refused) as refusal:
        sandbox.read(slow, sandbox.Limits(cpu_seconds=1, wall_seconds=20.0))
    assert (refusal.value.code, refusal.value.data) == ("took_too_long", {"seconds": 1})


def test_a_reader_that_does_not_come_back_is_ended_by_the_clock():
    with pytest.raises(Refused) as refusal:
        sandbox.read(GOOD, sandbox.Limits(wall_seconds=0.01))
    assert refusal.value.code == "took_too_long"


def test_a_reader_that_eats_memory_dies_of_it_and_the_next_file_is_read():
    large = json.dumps({"basics": {"summary": "a" * 4_000_000}, "work": [{"name": "b" * 9}] * 90_000}).encode()
    with pytest.raises(Refused) as refusal:
        sandbox.read(large, sandbox.Limits(memory=150 * 1024 * 1024))
    assert refusal.value.code in {"too_much_memory", "reader_died"}
    assert sandbox.read(GOOD).document["basics"]["name"] == "John A. Smith"


def test_a_reader_gets_no_more_memory_than_it_may_have():
    with pytest.raises(Refused) as refusal:
        sandbox.read(GOOD, sandbox.Limits(memory=48 * 1024 * 1024))
    assert refusal.value.code in {"too_much_memory", "reader_died"}


def test_the_reader_knows_no_key_and_no_database(monkeypatch, tmp_path):
    spy = tmp_path / "python"
    spy.write_text(
        '#!/bin/sh\nenv > "$(dirname "$0")/seen"\necho \'{"refused": {"code": "x", "pointer": "", "data": {}}}\'\n'
    )
    spy.chmod(0o755)
    monkeypatch.setenv("FIELD_KEYS", "local:secret")
    monkeypatch.setattr(sandbox.sys, "executable", str(spy))
    with pytest.raises(Refused):
        sandbox.read(GOOD)
    seen = (tmp_path / "seen").read_text()
    assert "PATH=" in seen
    assert not any(
        name in seen for name in ("FIELD_KEYS", "DATABASE_URL", "SECRET_KEY", "REDIS_URL", "BLIND_INDEX_KEY")
    )


def test_a_very_long_text_is_read_up_to_the_limit_and_that_is_told():
    text = texts.ENGLISH + "\n" + "\n".join(f"word {number} " * 40 for number in range(1000))
    reading = formats.read(files.docx(text))
    assert "text_cut" in {notice.code for notice in reading.notices}
    assert reading.document["basics"]["name"] == "John A. Smith"


@pytest.mark.parametrize(
    "line",
    ["(" * 1900, "2019 - " * 280, "a@" * 900, "Jan 2019 to " * 150, "\t" * 800, "1 year 1 month " * 120, "Æ" * 1900],
)
def test_lines_made_to_slow_a_pattern_down_do_not(line):
    text = f"{texts.ENGLISH}\nEXPERIENCE\n" + "\n".join([line] * 60)
    assert sandbox.read(files.docx(text), sandbox.Limits(cpu_seconds=5)).document["basics"]["name"] == "John A. Smith"


def outcome(content: bytes) -> str:
    try:
        formats.read(content)
    except Refused as refusal:
        return refusal.code
    return "read"


def test_files_damaged_at_random_are_read_or_refused_and_nothing_else():
    chance = random.Random(2026)
    sound = [GOOD, files.docx(texts.SPANISH), json.dumps({"basics": {"name": "Ana"}, "work": [{}]}).encode()]
    for _time in range(300):
        content = bytearray(chance.choice(sound))
        for _blow in range(chance.choice([1, 4, 30])):
            place = chance.randrange(len(content))
            content[place : place + chance.randrange(3)] = bytes([chance.randrange(256)])
        assert outcome(bytes(content)) in {"read", *resume_notices.FAILURES}


def test_json_of_other_encodings_is_read_and_guesses_are_told():
    text = '{"basics": {"name": "José Núñez"}}'
    for encoding in ("utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        reading = Reading("json_resume")
        assert json_text.parse(text.encode(encoding), reading)["basics"]["name"] == "José Núñez"
        assert not reading.notices
    guessed = formats.read(text.encode("cp1252"))
    assert guessed.document["basics"]["name"] == "José Núñez"
    assert [notice.code for notice in guessed.notices] == ["encoding_guessed"]


def test_characters_that_no_database_stores_are_left_out_and_told():
    reading = formats.read(b'{"basics": {"name": "Ana\\u0000 L\\ud800opez"}}')
    assert reading.document["basics"]["name"] == "Ana Lopez"
    assert [(notice.code, notice.pointer) for notice in reading.notices] == [("characters_removed", "/basics/name")]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a scanned PDF", "a ZIP bomb", "billion laughs", "broken JSON", "German of nobody"])
def test_a_file_that_cannot_be_read_ends_the_import_with_its_reason_and_leaves_no_file(name, api):
    person = profiles.professional()
    content, code = REFUSED[name]
    row = imports.request(professional=person, content=content, media_type="application/pdf", actor=None)
    imports.execute(row.pk)
    row.refresh_from_db()
    assert (row.status, row.failure["code"], bytes(row.content)) == ("failed", code, b"")
    shown = api(person.user, accept_language="es-MX").get(f"/api/v1/professionals/me/imports/{row.public_id}").json()
    assert shown["failure"]["code"] == code
    assert shown["failure"]["detail"]
    assert shown["items"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing", "binary", "a picture", "an old Word file", "a DOCX with a password"])
def test_bytes_that_are_no_resume_at_all_are_refused_at_once(name, api, nothing_changes):
    person = profiles.professional()
    content, code = REFUSED[name]
    client = api(person.user)
    with nothing_changes():
        answer = client.generic("POST", "/api/v1/professionals/me/imports", content, content_type="application/pdf")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [error["pointer"] for error in answer.json()["errors"]] == [""]


@pytest.mark.django_db
def test_five_megabytes_are_taken_here_and_one_everywhere_else(api, nothing_changes):
    person = profiles.professional()
    client = api(person.user)
    url = "/api/v1/professionals/me/imports"
    large = GOOD + b"\n" * (4 * 1_048_576)
    assert client.generic("POST", url, large, content_type="application/pdf").status_code == 202
    with nothing_changes():
        for path, size in ((url, 5 * 1_048_576 + 1), ("/api/v1/professionals/me/skills", 1_048_577)):
            answer = client.generic("POST", path, b"%PDF-" + b" " * (size - 5), content_type="application/pdf")
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
            assert answer.json()["data"]["most_bytes"] == size - 1


@pytest.mark.django_db
def test_other_media_types_are_refused(api, nothing_changes):
    client = api(profiles.professional().user)
    with nothing_changes():
        answer = client.generic("POST", "/api/v1/professionals/me/imports", b"\x89PNG", content_type="image/png")
    assert answer.status_code == 415
