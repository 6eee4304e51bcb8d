"""Offers over HTTP: read, accepted once, declined, or refused."""

from __future__ import annotations

import datetime as dt

import pytest

from marketplace.accounts.permissions import Permission
from marketplace.clients.models import Engagement, Project
from marketplace.delivery.models import Notification
from marketplace.kernel import clock
from matching.models import MatchRun, Offer, Proposal
from profiles.models import PersonWeek
from tests.factories import accounts
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db

OFFERS = "/api/v1/offers"


def url(offer: Offer, tail: str = "") -> str:
    return f"{OFFERS}/{offer.public_id}{tail}"


def tag(offer: Offer) -> str:
    return f'"{Offer.objects.get(pk=offer.pk).version}"'


def booked() -> int:
    return sum(PersonWeek.objects.values_list("booked", flat=True))


def test_a_client_reads_the_terms_that_it_would_accept(api, cast, story):
    offer = story.offered()
    answer = api(cast.client).get(url(offer))
    assert answer["ETag"] == tag(offer)
    body = answer.json()
    assert (body["status"], body["proposal"], body["project"]) == (
        "sent",
        story.best.public_id,
        story.project.public_id,
    )
    assert body["terms"]["monthly_cost"] == {"amount": str(story.best.monthly_cost), "currency": "USD"}
    assert len(body["terms"]["members"]) == story.best.members.count()
    assert set(body["terms"]["members"][0]) == {"seat", "pseudonym", "weekly_minutes", "monthly_cost"}


def test_accepting_opens_the_engagement_and_holds_everybodys_hours(api, cast, story):
    offer = story.offered()
    answer = api(cast.client, if_match=tag(offer)).post(url(offer, "/accept"))
    assert answer.status_code == 201
    engagement = Engagement.objects.get()
    assert answer["Location"] == f"/api/v1/engagements/{engagement.public_id}"
    body = answer.json()
    assert (body["id"], body["status"]) == (engagement.public_id, "confirming")
    assert body["monthly_cost"] == {"amount": str(story.best.monthly_cost), "currency": "USD"}
    assert body["placements"] == engagement.placements.count() == story.best.members.count()
    assert booked() > 0
    assert Offer.objects.get(pk=offer.pk).status == "accepted"
    assert Project.objects.get(pk=story.project.pk).status == "staffed"


def test_an_offer_is_accepted_once(api, cast, story):
    offer = story.offered()
    api(cast.client, if_match=tag(offer)).post(url(offer, "/accept"))
    held = booked()
    answer = api(cast.client, if_match=tag(offer)).post(url(offer, "/accept"))
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert Engagement.objects.count() == 1
    assert booked() == held


def test_a_repeated_acceptance_with_its_key_gets_the_same_reply(api, cast, story):
    offer = story.offered()
    caller = api(cast.client, if_match=tag(offer), idempotency_key="accept-1")
    first = caller.post(url(offer, "/accept"))
    second = caller.post(url(offer, "/accept"))
    assert (second.status_code, second.json()) == (201, first.json())
    assert second["Location"] == first["Location"]
    assert Engagement.objects.count() == 1


@pytest.mark.parametrize("verb", ["accept", "decline", "request-change"])
def test_a_decision_names_the_version_of_the_offer_that_was_seen(api, cast, story, verb):
    offer = story.offered()
    body = BODIES.get(f"/{verb}", {})
    assert api(cast.client).post(url(offer, f"/{verb}"), body).status_code == 428
    stale = api(cast.client, if_match=f'"{offer.version + 1}"').post(url(offer, f"/{verb}"), body)
    assert (stale.status_code, stale.json()["code"]) == (412, "version_changed")
    assert Offer.objects.get(pk=offer.pk).status == "sent"
    assert booked() == 0


def test_an_offer_whose_time_is_over_is_not_accepted(api, cast, story):
    offer = story.offered()
    Offer.objects.filter(pk=offer.pk).update(expires_at=clock.now() - dt.timedelta(seconds=1))
    answer = api(cast.client, if_match=tag(offer)).post(url(offer, "/accept"))
    assert (answer.status_code, answer.json()["code"]) == (409, "offer_expired")
    assert Offer.objects.get(pk=offer.pk).status == "expired"
    assert not Engagement.objects.exists()
    assert booked() == 0


def test_when_somebody_is_no_longer_free_nothing_is_held_and_the_market_is_asked_again(api, cast, story):
    offer = story.offered()
    member = story.best.members.select_related("professional").first()
    # Hours that somebody else got in the meantime.
    member.professional.weekly_minutes = member.weekly_minutes - 60
    member.professional.save()
    PersonWeek.objects.filter(professional=member.professional).update(capacity=member.weekly_minutes - 60)
    answer = api(cast.client, if_match=tag(offer)).post(url(offer, "/accept"))
    assert (answer.status_code, answer.json()["code"]) == (409, "people_not_free")
    assert booked() == 0
    assert not Engagement.objects.exists()
    assert Offer.objects.get(pk=offer.pk).status == "withdrawn"
    assert MatchRun.objects.filter(project=story.project, status="queued", cause="people_not_free").exists()


def test_a_client_declines_with_a_reason(api, cast, story):
    offer = story.offered()
    answer = api(cast.client, if_match=tag(offer)).post(url(offer, "/decline"), {"reason_code": "timing"})
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["decline_reason"]) == ("declined", "timing")
    assert answer["ETag"] == tag(offer)
    assert Proposal.objects.get(pk=story.best.pk).status == "declined"


@pytest.mark.parametrize(
    ("body", "status"), [({}, 400), ({"reason_code": "mood"}, 422), ({"reason_code": "cost", "note": "x"}, 400)]
)
def test_a_refusal_without_a_known_reason_changes_nothing(api, cast, story, body, status):
    offer = story.offered()
    answer = api(cast.client, if_match=tag(offer)).post(url(offer, "/decline"), body)
    assert answer.status_code == status
    assert Offer.objects.get(pk=offer.pk).status == "sent"


def test_an_acceptance_takes_no_fields(api, cast, story):
    offer = story.offered()
    answer = api(cast.client, if_match=tag(offer)).post(url(offer, "/accept"), {"discount": 10})
    assert answer.status_code == 400
    assert not Engagement.objects.exists()


def test_offers_are_filtered_by_project_and_status(api, cast, story):
    offer = story.offered()
    caller = api(cast.client)

    def ids(query: str) -> list[str]:
        return [row["id"] for row in caller.get(f"{OFFERS}?{query}").json()["results"]]

    assert ids(f"project={story.project.public_id}") == [offer.public_id]
    assert ids(f"proposal={story.best.public_id}&status=sent") == [offer.public_id]
    assert ids("status=accepted") == []
    assert caller.get(f"{OFFERS}?decided_by=me").status_code == 400


def test_a_list_of_offers_costs_the_same_whatever_its_length(api, cast, story, django_assert_max_num_queries):
    cells_of_the_run = list(story.run.proposals.all())
    assert len(cells_of_the_run) > 2
    for proposal in cells_of_the_run:
        cells.offer_for(proposal)
    caller = api(cast.client)
    with django_assert_max_num_queries(5):
        assert len(caller.get(OFFERS).json()["results"]) == len(cells_of_the_run)


ASKED = {"reason_code": "cost", "message": "Could the second seat work half time?"}
BODIES = {"/decline": {"reason_code": "cost"}, "/request-change": ASKED, "/withdraw": {"reason_code": "terms_wrong"}}


def request_change(api, cast, offer, **body):
    return api(cast.client, if_match=tag(offer)).post(url(offer, "/request-change"), {**ASKED, **body})


def resend(api, cast, story):
    proposal = Proposal.objects.get(pk=story.best.pk)
    return api(cast.recruiter, if_match=f'"{proposal.version}"').post(f"{story.cell}/offer", {})


def test_a_change_asked_for_takes_the_offer_back_to_the_inbox_with_its_message(api, cast, story):
    offer = story.offered()
    answer = request_change(api, cast, offer)
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["status"], body["change_reason"], body["change_message"]) == (
        "change_requested",
        "cost",
        ASKED["message"],
    )
    refused = api(cast.client, if_match=answer["ETag"]).post(url(offer, "/accept"))
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")
    assert not Engagement.objects.exists()
    [waiting] = api(cast.recruiter).get("/api/v1/reviews?status=change_requested").json()["results"]
    assert (waiting["id"], waiting["change_message"]) == (story.best.public_id, ASKED["message"])
    assert story.best.public_id in [row["id"] for row in api(cast.recruiter).get("/api/v1/reviews").json()["results"]]
    assert Notification.objects.filter(kind="offer.change_requested", recipient=cast.recruiter).exists()
    assert api(cast.client).get(story.cell).json()["status"] == "change_requested"


def test_a_cell_is_offered_again_as_the_next_number_and_only_that_is_accepted(api, cast, story):
    first = story.offered()
    request_change(api, cast, first)
    again = resend(api, cast, story)
    assert again.status_code == 201, again.content
    assert (again.json()["number"], again.json()["status"]) == (2, "sent")
    stale = api(cast.client, if_match=tag(first)).post(url(first, "/accept"))
    assert stale.status_code == 409
    second = Offer.objects.get(proposal=story.best, number=2)
    assert api(cast.client, if_match=tag(second)).post(url(second, "/accept")).status_code == 201
    assert api(cast.recruiter).get(story.cell).json()["offer"] == second.public_id
    stages = api(cast.recruiter).get(f"/api/v1/reviews/{story.best.public_id}").json()["stages"]
    assert [stage["status"] for stage in stages] == [
        "composed",
        "approved",
        "offered",
        "change_requested",
        "offered",
        "accepted",
    ]


def test_a_revision_of_a_cell_that_came_back_is_offered_in_its_place(api, cast, story):
    offer = story.offered()
    request_change(api, cast, offer)
    out = story.best.members.get(seat__position=1).professional
    asked = api(cast.recruiter).post(f"{story.cell}/what-ifs", {"bans": [out.public_id]})
    assert asked.status_code == 201, asked.content
    kept = api(cast.recruiter).post(f"/api/v1/what-ifs/{asked.json()['id']}/keep", {"reason": "as the client asks"})
    assert kept.status_code == 201, kept.content
    assert Proposal.objects.get(pk=story.best.pk).status == "superseded"
    revision = Proposal.objects.get(revises=story.best)
    assert cells.offer_for(revision).number == 1
    assert Offer.objects.get(pk=offer.pk).status == "change_requested"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"reason_code": "mood"}, 422, "unknown_reason"),
        ({"message": "   "}, 400, None),
        ({"message": ""}, 400, None),
        ({"price": 1}, 400, None),
    ],
)
def test_a_change_is_asked_for_with_a_reason_and_a_message(api, cast, story, nothing_changes, body, status, code):
    offer = story.offered()
    with nothing_changes():
        answer = request_change(api, cast, offer, **body)
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


def test_no_change_is_asked_of_an_offer_whose_time_is_over(api, cast, story):
    offer = story.offered()
    Offer.objects.filter(pk=offer.pk).update(expires_at=clock.now() - dt.timedelta(seconds=1))
    answer = request_change(api, cast, offer)
    assert (answer.status_code, answer.json()["code"]) == (409, "offer_expired")
    assert Offer.objects.get(pk=offer.pk).status == "expired"


def test_a_withdrawn_offer_is_not_accepted_and_its_cell_may_be_offered_again(api, cast, story):
    offer = story.offered()
    taken = api(cast.recruiter, if_match=tag(offer)).post(url(offer, "/withdraw"), {"reason_code": "terms_wrong"})
    assert (taken.status_code, taken.json()["status"]) == (200, "withdrawn")
    assert api(cast.client).get(story.cell).status_code == 404
    assert api(cast.client, if_match=tag(offer)).post(url(offer, "/accept")).status_code == 409
    assert booked() == 0
    assert resend(api, cast, story).json()["number"] == 2
    assert Notification.objects.filter(kind="offer.withdrawn", recipient=cast.client).exists()


def test_what_was_asked_for_is_not_taken_away_by_a_newer_run(api, cast, story):
    offer = story.offered()
    request_change(api, cast, offer)
    cells.composed_run(story.project)
    assert Proposal.objects.get(pk=story.best.pk).status == "change_requested"


ROUTES = [("get", ""), ("post", "/accept"), ("post", "/decline"), ("post", "/request-change")]


def call(api, caller, offer, method, tail):
    body = BODIES.get(tail)
    return getattr(api(caller, if_match=tag(offer)), method)(url(offer, tail), body)


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_to_a_rival_an_offer_does_not_exist(api, cast, story, method, tail):
    offer = story.offered()
    answer = call(api, cast.rival, offer, method, tail)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    _row, key = accounts.key(cast.rival_organization.pk)
    assert call(api, key, offer, method, tail).status_code == 404
    assert api(cast.rival).get(OFFERS).json()["results"] == []
    assert Offer.objects.get(pk=offer.pk).status == "sent"
    assert booked() == 0


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_professionals_have_no_business_with_offers(api, cast, story, method, tail):
    offer = story.offered()
    assert call(api, cast.professional, offer, method, tail).status_code == 403
    assert Offer.objects.get(pk=offer.pk).status == "sent"


@pytest.mark.parametrize(("method", "tail"), ROUTES[1:])
def test_nobody_decides_in_the_clients_place(api, cast, story, method, tail):
    offer = story.offered()
    for caller in (cast.recruiter, cast.operator):
        assert call(api, caller, offer, method, tail).status_code == 403
    assert Offer.objects.get(pk=offer.pk).status == "sent"
    assert booked() == 0


def test_a_key_that_may_only_read_offers_does_not_accept_them(api, cast, story):
    offer = story.offered()
    _row, key = accounts.key(cast.organization.pk, scopes=[Permission.READ_OFFERS])
    assert call(api, key, offer, "get", "").status_code == 200
    assert call(api, key, offer, "post", "/accept").status_code == 403
    assert Offer.objects.get(pk=offer.pk).status == "sent"
