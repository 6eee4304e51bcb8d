"""Pages of a search: a cursor is somebody's place in the order, so the thousandth page costs what the first does."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import get_language
from rest_framework.pagination import Cursor
from rest_framework.request import Request

from marketplace.rest.pagination import CursorPagination
from profiles import search
from profiles.api.lines import lines
from profiles.models import Professional
from profiles.search import Hit
from profiles.search_criteria import Criteria, Place
from profiles.terms import Via

_HIGHEST_SCORE = 2**15 - 1


class Match(NamedTuple):
    """Why somebody was found: the code of a skill (None for the words of the profile) and how it was understood."""

    skill: str | None
    via: str


@dataclass(frozen=True)
class Search:
    """What a list of people answers with; ``people`` are those visible."""

    people: QuerySet[Professional]
    criteria: Criteria
    order: str

    def read(self, hits: list[Hit]) -> list[dict[str, Any]]:
        """Return the lines of ``hits`` in their order, as ``outputs.FoundProfessionalOutput`` has them; one query."""
        codes = {key: code for code, key in self.criteria.named.items()}
        found = lines(self.people, [hit.id for hit in hits], get_language() or "en")
        # Between two statements somebody may be erased.
        return [
            {**found[hit.id], "score": hit.score, "matched": [match._asdict() for match in self._matched(hit, codes)]}
            for hit in hits
            if hit.id in found
        ]

    def _matched(self, hit: Hit, codes: dict[int, str]) -> list[Match]:
        held = [codes[key] for key in hit.skills]
        asked = {key for key, _level in self.criteria.skills}
        matches = [Match(code, Via.ASKED.value) for key, code in zip(hit.skills, held, strict=True) if key in asked]
        in_text = False
        for term in self.criteria.terms:
            answering = [Match(code, term.skills[code].value) for code in held if code in term.skills]
            matches += answering
            in_text |= not answering
        return [*dict.fromkeys(matches), *([Match(None, Via.TEXT.value)] if in_text else [])]


class RankedPagination(CursorPagination):
    """Cursor pages over a ``Search``; the position inside the cursor is ``score.id``."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        wanted: Search = queryset
        self.request = request
        self.base_url = request.build_absolute_uri()
        size = self.get_page_size(request) or self.page_size
        cursor = self.decode_cursor(request)
        after = self._place(cursor.position) if cursor else None
        backward = bool(cursor and cursor.reverse and after)
        hits = search.page(wanted.criteria, order=wanted.order, after=after, backward=backward, limit=size + 1)
        more, hits = len(hits) > size, hits[:size]
        if backward:
            hits.reverse()
        self.has_next, self.has_previous = (True, more) if backward else (more, after is not None)
        self._ends = (hits[0].place, hits[-1].place) if hits else (after, after)
        return wanted.read(hits)

    def get_next_link(self) -> str | None:
        return self._link(self._ends[1], reverse=False) if self.has_next and self._ends[1] else None

    def get_previous_link(self) -> str | None:
        return self._link(self._ends[0], reverse=True) if self.has_previous and self._ends[0] else None

    def _link(self, place: Place, *, reverse: bool) -> str:
        # A position is whatever text the paginator understands; the stubs know of numbers only.
        position: Any = f"{place.score}.{place.id.hex}"
        return str(self.encode_cursor(Cursor(0, reverse, position)))

    def _place(self, position: str | None) -> Place | None:
        if position is None:
            return None
        score, _dot, key = position.partition(".")
        try:
            place = Place(int(score), uuid.UUID(hex=key))
        except ValueError as error:
            raise self._not_ours() from error
        if not 0 <= place.score <= _HIGHEST_SCORE:
            raise self._not_ours()
        return place
