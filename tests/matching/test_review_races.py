"""Two recruiters at once, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.kernel.errors import DomainError
from matching.models import Coverage, Proposal, ReviewClaim, ReviewDecision
from matching.services import review_claims, reviews
from tests.factories import accounts
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def best(tmp_path: Path, settings: object) -> Proposal:
    settings.INDEX_FOLDER = str(tmp_path / "index")  # type: ignore[attr-defined]
    return cells.composed_run().proposals.get(rank=1)


def at_once(count: int, act: Callable[[Actor], object]) -> tuple[list[object], list[str]]:
    """Let so many recruiters do the same thing at the same moment; return what came of it and the refusals."""
    gate, made, refused = threading.Barrier(count), [], []

    def work(actor: Actor) -> None:
        gate.wait()
        try:
            made.append(act(actor))
        except DomainError as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(work, [accounts.actor(accounts.user(Role.RECRUITER)) for _ in range(count)]))
    return made, refused


def test_of_many_recruiters_who_take_a_cell_at_once_exactly_one_has_it(best: Proposal) -> None:
    made, refused = at_once(8, lambda actor: review_claims.claim(proposal=best, actor=actor))
    assert (len(made), refused) == (1, ["already_claimed"] * 7)
    assert ReviewClaim.objects.filter(released_at__isnull=True).count() == 1


def test_two_recruiters_who_approve_a_thin_cell_at_once_are_the_two_it_takes(best: Proposal) -> None:
    Coverage.objects.filter(need__skill__code="kyc").update(backup=None)
    made, refused = at_once(
        2,
        lambda actor: reviews.approve(proposal=best, seen_version=best.version, reason_code="best_value", actor=actor),
    )
    assert (len(made), refused) == (2, [])
    assert Proposal.objects.get(pk=best.pk).status == "approved"
    assert ReviewDecision.objects.count() == 2


def test_of_one_who_approves_and_one_who_rejects_at_once_the_first_decides(best: Proposal) -> None:
    Coverage.objects.update(backup=best.members.first())
    turns = iter([reviews.approve, reviews.reject])
    lock = threading.Lock()

    def decide(actor: Actor) -> object:
        with lock:
            decision = next(turns)
        return decision(
            proposal=best,
            seen_version=best.version,
            reason_code="other",
            comment="at once",
            actor=actor,
        )

    made, refused = at_once(2, decide)
    assert (len(made), refused) == (1, ["version_changed"])
    assert ReviewDecision.objects.count() == 1
