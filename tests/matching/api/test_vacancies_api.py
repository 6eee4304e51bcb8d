"""Replacements over HTTP: what a recruiter judges, what a client is asked, and what nobody else sees."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from marketplace.clients.models import Engagement, Placement
from marketplace.clients.services import placements
from matching.models import Replacement
from matching.services import offers
from matching.services.vacancies import composing, requests
from profiles.levels import Function
from profiles.models import Professional
from tests.factories import accounts

pytestmark = pytest.mark.django_db

REPLACEMENTS = "/api/v1/replacements"
APPROVE = {"reason_code": "least_disturbance"}


@pytest.fixture
def engagement(cast, story) -> Engagement:
    offer = story.offered()
    return offers.accept(offer=offer, seen_version=offer.version, actor=accounts.actor(cast.client))


def search(engagement: Engagement, position: int = 1) -> Replacement:
    """Somebody leaves, and a worker's own function looks for a replacement."""
    gone = Placement.objects.live().get(engagement=engagement, seat__position=position)
    placements.vacate(placement=gone, reason_code="resigned", actor=None)
    row = requests.request(engagement=engagement, cause="placement_vacated", actor=None)
    composing.execute(row.pk)
    return Replacement.objects.get(pk=row.pk)


def url(row: Replacement, tail: str = "") -> str:
    return f"{REPLACEMENTS}/{row.public_id}{tail}"


def tag(row: Replacement) -> str:
    return f'"{Replacement.objects.get(pk=row.pk).version}"'


def awaiting(api, cast, engagement) -> Replacement:
    """A replacement that costs more than was accepted, approved by a recruiter."""
    Engagement.objects.filter(pk=engagement.pk).update(monthly_cost=Decimal(100))
    row = search(Engagement.objects.get(pk=engagement.pk))
    answer = api(cast.recruiter, if_match=tag(row)).post(url(row, "/approve"), APPROVE)
    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == "awaiting_client"
    return row


def names_of(row: Replacement) -> set[str]:
    keys = {member["professional"] for option in row.options for member in option["members"]}
    return {
        name
        for person in Professional.objects.filter(pk__in=keys)
        for name in (person.given_names, person.family_names)
    }


def test_a_recruiter_sees_the_options_with_what_each_disturbs_and_what_is_proven(api, cast, engagement):
    row = search(engagement)
    answer = api(cast.recruiter, accept_language="en").get(url(row))
    assert answer["ETag"] == tag(row)
    body = answer.json()
    assert (body["status"], body["engagement"], len(body["vacancies"])) == ("proposed", engagement.public_id, 1)
    assert body["vacancies"][0]["seat_title"] == "Seat 1"
    assert len(body["options"]) > 1
    best = body["options"][0]
    assert best["text"] == "Everybody else keeps their seat."
    assert best["proof"].startswith("Proven:")
    assert (best["further_leave"], best["change_seat"], best["gap"]) == ([], [], 0)
    changes = sorted(member["change"] for member in best["members"])
    assert changes == ["joins", "stays", "stays"]
    [new] = [member for member in best["members"] if member["change"] == "joins"]
    assert new["name"]
    assert new["professional"].startswith("prof_")
    assert new["replaces"] == body["vacancies"][0]["placement"]
    order = [(len(o["further_leave"]), len(o["change_seat"]), -o["value"]) for o in body["options"]]
    assert order == sorted(order)
    proof = api(cast.recruiter).get(url(row, "/proof?option=1"))
    assert (proof.status_code, proof.json()["holds"]) == (200, True)


def test_what_waits_for_a_recruiter_is_not_yet_the_clients_to_see(api, cast, engagement):
    row = search(engagement)
    assert api(cast.client).get(url(row)).status_code == 404
    assert api(cast.client).get(REPLACEMENTS).json()["results"] == []


def test_a_client_sees_pseudonyms_costs_and_why_it_is_asked(api, cast, engagement):
    row = awaiting(api, cast, engagement)
    answer = api(cast.client, accept_language="en").get(url(row))
    body = answer.json()
    assert body["status"] == "awaiting_client"
    assert [entry["code"] for entry in body["asks_client"]] == ["cost_higher"]
    assert "instead of $100" in body["asks_client"][0]["text"]
    assert body["monthly_cost_before"] == {"amount": "100.00", "currency": "USD"}
    assert len(body["chosen"]["members"]) == 3
    text = json.dumps(body)
    assert not any(name in text for name in names_of(row))
    assert "prof_" not in text
    for hidden in ("options", "diagnosis", "approved_by", "comment", "cause", "last_error"):
        assert hidden not in body
    for hidden in ("value", "bound"):
        assert hidden not in body["chosen"]
    assert "points" not in body["chosen"]["members"][0]


def test_a_client_confirms_what_it_saw_and_somebody_is_asked(api, cast, engagement):
    row = awaiting(api, cast, engagement)
    assert api(cast.client).post(url(row, "/confirm")).status_code == 428
    stale = api(cast.client, if_match='"1"').post(url(row, "/confirm"))
    assert (stale.status_code, stale.json()["code"]) == (412, "version_changed")
    answer = api(cast.client, if_match=tag(row)).post(url(row, "/confirm"))
    assert (answer.status_code, answer.json()["status"]) == (200, "applied")
    assert Placement.objects.filter(engagement=engagement, replaces__isnull=False, status="held").count() == 1
    again = api(cast.client, if_match=tag(row)).post(url(row, "/confirm"))
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")


def test_a_client_declines_with_a_reason(api, cast, engagement):
    row = awaiting(api, cast, engagement)
    unknown = api(cast.client, if_match=tag(row)).post(url(row, "/decline"), {"reason_code": "mood"})
    assert unknown.status_code == 422
    answer = api(cast.client, if_match=tag(row)).post(url(row, "/decline"), {"reason_code": "cost"})
    assert (answer.json()["status"], answer.json()["decline_reason"]) == ("declined", "cost")
    assert not Placement.objects.filter(engagement=engagement, replaces__isnull=False).exists()


def test_what_was_superseded_a_second_ago_is_not_confirmed(api, cast, engagement):
    row = awaiting(api, cast, engagement)
    seen = tag(row)
    asked = api(cast.recruiter).post(REPLACEMENTS, {"engagement": engagement.public_id})
    assert asked.status_code == 202, asked.content
    assert asked["Location"] == f"{REPLACEMENTS}/{asked.json()['id']}"
    answer = api(cast.client, if_match=seen).post(url(row, "/confirm"))
    assert answer.status_code == 412
    assert api(cast.client, if_match=tag(row)).post(url(row, "/confirm")).json()["code"] == "illegal_transition"
    assert not Placement.objects.filter(engagement=engagement, replaces__isnull=False).exists()


def test_where_nobody_fits_both_sides_are_told_why_and_what_would_change_it(api, cast, engagement):
    keep = Placement.objects.filter(engagement=engagement).values("professional")
    Professional.objects.filter(main_function=Function.ENGINEERING).exclude(pk__in=keep).update(status="paused")
    row = search(engagement)
    client = api(cast.client, accept_language="en").get(url(row)).json()
    assert (client["status"], client["chosen"]) == ("impossible", None)
    assert "Seat 1" in client["why_nobody"]
    assert "prof_" not in json.dumps(client)
    staff = api(cast.recruiter, accept_language="en").get(url(row)).json()
    assert staff["diagnosis"]["blocked"][0]["kind"] == "seat"
    assert staff["options"] == []


def test_in_spanish_the_titles_are_the_spanish_ones(api, cast, engagement):
    row = search(engagement)
    body = api(cast.recruiter, accept_language="es-MX").get(url(row)).json()
    assert body["vacancies"][0]["seat_title"] == "Puesto 1"
    assert {member["seat_title"] for member in body["options"][0]["members"]} == {"Puesto 0", "Puesto 1", "Puesto 2"}


def test_replacements_are_filtered_by_engagement_and_status(api, cast, engagement):
    row = search(engagement)
    caller = api(cast.recruiter)

    def ids(query: str) -> list[str]:
        return [entry["id"] for entry in caller.get(f"{REPLACEMENTS}?{query}").json()["results"]]

    assert ids(f"engagement={engagement.public_id}&status=proposed") == [row.public_id]
    assert ids("status=applied") == []
    assert caller.get(f"{REPLACEMENTS}?chosen=1").status_code == 400


def test_a_list_and_a_single_one_cost_few_queries(api, cast, engagement, django_assert_max_num_queries):
    row = search(engagement)
    caller = api(cast.recruiter)
    caller.get(REPLACEMENTS)
    with django_assert_max_num_queries(6):
        assert len(caller.get(REPLACEMENTS).json()["results"]) == 1
    with django_assert_max_num_queries(7):
        assert len(caller.get(url(row)).json()["options"]) > 1


ROUTES = [
    ("get", "", {}),
    ("post", "/approve", APPROVE),
    ("post", "/reject", {"reason_code": "cost"}),
    ("post", "/confirm", {}),
    ("post", "/decline", {"reason_code": "cost"}),
    ("get", "/proof", {}),
]


@pytest.mark.parametrize(("method", "tail", "body"), ROUTES)
def test_to_a_rival_it_does_not_exist_and_professionals_have_no_business_here(
    api, cast, engagement, method, tail, body
):
    row = awaiting(api, cast, engagement)
    answer = getattr(api(cast.rival, if_match=tag(row)), method)(url(row, tail), body)
    assert answer.status_code == (404 if tail in {"", "/confirm", "/decline"} else 403)
    answer = getattr(api(cast.professional, if_match=tag(row)), method)(url(row, tail), body)
    assert answer.status_code == 403
    assert api(cast.rival).get(REPLACEMENTS).json()["results"] == []
    assert Replacement.objects.get(pk=row.pk).status == "awaiting_client"


def test_a_professional_sees_no_replacement_not_even_of_an_engagement_of_theirs(api, cast, engagement):
    row = awaiting(api, cast, engagement)
    placed = Placement.objects.live().filter(engagement=engagement).select_related("professional").first()
    user = cast.professional
    Professional.objects.filter(user=user).update(user=None)
    Professional.objects.filter(pk=placed.professional_id).update(user=user)
    assert api(user).get(f"/api/v1/engagements/{engagement.public_id}").status_code == 200
    assert api(user).get(url(row)).status_code == 403
    assert api(user).get(REPLACEMENTS).status_code == 403


@pytest.mark.parametrize("tail", ["/approve", "/reject"])
def test_no_client_judges_in_the_recruiters_place_nor_a_recruiter_in_the_clients(api, cast, engagement, tail):
    row = awaiting(api, cast, engagement)
    assert api(cast.client, if_match=tag(row)).post(url(row, tail), APPROVE).status_code == 403
    for caller in (cast.recruiter, cast.operator):
        assert api(caller, if_match=tag(row)).post(url(row, "/confirm")).status_code == 403
    assert Replacement.objects.get(pk=row.pk).status == "awaiting_client"
