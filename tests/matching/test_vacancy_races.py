"""Replacements decided at once: one of several approvals counts, nobody is installed twice, and 409 says why not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from marketplace.accounts.permissions import Role
from marketplace.clients.models import Engagement, Placement
from marketplace.clients.services import placements
from marketplace.kernel.errors import DomainError
from matching.models import Replacement
from matching.services import offers
from matching.services.vacancies import composing, decisions, requests
from profiles.models import Professional
from tests.factories import accounts, clients
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8


@pytest.fixture
def engagement(tmp_path: Path, settings: object) -> Engagement:
    """An accepted cell whose monthly cost leaves room for anybody."""
    settings.INDEX_FOLDER = str(tmp_path / "index")  # type: ignore[attr-defined]
    organization = clients.organization()
    run = cells.composed_run(cells.published_project(organization))
    offer = cells.offer_for(run.proposals.get(rank=1))
    actor = accounts.actor(clients.member(organization))
    made = offers.accept(offer=offer, seen_version=offer.version, actor=actor)
    Engagement.objects.filter(pk=made.pk).update(monthly_cost=50_000)
    return Engagement.objects.get(pk=made.pk)


def proposed(engagement: Engagement) -> Replacement:
    gone = Placement.objects.live().get(engagement=engagement, seat__position=1)
    placements.vacate(placement=gone, reason_code="resigned", actor=None)
    row = requests.request(engagement=engagement, cause="placement_vacated", actor=None)
    composing.execute(row.pk)
    return Replacement.objects.get(pk=row.pk)


def at_once(works: list[Callable[[], Any]]) -> list[str]:
    """Do all of these from threads and connections of their own, and return what each came to."""
    gate = threading.Barrier(len(works))

    def one(work: Callable[[], Any]) -> str:
        gate.wait()
        try:
            return str(work().status)
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(one, works))


def approval(row: Replacement, option: int = 0) -> Callable[[], Replacement]:
    actor = accounts.actor(accounts.user(Role.RECRUITER))
    return lambda: decisions.approve(
        replacement=row, seen_version=row.version, option=option, reason_code="best_value", actor=actor
    )


def test_the_search_reads_the_live_market_from_the_index(engagement: Engagement) -> None:
    row = proposed(engagement)
    assert row.status == "proposed", row.last_error
    assert row.index_version


def test_of_many_recruiters_who_approve_at_once_one_does_and_one_newcomer_is_asked(engagement: Engagement) -> None:
    row = proposed(engagement)
    came = at_once([approval(row, number % len(row.options)) for number in range(AT_ONCE)])
    assert came == ["applied", *["version_changed"] * (AT_ONCE - 1)]
    assert Placement.objects.filter(engagement=engagement, replaces__isnull=False).count() == 1


def test_without_the_version_more_than_one_would_try(engagement: Engagement, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant that shows the test above can fail: what stops the others then is the state, not the version."""
    row = proposed(engagement)
    monkeypatch.setattr(decisions.etags, "require", lambda *_given: None)
    assert "illegal_transition" in at_once([approval(row) for _number in range(4)])


def test_a_newcomer_taken_by_another_engagement_meanwhile_is_refused_and_another_looked_for(
    engagement: Engagement,
) -> None:
    row = proposed(engagement)
    new = next(member for member in row.options[0]["members"] if member["placement"] is None)
    Professional.objects.filter(pk=new["professional"]).update(weekly_minutes=0)
    assert at_once([approval(row)]) == ["members_changed"]
    assert not Placement.objects.filter(engagement=engagement, replaces__isnull=False).exists()
    fresh = Replacement.objects.get(engagement=engagement, status="queued")
    composing.execute(fresh.pk)
    fresh.refresh_from_db()
    assert new["professional"] not in [member["professional"] for member in fresh.options[0]["members"]]
    assert at_once([approval(fresh)]) == ["applied"]


def test_two_workers_at_once_record_one_outcome(engagement: Engagement) -> None:
    gone = Placement.objects.live().get(engagement=engagement, seat__position=1)
    placements.vacate(placement=gone, reason_code="resigned", actor=None)
    row = requests.request(engagement=engagement, cause="placement_vacated", actor=None)

    def work() -> Replacement:
        composing.execute(row.pk)
        return Replacement.objects.get(pk=row.pk)

    at_once([work for _number in range(4)])
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("proposed", 1)


def test_many_requests_for_one_vacancy_at_once_are_one(engagement: Engagement) -> None:
    gone = Placement.objects.live().get(engagement=engagement, seat__position=1)
    placements.vacate(placement=gone, reason_code="resigned", actor=None)
    at_once([lambda: requests.request(engagement=engagement, cause="swept", actor=None) for _number in range(AT_ONCE)])
    assert Replacement.objects.filter(engagement=engagement, status="queued").count() == 1


def test_a_member_who_leaves_while_a_recruiter_approves_is_never_half_done(engagement: Engagement) -> None:
    row = proposed(engagement)
    other = Placement.objects.live().get(engagement=engagement, seat__position=2)
    came = at_once([approval(row), lambda: placements.vacate(placement=other, reason_code="resigned", actor=None)])
    row.refresh_from_db()
    installed = Placement.objects.filter(engagement=engagement, replaces__isnull=False).count()
    if "applied" in came:
        assert (row.status, installed) == ("applied", 1)
    else:
        assert "engagement_changed" in came
        assert (row.status, installed) == ("superseded", 0)
