"""The recruiters' inbox: what waits and why it should give pause, who has taken it, and when two people must agree."""

from __future__ import annotations

import datetime as dt

import pytest

from marketplace.accounts.permissions import Role
from marketplace.clients.models import SeatLanguage
from marketplace.kernel import clock
from matching.models import Coverage, Proposal, ReviewClaim, ReviewDecision
from profiles.levels import Cefr
from tests.factories import accounts, profiles
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db

REVIEWS = "/api/v1/reviews"


@pytest.fixture
def inbox(api, cast, story):
    def listed(query="", user=None):
        answer = api(user or cast.recruiter, accept_language="en").get(f"{REVIEWS}{query}")
        assert answer.status_code == 200, answer.content
        return {row["id"]: row for row in answer.json()["results"]}

    return listed


def at(story) -> str:
    return f"{REVIEWS}/{story.best.public_id}"


def tag(row: Proposal) -> str:
    return f'"{Proposal.objects.get(pk=row.pk).version}"'


def flags(row) -> set[str]:
    return {flag["code"] for flag in row["flags"]}


def make_thin(proposal: Proposal) -> None:
    Coverage.objects.filter(proposal=proposal, need__skill__code="kyc").update(backup=None, holders=1)


# -- what waits -------------------------------------------------------------------------------------------------------
def test_the_inbox_shows_what_waits_with_value_gap_age_and_stage(inbox, story):
    Proposal.objects.filter(pk=story.best.pk).update(created_at=clock.now() - dt.timedelta(hours=30))
    row = inbox()[story.best.public_id]
    assert (row["value"], row["gap"], row["status"], row["age_hours"]) == (story.best.value, 0, "composed", 30)
    assert (row["claimed_by"], row["approvals"], row["project_title"]) == (None, [], "Core migration")


def test_ended_cells_are_shown_only_when_asked_for(inbox, story):
    Proposal.objects.filter(pk=story.best.pk).update(status="rejected")
    assert story.best.public_id not in inbox()
    assert set(inbox("?status=rejected")) == {story.best.public_id}


def test_thin_coverage_is_flagged(inbox, story):
    make_thin(story.best)
    assert "thin_coverage" in flags(inbox()[story.best.public_id])
    Coverage.objects.filter(proposal=story.best).update(backup=story.best.members.first())
    assert "thin_coverage" not in flags(inbox()[story.best.public_id])


def test_english_just_at_the_floor_of_a_seat_is_flagged(inbox, story):
    story.best.members.update(english_speaking=Cefr.C1)
    assert "english_at_floor" not in flags(inbox()[story.best.public_id])
    quiet = story.best.members.filter(seat__client_facing=False).first()
    SeatLanguage.objects.create(seat=quiet.seat, language="en", activity="speaking", level=Cefr.C1)
    assert "english_at_floor" in flags(inbox()[story.best.public_id])
    SeatLanguage.objects.all().delete()
    story.best.members.filter(seat__client_facing=True).update(english_speaking=Cefr.B2)
    assert "english_at_floor" in flags(inbox()[story.best.public_id])


def test_a_certificate_that_runs_out_on_the_way_is_flagged(inbox, story):
    person = story.best.members.first().professional
    assert "certificate_expires" not in flags(inbox()[story.best.public_id])
    late = profiles.certificate(person, expires_on=story.best.ends_on + dt.timedelta(days=1))
    assert "certificate_expires" not in flags(inbox()[story.best.public_id])
    late.expires_on = story.best.ends_on - dt.timedelta(days=9)
    late.save()
    assert "certificate_expires" in flags(inbox()[story.best.public_id])


def test_a_member_in_an_open_cell_of_another_project_is_flagged(inbox, cast, story):
    assert "in_several" not in flags(inbox()[story.best.public_id])
    other = cells.composed_run(cells.published_project(cast.organization, with_market=False))
    assert "in_several" in flags(inbox()[story.best.public_id])
    other.proposals.update(status="rejected")
    assert "in_several" not in flags(inbox()[story.best.public_id])


def test_the_inbox_filters_by_flag_and_by_the_absence_of_any(inbox, story):
    Coverage.objects.update(backup=story.best.members.first())
    make_thin(story.best)
    assert set(inbox("?flag=thin_coverage&flag=gap_open")) == {story.best.public_id}
    assert set(inbox("?without_flags=false")) | set(inbox("?without_flags=true")) == set(inbox())
    assert story.best.public_id not in inbox("?without_flags=true")


@pytest.mark.parametrize("query", ["?inbox=theirs", "?flag=nice", "?sort=value", "?status=new"])
def test_unknown_filters_are_400(api, cast, query):
    assert api(cast.recruiter).get(f"{REVIEWS}{query}").status_code == 400


def test_the_inbox_costs_the_same_whatever_its_length(api, cast, story, django_assert_max_num_queries):
    caller = api(cast.recruiter)
    assert story.run.proposals.count() > 2
    with django_assert_max_num_queries(9):
        assert len(caller.get(REVIEWS).json()["results"]) == story.run.proposals.count()


# -- taking -----------------------------------------------------------------------------------------------------------
def test_a_claim_moves_a_cell_from_unassigned_to_mine_and_release_moves_it_back(api, cast, inbox, story):
    caller, other = api(cast.recruiter), accounts.user(Role.RECRUITER)
    taken = caller.post(f"{at(story)}/claim", {})
    assert (taken.status_code, taken.json()["claimed_by"]) == (200, cast.recruiter.public_id)
    assert set(inbox("?inbox=mine")) == {story.best.public_id}
    assert story.best.public_id not in inbox("?inbox=unassigned")
    assert inbox("?inbox=mine", other) == {}
    refused = api(other).post(f"{at(story)}/claim", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_claimed")
    assert refused.json()["data"]["claimed_by"] == cast.recruiter.public_id
    assert api(other).post(f"{at(story)}/release", {}).json()["code"] == "already_claimed"
    assert caller.post(f"{at(story)}/release", {}).json()["claimed_by"] is None
    assert caller.post(f"{at(story)}/release", {}).json()["code"] == "not_claimed"
    assert story.best.public_id in inbox("?inbox=unassigned")


def test_a_claim_lapses_so_that_nobodys_absence_blocks_a_cell(api, cast, inbox, story):
    api(cast.recruiter).post(f"{at(story)}/claim", {})
    ReviewClaim.objects.update(lapses_at=clock.now() - dt.timedelta(minutes=1))
    assert story.best.public_id in inbox("?inbox=unassigned")
    other = accounts.user(Role.RECRUITER)
    assert api(other).post(f"{at(story)}/claim", {}).json()["claimed_by"] == other.public_id
    assert ReviewClaim.objects.filter(released_at__isnull=True).count() == 1


def test_claiming_does_not_make_what_others_saw_stale(api, cast, story):
    seen = tag(story.best)
    api(cast.recruiter).post(f"{at(story)}/claim", {})
    assert tag(story.best) == seen


def test_an_ended_cell_is_not_taken(api, cast, story, nothing_changes):
    Proposal.objects.filter(pk=story.best.pk).update(status="superseded")
    with nothing_changes():
        answer = api(cast.recruiter).post(f"{at(story)}/claim", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_review")


def test_comments_are_kept_in_order_for_recruiters_only(api, cast, story):
    caller = api(cast.recruiter)
    for text in ("¿Semana Santa?", "Sí, está libre."):
        assert caller.post(f"{at(story)}/comments", {"text": text}).status_code == 201
    shown = caller.get(at(story)).json()["comments"]
    assert [(row["author"], row["text"]) for row in shown] == [
        (cast.recruiter.public_id, "¿Semana Santa?"),
        (cast.recruiter.public_id, "Sí, está libre."),
    ]
    story.offered()
    assert api(cast.client).get(at(story)).status_code == 403
    assert "Semana" not in api(cast.client).get(story.cell).content.decode()


# -- two people -------------------------------------------------------------------------------------------------------
def approve(api, user, story, expect=200):
    answer = api(user, if_match=tag(story.best)).post(f"{story.cell}/approve", {"reason_code": "best_value"})
    assert answer.status_code == expect, answer.content
    return answer.json()


def test_one_recruiter_approves_what_is_proven_and_well_covered(api, cast, story):
    Coverage.objects.update(backup=story.best.members.first())
    body = approve(api, cast.recruiter, story)
    assert (body["status"], body["second_for"]) == ("approved", [])


def test_a_thin_must_takes_two_different_recruiters(api, cast, inbox, story):
    make_thin(story.best)
    assert inbox()[story.best.public_id]["second_for"] == ["thin_must"]
    first = approve(api, cast.recruiter, story)
    assert (first["status"], first["second_for"], first["approved_by"]) == ("composed", ["thin_must"], "")
    assert inbox()[story.best.public_id]["approvals"] == [cast.recruiter.public_id]
    again = approve(api, cast.recruiter, story, 409)
    assert again["code"] == "second_recruiter_needed"
    offered = api(cast.recruiter, if_match=tag(story.best)).post(f"{story.cell}/offer", {})
    assert offered.json()["code"] == "illegal_transition"
    other = accounts.user(Role.RECRUITER)
    assert approve(api, other, story)["status"] == "approved"
    assert ReviewDecision.objects.filter(decision="approve").count() == 2
    assert Proposal.objects.get(pk=story.best.pk).approved_by == other.public_id


def test_an_open_gap_takes_two_recruiters(api, cast, story):
    Coverage.objects.update(backup=story.best.members.first())
    Proposal.objects.filter(pk=story.best.pk).update(bound=story.best.bound + 1, proof_status="within_gap")
    assert approve(api, cast.recruiter, story)["second_for"] == ["gap_open"]


def test_a_proven_cell_that_gave_points_for_past_collaboration_has_no_open_gap(api, cast, story, inbox):
    Coverage.objects.update(backup=story.best.members.first())
    Proposal.objects.filter(pk=story.best.pk).update(bound=story.best.bound + 1)
    assert "gap_open" not in flags(inbox()[story.best.public_id])
    assert approve(api, cast.recruiter, story)["status"] == "approved"


def test_whoever_changed_a_cell_by_hand_is_one_of_the_two(api, cast, story):
    answer = api(cast.recruiter).post(f"{story.cell}/what-ifs", {}).json()
    kept = api(cast.recruiter).post(f"/api/v1/what-ifs/{answer['id']}/keep", {"reason": "As it is."}).json()
    where = f"/api/v1/proposals/{kept['id']}"
    own = api(cast.recruiter, if_match='"1"').post(f"{where}/approve", {"reason_code": "best_value"}).json()
    assert (own["status"], "changed_by_hand" in own["second_for"]) == ("composed", True)
    other = accounts.user(Role.RECRUITER)
    assert api(other, if_match='"1"').post(f"{where}/approve", {"reason_code": "best_value"}).json()["status"] == (
        "approved"
    )


def test_the_second_may_still_reject(api, cast, story):
    make_thin(story.best)
    approve(api, cast.recruiter, story)
    other = api(accounts.user(Role.RECRUITER), if_match=tag(story.best))
    assert other.post(f"{story.cell}/reject", {"reason_code": "thin_coverage"}).json()["status"] == "rejected"


# -- without names ----------------------------------------------------------------------------------------------------
def test_in_blind_mode_nobody_is_named_until_ones_own_decision_is_recorded(api, cast, story):
    make_thin(story.best)
    other = accounts.user(Role.RECRUITER)
    names = {row.professional.family_names for row in story.best.members.select_related("professional")}

    def text(user):
        return api(user).get(f"{story.cell}?blind=true").content.decode()

    assert not any(name in text(cast.recruiter) for name in names)
    body = api(cast.recruiter).get(f"{story.cell}?blind=true").json()
    assert all(row["name"] is None and row["professional"] is None for row in body["members"])
    assert all(name in api(cast.recruiter).get(story.cell).content.decode() for name in names)
    approve(api, cast.recruiter, story)
    assert all(name in text(cast.recruiter) for name in names)
    assert not any(name in text(other) for name in names)


# -- time -------------------------------------------------------------------------------------------------------------
def test_stages_say_when_a_cell_entered_and_left_each(api, cast, story):
    offer = story.offered()
    hour = dt.timedelta(hours=1)
    start = clock.now() - 10 * hour
    Proposal.objects.filter(pk=story.best.pk).update(created_at=start, approved_at=start + 2 * hour)
    type(offer).objects.update(created_at=start + 5 * hour)
    shown = api(cast.recruiter).get(at(story)).json()["stages"]
    assert [row["status"] for row in shown] == ["composed", "approved", "offered"]
    assert [row["seconds"] for row in shown[:2]] == [7200, 10800]
    assert shown[2]["left_at"] is None
    api(cast.client, if_match='"1"').post(f"/api/v1/offers/{offer.public_id}/decline", {"reason_code": "cost"})
    shown = api(cast.recruiter).get(at(story)).json()["stages"]
    assert [row["status"] for row in shown] == ["composed", "approved", "offered", "declined"]
    assert 17990 <= shown[2]["seconds"] <= 18060
