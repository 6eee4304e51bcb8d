"""Runs, offers and engagements: who is told how they end, and what nobody is told."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
import time_machine
from django.utils import translation

from marketplace.accounts.permissions import Role
from marketplace.clients.services import engagements
from marketplace.delivery import kinds, wording
from marketplace.delivery.models import Notification
from matching.services import offers
from profiles.models import Professional
from tests.factories import accounts
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db


def told(kind):
    """Return the e-mail addresses of who was told."""
    rows = Notification.objects.filter(kind=kind).select_related("recipient")
    return sorted(row.recipient.email for row in rows)


def emails(*people):
    return sorted(person.email for person in people)


@pytest.fixture
def offer(cast):
    return cells.offer_for(cells.composed_run(cells.published_project(cast.organization)).proposals.get(rank=1))


def recruiters_told(kind):
    """Return whether every recruiter, and of the cast nobody else, was told."""
    rows = Notification.objects.filter(kind=kind).select_related("recipient")
    return bool(rows) and {row.recipient.role for row in rows} == {Role.RECRUITER}


def test_composed_cells_are_told_to_the_recruiters_for_their_digest(cast):
    run = cells.composed_run(cells.published_project(cast.organization))
    assert told("run.composed") == emails(cast.recruiter)
    row = Notification.objects.get(kind="run.composed")
    assert (row.subject, row.data["cells"]) == (run.public_id, run.proposals.count())
    assert row.email_due_at > row.created_at
    with translation.override("en"):
        assert "different cells were composed" in wording.body(row.kind, row.data, zone="UTC")


def test_that_no_cell_is_possible_is_told_to_the_client(cast):
    run = cells.composed_run(cells.published_project(cast.organization, with_market=False))
    assert run.status == "infeasible"
    assert told("run.infeasible") == emails(cast.client)
    assert not Notification.objects.filter(kind="run.composed").exists()


def test_an_accepted_offer_is_told_to_the_recruiters(cast, offer):
    offers.accept(offer=offer, seen_version=offer.version, actor=accounts.actor(cast.client))
    assert recruiters_told("offer.accepted")
    assert told("offer.sent") == emails(cast.client)


def test_a_declined_offer_is_told_to_the_recruiters(cast, offer):
    offers.decline(offer=offer, seen_version=offer.version, reason_code="cost", actor=accounts.actor(cast.client))
    assert recruiters_told("offer.declined")


def test_a_lapsed_offer_is_told_to_both_sides(cast, offer):
    with time_machine.travel(offer.expires_at + dt.timedelta(minutes=1)):
        offers.lapse_due()
    assert set(emails(cast.client, cast.recruiter)) <= set(told("offer.expired"))
    assert cast.rival.email not in told("offer.expired")


def running(cast, offer):
    """Return the started engagement of an accepted offer whose people can log in, and these."""
    for person in Professional.objects.filter(user__isnull=True):
        person.user = accounts.user(Role.PROFESSIONAL)
        person.save()
    opened = offers.accept(offer=offer, seen_version=offer.version, actor=accounts.actor(cast.client))
    people = [placement.professional.user for placement in opened.placements.select_related("professional__user")]
    recruiter = accounts.actor(cast.recruiter)
    confirmed = engagements.confirm(engagement=opened, actor=recruiter)
    return engagements.start(engagement=confirmed, version=confirmed.version, actor=recruiter), people


@pytest.mark.parametrize("kind", ["engagement.completed", "engagement.terminated"])
def test_the_beginning_and_the_end_of_the_work_are_told_to_everybody_in_it(cast, offer, kind):
    engagement, people = running(cast, offer)
    recruiter = accounts.actor(cast.recruiter)
    if kind == "engagement.completed":
        engagements.complete(engagement=engagement, version=engagement.version, actor=recruiter)
    else:
        engagements.terminate(
            engagement=engagement, version=engagement.version, reason_code="performance", actor=recruiter
        )
    for each in ("engagement.started", kind):
        assert set(emails(cast.client, cast.recruiter, *people)) <= set(told(each))
        assert not {cast.rival.email, cast.professional.email, cast.operator.email} & set(told(each))


def test_no_notification_holds_a_name_a_contact_or_a_reason(cast, offer):
    engagement, people = running(cast, offer)
    engagements.terminate(
        engagement=engagement,
        version=engagement.version,
        reason_code="performance",
        actor=accounts.actor(cast.recruiter),
    )
    kept = json.dumps([[row.data, row.subject, row.occasion] for row in Notification.objects.all()])
    assert "performance" not in kept
    for person in Professional.objects.all():
        for secret in (person.given_names, person.family_names, person.public_id):
            assert secret not in kept
    for user in people:
        assert user.email not in kept


SAMPLES = {"at": "2026-12-01T15:00:00Z", "on": "2026-12-01"}


class Asking(dict):
    """Notes what a text asks for, and gives a number for it."""

    def __missing__(self, key):
        self[key] = SAMPLES.get(key.rpartition("_")[2], 3)
        return 3


@pytest.mark.parametrize("language", ["en", "es-mx"])
def test_every_kind_can_be_said_with_what_its_text_asks_for(language):
    assert len(kinds.every_kind()) > 20
    for kind in kinds.every_kind():
        data = Asking()
        with translation.override(language):
            assert f"{kind.title % data} {kind.body % data}"
            title = wording.title(kind.name, data, zone="America/Mexico_City")
            body = wording.body(kind.name, data, zone="America/Mexico_City")
        assert title.strip(), kind.name
        assert not re.search(r"%\(|–$", title + body), (kind.name, title, body)
        assert len(kind.name) <= Notification._meta.get_field("kind").max_length
        assert kind.audience <= set(Role.values), kind.name
