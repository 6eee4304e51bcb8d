"""One offer, several answers at once: exactly one of them counts."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from marketplace.accounts.permissions import Role
from marketplace.clients.models import Engagement
from marketplace.kernel.errors import DomainError
from matching.models import Offer, Proposal
from matching.services import offers
from tests.factories import accounts, clients
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db(transaction=True)

EACH = 3


@pytest.fixture
def offer(tmp_path: Path, settings: object) -> Offer:
    settings.INDEX_FOLDER = str(tmp_path / "index")  # type: ignore[attr-defined]
    run = cells.composed_run(cells.published_project(clients.organization()))
    return cells.offer_for(run.proposals.get(rank=1))


def at_once(works: list[Callable[[], object]]) -> Counter[str]:
    gate = threading.Barrier(len(works))

    def one(work: Callable[[], object]) -> str:
        gate.wait()
        try:
            work()
            return "done"
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return Counter(pool.map(one, works))


def test_of_acceptances_changes_and_withdrawals_at_once_one_counts(offer: Offer) -> None:
    client = accounts.actor(clients.member(offer.proposal.project.organization))
    recruiter = accounts.actor(accounts.user(Role.RECRUITER))
    seen = {"offer": offer, "seen_version": offer.version}
    came = at_once(
        [
            work
            for _number in range(EACH)
            for work in (
                lambda: offers.accept(**seen, actor=client),
                lambda: offers.request_change(**seen, reason_code="cost", message="For less", actor=client),
                lambda: offers.withdraw(**seen, reason_code="terms_wrong", actor=recruiter),
            )
        ]
    )
    assert came == {"done": 1, "version_changed": 3 * EACH - 1}
    row = Offer.objects.get(pk=offer.pk)
    proposal = Proposal.objects.get(pk=offer.proposal_id)
    expected = {"accepted": "accepted", "change_requested": "change_requested", "withdrawn": "approved"}
    assert proposal.status == expected[row.status]
    assert Engagement.objects.count() == (row.status == "accepted")


def test_a_cell_that_came_back_is_offered_again_once(offer: Offer) -> None:
    client = accounts.actor(clients.member(offer.proposal.project.organization))
    seen = {"offer": offer, "seen_version": offer.version}
    offers.request_change(**seen, reason_code="cost", message="For less", actor=client)
    proposal = Proposal.objects.get(pk=offer.proposal_id)
    recruiters = [accounts.actor(accounts.user(Role.RECRUITER)) for _number in range(6)]
    came = at_once(
        [
            lambda actor=actor: offers.send(proposal=proposal, seen_version=proposal.version, actor=actor)  # type: ignore[misc]
            for actor in recruiters
        ]
    )
    assert came == {"done": 1, "version_changed": 5}
    assert sorted(Offer.objects.filter(proposal=proposal).values_list("number", flat=True)) == [1, 2]
