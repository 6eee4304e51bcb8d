"""The look-up keeps to the figures that it is meant to reach, on the sets of the bench."""

from __future__ import annotations

import pytest

from bench import lookup

FIGURES = lookup.figures()


@pytest.mark.parametrize(
    ("cases", "right", "wrong"),
    [
        ("names and aliases", 0.995, 0.0),
        ("variants by hand", 0.95, 0.01),
        ("names of O*NET", 0.95, 0.01),
        ("typos by hand", 0.9, 0.0),
        ("slips by chance", 0.9, 0.0),
        ("look-alikes", 1.0, 0.0),
    ],
)
def test_enough_is_right_and_next_to_nothing_is_wrong(cases: str, right: float, wrong: float) -> None:
    figures = FIGURES[cases]
    assert figures.right >= right, figures.failures
    assert figures.wrong <= wrong, figures.failures


def test_the_sets_are_large_enough_to_mean_something() -> None:
    assert FIGURES["variants by hand"].cases >= 300
    assert FIGURES["slips by chance"].cases >= 1_000
