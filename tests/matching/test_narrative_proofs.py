"""What is claimed of a cell and of a run: neither more nor less than was proven."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from matching import narrative
from matching.models import MatchRun, Proposal
from matching.states import MatchRunStatus


def cell(**fields: Any) -> Proposal:
    return Proposal(**{"value": 412, "bound": 412, "proof_status": "optimal", "certificate": {}, **fields})


def in_both(tell: Any) -> tuple[Any, Any]:
    with translation.override("en"):
        english = tell()
    with translation.override("es-mx"):
        spanish = tell()
    return english, spanish


def test_an_optimal_cell_says_that_none_is_worth_more() -> None:
    english, spanish = in_both(lambda: narrative.proof(cell()))
    assert english == "Proven: no cell of these people under these rules is worth more than 412 points."
    assert spanish == "Demostrado: ninguna célula de estas personas bajo estas reglas vale más de 412 puntos."


def test_an_optimal_cell_that_gave_points_up_for_cohesion_says_so() -> None:
    english, spanish = in_both(lambda: narrative.proof(cell(value=410)))
    assert "no cell of these people under these rules is worth more than 412 points" in english
    assert "gives up 0.49% of that" in english
    assert english != spanish


def test_a_cell_with_a_gap_never_claims_to_be_the_best() -> None:
    english, spanish = in_both(lambda: narrative.proof(cell(value=407, proof_status="within_gap")))
    assert english == "Within 1.21% of the best possible: no such cell is worth more than 412 points."
    assert not english.startswith("Proven")
    assert spanish.startswith("A no más de 1.21% de lo mejor posible")


def test_one_point_is_singular() -> None:
    with translation.override("en"):
        assert narrative.proof(cell(value=1, bound=1)).endswith("more than 1 point.")


def test_a_tiny_gap_is_not_rounded_to_nothing() -> None:
    with translation.override("en"):
        text = narrative.proof(cell(value=999_999, bound=1_000_000, proof_status="within_gap"))
    assert text.startswith("Within 0.01% of")


@pytest.mark.parametrize(("value", "bound", "share"), [(412, 412, 0.0), (90, 100, 0.1), (-3, 0, 3.0), (-10, -8, 0.25)])
def test_the_gap_is_a_share_of_the_bound(value: int, bound: int, share: float) -> None:
    assert narrative.gap_share(value, bound) == share


def test_an_alternative_says_among_which_cells_it_is_the_best_and_what_it_is_not() -> None:
    earlier = [{"refs": [1, 2, 3, 4, 5], "most_in_common": 2}, {"refs": [1, 2, 8, 9, 10], "most_in_common": 2}]
    english, spanish = in_both(lambda: narrative.difference(cell(certificate={"earlier": earlier})))
    assert english == (
        "The best among cells that share at most 2 members with each earlier one; it is not the jointly best set of "
        "cells."
    )
    assert "integrantes" in spanish


def test_the_first_cell_differs_from_nothing() -> None:
    assert narrative.difference(cell(certificate={"earlier": []})) is None


@pytest.mark.parametrize("status", MatchRunStatus.values)
def test_every_state_of_a_run_has_a_sentence_in_either_language(status: str) -> None:
    run = MatchRun(status=status, candidates=1200, attempts=3, stage="search", last_error="TypeError at stage start")
    english, spanish = in_both(lambda: narrative.run_text(run))
    assert english != spanish
    for text in (english, spanish):
        assert text.endswith(".")
        assert "%(" not in text
        assert "TypeError" not in text


def test_a_run_of_a_withdrawn_project_says_why_it_ended() -> None:
    run = MatchRun(status="superseded", last_error="project_withdrawn")
    with translation.override("en"):
        assert narrative.run_text(run) == "Ended, because the project is no longer open."
