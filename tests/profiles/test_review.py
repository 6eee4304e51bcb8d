"""A profile's way through review: who may move it where, and that nothing else happens."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid

import pytest
from django.db import IntegrityError, transaction

from marketplace.audit.log import broken_link
from marketplace.audit.models import AuditEvent
from marketplace.kernel import clock
from profiles import states
from profiles.models import Booking, Professional
from profiles.states import ProfessionalStatus
from tests.factories import profiles, unguarded

ME = "/api/v1/professionals/me"


def put(cast, status):
    unguarded.write(Professional.objects.filter(pk=cast.profile.pk), status=status)


def status_of(cast):
    return Professional.objects.get(pk=cast.profile.pk).status


def complete(professional):
    for code in ("cobol", "jcl", "db2"):
        profiles.claim(professional, code)
    profiles.speaks(professional)


def test_a_profile_goes_from_draft_through_review_to_active_and_back_from_a_pause(cast, api):
    put(cast, "draft")
    complete(cast.profile)
    mine, theirs = api(cast.professional), api(cast.recruiter)
    there = f"/api/v1/professionals/{cast.profile.public_id}"
    assert mine.post(f"{ME}/submit").json()["status"] == "in_review"
    seen = theirs.get(there)["ETag"]
    assert theirs.post(f"{there}/approve", HTTP_IF_MATCH=seen).json()["status"] == "active"
    assert mine.post(f"{ME}/pause").json()["status"] == "paused"
    assert mine.post(f"{ME}/resume").json()["status"] == "active"
    assert mine.post(f"{ME}/archive").json()["status"] == "archived"
    actions = AuditEvent.objects.filter(subject=cast.profile.public_id).order_by("sequence")
    assert list(actions.values_list("action", "actor")) == [
        ("professional.submit", cast.professional.public_id),
        ("professional.approve", cast.recruiter.public_id),
        ("professional.pause", cast.professional.public_id),
        ("professional.resume", cast.professional.public_id),
        ("professional.archive", cast.professional.public_id),
    ]
    assert broken_link(cast.profile.public_id) is None


def test_an_incomplete_profile_is_told_what_is_missing(cast, api, nothing_changes):
    put(cast, "draft")
    with nothing_changes():
        answer = api(cast.professional).post(f"{ME}/submit")
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/skills", "incomplete"),
        ("/languages", "incomplete"),
    ]


def test_a_profile_sent_back_shows_its_owner_why(cast, api):
    put(cast, "in_review")
    there = f"/api/v1/professionals/{cast.profile.public_id}/send-back"
    answer = api(cast.recruiter).post(there, {"reason": "Faltan las fechas de su último puesto."})
    assert answer.json()["status"] == "draft"
    assert api(cast.professional).get(ME).json()["review_note"] == "Faltan las fechas de su último puesto."
    assert "fechas" not in str(AuditEvent.objects.get(action="professional.send_back").data)


def test_a_reason_is_needed_to_send_back(cast, api, nothing_changes):
    put(cast, "in_review")
    with nothing_changes():
        answer = api(cast.recruiter).post(f"/api/v1/professionals/{cast.profile.public_id}/send-back", {})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/reason")


def test_approval_names_the_version_that_was_judged(cast, api, nothing_changes):
    put(cast, "in_review")
    there = f"/api/v1/professionals/{cast.profile.public_id}"
    theirs = api(cast.recruiter)
    seen = theirs.get(there)["ETag"]
    with nothing_changes():
        assert theirs.post(f"{there}/approve").status_code == 428
    api(cast.professional).patch(ME, {"city": "León"}, HTTP_IF_MATCH=seen)
    with nothing_changes():
        assert theirs.post(f"{there}/approve", HTTP_IF_MATCH=seen).status_code == 412
    assert status_of(cast) == "in_review"


def test_an_owner_cannot_get_out_of_review_by_resuming(cast, api, nothing_changes):
    put(cast, "in_review")
    with nothing_changes():
        answer = api(cast.professional).post(f"{ME}/resume")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert answer.json()["data"]["from"] == "in_review"


@pytest.mark.parametrize("who", ["professional", "client", "rival"])
@pytest.mark.parametrize("verb", ["approve", "send-back"])
def test_only_recruiters_judge(who, verb, cast, api, nothing_changes):
    put(cast, "in_review")
    with nothing_changes():
        answer = api(getattr(cast, who)).post(
            f"/api/v1/professionals/{cast.profile.public_id}/{verb}", {"reason": "x"}, HTTP_IF_MATCH='"1"'
        )
    assert answer.status_code == 403


@pytest.mark.parametrize("verb", ["submit", "pause", "resume", "archive"])
def test_recruiters_do_not_act_as_the_person(verb, cast, api, nothing_changes):
    with nothing_changes():
        assert api(cast.recruiter).post(f"{ME}/{verb}").status_code == 403


OWNER_MOVES = {
    "submit": {"draft"},
    "pause": {"active"},
    "resume": {"paused"},
    "archive": {"draft", "in_review", "active", "paused"},
}
RECRUITER_MOVES = {"approve": {"in_review"}, "send-back": {"in_review"}}
LIVE = [s for s in ProfessionalStatus.values if s != "erased"]
UNLISTED = [
    (role, verb, status)
    for role, moves in (("professional", OWNER_MOVES), ("recruiter", RECRUITER_MOVES))
    for (verb, sources), status in itertools.product(moves.items(), LIVE)
    if status not in sources
]


@pytest.mark.parametrize(("role", "verb", "status"), UNLISTED)
def test_moves_that_are_not_listed_are_refused_and_change_nothing(role, verb, status, cast, api, nothing_changes):
    put(cast, status)
    complete(cast.profile)
    base = ME if role == "professional" else f"/api/v1/professionals/{cast.profile.public_id}"
    body = {"reason": "x"} if verb == "send-back" else {}
    with nothing_changes():
        answer = api(getattr(cast, role)).post(f"{base}/{verb}", body, HTTP_IF_MATCH='"1"')
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


def test_somebody_with_promised_hours_cannot_leave(cast, api, nothing_changes):
    day = clock.today()
    Booking.objects.create(
        professional=cast.profile,
        placement_id=uuid.uuid4(),
        status="confirmed",
        starts_on=day,
        ends_on=day + dt.timedelta(days=30),
        weekly_minutes=1200,
    )
    with nothing_changes():
        answer = api(cast.professional).post(f"{ME}/archive")
    assert (answer.status_code, answer.json()["code"]) == (409, "has_bookings")


def test_the_database_knows_the_states_as_well(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        put(cast, "vanished")


def test_every_state_can_be_reached_or_begins():
    reached = set().union(*states.PROFESSIONAL.values())
    assert set(ProfessionalStatus.values) == reached | {"draft"}
