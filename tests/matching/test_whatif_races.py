"""Questions about committed markets: answered from the index, and kept by one recruiter only."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.kernel.errors import Conflict
from marketplace.kernel.money import Money
from matching import engine, snapshots
from matching.index import keeper
from matching.models import Proposal, ReviewDecision, WhatIf
from matching.services import counterfactuals, proposals, questions, whatifs
from tests.factories import accounts
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db(transaction=True)

RECRUITERS = 8


@pytest.fixture
def best(tmp_path: Path, settings: object) -> Proposal:
    """The best cell of a run over an index of this test's own."""
    settings.INDEX_FOLDER = str(tmp_path / "index")  # type: ignore[attr-defined]
    return cells.composed_run().proposals.get(rank=1)


def asked(best: Proposal, position: int) -> WhatIf:
    """Return the answer to: what if the member in that seat were not in the cell?"""
    member = best.members.get(seat__position=position)
    question = questions.Question(bans=(member.professional_id,))
    return whatifs.ask(proposal=best, question=question, said={}, actor=accounts.actor(accounts.user(Role.RECRUITER)))


def kept_at_once(answers: list[WhatIf]) -> tuple[list[Proposal], list[str]]:
    """Keep every answer from a thread and a connection of its own, all at the same moment."""
    actors = [accounts.actor(accounts.user(Role.RECRUITER)) for _ in answers]
    gate, made, refused = threading.Barrier(len(answers)), [], []

    def work(answer: WhatIf, actor: Actor) -> None:
        gate.wait()
        try:
            made.append(whatifs.keep(what_if=answer, reason="better", actor=actor))
        except Conflict as conflict:
            refused.append(conflict.code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(answers)) as pool:
        list(pool.map(work, answers, actors))
    return made, refused


def test_an_answer_comes_from_the_index_and_equals_the_one_from_rows(best: Proposal) -> None:
    answer = asked(best, 1)
    assert answer.index_version.startswith(keeper.keeper().store.current() or "?")
    stored = snapshots.load(answer)
    banned = best.members.get(seat__position=1).professional_id
    rows = snapshots.take(best.project)
    found = engine.solve(replace(rows.problem, banned=(rows.ref(banned),)), engine.Limits(cells=1))
    assert isinstance(found, engine.Composed)
    assert answer.cell["value"] == found.cells[0].value
    assert engine.digest(stored.problem) == answer.digest


def test_of_many_recruiters_who_keep_one_answer_at_once_exactly_one_does(best: Proposal) -> None:
    answer = asked(best, 0)
    made, refused = kept_at_once([WhatIf.objects.get(pk=answer.pk) for _ in range(RECRUITERS)])
    assert len(made) == 1
    assert refused == ["already_kept"] * (RECRUITERS - 1)
    assert Proposal.objects.filter(revises=best).count() == 1
    assert ReviewDecision.objects.count() == 1


def test_of_two_answers_about_one_cell_kept_at_once_one_wins(best: Proposal) -> None:
    made, refused = kept_at_once([asked(best, 0), asked(best, 1)])
    assert (len(made), refused) == (1, ["proposal_changed"])
    assert Proposal.objects.filter(project=best.project, revision=2).count() == 1


def test_without_ending_the_cell_asked_about_both_would_be_kept(
    best: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant that shows the test above can fail."""
    monkeypatch.setattr(proposals, "end", lambda *_given: None)
    made, _refused = kept_at_once([asked(best, 0), asked(best, 1)])
    assert len(made) == 2


@pytest.mark.parametrize("ask", ["counterfactuals", "diagnosis"])
def test_the_index_is_free_for_others_while_something_is_solved_over_everybody(
    best: Proposal, ask: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both look at those whom no seat would take, so both need the whole market: as a copy."""
    free: list[bool] = []
    lock = keeper.keeper()._lock

    def somebody_else_gets_it() -> bool:
        got = lock.acquire(timeout=0.5)
        if got:
            lock.release()
        return got

    def watched(name: str) -> None:
        solver = getattr(engine, name)

        def work(*given: object, **named: object) -> object:
            with ThreadPoolExecutor(1) as pool:
                free.append(pool.submit(somebody_else_gets_it).result())
            return solver(*given, **named)

        monkeypatch.setattr(engine, name, work)

    for name in ("solve", "counterfactuals_for_client", "diagnose"):
        watched(name)
    if ask == "counterfactuals":
        assert counterfactuals.for_client(proposal=best).value is not None
    else:
        question = questions.Question(whole={"monthly_cap": Money.of(1, "USD")})
        actor = accounts.actor(accounts.user(Role.RECRUITER))
        assert whatifs.ask(proposal=best, question=question, said={}, actor=actor).outcome == "infeasible"
    assert len(free) >= 2
    assert all(free)
