"""A seat is empty: who comes is composed, decided by people, and applied whole or not at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.clients.models import Engagement, Invitation, Placement, Project
from marketplace.clients.services import placements
from marketplace.delivery.models import Notification, OutboxEvent
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict, IllegalTransition, Invalid, PreconditionFailed
from matching import engine, snapshots
from matching.models import Replacement, Vacancy
from matching.services import offers
from matching.services.vacancies import composing, decisions, proofs, requests, standing
from profiles.levels import Cefr, Function, Seniority
from profiles.models import PersonWeek, Professional
from tests.conftest import Cast
from tests.factories import accounts, profiles
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement(cast: Cast) -> Engagement:
    """An accepted cell of three whose people have been asked."""
    return accepted(cast)


def accepted(cast: Cast, **fields: object) -> Engagement:
    run = cells.composed_run(cells.published_project(cast.organization, **fields))
    offer = cells.offer_for(run.proposals.get(rank=1))
    return offers.accept(offer=offer, seen_version=offer.version, actor=accounts.actor(cast.client))


def seated(engagement: Engagement, position: int) -> Placement:
    return Placement.objects.live().get(engagement=engagement, seat__position=position, vacant_from__isnull=True)


def leave(engagement: Engagement, position: int, reason: str = "resigned") -> Placement:
    return placements.vacate(placement=seated(engagement, position), reason_code=reason, actor=None)


def proposed(engagement: Engagement, position: int = 1) -> Replacement:
    leave(engagement, position)
    row = requests.request(engagement=engagement, cause="placement_vacated", actor=None)
    composing.execute(row.pk)
    row.refresh_from_db()
    return row


def recruiter() -> Actor:
    return accounts.actor(accounts.user(Role.RECRUITER))


def approve(row: Replacement, option: int = 0, **given: object) -> Replacement:
    values = {"seen_version": row.version, "reason_code": "least_disturbance", "actor": recruiter(), **given}
    return decisions.approve(replacement=row, option=option, **values)


def booked() -> int:
    return sum(PersonWeek.objects.values_list("booked", flat=True))


def dear(engagement: Engagement) -> Engagement:
    """The client accepted to pay a hundred a month: whoever comes costs more."""
    Engagement.objects.filter(pk=engagement.pk).update(monthly_cost=Decimal(100))
    engagement.refresh_from_db()
    return engagement


def test_somebody_is_proposed_who_leaves_everybody_else_where_they_are(engagement: Engagement) -> None:
    row = proposed(engagement)
    assert row.status == "proposed", row.last_error
    best = row.options[0]
    assert (best["disturbs"], best["proven"]) == ([0, 0], True)
    [new] = [member for member in best["members"] if member["placement"] is None]
    gone = Vacancy.objects.get(replacement=row).placement
    assert (new["replaces"], new["seat"]) == (str(gone.pk), str(gone.seat_id))
    assert new["professional"] != str(gone.professional_id)
    stay = {str(seated(engagement, at).pk) for at in (0, 2)}
    assert {member["placement"] for member in best["members"]} - {None} == stay
    assert Decimal(best["monthly_cost"]) == sum(Decimal(member["monthly_cost"]) for member in best["members"])
    assert row.digest == engine.digest(snapshots.load(row).problem)


def test_what_is_stored_is_enough_to_check_every_option_again(engagement: Engagement) -> None:
    row = proposed(engagement)
    assert len(row.options) > 1
    for number in range(len(row.options)):
        assert proofs.recheck(replacement=row, option=number).holds
    row.options[0]["value"] += 1
    assert not proofs.recheck(replacement=row).holds
    with pytest.raises(Invalid):
        proofs.recheck(replacement=row, option=99)
    row.digest = "0" * 64
    with pytest.raises(Conflict) as refusal:
        proofs.recheck(replacement=row)
    assert refusal.value.code == "snapshot_unreadable"


def test_the_hours_of_those_who_stay_are_free_for_their_own_engagement(engagement: Engagement) -> None:
    leave(engagement, 1)
    left = standing.of_engagement(engagement)
    plain = snapshots.take(left.terms, only=[row.professional_id for row in left.placed])
    own = snapshots.take_placed(left.terms, left.members())
    assert int(plain.problem.market.people.free_minutes.max()) == 0
    assert int(own.problem.market.people.free_minutes.min()) >= 2400


def test_an_approved_replacement_that_changes_nothing_for_the_client_is_applied_at_once(engagement: Engagement) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(monthly_cost=Decimal(60_000))
    row = proposed(Engagement.objects.get(pk=engagement.pk))
    before = booked()
    done = approve(row)
    assert (done.status, done.asks_client) == ("applied", [])
    gone = Vacancy.objects.get(replacement=row).placement
    assert gone.replaced_by is not None
    new = gone.replaced_by
    assert (new.status, new.seat_id) == ("held", gone.seat_id)
    assert booked() > before
    assert Invitation.objects.filter(placement=new, status="sent").exists()
    engagement.refresh_from_db()
    assert engagement.monthly_cost == Decimal(row.options[0]["monthly_cost"])
    assert not Placement.objects.vacant().filter(engagement=engagement).exists()
    assert OutboxEvent.objects.filter(kind="replacement.applied", subject=row.public_id).exists()


def test_a_replacement_that_costs_more_waits_for_the_client_who_confirms_it(engagement: Engagement, cast: Cast) -> None:
    row = approve(proposed(dear(engagement)))
    assert (row.status, row.asks_client) == ("awaiting_client", ["cost_higher"])
    assert not Placement.objects.filter(replaces__isnull=False).exists()
    assert Notification.objects.filter(kind="replacement.awaiting_client", recipient=cast.client).exists()
    done = decisions.confirm(replacement=row, seen_version=row.version, actor=accounts.actor(cast.client))
    assert (done.status, done.client_decided_by) == ("applied", cast.client.public_id)
    engagement.refresh_from_db()
    assert engagement.monthly_cost == Decimal(row.options[0]["monthly_cost"])


def test_a_client_may_decline_and_the_seat_stays_empty_until_somebody_asks_again(
    engagement: Engagement, cast: Cast
) -> None:
    row = approve(proposed(dear(engagement)))
    actor = accounts.actor(cast.client)
    done = decisions.decline(replacement=row, seen_version=row.version, reason_code="cost", actor=actor)
    assert (done.status, done.decline_reason) == ("declined", "cost")
    assert requests.request_missing() == 0
    exclude = [option["members"][1]["professional"] for option in row.options[:1]]
    again = requests.again(engagement=engagement, exclude=exclude, actor=recruiter())
    composing.execute(again.pk)
    again.refresh_from_db()
    assert again.status == "proposed"
    assert exclude[0] not in [member["professional"] for member in again.options[0]["members"]]


def test_what_the_client_did_not_answer_in_time_is_over(engagement: Engagement, cast: Cast) -> None:
    row = approve(proposed(dear(engagement)))
    Replacement.objects.filter(pk=row.pk).update(expires_at=clock.now() - dt.timedelta(seconds=1))
    with pytest.raises(Conflict) as refusal:
        decisions.confirm(replacement=row, seen_version=row.version, actor=accounts.actor(cast.client))
    assert refusal.value.code == "replacement_expired"
    row.refresh_from_db()
    assert row.status == "expired"
    assert not Placement.objects.filter(replaces__isnull=False).exists()


def test_when_nobody_fits_it_says_why_and_what_would_change_that(cast: Cast) -> None:
    engagement = accepted(cast)
    gone = seated(engagement, 1)
    keep = list(Placement.objects.filter(engagement=engagement).values_list("professional_id", flat=True))
    others = Professional.objects.filter(main_function=Function.ENGINEERING).exclude(pk__in=keep)
    others.update(status="paused")
    row = proposed(engagement)
    assert row.status == "impossible", (row.status, row.last_error)
    assert row.options == []
    assert row.diagnosis["blocked"]
    assert Notification.objects.filter(kind="replacement.impossible", recipient=cast.client).exists()
    assert Notification.objects.filter(kind="replacement.impossible", recipient=cast.recruiter).exists()
    assert Placement.objects.vacant().get(engagement=engagement).pk == gone.pk
    assert not Placement.objects.filter(replaces__isnull=False).exists()


def test_a_repair_of_the_diagnosis_is_asked_for_and_then_the_client_is_asked(cast: Cast) -> None:
    engagement = accepted(cast)
    keep = list(Placement.objects.filter(engagement=engagement).values_list("professional_id", flat=True))
    Professional.objects.filter(main_function=Function.ENGINEERING).exclude(pk__in=keep).update(status="paused")
    weak = profiles.professional(
        main_function=Function.ENGINEERING, functions=[Function.ENGINEERING], seniority=Seniority.SENIOR
    )
    profiles.claim(weak, "cobol", 1)
    profiles.claim(weak, "kyc", 4)
    profiles.speaks(weak, "en", Cefr.C1)
    row = proposed(engagement)
    assert row.status == "impossible"
    index = next(n for n, repair in enumerate(row.diagnosis["repairs"]) if repair["code"] == "skill_level")
    again = requests.again(engagement=engagement, repair=index, actor=recruiter())
    composing.execute(again.pk)
    again.refresh_from_db()
    assert again.status == "proposed", (again.last_error, row.diagnosis["repairs"])
    assert "terms_relaxed" in approve(again).asks_client
    with pytest.raises(Invalid) as refusal:
        requests.again(engagement=engagement, repair=99, actor=recruiter())
    assert refusal.value.code == "no_such_repair"


def test_a_decision_names_the_version_that_was_seen(engagement: Engagement, cast: Cast) -> None:
    row = proposed(engagement)
    with pytest.raises(PreconditionFailed):
        approve(row, seen_version=row.version - 1)
    with pytest.raises(Invalid):
        approve(row, option=99)
    with pytest.raises(Invalid):
        approve(row, reason_code="mood")
    with pytest.raises(IllegalTransition):
        decisions.confirm(replacement=row, seen_version=row.version, actor=accounts.actor(cast.client))
    row.refresh_from_db()
    assert row.status == "proposed"
    rejected = decisions.reject(
        replacement=row, seen_version=row.version, reason_code="cost", comment="", actor=recruiter()
    )
    assert rejected.status == "rejected"
    with pytest.raises(IllegalTransition):
        approve(rejected)


def test_a_newcomer_who_was_booked_meanwhile_is_not_installed_and_another_is_looked_for(engagement: Engagement) -> None:
    row = proposed(engagement)
    key = next(member["professional"] for member in row.options[0]["members"] if member["placement"] is None)
    Professional.objects.filter(pk=key).update(weekly_minutes=60)
    with pytest.raises(Conflict) as refusal:
        approve(row)
    assert refusal.value.code == "members_changed"
    row.refresh_from_db()
    assert (row.status, row.status_reason) == ("superseded", "members_changed")
    fresh = Replacement.objects.get(engagement=engagement, status="queued")
    composing.execute(fresh.pk)
    fresh.refresh_from_db()
    assert key not in [member["professional"] for member in fresh.options[0]["members"]]


def test_another_empty_seat_supersedes_what_was_found_for_one(engagement: Engagement) -> None:
    first = proposed(engagement)
    second = proposed(engagement, position=2)
    first.refresh_from_db()
    assert (first.status, first.status_reason) == ("superseded", "another_seat_empty")
    assert second.vacancies.count() == 2
    new = [member for member in second.options[0]["members"] if member["placement"] is None]
    assert len(new) == 2


def test_the_sweeper_asks_for_what_a_lost_doorbell_missed_once(engagement: Engagement) -> None:
    leave(engagement, 1)
    decisions.sweep()
    assert Replacement.objects.get().cause == "swept"
    decisions.sweep()
    assert Replacement.objects.count() == 1


def test_an_engagement_that_is_over_needs_nobody(engagement: Engagement) -> None:
    row = proposed(engagement)
    Engagement.objects.filter(pk=engagement.pk).update(status="terminated")
    decisions.sweep()
    row.refresh_from_db()
    assert (row.status, row.status_reason) == ("superseded", "engagement_over")
    with pytest.raises(Conflict) as refusal:
        requests.request(engagement=engagement, cause="recruiter", actor=None)
    assert refusal.value.code == "engagement_over"


def test_who_has_left_does_not_come_back(engagement: Engagement) -> None:
    gone = seated(engagement, 1).professional_id
    row = proposed(engagement)
    assert str(gone) not in [m["professional"] for option in row.options for m in option["members"]]


def test_only_one_of_two_workers_gets_the_claim_and_a_zombie_cannot_write(engagement: Engagement) -> None:
    leave(engagement, 1)
    row = requests.request(engagement=engagement, cause="placement_vacated", actor=None)
    zombie = composing.claim(row.pk)
    assert zombie is not None
    assert composing.claim(row.pk) is None
    Replacement.objects.filter(pk=row.pk).update(lease_until=clock.now() - dt.timedelta(seconds=1))
    composing.execute(row.pk)
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("proposed", 2)
    version = row.version
    composing.put_back(row.pk, zombie.lease_token, "late")
    row.refresh_from_db()
    assert (row.status, row.version) == ("proposed", version)


def test_poison_work_is_parked_with_a_reason(engagement: Engagement, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("no market")

    monkeypatch.setattr(snapshots, "take_placed", broken)
    leave(engagement, 1)
    row = requests.request(engagement=engagement, cause="placement_vacated", actor=None)
    for _attempt in range(3):
        Replacement.objects.filter(pk=row.pk).update(next_attempt_at=clock.now())
        composing.execute(row.pk)
    row.refresh_from_db()
    assert (row.status, row.last_error) == ("failed", "RuntimeError")


def test_the_deadline_of_the_others_is_lengthened_once_a_replacement_is_proposed(engagement: Engagement) -> None:
    soon = clock.now() + dt.timedelta(hours=2)
    Engagement.objects.filter(pk=engagement.pk).update(confirm_by=soon)
    proposed(Engagement.objects.get(pk=engagement.pk))
    engagement.refresh_from_db()
    assert engagement.confirm_by > soon


def test_a_project_that_is_open_again_no_longer_has_an_accepted_cell(engagement: Engagement) -> None:
    project = Project.objects.get(pk=engagement.project_id)
    Engagement.objects.filter(pk=engagement.pk).update(status="terminated")
    Project.objects.filter(pk=project.pk).update(status="published")
    run = cells.composed_run(project)
    offer = cells.offer_for(run.proposals.get(rank=1))
    assert offer.proposal.project.pk == project.pk
    statuses = set(run.proposals.model.objects.filter(pk=engagement.proposal_id).values_list("status", flat=True))
    assert statuses == {"superseded"}


def two_handed(cast: Cast) -> Engagement:
    """An accepted cell whose engineer could do operations too, where nobody else is left who does."""
    engagement = accepted(cast)
    engineer = seated(engagement, 1).professional
    engineer.functions = [Function.ENGINEERING, Function.OPERATIONS]
    engineer.touch("functions")
    inside = Placement.objects.filter(engagement=engagement).values("professional")
    Professional.objects.filter(main_function=Function.OPERATIONS).exclude(pk__in=inside).update(status="paused")
    return engagement


def test_one_who_can_changes_seat_rather_than_leaves_and_the_client_is_asked(cast: Cast) -> None:
    engagement = two_handed(cast)
    engineer, gone = seated(engagement, 1), seated(engagement, 2)
    Engagement.objects.filter(pk=engagement.pk).update(monthly_cost=Decimal(60_000))
    row = proposed(Engagement.objects.get(pk=engagement.pk), position=2)
    best = row.options[0]
    assert (best["disturbs"], best["proven"]) == ([0, 1], True)
    assert best["moves"] == [str(engineer.pk)]
    assert row.diagnosis is not None, "what would let everybody keep their seat is told as well"
    assert proofs.recheck(replacement=row).holds
    done = approve(row)
    assert (done.status, done.asks_client) == ("awaiting_client", ["seats_change"])
    before = booked()
    decisions.confirm(replacement=done, seen_version=done.version, actor=accounts.actor(cast.client))
    gone.refresh_from_db()
    engineer.refresh_from_db()
    assert gone.replaced_by is not None
    assert gone.replaced_by.professional_id == engineer.professional_id
    assert (engineer.status, engineer.ended_reason) == ("replaced", "replaced")
    assert engineer.replaced_by is not None
    newcomer = engineer.replaced_by
    assert newcomer.professional_id not in {engineer.professional_id, gone.professional_id}
    assert newcomer.seat_id == engineer.seat_id
    assert gone.replaced_by.rate_amount == engineer.rate_amount
    assert booked() > before
    assert not Placement.objects.vacant().filter(engagement=engagement).exists()
    live = Placement.objects.live().filter(engagement=engagement)
    engagement.refresh_from_db()
    assert sum(placement.monthly_cost for placement in live) == engagement.monthly_cost


def test_while_work_is_under_way_a_newcomer_gets_notice_and_the_remaining_days(cast: Cast) -> None:
    engagement = accepted(cast)
    today = clock.today()
    Placement.objects.filter(engagement=engagement).update(status="confirmed")
    Placement.objects.filter(engagement=engagement).update(status="active")
    Engagement.objects.filter(pk=engagement.pk).update(status="active", monthly_cost=Decimal(60_000))
    gone = seated(engagement, 1)
    leaves_on = gone.starts_on + dt.timedelta(weeks=4)
    placements.vacate(placement=gone, reason_code="resigned", from_day=leaves_on, actor=None)
    row = requests.request(engagement=engagement, cause="placement_vacated", actor=None)
    composing.execute(row.pk)
    row.refresh_from_db()
    assert row.status == "proposed", row.last_error
    assert row.starts_on == leaves_on
    done = approve(row)
    assert (done.status, done.asks_client) == ("applied", [])
    gone.refresh_from_db()
    new = gone.replaced_by
    assert new is not None
    assert (new.starts_on, new.ends_on, new.status) == (leaves_on, engagement.ends_on, "held")
    assert gone.ends_on == leaves_on - dt.timedelta(days=1)
    engagement.refresh_from_db()
    first = standing.first_day(engagement, [Placement(vacant_from=today)])
    assert first >= max(engagement.starts_on, today + standing.NOTICE)
    assert first.weekday() < 5


def test_who_comes_only_to_say_no_leaves_the_seat_empty_again_and_is_not_asked_twice(engagement: Engagement) -> None:
    Engagement.objects.filter(pk=engagement.pk).update(monthly_cost=Decimal(60_000))
    approve(proposed(Engagement.objects.get(pk=engagement.pk)))
    new = Placement.objects.get(engagement=engagement, replaces__isnull=False)
    placements.vacate(placement=new, reason_code="invitation_declined", actor=None)
    assert requests.request_missing() == 1
    row = Replacement.objects.get(engagement=engagement, status="queued")
    composing.execute(row.pk)
    row.refresh_from_db()
    assert row.status == "proposed"
    people = {member["professional"] for option in row.options for member in option["members"]}
    assert str(new.professional_id) not in people
    assert [vacancy.placement_id for vacancy in row.vacancies.all()] == [new.pk]


def test_nothing_is_looked_for_where_the_work_ends_before_anybody_could_begin(engagement: Engagement) -> None:
    gone = leave(engagement, 1)
    Placement.objects.filter(pk=gone.pk).update(vacant_from=engagement.ends_on + dt.timedelta(days=1))
    with pytest.raises(Conflict) as refusal:
        requests.request(engagement=engagement, cause="recruiter", actor=None)
    assert refusal.value.code == "too_late"
    assert requests.request_missing() == 0


def test_what_was_found_before_another_one_left_is_not_applied(engagement: Engagement) -> None:
    row = proposed(engagement)
    leave(engagement, 2)
    with pytest.raises(Conflict) as refusal:
        approve(row)
    assert refusal.value.code == "engagement_changed"
    assert not Placement.objects.filter(engagement=engagement, replaces__isnull=False).exists()
    row.refresh_from_db()
    assert (row.status, row.status_reason) == ("superseded", "engagement_changed")
    assert Replacement.objects.get(engagement=engagement, status="queued").vacancies.count() == 2


def test_what_was_composed_while_another_one_left_is_not_proposed(engagement: Engagement) -> None:
    leave(engagement, 1)
    row = requests.request(engagement=engagement, cause="placement_vacated", actor=None)
    claimed = composing.claim(row.pk)
    assert claimed is not None
    left = standing.of_engagement(engagement)
    taken, wide, members = composing._markets(claimed, left)
    found = composing._solved(claimed, left, taken, wide, members)
    leave(engagement, 2)
    assert not composing.record(row.pk, claimed.lease_token, left, taken, found, milliseconds=1)
    row.refresh_from_db()
    assert (row.status, row.status_reason) == ("superseded", "engagement_changed")
    assert Replacement.objects.get(engagement=engagement, status="queued").vacancies.count() == 2
