"""The ways in which a text is found to be the name of a skill, and how sure each of them is."""

from __future__ import annotations

EXACT, ALIAS, NORMALIZED, INFLECTED, GLUED, REWORDED, DESCRIBED = (
    "exact",
    "alias",
    "normalized",
    "inflected",
    "glued",
    "reworded",
    "described",
)
SUGGESTED = "fuzzy"
CONFIDENCE = {EXACT: 1.0, ALIAS: 0.95, NORMALIZED: 0.9, INFLECTED: 0.85, GLUED: 0.85, REWORDED: 0.8, DESCRIBED: 0.8}
