"""Lists of people: in their own order, shared or not, and out of the house as a table that harms nobody."""

from __future__ import annotations

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from marketplace.accounts.permissions import Role
from marketplace.audit.models import AuditEvent
from marketplace.rest import spreadsheets
from profiles.models import Professional, TalentList, TalentListEntry
from profiles.services import talent_lists
from tests.factories import accounts, profiles, unguarded

THERE = "/api/v1/talent-lists"


@pytest.fixture
def recruiter(db):
    return accounts.user(Role.RECRUITER)


def opened(owner, **options) -> TalentList:
    return talent_lists.create(name=options.pop("name", "Core banking"), actor=accounts.actor(owner), **options)


def put(row: TalentList, *people: Professional, by=None, **options) -> list[TalentListEntry]:
    return talent_lists.add(
        talent_list=row,
        professionals=[person.pk for person in people],
        actor=accounts.actor(by or row.owner),
        **options,
    ).entries


def order(row: TalentList) -> list:
    return list(row.entries.order_by("position", "pk").values_list("professional_id", flat=True))


def test_a_page_of_a_search_is_put_on_a_list_once_with_who_did_it(api, recruiter):
    people = [profiles.professional() for _ in range(3)]
    row = opened(recruiter, shared=True)
    put(row, people[1])
    colleague = accounts.user(Role.RECRUITER)
    answer = api(colleague).post(
        f"{THERE}/{row.public_id}/entries",
        {"professionals": [each.public_id for each in people], "note": "Seen in the search"},
        format="json",
    )
    assert answer.status_code == 200, answer.content
    assert [each["professional"] for each in answer.json()["added"]] == [people[0].public_id, people[2].public_id]
    assert answer.json()["present"] == [people[1].public_id]
    listed = api(recruiter).get(f"{THERE}/{row.public_id}/entries").json()["results"]
    assert [each["professional"]["id"] for each in listed] == [people[k].public_id for k in (1, 0, 2)]
    assert [each["added_by"] for each in listed] == [recruiter.public_id, colleague.public_id, colleague.public_id]
    assert [each["note"] for each in listed] == ["", "Seen in the search", "Seen in the search"]
    event = AuditEvent.objects.filter(subject=row.public_id, action="talent_list.add").order_by("-sequence").first()
    assert event.actor == colleague.public_id
    assert event.data["people"] == [people[0].public_id, people[2].public_id]


def test_unknown_and_closed_people_are_refused_all_together(api, recruiter, nothing_changes):
    row = opened(recruiter)
    good, closed = profiles.professional(), profiles.professional(status="archived")
    client = api(recruiter)
    with nothing_changes():
        refused = client.post(
            f"{THERE}/{row.public_id}/entries",
            {"professionals": [good.public_id, closed.public_id, "prof_00000000000000000000000000"]},
            format="json",
        )
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/professionals/1", "/professionals/2"]


def test_a_list_has_an_end(recruiter, monkeypatch):
    monkeypatch.setattr(talent_lists, "MOST_ENTRIES", 2)
    row = opened(recruiter)
    put(row, profiles.professional())
    with pytest.raises(talent_lists.Conflict) as refusal:
        put(row, profiles.professional(), profiles.professional())
    assert refusal.value.code == "list_full"
    assert row.entries.count() == 1


def test_people_are_moved_within_the_order(api, recruiter):
    row = opened(recruiter)
    first, second, third = put(row, *(profiles.professional() for _ in range(3)))
    client = api(recruiter)
    there = f"{THERE}/{row.public_id}/entries"
    assert client.post(f"{there}/{third.public_id}/move", {"before": first.public_id}, format="json").status_code == 200
    assert order(row) == [third.professional_id, first.professional_id, second.professional_id]
    client.post(f"{there}/{third.public_id}/move", {"before": None}, format="json")
    assert order(row) == [first.professional_id, second.professional_id, third.professional_id]
    foreign = put(opened(recruiter, name="other"), profiles.professional())[0]
    refused = client.post(f"{there}/{third.public_id}/move", {"before": foreign.public_id}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_entry")


@pytest.mark.parametrize("status", ["archived", "blocked", "erased"])
def test_whoever_is_out_of_sight_leaves_the_view_and_the_export(api, recruiter, status):
    row = opened(recruiter)
    stays, goes = profiles.professional(), profiles.professional()
    entry = put(row, stays, goes)[1]
    unguarded.write(Professional.objects.filter(pk=goes.pk), status=status)
    client = api(recruiter)
    there = f"{THERE}/{row.public_id}"
    assert [each["professional"]["id"] for each in client.get(f"{there}/entries").json()["results"]] == [
        stays.public_id
    ]
    assert client.get(there).json()["people"] == 1
    assert goes.public_id not in client.get(f"{there}/export").content.decode()
    assert client.delete(f"{there}/entries/{entry.public_id}").status_code == 404


def test_private_lists_are_nobody_elses_and_shared_ones_are_governed_by_their_owner(api, recruiter, nothing_changes):
    private, shared = opened(recruiter, name="private"), opened(recruiter, name="shared", shared=True)
    entry = put(private, profiles.professional())[0]
    other = api(accounts.user(Role.OPERATOR))
    with nothing_changes():
        assert [each["id"] for each in other.get(THERE).json()["results"]] == [shared.public_id]
        for answer in (
            other.get(f"{THERE}/{private.public_id}"),
            other.get(f"{THERE}/{private.public_id}/entries"),
            other.get(f"{THERE}/{private.public_id}/export"),
            other.post(
                f"{THERE}/{private.public_id}/entries",
                {"professionals": [entry.professional.public_id]},
                format="json",
            ),
            other.delete(f"{THERE}/{private.public_id}/entries/{entry.public_id}"),
            # The entry of one list is not found under another.
            other.delete(f"{THERE}/{shared.public_id}/entries/{entry.public_id}"),
        ):
            assert answer.status_code == 404, answer.content
        for answer in (
            other.delete(f"{THERE}/{shared.public_id}"),
            other.patch(f"{THERE}/{shared.public_id}", {"shared": False}, format="json", HTTP_IF_MATCH='"1"'),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "owner_only")


def test_a_list_is_renamed_noted_and_forgotten(api, recruiter):
    client = api(recruiter)
    made = client.post(THERE, {"name": "Autumn"}, format="json")
    assert made.status_code == 201
    there = made["Location"]
    assert client.post(THERE, {"name": "Autumn"}, format="json").json()["code"] == "name_taken"
    assert client.patch(there, {"name": "Winter"}, format="json", HTTP_IF_MATCH=made["ETag"]).json()["name"] == "Winter"
    assert client.patch(there, {"name": "Spring"}, format="json", HTTP_IF_MATCH=made["ETag"]).status_code == 412
    entry = put(TalentList.objects.get(), profiles.professional())[0]
    part = f"{there}/entries/{entry.public_id}"
    assert client.patch(part, {"note": "Call in May"}, format="json").status_code == 428
    noted = client.patch(part, {"note": "Call in May"}, format="json", HTTP_IF_MATCH='"1"')
    assert (noted.status_code, noted.json()["note"]) == (200, "Call in May")
    assert client.patch(part, {"note": "Never"}, format="json", HTTP_IF_MATCH='"1"').status_code == 412
    assert client.delete(part).status_code == 204
    assert client.delete(there).status_code == 204
    assert not TalentList.objects.exists()


def test_the_export_names_nobody_and_runs_no_formula(api, recruiter):
    person = profiles.professional(
        given_names="Guadalupe",
        family_names="Zaragoza",
        contact_email="lupita@example.mx",
        headline_en='=HYPERLINK("http://evil.example","x")',
        headline_es="  @SUM(A1)",
        cluster="+52",
    )
    profiles.claim(person, "cobol", 4)
    profiles.speaks(person, "en")
    row = opened(recruiter, name="Núcleo bancario")
    put(row, person, note="Guadalupe Zaragoza, lupita@example.mx")
    answer = api(recruiter).get(f"{THERE}/{row.public_id}/export")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="nucleo-bancario.csv"'
    text = answer.content.decode("utf-8-sig")
    for personal in ("Guadalupe", "Zaragoza", "lupita", person.user.email):
        assert personal not in text
    (line,) = csv.DictReader(io.StringIO(text))
    assert line["professional"] == person.public_id
    assert line["headline_en"].startswith("'=HYPERLINK")
    assert line["headline_es"] == "'  @SUM(A1)"
    assert line["cluster"] == "'+52"
    assert (line["skills"], line["english"], line["rate_amount"]) == ("cobol:4 (self_declared)", "c1", "40.00")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "－1"])
def test_every_beginning_of_a_formula_is_led_by_an_apostrophe(text):
    assert spreadsheets.cell(text) == f"'{text}"


@pytest.mark.parametrize(("value", "written"), [(-5, "-5"), (None, ""), ("a=b", "a=b"), ("", ""), ("ñ", "ñ")])
def test_other_cells_stand_as_they_are(value, written):
    assert spreadsheets.cell(value) == written


def test_lists_take_the_same_queries_however_long_they_are(api, recruiter, django_assert_max_num_queries):
    row = opened(recruiter)
    people = [profiles.professional() for _ in range(6)]
    for person in people:
        profiles.claim(person)
        profiles.speaks(person)
    put(row, *people)
    client = api(recruiter)
    for path, most in ((THERE, 4), (f"{THERE}/{row.public_id}/entries", 9), (f"{THERE}/{row.public_id}/export", 9)):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_many_who_add_the_same_people_at_once_add_each_of_them_once():
    owner = accounts.user(Role.RECRUITER)
    row = opened(owner, shared=True)
    people = [profiles.professional() for _ in range(5)]
    actors = [accounts.user(Role.RECRUITER) for _ in range(6)]
    gate = threading.Barrier(6)

    def work(by) -> int:
        gate.wait()
        try:
            return len(put(row, *people, by=by))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, actors)) == 5
    assert sorted(row.entries.values_list("position", flat=True)) == [1, 2, 3, 4, 5]
