"""Answers, deadlines and changes of heart at the same instant: one effect each, and no hour is promised twice.

Each race is run several times on connections of its own; whatever comes first, the rules of ``hold_rules`` hold.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection, connections, transaction
from rest_framework.test import APIClient

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.audit.models import AuditEvent
from marketplace.clients import invitation_links, subscriptions
from marketplace.clients.models import Engagement, Invitation, Placement
from marketplace.clients.services import confirmation, invitations, placements
from marketplace.delivery.models import OutboxEvent
from marketplace.kernel import clock
from marketplace.kernel.errors import DomainError
from matching.models import Offer
from matching.services import offers
from profiles.models import PersonWeek, Professional
from profiles.services import professionals
from tests.factories import accounts, clients, profiles
from tests.trust.hold_rules import broken_rules, load
from tests.trust.offered import offered_cell
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 6  # how often each race is run: who comes first is decided by chance
Api = Callable[..., APIClient]
T = TypeVar("T")


def at_once(works: list[Callable[[], T]]) -> list[T | str]:
    """Run each on a connection of its own, all from the same moment; return results, or codes of refusals."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T | str:
        try:
            gate.wait(timeout=20)
            return work()
        except DomainError as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def cell(size: int = 2) -> Engagement:
    """Return an accepted cell of so many people who have just been asked."""
    return clients.engagement(clients.organization(), [profiles.professional() for _ in range(size)])[0]


def asked(engagement: Engagement) -> list[Invitation]:
    return list(Invitation.objects.filter(placement__engagement=engagement).order_by("pk"))


def person(invitation: Invitation) -> Actor:
    return accounts.actor(Professional.objects.select_related("user").get(pk=invitation.professional_id).user)


def yes(invitation: Invitation) -> Callable[[], str]:
    actor = person(invitation)
    return lambda: invitations.accept(invitation=invitation, actor=actor).status


def no(invitation: Invitation) -> Callable[[], str]:
    actor = person(invitation)
    return lambda: invitations.decline(invitation=invitation, reason_code="dates", actor=actor).status


def status(engagement: Engagement) -> str:
    return str(Engagement.objects.values_list("status", flat=True).get(pk=engagement.pk))


def due_in(engagement: Engagement, seconds: float) -> dt.datetime:
    """Move all deadlines of an engagement close and return the moment."""
    moment = clock.now() + dt.timedelta(seconds=seconds)
    clients.out_of_time(engagement, by=clock.now() - moment)
    return Engagement.objects.get(pk=engagement.pk).confirm_by


def after(moment: dt.datetime, work: Callable[[], T]) -> Callable[[], T]:
    """Return ``work`` begun as close to ``moment`` as a spinning thread can."""

    def run() -> T:
        while clock.now() < moment:
            pass
        return work()

    return run


# -- answers ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_a_link_clicked_fifty_times_at_once_has_one_effect_and_everybody_gets_the_same_state(
    api: Api, answer: str
) -> None:
    engagement = cell()
    mine = asked(engagement)[0]
    body = {"token": invitation_links.token(mine.public_id), "answer": answer}
    if answer == "decline":
        body["reason_code"] = "rate"

    def click() -> tuple[int, str]:
        reply = api().post("/api/v1/invitations/answer", body)
        return reply.status_code, reply.json().get("status", reply.json().get("code"))

    assert Counter(at_once([click] * 50)) == {(200, f"{answer}ed".replace("ee", "e")): 50}
    assert AuditEvent.objects.filter(subject=mine.public_id).exclude(action="invitation.sent").count() == 1
    assert OutboxEvent.objects.filter(kind__startswith="invitation.").count() == 1
    assert Invitation.objects.get(pk=mine.pk).version == 2
    assert broken_rules() == []


def test_of_yes_and_no_at_once_one_counts_and_the_other_is_told() -> None:
    outcomes = Counter()
    for _ in range(TIMES):
        engagement = cell(1)
        (mine,) = asked(engagement)
        results = at_once([yes(mine), no(mine), yes(mine), no(mine)])
        mine.refresh_from_db()
        outcomes[mine.status] += 1
        assert sorted(results) == sorted([mine.status] * 2 + ["already_answered"] * 2)
        assert status(engagement) == ("active" if mine.status == "accepted" else "confirming")
        assert broken_rules() == []
    assert set(outcomes) <= {"accepted", "declined"}


@pytest.mark.parametrize("people", [2, 4])
def test_the_last_yeses_at_once_open_the_engagement_once(people: int) -> None:
    for _ in range(TIMES):
        engagement = cell(people)
        assert at_once([yes(each) for each in asked(engagement)]) == ["accepted"] * people
        assert status(engagement) == "active"
        assert AuditEvent.objects.filter(subject=engagement.public_id, action="engagement.confirmed").count() == 1
        assert broken_rules() == []


# -- deadlines --------------------------------------------------------------------------------------------------------
def test_a_yes_at_the_instant_of_the_deadline_either_opens_the_engagement_or_is_too_late() -> None:
    for number in range(TIMES):
        engagement = cell(1)
        (mine,) = asked(engagement)
        moment = due_in(engagement, 0.15)
        early = moment - dt.timedelta(milliseconds=15 * number)
        result, *_rest = at_once(
            [after(early, yes(mine)), *[after(moment, lambda: confirmation.lapse_due())] * 3]  # type: ignore[list-item]
        )
        subscriptions.sweep()
        assert (result, status(engagement)) in [("accepted", "active"), ("invitation_expired", "terminated")]
        assert number or result == "invitation_expired"
        assert AuditEvent.objects.filter(subject=engagement.public_id, action="engagement.terminated").count() == (
            result != "accepted"
        )
        assert broken_rules() == []


def waiting_for_a_lock() -> bool:
    """Tell whether some connection to this database waits for another's lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it is looked at once
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_a_sweep_that_found_the_cell_overdue_leaves_it_alone_when_the_last_yes_was_first() -> None:
    """The order that chance seldom brings: the sweep reads, waits for the yes that came in time, and goes on."""
    engagement = cell(1)
    (mine,) = asked(engagement)
    moment = due_in(engagement, 0.6)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert yes(mine)() == "accepted"
            swept = pool.submit(lambda: at_once([after(moment, confirmation.lapse_due)]))
            eventually(waiting_for_a_lock, what="the sweep to wait for the engagement")
        assert swept.result(timeout=20) == [0]
    assert status(engagement) == "active"
    assert broken_rules() == []


def test_a_sweep_that_found_the_cell_overdue_leaves_it_alone_when_it_was_lengthened_first() -> None:
    engagement = cell(2)
    vacancy = Placement.objects.get(pk=asked(engagement)[0].placement_id)
    vacancy = placements.vacate(placement=vacancy, reason_code="other", actor=None)
    moment = due_in(engagement, 0.6)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            confirmation.extend(vacancy=vacancy, actor=None)
            swept = pool.submit(lambda: at_once([after(moment, confirmation.lapse_due)]))
            eventually(waiting_for_a_lock, what="the sweep to wait for the engagement")
        assert swept.result(timeout=20) == [0]
    assert status(engagement) == "confirming"
    assert broken_rules() == []


def offer_of(people: list[Professional]) -> Offer:
    return offered_cell(clients.organization(), people)


def accepting(offer: Offer) -> Callable[[], str]:
    actor = accounts.actor(accounts.user(Role.CLIENT))
    return lambda: offers.accept(offer=offer, seen_version=1, actor=actor).status


def test_a_hold_past_its_deadline_is_free_for_one_of_many_although_nobody_has_swept() -> None:
    people = [profiles.professional() for _ in range(3)]
    first = offers.accept(offer=offer_of(people), seen_version=1, actor=accounts.actor(accounts.user(Role.CLIENT)))
    clients.out_of_time(first)
    assert not load(live_only=True)
    results = Counter(at_once([accepting(offer_of(people)) for _ in range(5)]))
    assert results == {"confirming": 1, "people_not_free": 4}
    # The late yes of the first cell finds the hours gone, swept or not.
    refusals = at_once([yes(each) for each in asked(first)])
    assert refusals == ["invitation_expired"] * 3
    subscriptions.sweep()
    assert (status(first), Engagement.objects.filter(status="confirming").count()) == ("terminated", 1)
    assert broken_rules() == []
    assert sum(row.booked > 0 for row in PersonWeek.objects.all()) == len(load(live_only=True))


def test_the_last_yes_and_another_clients_acceptance_at_the_deadline_book_the_hours_once() -> None:
    for number in range(TIMES):
        people = [profiles.professional()]
        first = offers.accept(offer=offer_of(people), seen_version=1, actor=accounts.actor(accounts.user(Role.CLIENT)))
        rival = accepting(offer_of(people))
        (mine,) = asked(first)
        moment = due_in(first, 0.15)
        said, booked = at_once(
            [after(moment - dt.timedelta(milliseconds=15 * number), yes(mine)), after(moment, rival)]
        )
        assert (said, booked) in [("accepted", "people_not_free"), ("invitation_expired", "confirming")]
        subscriptions.sweep()
        assert broken_rules() == []


def test_an_offer_accepted_as_it_expires_is_either_engaged_or_over() -> None:
    for number in range(TIMES):
        offer = offer_of([profiles.professional()])
        accept = accepting(offer)
        moment = clock.now() + dt.timedelta(seconds=0.15)
        Offer.objects.filter(pk=offer.pk).update(expires_at=moment)
        early = moment - dt.timedelta(milliseconds=15 * number)
        result, *_rest = at_once([after(early, accept), *[after(moment, offers.lapse_due)] * 2])  # type: ignore[list-item]
        offers.lapse_due()
        offer.refresh_from_db()
        project = offer.proposal.project
        expected = {"confirming": ("accepted", "staffed", 1)}.get(str(result), ("expired", "published", 0))
        assert result in {"confirming", "offer_expired", "illegal_transition", "version_changed"}
        assert number or result != "confirming"
        assert (offer.status, project.status, Engagement.objects.filter(project=project).count()) == expected
        assert broken_rules() == []


# -- people who change their mind meanwhile ---------------------------------------------------------------------------
def test_whoever_archives_while_the_acceptance_books_is_in_no_seat_afterwards() -> None:
    outcomes = Counter()
    for _ in range(TIMES):
        people = [profiles.professional(), profiles.professional()]
        leaving = people[0]
        results = at_once(
            [
                accepting(offer_of(people)),
                lambda gone=leaving: professionals.archive(professional=gone, actor=None).status,  # type: ignore[misc]
            ]
        )
        assert results[1] == "archived"
        assert results[0] in {"confirming", "people_not_free"}
        outcomes[results[0]] += 1
        # The fact has rung after the commit of whoever came second; nobody has swept.
        subscriptions._hold_broken(subscriptions.HoldBroken(professional_id=leaving.pk))
        assert not Placement.objects.live().filter(professional=leaving).exists()
        assert not PersonWeek.objects.filter(professional=leaving, booked__gt=0).exists()
        assert broken_rules() == []
    assert outcomes


def test_whoever_archives_at_the_moment_of_the_last_yes_either_stays_or_leaves_an_empty_seat() -> None:
    for _ in range(TIMES):
        engagement = cell(1)
        (mine,) = asked(engagement)
        leaving = Professional.objects.get(pk=mine.professional_id)
        said, left = at_once(
            [yes(mine), lambda gone=leaving: professionals.archive(professional=gone, actor=None).status]
        )  # type: ignore[misc]
        subscriptions.sweep()
        seat = Placement.objects.get(pk=mine.placement_id)
        if left == "has_bookings":
            assert (said, seat.status, status(engagement)) == ("accepted", "confirmed", "active")
        else:
            assert left == "archived"
            assert (seat.status, seat.ended_reason) == ("ended", "profile_archived")
        assert broken_rules() == []


def test_fewer_hours_at_the_moment_of_the_last_yes_are_refused_or_empty_the_seat() -> None:
    outcomes = Counter()
    for _ in range(TIMES):
        engagement = cell(1)
        (mine,) = asked(engagement)
        busy = Professional.objects.get(pk=mine.professional_id)

        def work_less(who: Professional = busy) -> str:
            return str(
                professionals.update(professional=who, version=None, actor=None, weekly_minutes=600).weekly_minutes
            )

        said, hours = at_once([yes(mine), work_less])
        subscriptions.sweep()
        seat = Placement.objects.get(pk=mine.placement_id)
        outcomes[hours] += 1
        if hours == "capacity_below_bookings":
            assert (said, seat.status, status(engagement)) == ("accepted", "confirmed", "active")
        else:
            assert (hours, seat.status, seat.ended_reason) == ("600", "ended", "hours_lost")
            assert said in {"invitation_expired", "invitation_withdrawn"}
        assert broken_rules() == []
    assert outcomes


def test_two_sweeps_at_once_do_everything_once() -> None:
    engagements = [cell(2) for _ in range(3)]
    for engagement in engagements:
        clients.out_of_time(engagement)
    at_once([subscriptions.sweep] * 6)
    assert {status(engagement) for engagement in engagements} == {"terminated"}
    assert AuditEvent.objects.filter(action="engagement.terminated").count() == 3
    assert AuditEvent.objects.filter(action="invitation.expired").count() == 6
    assert OutboxEvent.objects.filter(kind="project.reopened").count() == 3
    assert broken_rules() == []
