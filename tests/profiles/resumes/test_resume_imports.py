"""From an upload to a profile over HTTP: queued, read by a worker, confirmed part by part, and exported again."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from marketplace.audit.models import AuditEvent
from marketplace.kernel import clock
from profiles.importers import formats, sandbox
from profiles.models import Professional, ResumeExtras, ResumeImport, ResumeImportItem
from profiles.services import imports
from profiles.states import ProfessionalStatus
from tests.factories import accounts, profiles, unguarded
from tests.profiles.resumes import files, texts

pytestmark = pytest.mark.django_db

URL = "/api/v1/professionals/me/imports"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RESUME = {
    "basics": {
        "name": "Ana López Ruiz",
        "label": "Data engineer with a taste for COBOL",
        "email": "ana@example.mx",
        "phone": "+52 33 1234 5678",
        "url": "https://ana.example.mx",
        "location": {"city": "Zapopan", "countryCode": "MX", "postalCode": "45010"},
    },
    "work": [
        {"name": "Acme", "position": "Engineer", "startDate": "2019-03", "summary": "Kept the ledgers of the bank."}
    ],
    "skills": [{"name": "COBOL", "level": "Master"}, {"name": "Telepathy"}, {"name": "javasricpt"}],
    "languages": [{"language": "English", "fluency": "C1"}, {"language": "German", "fluency": "B1"}],
    "certificates": [{"name": "CISSP", "date": "2024-05-01"}],
    "education": [{"institution": "UdeG", "area": "Computing"}],
}


@pytest.fixture(autouse=True)
def _skills(db):
    profiles.skill("cobol")
    profiles.skill("javascript")
    profiles.skill("cert-cissp", kind="certificate")


@pytest.fixture
def person(cast) -> Professional:
    """A draft in which a name is all there is, as registration leaves it."""
    unguarded.write(
        Professional.objects.filter(pk=cast.profile.pk),
        status=ProfessionalStatus.DRAFT, given_names="Ana", family_names="López Ruiz", contact_email="",
        headline_en="", headline_es="", city="",
    )  # fmt: skip
    return Professional.objects.get(pk=cast.profile.pk)


def upload(client, content, media_type="application/json"):
    body = json.dumps(content).encode() if isinstance(content, dict) else content
    return client.generic("POST", URL, body, content_type=media_type)


def read(resume_id: str, reader=formats.read) -> ResumeImport:
    """Have a worker's work done here and now; most tests save the child process."""
    row = ResumeImport.objects.latest("created_at")
    assert row.public_id == resume_id
    imports.execute(row.pk, reader)
    row.refresh_from_db()
    return row


def parts(answer) -> dict[str, dict]:
    """Return the parts of an import by what they say and where they would go."""
    return {f"{each['section']} {each['path']}": each for each in answer.json()["items"]}


def test_an_upload_is_queued_read_by_a_worker_and_shown_part_by_part_with_its_sources(api, cast, person):
    client = api(cast.professional)
    answer = upload(client, RESUME)
    assert answer.status_code == 202
    assert answer.json()["status"] == "queued"
    assert answer["Location"] == f"{URL}/{answer.json()['id']}"
    assert read(answer.json()["id"], sandbox.read).status == "read"

    shown = client.get(answer["Location"])
    assert shown.json()["format"] == "json_resume"
    found = parts(shown)
    assert found["basics /name"]["status"] == "present"
    assert found["basics /contact_email"]["value"] == {"contact_email": "ana@example.mx"}
    assert found["basics /contact_email"]["source"]["pointer"] == "/basics/email"
    assert found["basics /city"]["status"] == "proposed"
    assert found["experience /experiences"]["value"] == {
        "employer": "Acme",
        "title": "Engineer",
        "starts_on": "2019-03-01",
        "ends_on": None,
        "summary_en": "Kept the ledgers of the bank.",
    }
    assert found["skill /skills/cobol"]["value"] == {"skill": "cobol", "level": 5, "years": 0}
    assert found["language /languages/en"]["value"]["speaking"] == "c1"
    assert found["certificate /certificates/cert-cissp"]["value"]["issued_on"] == "2024-05-01"
    assert found["kept /resume/education"]["value"] == {"kept": {"institution": "UdeG", "area": "Computing"}}
    assert 0 < found["skill /skills/cobol"]["confidence"] <= 1


def test_a_heading_over_skills_is_kept_as_text_and_its_keywords_are_claimed(api, cast, person):
    profiles.skill("languages")  # though a skill of that name were known
    client = api(cast.professional)
    answer = upload(
        client, {**RESUME, "skills": [{"name": "Languages", "level": "4", "keywords": ["COBOL", "Go-kart"]}]}
    )
    read(answer.json()["id"])
    items = [each for each in client.get(answer["Location"]).json()["items"] if each["section"].startswith("skill")]
    assert [(each["section"], each["value"].get("kept") or each["value"]["skill"]) for each in items] == [
        ("skill_text", "Languages"),
        ("skill", "cobol"),
        ("skill_text", "Go-kart"),
    ]
    assert "suggestions" not in items[0]["value"]
    assert items[0]["source"]["pointer"] == "/skills/0/name"


def test_a_misspelled_skill_is_only_suggested_and_an_unknown_one_kept_as_text(api, cast, person):
    client = api(cast.professional)
    answer = upload(client, RESUME)
    read(answer.json()["id"])
    texts_of_skills = [
        each for each in client.get(answer["Location"]).json()["items"] if each["section"] == "skill_text"
    ]
    assert [each["value"]["kept"] for each in texts_of_skills] == ["Telepathy", "javasricpt"]
    assert (
        "suggestions" not in texts_of_skills[0]["value"]
        or "javascript" not in texts_of_skills[0]["value"]["suggestions"]
    )
    assert texts_of_skills[1]["value"]["suggestions"][0] == "javascript"


def test_nothing_enters_the_profile_before_it_is_confirmed_and_then_only_what_was_accepted(api, cast, person):
    client = api(cast.professional)
    answer = upload(client, RESUME)
    read(answer.json()["id"])
    before = Professional.objects.get(pk=person.pk)
    assert (before.city, before.claims.count(), before.experiences.count()) == ("", 0, 0)

    found = parts(client.get(answer["Location"]))
    wanted = [found["basics /city"]["id"], found["skill /skills/cobol"]["id"], found["language /languages/en"]["id"]]
    done = client.post(f"{answer['Location']}/confirm", {"accept": wanted})
    assert done.status_code == 200, done.json()
    assert done.json()["status"] == "confirmed"
    after = Professional.objects.get(pk=person.pk)
    assert after.city == "Zapopan"
    assert [(claim.skill.code, claim.level, claim.evidence) for claim in after.claims.all()] == [("cobol", 5, 0)]
    assert after.languages.get().speaking == 5
    assert after.experiences.count() == after.certificates.count() == 0
    assert after.contact_email == ""


def test_what_was_not_accepted_is_forgotten_and_the_file_is_gone(api, cast, person):
    client = api(cast.professional)
    answer = upload(client, RESUME)
    row = read(answer.json()["id"])
    assert bytes(row.content)
    found = parts(client.get(answer["Location"]))
    client.post(f"{answer['Location']}/confirm", {"accept": [found["basics /city"]["id"]]})
    row.refresh_from_db()
    assert (bytes(row.content), bytes(row.document)) == (b"", b"")
    assert row.finished_at is not None
    assert set(row.items.exclude(payload=b"").values_list("path", flat=True)) == {"/city"}
    shown = parts(client.get(answer["Location"]))
    assert shown["skill /skills/cobol"]["status"] == "rejected"
    assert shown["skill /skills/cobol"]["value"] is None


def test_the_file_and_every_part_are_unreadable_in_the_database(api, cast, person):
    answer = upload(api(cast.professional), RESUME)
    row = read(answer.json()["id"])
    stored = [bytes(row.content), bytes(row.document), *(bytes(item.payload) for item in row.items.all())]
    assert all(blob and b"Zapopan" not in blob and b"ana@example.mx" not in blob for blob in stored)
    assert "Zapopan" not in json.dumps([row.notices, row.failure, list(row.items.values_list("path", flat=True))])


def test_what_the_profile_says_already_is_only_replaced_when_that_is_asked(api, cast, person):
    Professional.objects.filter(pk=person.pk).update(city="Guadalajara")
    profiles.claim(person, "cobol", 2)
    client = api(cast.professional)
    answer = upload(client, RESUME)
    read(answer.json()["id"])
    found = parts(client.get(answer["Location"]))
    city, cobol = found["basics /city"], found["skill /skills/cobol"]
    assert (city["status"], city["current"]) == ("conflict", {"city": "Guadalajara"})
    assert (cobol["status"], cobol["current"]["level"]) == ("conflict", 2)

    refused = client.post(f"{answer['Location']}/confirm", {"accept": [city["id"], cobol["id"]]})
    assert (refused.status_code, refused.json()["code"]) == (409, "overwrite_not_chosen")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/accept/0", "/accept/1"]
    assert Professional.objects.get(pk=person.pk).city == "Guadalajara"
    assert client.get(answer["Location"]).json()["status"] == "read"

    done = client.post(f"{answer['Location']}/confirm", {"accept": [], "overwrite": [city["id"]]})
    assert done.status_code == 200
    assert Professional.objects.get(pk=person.pk).city == "Zapopan"
    assert person.claims.get().level == 2


def test_what_was_written_into_the_profile_meanwhile_is_a_conflict_too(api, cast, person):
    client = api(cast.professional)
    answer = upload(client, RESUME)
    read(answer.json()["id"])
    city = parts(client.get(answer["Location"]))["basics /city"]
    assert city["status"] == "proposed"
    Professional.objects.filter(pk=person.pk).update(city="Mérida")
    refused = client.post(f"{answer['Location']}/confirm", {"accept": [city["id"]]})
    assert refused.json()["code"] == "overwrite_not_chosen"
    assert Professional.objects.get(pk=person.pk).city == "Mérida"


def test_a_text_can_be_said_to_be_a_skill_at_a_level(api, cast, person):
    client = api(cast.professional)
    answer = upload(client, RESUME)
    read(answer.json()["id"])
    items = client.get(answer["Location"]).json()["items"]
    typo = next(each for each in items if each["value"].get("kept") == "javasricpt")
    cobol = next(each for each in items if each["path"] == "/skills/cobol")
    done = client.post(
        f"{answer['Location']}/confirm",
        {
            "accept": [typo["id"], cobol["id"]],
            "skills": [
                {"item": typo["id"], "skill": "javascript", "level": 3},
                {"item": cobol["id"], "level": 4},
            ],
        },
    )
    assert done.status_code == 200, done.json()
    assert {claim.skill.code: claim.level for claim in person.claims.all()} == {"javascript": 3, "cobol": 4}


def test_a_refusal_of_the_profile_points_at_the_part_and_takes_everything_back(api, cast, person):
    client = api(cast.professional)
    answer = upload(client, RESUME)
    read(answer.json()["id"])
    items = client.get(answer["Location"]).json()["items"]
    typo = next(each for each in items if each["value"].get("kept") == "Telepathy")
    city = next(each for each in items if each["path"] == "/city")
    refused = client.post(
        f"{answer['Location']}/confirm",
        {"accept": [city["id"], typo["id"]], "skills": [{"item": typo["id"], "skill": "mind reading", "level": 3}]},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_skill")
    assert refused.json()["errors"][0]["pointer"] == "/skills/0"
    assert Professional.objects.get(pk=person.pk).city == ""
    assert not ResumeExtras.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"accept": ["item_00000000000000000000000000"]}, "/accept/0"),
        ({"accept": [], "overwrite": ["item_00000000000000000000000000"]}, "/overwrite/0"),
        ({"accept": [], "skills": [{"item": "item_00000000000000000000000000", "level": 2}]}, "/skills/0/item"),
    ],
)
def test_parts_that_are_not_of_this_import_are_refused_by_pointer(body, pointer, api, cast, person):
    client = api(cast.professional)
    answer = upload(client, RESUME)
    read(answer.json()["id"])
    refused = client.post(f"{answer['Location']}/confirm", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_item")
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_a_resume_in_word_becomes_experience_with_the_line_it_stood_on(api, cast, person):
    client = api(cast.professional)
    answer = upload(client, files.docx(texts.SPANISH), DOCX)
    read(answer.json()["id"])
    items = client.get(answer["Location"]).json()["items"]
    work = [each for each in items if each["section"] == "experience"]
    assert work[0]["value"]["employer"] == "Banco del Bajío"
    assert work[0]["value"]["summary_es"].startswith("• Lideré la migración")
    assert work[0]["source"]["text"] == "Banco del Bajío — Ingeniera de Software Senior"
    assert work[0]["source"]["line"] > 1
    client.post(f"{answer['Location']}/confirm", {"accept": [each["id"] for each in work]})
    assert sorted(person.experiences.values_list("employer", "starts_on", "ends_on")) == [
        ("Banco del Bajío", dt.date(2019, 3, 1), None),
        ("Softtek", dt.date(2014, 1, 1), dt.date(2019, 2, 28)),
    ]


def test_the_same_resume_again_finds_everything_present(api, cast, person):
    client = api(cast.professional)
    first = upload(client, RESUME)
    read(first.json()["id"])
    everything = [each["id"] for each in client.get(first["Location"]).json()["items"]]
    assert (
        client.post(f"{first['Location']}/confirm", {"accept": everything, "overwrite": everything}).status_code == 200
    )
    again = upload(client, RESUME)
    read(again.json()["id"])
    items = client.get(again["Location"]).json()["items"]
    assert {each["status"] for each in items if each["section"] != "skill_text"} == {"present"}


def test_a_closed_import_cannot_be_confirmed_or_discarded_again(api, cast, person):
    client = api(cast.professional)
    answer = upload(client, RESUME)
    assert client.post(f"{answer['Location']}/confirm", {"accept": []}).json()["code"] == "illegal_transition"
    assert client.post(f"{answer['Location']}/discard", {}).json()["status"] == "discarded"
    for action, body in (("confirm", {"accept": []}), ("discard", {})):
        refused = client.post(f"{answer['Location']}/{action}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")
    assert not ResumeImportItem.objects.exists()


def test_three_open_imports_are_enough(api, cast, person):
    client = api(cast.professional)
    for _number in range(3):
        assert upload(client, RESUME).status_code == 202
    refused = upload(client, RESUME)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_imports")
    assert ResumeImport.objects.count() == 3


def test_somebody_without_a_profile_is_told_to_register(api, cast):
    from_nobody = api(profiles.professional().user)
    Professional.objects.all().delete()
    refused = upload(from_nobody, RESUME)
    assert (refused.status_code, refused.json()["code"]) == (404, "no_profile")


def test_a_closed_profile_takes_no_resume(api, cast, person, nothing_changes):
    Professional.objects.filter(pk=person.pk).update(status=ProfessionalStatus.ARCHIVED)
    client = api(cast.professional)
    with nothing_changes():
        refused = upload(client, RESUME)
    assert (refused.status_code, refused.json()["code"]) == (409, "profile_closed")


def test_imports_of_others_look_absent(api, cast, person):
    stranger = profiles.professional()
    answer = upload(api(cast.professional), RESUME)
    client = api(stranger.user)
    assert client.get(answer["Location"]).status_code == 404
    assert client.post(f"{answer['Location']}/discard", {}).status_code == 404
    assert client.get(URL).json()["results"] == []


def test_only_their_owner_and_the_staff_see_that_there_are_imports(cast, person):
    row = imports.request(professional=person, content=b"{}", media_type="application/json", actor=None)
    seen = {
        who: list(ResumeImport.objects.visible_to(accounts.actor(getattr(cast, who))))
        for who in ("professional", "recruiter", "operator", "client", "rival")
    }
    assert seen == {"professional": [row], "recruiter": [row], "operator": [row], "client": [], "rival": []}
    assert not ResumeImport.objects.visible_to(accounts.actor(profiles.professional().user)).exists()


def test_the_list_takes_few_queries_whatever_was_read(api, cast, person, django_assert_max_num_queries):
    client = api(cast.professional)
    for _number in range(3):
        read(upload(client, RESUME).json()["id"])
    with django_assert_max_num_queries(4):
        answer = client.get(URL, {"status": "read"})
    assert len(answer.json()["results"]) == 3
    assert client.get(URL, {"status": "confirmed"}).json()["results"] == []


def test_an_upload_is_repeated_safely_with_its_key(api, cast, person):
    client = api(cast.professional)
    body = json.dumps(RESUME).encode()
    first, second = (
        client.generic("POST", URL, body, content_type="application/json", HTTP_IDEMPOTENCY_KEY="cv-1")
        for _ in range(2)
    )
    assert first.json()["id"] == second.json()["id"]
    assert ResumeImport.objects.count() == 1


def test_every_step_is_in_the_audit_log_without_words_of_the_person(api, cast, person):
    client = api(cast.professional)
    answer = upload(client, RESUME)
    read(answer.json()["id"])
    client.post(f"{answer['Location']}/confirm", {"accept": []})
    events = AuditEvent.objects.filter(subject=answer.json()["id"]).order_by("sequence")
    assert [event.action for event in events] == [
        "resume_import.request",
        "resume_import.read",
        "resume_import.confirm",
    ]
    assert "Zapopan" not in json.dumps([event.data for event in events])


# -- the row is the queue ---------------------------------------------------------------------------------------------
def queued(person: Professional) -> ResumeImport:
    body = json.dumps(RESUME).encode()
    return imports.request(professional=person, content=body, media_type="application/json", actor=None)


def test_only_one_worker_gets_an_import(person):
    row = queued(person)
    assert imports.claim(row.pk) is not None
    assert imports.claim(row.pk) is None


def test_a_reader_that_lost_its_lease_cannot_record(person):
    row = queued(person)
    slow = imports.claim(row.pk)
    ResumeImport.objects.filter(pk=row.pk).update(lease_until=clock.now() - dt.timedelta(seconds=1))
    quick = imports.claim(row.pk)
    reading = formats.read(json.dumps(RESUME).encode())
    assert imports.record(row.pk, slow.lease_token, reading) is False
    assert imports.record(row.pk, quick.lease_token, reading) is True
    assert imports.record(row.pk, quick.lease_token, reading) is False
    assert AuditEvent.objects.filter(subject=row.public_id, action="resume_import.read").count() == 1


def test_an_import_whose_worker_dies_every_time_fails_with_a_reason(person):
    row = queued(person)
    for _attempt in range(imports.ATTEMPTS):
        assert imports.claim(row.pk) is not None
        ResumeImport.objects.filter(pk=row.pk).update(lease_until=clock.now() - dt.timedelta(seconds=1))
    assert imports.claim(row.pk) is None
    row.refresh_from_db()
    assert (row.status, row.failure["code"]) == ("failed", "reader_lost")
    assert bytes(row.content) == b""


def test_a_fault_of_ours_is_tried_again_later_and_a_bad_file_is_not(person):
    row = queued(person)
    claimed = imports.claim(row.pk)
    imports.put_back(row.pk, claimed.lease_token, "OperationalError")
    row.refresh_from_db()
    assert row.status == "queued"
    assert row.next_attempt_at > clock.now()
    assert row.pk not in imports.due_ids()


def test_an_import_that_nobody_confirms_is_closed_after_thirty_days(person):
    old, new = queued(person), queued(person)
    ResumeImport.objects.filter(pk=old.pk).update(created_at=clock.now() - dt.timedelta(days=31))
    assert imports.discard_forgotten() == 1
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, bytes(old.content), new.status) == ("discarded", b"", "queued")
