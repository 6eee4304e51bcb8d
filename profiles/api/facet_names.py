"""The facets of a search under the names that the filters take, with labels for people."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerChoices
from django.utils.translation import get_language

from profiles import search_facets
from profiles.api.ranked_pages import Search
from profiles.levels import COUNTRY_CODES, Cefr, Country, Function, Seniority
from profiles.search_facets import Value

_SCALES: dict[str, type[IntegerChoices]] = {
    "function": Function, "seniority": Seniority, "country": Country, "english": Cefr,
}  # fmt: skip
_NAMED = ("city", "cluster", "skill")


def counts(wanted: Search) -> dict[str, Any]:
    """Return the facets of a search as ``outputs.FacetsOutput`` shows them."""
    found = search_facets.facets(wanted.criteria, order=wanted.order, language=get_language() or "en")
    scaled = {name: [_step(scale, each) for each in found.values.get(name, ())] for name, scale in _SCALES.items()}
    return {
        "people": found.people,
        "at_least": found.at_least,
        **scaled,
        **{name: found.values.get(name, []) for name in _NAMED},
    }


def _step(scale: type[IntegerChoices], each: Value) -> dict[str, Any]:
    step = scale(int(each.value))
    value = COUNTRY_CODES[step.value] if scale is Country else step.name.lower()
    return {"value": value, "name": step.label, "people": each.people}
