"""Every format over HTTP, with the worker's own task and its child process: shown with its source, asked, confirmed."""

from __future__ import annotations

import json

import pytest

from marketplace.celery import app as worker
from profiles.models import Professional, ResumeImport
from profiles.states import ProfessionalStatus
from profiles.tasks import read_resume
from tests.factories import profiles, unguarded
from tests.profiles.resumes import files, texts
from tests.profiles.resumes.test_europass import CANDIDATE, PASSPORT_JSON, PASSPORT_XML
from tests.profiles.resumes.test_linkedin import profile as linkedin_profile

pytestmark = pytest.mark.django_db

URL = "/api/v1/professionals/me/imports"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JSON_RESUME = {
    "basics": {
        "name": "Ana López Ruiz",
        "label": "Ingeniera de datos",
        "email": "ana@example.mx",
        "location": {"city": "Zapopan", "countryCode": "MX"},
    },
    "work": [{"name": "Acme", "position": "Engineer", "startDate": "2019-03", "endDate": "2021"}],
    "languages": [{"language": "English", "fluency": "C1"}],
}
# Format, content, media type, the address and the city that it says.
SENT = {
    "docx": (files.docx(texts.SPANISH), DOCX, "maria.hernandez@example.mx", "Guadalajara"),
    "pdf": (files.text_pdf(texts.ENGLISH), "application/pdf", "john.smith@example.com", "Austin"),
    "linkedin_pdf": (linkedin_profile("es"), "application/pdf", "ana.lopez@bancoejemplo.example", "Guadalajara"),
    "json_resume": (json.dumps(JSON_RESUME).encode(), "application/json", "ana@example.mx", "Zapopan"),
    "europass_xml": (PASSPORT_XML.encode(), "application/xml", "lucia@example.es", "Madrid"),
    "europass_json": (json.dumps(PASSPORT_JSON).encode(), "application/json", "lucia@example.es", "Madrid"),
    "a Candidate": (CANDIDATE.encode(), "text/xml", "lucia@example.es", "Guadalajara"),
}
TEXTS = {"docx", "pdf", "linkedin_pdf"}


@pytest.fixture(params=SENT)
def sent(request):
    """A file of each format, and what it says of address and city."""
    return request.param.replace("a Candidate", "europass_xml"), *SENT[request.param]


@pytest.fixture
def person(cast) -> Professional:
    """A draft in which a city is entered, and not the one of any of the files."""
    unguarded.write(
        Professional.objects.filter(pk=cast.profile.pk),
        status=ProfessionalStatus.DRAFT, contact_email="", headline_en="", headline_es="", city="Mérida",
    )  # fmt: skip
    return Professional.objects.get(pk=cast.profile.pk)


def upload(client, content: bytes, media_type: str):
    """Send a file and have the worker's task read it, in a child process."""
    answer = client.generic("POST", URL, content, content_type=media_type)
    assert answer.status_code == 202, answer.json()
    assert read_resume.name in worker.tasks
    read_resume(str(ResumeImport.objects.latest("created_at").pk))
    return client.get(answer["Location"])


def test_each_format_is_shown_with_its_sources_and_enters_the_profile_only_as_confirmed(api, cast, person, sent):
    form, content, media_type, address, city = sent
    client = api(cast.professional)
    shown = upload(client, content, media_type)
    assert (shown.json()["status"], shown.json()["format"]) == ("read", form)
    items = shown.json()["items"]
    for item in items:
        source = item["source"]
        assert 0 < item["confidence"] <= 1
        if form in TEXTS:
            assert source["line"] >= 1, item
            assert source["text"], item
            assert (source["page"] is None) == (form == "docx")
        else:
            assert source["pointer"].startswith("/"), item
    by_path = {item["path"]: item for item in items}
    assert by_path["/contact_email"]["value"] == {"contact_email": address}
    assert (by_path["/city"]["status"], by_path["/city"]["current"]) == ("conflict", {"city": "Mérida"})
    assert by_path["/city"]["value"] == {"city": city}
    assert any(item["section"] == "experience" for item in items)
    before = Professional.objects.get(pk=person.pk)
    assert (before.contact_email, before.city, before.experiences.count()) == ("", "Mérida", 0)

    # Everything accepted, nothing overwritten: what contradicts the profile is asked about, and nothing is written.
    url = f"{URL}/{shown.json()['id']}/confirm"
    accept = [item["id"] for item in items if item["section"] in {"experience", "basics"}]
    refused = client.post(url, {"accept": accept})
    assert (refused.status_code, refused.json()["code"]) == (409, "overwrite_not_chosen")
    assert f"/accept/{accept.index(by_path['/city']['id'])}" in {e["pointer"] for e in refused.json()["errors"]}
    unchanged = Professional.objects.get(pk=person.pk)
    assert (unchanged.contact_email, unchanged.experiences.count()) == ("", 0)

    agreed = [item["id"] for item in items if item["id"] in accept and item["status"] == "proposed"]
    assert client.post(url, {"accept": agreed}).status_code == 200
    after = Professional.objects.get(pk=person.pk)
    assert (after.contact_email, after.city) == (address, "Mérida")
    assert after.experiences.count() == sum(item["section"] == "experience" for item in items)


def test_in_each_format_whoever_is_here_already_is_noticed_and_only_recruiters_are_told(api, cast, person, sent):
    _form, content, media_type, address, _city = sent
    other = profiles.professional(contact_email=address.upper())
    shown = upload(api(cast.professional), content, media_type)
    assert other.public_id not in shown.content.decode()
    seen = api(cast.recruiter).get("/api/v1/resume-imports", {"possible_duplicate": "true"}).json()["results"]
    assert [(each["id"], each["duplicates"][0]["professional"]) for each in seen] == [
        (shown.json()["id"], other.public_id)
    ]
    assert seen[0]["duplicates"][0]["by"] == ["email"]


def test_a_declared_length_of_a_hundred_megabytes_is_refused_before_anything_is_read(
    api, cast, person, nothing_changes
):
    client = api(cast.professional)
    with nothing_changes():
        answer = client.generic("POST", URL, b"%PDF-1.4", content_type="application/pdf", CONTENT_LENGTH="104857600")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
