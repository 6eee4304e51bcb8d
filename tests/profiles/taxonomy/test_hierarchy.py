"""General and special skills are found however many steps apart they are."""

from __future__ import annotations

from profiles.taxonomy.hierarchy import Hierarchy
from profiles.taxonomy.source import Entry, read_taxonomy

HIERARCHY = Hierarchy(read_taxonomy().entries)


def test_mainframe_leads_to_everything_on_it_with_the_steps() -> None:
    below = HIERARCHY.narrower("mainframe")
    assert below["cobol"] == 1
    assert below["jcl"] == 2
    assert "java" not in below


def test_up_and_down_agree() -> None:
    for code in ("mainframe", "insurance", "java"):
        for narrow, steps in HIERARCHY.narrower(code).items():
            assert HIERARCHY.broader(narrow)[code] == steps


def test_the_shortest_way_counts_and_nothing_belongs_to_itself() -> None:
    def entry(code: str, *broader: str) -> Entry:
        return Entry(code, "method", code, code, broader=broader)

    hierarchy = Hierarchy([entry("a"), entry("b", "a"), entry("c", "b", "a")])
    assert hierarchy.broader("c") == {"b": 1, "a": 1}
    assert hierarchy.narrower("a") == {"b": 1, "c": 1}
    assert hierarchy.broader("nobody") == {}
