"""A résumé of somebody who is here already: noticed, told to recruiters, and never to whoever uploads."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from marketplace.audit.models import AuditEvent
from profiles.importers import formats
from profiles.models import Experience, ResumeImport
from profiles.services import duplicate_scan, imports, professionals, tax_ids
from tests.factories import profiles, unguarded
from tests.profiles.resumes import files, texts

pytestmark = pytest.mark.django_db

DOCUMENT = {
    "basics": {"name": "Ana Lopez Ruiz", "email": "ANA@example.mx"},
    "work": [{"name": "Banco del Bajio SA", "position": "Engineer", "startDate": "2019"}],
}


@pytest.fixture
def other():
    person = profiles.professional(given_names="Ana", family_names="López Ruiz", contact_email="other@example.mx")
    Experience.objects.create(
        professional=person, employer="Banco del Bajío, S.A.", title="Engineer", starts_on=dt.date(2019, 1, 1)
    )
    return person


def read(content: bytes) -> ResumeImport:
    person = profiles.professional(given_names="Somebody", family_names="Else")
    row = imports.request(professional=person, content=content, media_type="application/json", actor=None)
    imports.execute(row.pk, formats.read)
    row.refresh_from_db()
    return row


def test_the_same_name_with_an_employer_in_common_is_noticed(other):
    row = read(json.dumps(DOCUMENT).encode())
    assert row.possible_duplicate
    assert row.duplicates[0]["professional"] == other.public_id
    assert row.duplicates[0]["by"] == ["name_and_employer"]
    assert row.duplicates[0]["similarity"] >= 88


@pytest.mark.parametrize(
    "document",
    [
        {**DOCUMENT, "work": [{"name": "Softtek", "position": "Engineer", "startDate": "2019"}]},
        {**DOCUMENT, "basics": {"name": "Ana López Gómez"}},
        {**DOCUMENT, "basics": {"name": "Ana"}},
        {"basics": {"name": "Ana López Ruiz"}},
    ],
)
def test_a_like_name_or_employer_alone_is_nobody(document, other):
    assert not read(json.dumps(document).encode()).possible_duplicate


def test_the_same_address_is_the_same_person_in_any_capitals():
    by_contact = profiles.professional(contact_email="ana@EXAMPLE.mx")
    by_login = profiles.professional()
    type(by_login.user).objects.filter(pk=by_login.user_id).update(email="ana@example.mx")
    found = read(json.dumps(DOCUMENT).encode()).duplicates
    assert {each["professional"] for each in found} == {by_contact.public_id, by_login.public_id}
    assert all(each["by"] == ["email"] and each["similarity"] == 100 for each in found)


@pytest.mark.parametrize(("kind", "number"), [("rfc", "GODE561231GR8"), ("curp", "BOXW310820HNERXN09")])
def test_an_identifier_is_found_by_its_blind_index_and_not_kept(kind, number):
    person = profiles.professional()
    tax_ids.set_ids(professional=person, actor=None, **{kind: number})
    text = texts.LABELED.replace("RFC: GODE561231GR8", f"{kind.upper()}: {number}")
    row = read(files.text_pdf(text))
    assert [each["by"] for each in row.duplicates] == [[kind]]
    stored = json.dumps([row.notices, row.duplicates, row.failure])
    assert number not in stored
    assert all(number not in json.dumps(item.content) for item in row.items.all())


def test_the_same_telephone_is_noticed_however_it_is_written(other):
    professionals.update(professional=other, version=None, actor=None, phone="+523312345678")
    duplicate_scan.look_at([other.pk])
    row = read(json.dumps({"basics": {"name": "Somebody Else", "phone": "(33) 1234-5678"}}).encode())
    assert [(each["professional"], each["by"]) for each in row.duplicates] == [(other.public_id, ["phone"])]


def test_nobody_is_a_duplicate_of_themselves_or_of_the_erased(other):
    unguarded.write(type(other).objects.filter(pk=other.pk), status="erased")
    row = imports.request(
        professional=profiles.professional(contact_email="ana@example.mx"),
        content=json.dumps(DOCUMENT).encode(),
        media_type="application/json",
        actor=None,
    )
    imports.execute(row.pk, formats.read)
    row.refresh_from_db()
    assert row.status == "read"
    assert not row.possible_duplicate


def test_recruiters_see_the_doubt_and_nothing_of_what_was_read(api, cast, other, django_assert_max_num_queries):
    row = read(json.dumps(DOCUMENT).encode())
    read(json.dumps({"basics": {"name": "Nobody Known"}, "skills": [{"name": "SQL"}]}).encode())
    for viewer in (cast.recruiter, cast.operator):
        client = api(viewer)
        with django_assert_max_num_queries(4):
            answer = client.get("/api/v1/resume-imports", {"possible_duplicate": "true"})
        assert [each["id"] for each in answer.json()["results"]] == [row.public_id]
        assert answer.json()["results"][0]["duplicates"][0]["professional"] == other.public_id
        shown = client.get(f"/api/v1/resume-imports/{row.public_id}")
        assert "items" not in shown.json()
        assert "ANA@example.mx" not in shown.content.decode()


def test_the_owner_is_not_told_who_else_is_here(api, other):
    row = read(json.dumps(DOCUMENT).encode())
    shown = api(row.professional.user).get(f"/api/v1/professionals/me/imports/{row.public_id}")
    assert shown.status_code == 200
    assert other.public_id not in shown.content.decode()
    assert "duplicate" not in shown.content.decode()


def test_the_doubt_is_an_audit_row(other):
    row = read(json.dumps(DOCUMENT).encode())
    event = AuditEvent.objects.get(subject=row.public_id, action="resume_import.possible_duplicate")
    assert event.data == {"others": [other.public_id], "by": ["name_and_employer"]}
