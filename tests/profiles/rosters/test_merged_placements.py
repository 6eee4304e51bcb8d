"""What rooms above know of two people when they turn out to be one: placements, proposals, data rights."""

from __future__ import annotations

import datetime as dt

import pytest

from marketplace.accounts.permissions import Role
from marketplace.clients.models import Engagement, Invitation, Placement, WorkedTogether
from marketplace.clients.services import engagements
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
from marketplace.privacy.models import PrivacyRequest
from marketplace.privacy.services import erasure
from matching.services import offers
from profiles.models import Booking, Professional, ProfileMerge
from profiles.services import merges
from tests.factories import accounts, clients, profiles, unguarded
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter():
    return accounts.actor(accounts.user(Role.RECRUITER))


@pytest.fixture
def engagement() -> Engagement:
    offer = cells.offer_for(cells.composed_run().proposals.get(rank=1))
    return offers.accept(
        offer=offer, seen_version=1, actor=accounts.actor(clients.member(offer.proposal.run.project.organization))
    )


def made_one(survivor: Professional, merged: Professional, recruiter, **options) -> ProfileMerge:
    return merges.merge(
        survivor=merges.Seen(survivor, Professional.objects.get(pk=survivor.pk).version),
        merged=merges.Seen(merged, Professional.objects.get(pk=merged.pk).version),
        actor=recruiter,
        **options,
    )


def test_a_placement_goes_with_its_person_who_says_yes_under_the_login_that_stays(engagement, recruiter, api):
    placement = engagement.placements.order_by("pk").first()
    goes, stays = placement.professional, profiles.professional()
    made_one(stays, goes, recruiter)
    placement.refresh_from_db()
    assert placement.professional_id == stays.pk
    assert Invitation.objects.get(placement=placement).professional_id == stays.pk
    assert Booking.objects.get(placement_id=placement.pk).professional_id == stays.pk
    mine = api(stays.user).get(f"/api/v1/engagements/{engagement.public_id}")
    assert mine.status_code == 200, mine.content
    engagements.confirm(engagement=engagement, professional=stays, actor=accounts.actor(stays.user))
    placement.refresh_from_db()
    assert placement.status == "confirmed"
    assert api(goes.user).get(f"/api/v1/engagements/{engagement.public_id}").status_code == 401


def test_a_merge_that_is_undone_gives_placements_back(engagement, recruiter):
    placement = engagement.placements.order_by("pk").first()
    goes, stays = placement.professional, profiles.professional()
    first, second = sorted((goes.pk, profiles.professional().pk))
    WorkedTogether.objects.create(
        engagement=engagement, first_id=first, second_id=second, weeks=3, last_on=engagement.starts_on
    )
    done = made_one(stays, goes, recruiter)
    assert stays.pk in WorkedTogether.objects.values_list("first_id", "second_id").get()
    merges.undo(done=done, actor=recruiter)
    placement.refresh_from_db()
    assert placement.professional_id == goes.pk
    assert Invitation.objects.get(placement=placement).professional_id == goes.pk
    assert WorkedTogether.objects.values_list("first_id", "second_id").get() == (first, second)


def test_two_who_are_placed_in_one_engagement_are_two(engagement, recruiter, nothing_changes):
    one, other = (row.professional for row in engagement.placements.order_by("pk")[:2])
    with nothing_changes(), pytest.raises(Conflict) as refusal:
        made_one(one, other, recruiter)
    assert refusal.value.code == "both_in_one_engagement"
    assert refusal.value.data == {"engagements": [engagement.public_id]}


def test_a_cell_offered_with_the_alias_is_not_booked_and_another_one_is_asked_for(recruiter):
    offer = cells.offer_for(cells.composed_run().proposals.get(rank=1))
    goes = offer.proposal.members.order_by("pk").first().professional
    made_one(profiles.professional(), goes, recruiter)
    with pytest.raises(Conflict) as refusal:
        offers.accept(
            offer=offer, seen_version=1, actor=accounts.actor(clients.member(offer.proposal.run.project.organization))
        )
    assert refusal.value.code == "people_not_free"
    assert not Placement.objects.exists()


def test_an_open_request_about_personal_data_is_answered_before_a_merge(recruiter, nothing_changes):
    stays, goes = profiles.professional(), profiles.professional()
    asked = PrivacyRequest.objects.create(
        professional=goes, kind="access", due_on=clock.today() + dt.timedelta(days=20)
    )
    with nothing_changes(), pytest.raises(Conflict) as refusal:
        made_one(stays, goes, recruiter)
    assert (refusal.value.code, refusal.value.data) == ("privacy_request_open", {"requests": [asked.public_id]})
    unguarded.write(PrivacyRequest.objects.all(), status="fulfilled", decided_at=clock.now(), decided_by="user_x")
    done = made_one(stays, goes, recruiter)
    assert PrivacyRequest.objects.get().professional_id == stays.pk
    merges.undo(done=done, actor=recruiter)
    assert PrivacyRequest.objects.get().professional_id == goes.pk


def test_whoever_is_erased_is_erased_under_every_id(recruiter):
    stays, goes = profiles.professional(), profiles.professional(given_names="Xóchitl")
    login = goes.user.email
    made_one(stays, goes, recruiter)
    operator = accounts.actor(accounts.user(Role.OPERATOR))
    stays.refresh_from_db()
    erasure.block(professional=stays, actor=operator)
    erasure.erase(professional=stays, actor=operator)
    alias = Professional.objects.select_related("user").get(pk=goes.pk)
    assert (alias.status, alias.given_names, alias.headline_en) == ("erased", "", "")
    assert alias.user is None or alias.user.email != login
    assert bytes(ProfileMerge.objects.get().before) == b""
