"""Invitations: each person is asked once, sees what for, and answers in time by one of three ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from marketplace.audit.models import AuditEvent
from marketplace.clients import invitation_links, subscriptions
from marketplace.clients.models import Engagement, Invitation, Placement, Project
from marketplace.clients.services import confirmation, deadlines, invitations, placements
from marketplace.delivery import mail
from marketplace.delivery.models import Notification, NotificationPreference, OutboxEvent
from marketplace.kernel import clock
from marketplace.rest import throttling
from profiles.models import Booking, PersonWeek
from tests.conftest import Cast
from tests.factories import accounts, clients, profiles

pytestmark = pytest.mark.django_db

INVITATIONS = "/api/v1/invitations"
Api = Callable[..., APIClient]


@pytest.fixture
def opened(cast: Cast) -> Engagement:
    """Return an accepted cell of the cast's professional and a colleague, who have just been asked."""
    return clients.engagement(cast.organization, [cast.profile, profiles.professional(given_names="Ximena")])[0]


@pytest.fixture
def mine(cast: Cast, opened: Engagement) -> Invitation:
    return Invitation.objects.get(professional=cast.profile)


@pytest.fixture
def others(cast: Cast, opened: Engagement) -> Invitation:
    return Invitation.objects.exclude(professional=cast.profile).get()


def _url(invitation: Invitation, step: str = "") -> str:
    return f"{INVITATIONS}/{invitation.public_id}" + (f"/{step}" if step else "")


def _post(client: APIClient, invitation: Invitation, step: str, body: dict[str, str] | None = None) -> Any:
    version = Invitation.objects.get(pk=invitation.pk).version
    return client.post(_url(invitation, step), body or {}, headers={"If-Match": f'"{version}"'})


def _token(invitation: Invitation) -> str:
    return invitation_links.token(invitation.public_id)


def _by_link(client: APIClient, invitation: Invitation, answer: str = "accept", **more: str) -> Any:
    return client.post(f"{INVITATIONS}/answer", {"token": _token(invitation), "answer": answer, **more})


def _state() -> dict[str, Any]:
    return {
        "engagements": sorted(Engagement.objects.values_list("pk", "status", "version")),
        "placements": sorted(Placement.objects.values_list("pk", "status", "version")),
        "invitations": sorted(Invitation.objects.values_list("pk", "status", "version")),
        "projects": sorted(Project.objects.values_list("pk", "status")),
        "booked": sorted(PersonWeek.objects.values_list("pk", "booked")),
        "told": OutboxEvent.objects.count(),
    }


# -- asking -----------------------------------------------------------------------------------------------------------
def test_acceptance_asks_everybody_to_answer_a_day_before_their_held_hours_are_free_again(opened: Engagement) -> None:
    asked = Invitation.objects.filter(placement__engagement=opened)
    assert set(asked.values_list("status", "expires_at")) == {("sent", opened.confirm_by - deadlines.TO_REPLACE)}
    assert asked.count() == 2
    assert set(Booking.objects.values_list("status", "held_until")) == {("held", opened.confirm_by)}
    assert opened.confirm_by - opened.created_at <= deadlines.ANSWER_WITHIN + dt.timedelta(seconds=1)


def test_the_invited_person_is_told_and_nobody_else(cast: Cast, mine: Invitation) -> None:
    (told,) = Notification.objects.filter(kind="invitation.sent", recipient=cast.professional)
    assert (told.subject, told.urgent_until) == (mine.public_id, mine.expires_at)
    assert set(Notification.objects.filter(subject=mine.public_id).values_list("recipient_id", flat=True)) == {
        cast.professional.pk
    }


def test_the_token_is_kept_nowhere_and_leads_back_to_the_invitation(mine: Invitation, others: Invitation) -> None:
    token = _token(mine)
    assert token != _token(others)
    assert len(token) == 64
    assert mine.token_digest != token
    assert invitations.find(token=token, actor=None).pk == mine.pk
    assert invitation_links.path(mine.public_id).endswith(f"#token={token}")
    kept = [str(row) for model in (Invitation, Notification, AuditEvent, OutboxEvent) for row in model.objects.values()]
    assert not any(token in row for row in kept)


# -- who sees what ----------------------------------------------------------------------------------------------------
def test_a_professional_sees_project_client_and_terms_of_their_own_invitation(
    api: Api, cast: Cast, opened: Engagement, mine: Invitation
) -> None:
    answer = api(cast.professional).get(_url(mine))
    shown = answer.json()
    assert (shown["organization_name"], shown["project_title"]) == (cast.organization.name, opened.project.title)
    assert (shown["rate"], shown["weekly_minutes"]) == ({"amount": "40.00", "currency": "USD"}, 2400)
    assert (shown["starts_on"], shown["ends_on"]) == (opened.starts_on.isoformat(), opened.ends_on.isoformat())
    assert shown["seat"]["title"] == "Senior COBOL engineer"
    assert {"brief", "client_facing", "overlap_minutes", "client_time_zone"} <= set(shown)
    assert answer["ETag"] == '"1"'
    for hidden in ("monthly_cost", "Ximena", "professional"):
        assert hidden not in answer.content.decode()


def test_the_terms_stay_what_they_were_when_the_person_asks_for_more_later(
    api: Api, cast: Cast, mine: Invitation
) -> None:
    cast.profile.rate_amount = 90
    cast.profile.touch("rate_amount")
    subscriptions.sweep()
    assert api(cast.professional).get(_url(mine)).json()["rate"]["amount"] == "40.00"
    assert _post(api(cast.professional), mine, "accept").status_code == 200


def test_another_professional_finds_nothing_and_changes_nothing(api: Api, cast: Cast, others: Invitation) -> None:
    client, before = api(cast.professional), _state()
    assert client.get(_url(others)).status_code == 404
    assert _post(client, others, "accept").status_code == 404
    assert _post(client, others, "decline", {"reason_code": "rate"}).status_code == 404
    assert [row["placement"] for row in client.get(INVITATIONS).json()["results"]] != [others.placement.public_id]
    assert _state() == before


def test_a_recruiter_sees_everybodys_with_who_is_asked_and_filters_them(
    api: Api, cast: Cast, opened: Engagement, mine: Invitation
) -> None:
    client = api(cast.recruiter)
    rows = client.get(INVITATIONS, {"engagement": opened.public_id}).json()["results"]
    assert {row["professional"]["given_names"] for row in rows} == {"María José", "Ximena"}
    _post(api(cast.professional), mine, "accept")
    for status, count in [("accepted", 1), ("sent", 1), ("declined", 0), ("expired", 0)]:
        assert len(client.get(INVITATIONS, {"status": status}).json()["results"]) == count, status
    clients.out_of_time(opened)
    for status, count in [("accepted", 1), ("sent", 0), ("expired", 1)]:
        assert len(client.get(INVITATIONS, {"status": status}).json()["results"]) == count, status


def test_the_client_sees_answers_by_seat_and_never_a_reason(
    api: Api, cast: Cast, opened: Engagement, mine: Invitation
) -> None:
    client = api(cast.client)
    url = f"/api/v1/engagements/{opened.public_id}"
    assert client.get(url).json()["answers"]["waiting"] == 2
    _post(api(cast.professional), mine, "decline", {"reason_code": "other_work"})
    answer = client.get(url)
    shown = answer.json()
    assert shown["answers"] == {"waiting": 1, "accepted": 0, "declined": 1, "expired": 0, "withdrawn": 0}
    assert [(row["answer"], row["vacant_because"]) for row in shown["placements"]] == [
        ("declined", "declined"),
        ("sent", ""),
    ]
    assert "other_work" not in answer.content.decode()
    assert client.get(INVITATIONS).status_code == 403


def test_lists_take_a_fixed_number_of_queries(api: Api, cast: Cast, django_assert_max_num_queries: Any) -> None:
    clients.engagement(cast.organization, [profiles.professional() for _ in range(4)])
    client = api(cast.recruiter)
    with django_assert_max_num_queries(5):
        assert len(client.get(INVITATIONS).json()["results"]) == 4


# -- answering, logged in ---------------------------------------------------------------------------------------------
def test_one_yes_is_recorded_and_the_others_are_still_awaited(
    api: Api, cast: Cast, opened: Engagement, mine: Invitation
) -> None:
    answer = _post(api(cast.professional), mine, "accept")
    assert (answer.status_code, answer.json()["status"], answer.json()["channel"]) == (200, "accepted", "app")
    mine.refresh_from_db()
    assert (mine.placement.status, mine.decided_by) == ("confirmed", cast.professional.public_id)
    opened.refresh_from_db()
    assert opened.status == "confirming"
    # A yes does not outlive the others' silence either.
    assert set(Booking.objects.values_list("status", flat=True)) == {"held"}


def test_the_last_yes_opens_the_engagement_in_its_own_transaction(
    api: Api, cast: Cast, opened: Engagement, mine: Invitation, others: Invitation
) -> None:
    _post(api(cast.professional), mine, "accept")
    _post(api(others.professional.user), others, "accept")
    opened.refresh_from_db()
    assert opened.status == "active"
    assert set(Placement.objects.values_list("status", flat=True)) == {"confirmed"}
    assert set(Booking.objects.values_list("status", "held_until")) == {("confirmed", None)}
    assert AuditEvent.objects.filter(subject=opened.public_id, action="engagement.confirmed").count() == 1
    kinds = list(OutboxEvent.objects.filter(subject=opened.public_id).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["engagement.opened", "invitation.accepted", "invitation.accepted", "engagement.confirmed"]
    told = Notification.objects.filter(kind="engagement.confirmed")
    assert {row.recipient_id for row in told} >= {cast.professional.pk, cast.client.pk, cast.recruiter.pk}


def test_the_same_answer_again_changes_nothing_and_another_is_refused(api: Api, cast: Cast, mine: Invitation) -> None:
    client = api(cast.professional)
    _post(client, mine, "accept")
    before = _state()
    again = client.post(_url(mine, "accept"), headers={"If-Match": '"1"'})
    assert (again.status_code, again.json()["status"]) == (200, "accepted")
    refused = _post(client, mine, "decline", {"reason_code": "rate"})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_answered")
    assert _state() == before


def test_an_answer_names_the_version_it_saw(api: Api, cast: Cast, mine: Invitation) -> None:
    client, before = api(cast.professional), _state()
    assert client.post(_url(mine, "accept")).status_code == 428
    assert client.post(_url(mine, "accept"), headers={"If-Match": '"7"'}).status_code == 412
    assert _state() == before


def test_a_no_frees_the_hours_at_once_and_leaves_a_seat_to_fill(
    api: Api, cast: Cast, opened: Engagement, mine: Invitation, others: Invitation
) -> None:
    answer = _post(api(cast.professional), mine, "decline", {"reason_code": "dates"})
    assert (answer.status_code, answer.json()["decline_reason"]) == (200, "dates")
    gone = Placement.objects.get(pk=mine.placement_id)
    assert (gone.status, gone.ended_reason, gone.needs_replacement) == ("ended", "invitation_declined", True)
    assert list(Placement.objects.vacant()) == [gone]
    assert not PersonWeek.objects.filter(professional=cast.profile, booked__gt=0).exists()
    # The others wait on.
    assert PersonWeek.objects.filter(professional=others.professional, booked__gt=0).exists()
    others.refresh_from_db()
    assert others.status == "sent"
    _post(api(others.professional.user), others, "accept")
    opened.refresh_from_db()
    assert opened.status == "confirming"


def test_an_unknown_reason_is_refused_with_those_that_are_known(api: Api, cast: Cast, mine: Invitation) -> None:
    before = _state()
    refused = _post(api(cast.professional), mine, "decline", {"reason_code": "boredom"})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_reason")
    assert "rate" in refused.json()["errors"][0]["data"]["known"]
    assert _state() == before


def test_a_recruiter_records_a_yes_and_a_no_from_the_telephone(
    api: Api, cast: Cast, mine: Invitation, others: Invitation
) -> None:
    client = api(cast.recruiter)
    assert _post(client, mine, "accept").json()["channel"] == "recruiter"
    assert _post(client, others, "decline", {"reason_code": "personal"}).json()["channel"] == "recruiter"
    assert Invitation.objects.get(pk=others.pk).decided_by == cast.recruiter.public_id


# -- answering by the link --------------------------------------------------------------------------------------------
def test_the_link_shows_the_terms_and_answers_without_a_session(api: Api, cast: Cast, mine: Invitation) -> None:
    nobody = api()
    shown = nobody.post(f"{INVITATIONS}/preview", {"token": _token(mine)})
    assert (shown.status_code, shown.json()["project_title"]) == (200, mine.placement.engagement.project.title)
    answer = _by_link(nobody, mine)
    assert (answer.status_code, answer.json()["status"], answer.json()["channel"]) == (200, "accepted", "link")
    mine.refresh_from_db()
    assert mine.decided_by == cast.professional.public_id
    assert AuditEvent.objects.get(subject=mine.public_id, action="invitation.accepted").data == {"channel": "link"}


def test_the_link_declines_with_a_reason_and_not_without(api: Api, mine: Invitation) -> None:
    nobody, before = api(), _state()
    assert _by_link(nobody, mine, "decline").status_code == 400
    assert _by_link(nobody, mine, "accept", reason_code="rate").status_code == 400
    assert _by_link(nobody, mine, "perhaps").status_code == 400
    assert _state() == before
    assert _by_link(nobody, mine, "decline", reason_code="rate").json()["status"] == "declined"
    assert _by_link(nobody, mine, "accept").json()["code"] == "already_answered"


def test_an_unknown_token_is_404_whoever_asks(api: Api, cast: Cast, opened: Engagement) -> None:
    before = _state()
    for caller in (None, cast.professional, cast.recruiter):
        for path, more in (("answer", {"answer": "accept"}), ("preview", {})):
            answer = api(caller).post(f"{INVITATIONS}/{path}", {"token": "0" * 64, **more})
            assert answer.status_code == 404
    assert _state() == before


def test_somebody_elses_session_does_not_use_a_link(api: Api, cast: Cast, mine: Invitation) -> None:
    before = _state()
    for caller in (profiles.professional().user, cast.recruiter):
        assert _by_link(api(caller), mine).json()["code"] == "not_your_invitation"
    assert _by_link(api(cast.client), mine).status_code == 403
    assert _state() == before
    assert _by_link(api(cast.professional), mine).status_code == 200


def test_guessing_at_links_is_slowed_down(api: Api, settings: Any, mine: Invitation) -> None:
    settings.THROTTLE = True
    settings.REDIS_PREFIX = f"test-{mine.pk}"
    nobody = api()
    codes = [nobody.post(f"{INVITATIONS}/preview", {"token": f"{k}"}).status_code for k in range(12)]
    assert codes == [404] * 10 + [429] * 2
    assert throttling.SteadyRate.anonymous_per_minute > 40  # other requests of the address are counted apart


# -- time -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("hours_to_first_day_end", "expected"), [(24 * 40, 72), (30, 30), (-1, 72)], ids=["far", "soon", "passed"]
)
def test_the_time_to_answer_is_three_days_and_ends_with_the_first_day_of_work(
    hours_to_first_day_end: int, expected: int
) -> None:
    starts_on = dt.date(2027, 3, 1)
    now = dt.datetime(2027, 3, 2, tzinfo=dt.UTC) - dt.timedelta(hours=hours_to_first_day_end)
    assert deadlines.answer_by(now, starts_on) - now == dt.timedelta(hours=expected)


def test_who_does_not_answer_in_time_loses_only_their_own_seat(
    opened: Engagement, mine: Invitation, others: Invitation
) -> None:
    """A day is left to find somebody else before the cell as a whole must stand."""
    invitations.accept(invitation=others, actor=accounts.actor(others.professional.user))
    with time_machine.travel(mine.expires_at + dt.timedelta(minutes=1), tick=False):
        assert invitations.expire_due() == 1
        assert confirmation.lapse_due() == 0
        vacated = Placement.objects.vacant().get(engagement=opened)
        assert (vacated.pk, vacated.ended_reason) == (mine.placement_id, "invitation_expired")
        assert Engagement.objects.get(pk=opened.pk).status == "confirming"
        kept = Booking.objects.exclude(status="released").get()
        assert (kept.placement_id, kept.held_until) == (others.placement_id, opened.confirm_by)


def test_after_the_deadline_no_answer_counts_although_nobody_has_swept(
    api: Api, cast: Cast, opened: Engagement, mine: Invitation
) -> None:
    clients.out_of_time(opened)
    before = _state()
    assert api(cast.professional).get(_url(mine)).json()["status"] == "expired"
    refused = _post(api(cast.professional), mine, "accept")
    assert (refused.status_code, refused.json()["code"]) == (409, "invitation_expired")
    assert _post(api(cast.recruiter), mine, "decline", {"reason_code": "rate"}).json()["code"] == "invitation_expired"
    assert _by_link(api(), mine).json()["code"] == "invitation_expired"
    refused = api(cast.recruiter).post(f"/api/v1/engagements/{opened.public_id}/confirm")
    assert refused.json()["code"] == "invitation_expired"
    assert _state() == before


def test_a_reminder_goes_out_once_in_the_last_day(cast: Cast, opened: Engagement, mine: Invitation) -> None:
    reminders = Notification.objects.filter(kind="invitation.expiring", recipient=cast.professional)
    assert invitations.remind_due() == 0
    Invitation.objects.filter(pk=mine.pk).update(
        expires_at=clock.now() + dt.timedelta(hours=5), created_at=clock.now() - dt.timedelta(days=2)
    )
    assert [invitations.remind_due(), invitations.remind_due()] == [1, 0]
    assert reminders.get().subject == mine.public_id


# -- people who change while they are asked ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "reason"),
    [("archived", "profile_archived"), ("paused", "profile_paused"), ("blocked", "profile_closed")],
)
def test_the_sweep_empties_the_seat_of_whoever_is_no_longer_there(
    cast: Cast, mine: Invitation, status: str, reason: str
) -> None:
    cast.profile.status = status
    cast.profile.touch("status")
    subscriptions.sweep()
    gone = Placement.objects.get(pk=mine.placement_id)
    assert (gone.status, gone.ended_reason) == ("ended", reason)
    assert Invitation.objects.get(pk=mine.pk).status == "withdrawn"
    assert not PersonWeek.objects.filter(professional=cast.profile, booked__gt=0).exists()
    before = _state()
    subscriptions.sweep()
    assert _state() == before


def test_who_pauses_after_a_yes_keeps_the_word(api: Api, cast: Cast, mine: Invitation) -> None:
    _post(api(cast.professional), mine, "accept")
    assert api(cast.professional).post("/api/v1/professionals/me/pause").status_code == 200
    subscriptions.sweep()
    assert Placement.objects.get(pk=mine.placement_id).status == "confirmed"


@pytest.mark.parametrize("way", ["archive", "pause", "fewer hours"])
def test_the_fact_rings_at_once_when_the_person_leaves_over_http(
    api: Api, cast: Cast, mine: Invitation, way: str, django_capture_on_commit_callbacks: Any
) -> None:
    client = api(cast.professional)
    with django_capture_on_commit_callbacks(execute=True):
        if way == "fewer hours":
            version = type(cast.profile).objects.get(pk=cast.profile.pk).version
            answer = client.patch(
                "/api/v1/professionals/me", {"weekly_minutes": 600}, headers={"If-Match": f'"{version}"'}
            )
        else:
            answer = client.post(f"/api/v1/professionals/me/{way}")
    assert answer.status_code == 200, answer.json()
    gone = Placement.objects.get(pk=mine.placement_id)
    assert gone.status == "ended"
    assert (
        gone.ended_reason
        == {
            "archive": "profile_archived",
            "pause": "profile_paused",
            "fewer hours": "hours_lost",
        }[way]
    )
    assert OutboxEvent.objects.get(kind="placement.vacated").data["reason"] == "unavailable"


def test_hours_that_still_suffice_leave_the_invitation_alone(api: Api, cast: Cast, mine: Invitation) -> None:
    cast.profile.weekly_minutes = 2400
    client = api(cast.professional)
    version = type(cast.profile).objects.get(pk=cast.profile.pk).version
    client.patch("/api/v1/professionals/me", {"weekly_minutes": 2460}, headers={"If-Match": f'"{version}"'})
    subscriptions.sweep()
    assert Invitation.objects.get(pk=mine.pk).status == "sent"


def test_whose_profile_is_closed_cannot_say_yes_before_the_sweep(api: Api, cast: Cast, mine: Invitation) -> None:
    cast.profile.status = "archived"
    cast.profile.touch("status")
    before = _state()
    refused = _by_link(api(), mine)
    assert (refused.status_code, refused.json()["code"]) == (409, "person_unavailable")
    assert _state() == before


def test_who_has_no_login_gets_no_link_and_a_recruiter_answers_for_them(api: Api, cast: Cast) -> None:
    person = profiles.professional()
    person.user = None
    person.touch("user")
    clients.engagement(cast.organization, [person])
    invitation = Invitation.objects.get(professional=person)
    assert _by_link(api(), invitation).status_code == 404
    assert _post(api(cast.recruiter), invitation, "accept").status_code == 200
    assert Engagement.objects.get().status == "active"


# -- the e-mail -------------------------------------------------------------------------------------------------------
def test_the_e_mail_leads_to_the_answer_with_the_token_where_no_server_sees_it(
    cast: Cast, mine: Invitation, settings: Any
) -> None:
    settings.FRONTEND_URL = "https://app.celula.example"
    NotificationPreference.objects.create(user=cast.professional, quiet_from=0, quiet_until=0)
    Notification.objects.filter(recipient=cast.professional).update(email_due_at=clock.now())
    mail.run()
    sent = next(row for row in django_mail.outbox if row.to == [cast.professional.email])
    link = f"https://app.celula.example/invitations/{mine.public_id}#token={_token(mine)}"
    assert "You are invited to a cell" in sent.body
    assert link in sent.body
    assert link in sent.alternatives[0][0]


# -- every state, every answer, every role ----------------------------------------------------------------------------
STATES = ("sent", "lapsed", "accepted", "declined", "expired", "withdrawn")
SAME = {"accept": "accepted", "decline": "declined"}
REFUSED = {
    "lapsed": "invitation_expired",
    "expired": "invitation_expired",
    "withdrawn": "invitation_withdrawn",
    "accepted": "already_answered",
    "declined": "already_answered",
}


def _bring(invitation: Invitation, state: str) -> None:
    """Let an invitation come into a state by the services that lead there."""
    actor = accounts.actor(invitation.professional.user)
    engagement = invitation.placement.engagement
    if state == "accepted":
        invitations.accept(invitation=invitation, actor=actor)
    elif state == "declined":
        invitations.decline(invitation=invitation, reason_code="hours", actor=actor)
    elif state == "withdrawn":
        placements.vacate(placement=invitation.placement, reason_code="other", actor=None)
    elif state in {"lapsed", "expired"}:
        clients.out_of_time(engagement)
        if state == "expired":
            subscriptions.sweep()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_only_the_listed_answers_of_the_right_people_change_anything(
    api: Api, cast: Cast, mine: Invitation, state: str, answer: str
) -> None:
    _bring(mine, state)
    before = _state()
    callers = {
        "person": cast.professional,
        "recruiter": cast.recruiter,
        "operator": cast.operator,
        "stranger": profiles.professional().user,
        "client": cast.client,
        "rival": cast.rival,
        "link": None,
    }
    reason = {"reason_code": "rate"} if answer == "decline" else {}
    for name, who in callers.items():
        undo = transaction.savepoint()
        reply = _post(api(who), mine, answer, reason) if who else _by_link(api(), mine, answer, **reason)
        told = (reply.status_code, reply.json().get("status" if reply.status_code == 200 else "code"))
        if name in {"stranger", "client", "rival"}:
            assert told == ((404, "not_found") if name == "stranger" else (403, "not_allowed")), name
        else:
            assert told == ((200, SAME[answer]) if state in {"sent", SAME[answer]} else (409, REFUSED[state])), name
        changed = state == "sent" and told[0] == 200
        assert (_state() != before) is changed, name
        transaction.savepoint_rollback(undo)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "perhaps"},
        {"status": "accepted"},
        {"status": "declined", "decided_at": clock.now(), "decided_by": "user_x", "channel": "app"},
        {"status": "sent", "decided_at": clock.now()},
        {"decline_reason": "rate"},
        {"channel": "pigeon"},
    ],
    ids=["unknown status", "accepted by nobody", "declined for nothing", "decided and open", "reason alone", "channel"],
)
def test_the_database_itself_refuses_an_answer_that_contradicts_itself(
    mine: Invitation, change: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=mine.pk).update(**change)


def test_a_placement_has_one_live_invitation(mine: Invitation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            placement=mine.placement, professional=mine.professional, token_digest="x", expires_at=clock.now()
        )
