"""What one cell is asked to be: a project's rules as they are written, or as a recruiter's question changes them.

Rows of a project are never edited by a question. A seat or need that differs from its row gets an id of its own, under
which a row is made only when the answer is kept.
"""

from __future__ import annotations

import copy
import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from marketplace.clients.models import Need, Project, Seat
from marketplace.clients.specification import (
    LanguageFloor,
    NeedSpecification,
    SeatSpecification,
    SkillFloor,
    of_need,
    of_seat,
)
from marketplace.kernel import identifiers
from marketplace.kernel.money import Money
from profiles.models import Skill

_WHOLE = ("overlap_minutes", "evidence_floor", "bridges", "us_specialists", "size_least", "size_most", "cost_weight")


@dataclass(frozen=True)
class SeatTerms:
    """A seat as it is asked for; ``id`` is that of its row, or of the row that keeping the answer would make."""

    id: uuid.UUID
    position: int
    asked: SeatSpecification

    @property
    def key(self) -> str:
        return identifiers.encode(Seat.prefix, self.id)

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return ((get_language() or "en").startswith("es") and self.asked.title_es) or self.asked.title_en


@dataclass(frozen=True)
class NeedTerms:
    """A need as it is asked for; ``id`` as in ``SeatTerms``."""

    id: uuid.UUID
    position: int
    asked: NeedSpecification

    @property
    def key(self) -> str:
        return identifiers.encode(Need.prefix, self.id)


@dataclass(frozen=True)
class Terms:
    """``project`` may be a copy that differs from its row and is never saved; ``skills`` are numbers by code.

    ``pins`` are (professional, seat or None), ``bans`` professionals, all by id. Seats and needs are in the order of
    the problem; their ``position`` is what the project counts by.
    """

    project: Project
    seats: tuple[SeatTerms, ...]
    needs: tuple[NeedTerms, ...]
    skills: Mapping[str, int]
    pins: tuple[tuple[uuid.UUID, uuid.UUID | None], ...] = field(default=())
    bans: tuple[uuid.UUID, ...] = field(default=())

    def seat_at(self, seat: uuid.UUID | None) -> int | None:
        """Return where a seat is in the problem, None for no seat. Raises KeyError for one that is not asked for."""
        return None if seat is None else {row.id: at for at, row in enumerate(self.seats)}[seat]


def of_project(project: Project) -> Terms:
    """Return what the project asks for now, in five queries."""
    seats = project.seats.prefetch_related("skills__skill", "languages").order_by("position")
    needs = list(project.needs.select_related("skill").order_by("position"))
    skills = {floor.skill.code: floor.skill_id for seat in seats for floor in seat.skills.all()}
    skills |= {need.skill.code: need.skill_id for need in needs}
    return Terms(
        project=project,
        seats=tuple(SeatTerms(seat.pk, seat.position, of_seat(seat)) for seat in seats),
        needs=tuple(NeedTerms(need.pk, need.position, of_need(need)) for need in needs),
        skills=skills,
    )


def as_json(terms: Terms) -> dict[str, Any]:
    """Return the terms as a row can keep them; ``of_json`` reads them."""
    project = terms.project
    return {
        "project": {
            "starts_on": project.starts_on.isoformat(),
            "ends_on": project.ends_on.isoformat(),
            "monthly_cap": str(project.monthly_cap),
            **{name: getattr(project, name) for name in _WHOLE},
        },
        "seats": [
            {"id": str(row.id), "position": row.position, **asdict(row.asked), "max_rate": _rate(row.asked.max_rate)}
            for row in terms.seats
        ],
        "needs": [{"id": str(row.id), "position": row.position, **asdict(row.asked)} for row in terms.needs],
        "pins": [[str(person), str(seat) if seat else None] for person, seat in terms.pins],
        "bans": [str(person) for person in terms.bans],
    }


def _rate(rate: Money | None) -> dict[str, str] | None:
    return None if rate is None else rate.as_json()


def of_json(project: Project, content: Mapping[str, Any]) -> Terms:
    """Return the terms that ``as_json`` wrote, over a copy of ``project``."""
    changed, written = copy.copy(project), content["project"]
    changed.starts_on, changed.ends_on = (dt.date.fromisoformat(written[name]) for name in ("starts_on", "ends_on"))
    changed.monthly_cap = Decimal(written["monthly_cap"])
    for name in _WHOLE:
        setattr(changed, name, written[name])
    seats = tuple(_seat(dict(row)) for row in content["seats"])
    needs = tuple(_need(dict(row)) for row in content["needs"])
    codes = {floor.skill for row in seats for floor in row.asked.skills} | {row.asked.skill for row in needs}
    return Terms(
        project=changed,
        seats=seats,
        needs=needs,
        skills=dict(Skill.objects.filter(code__in=codes).values_list("code", "pk")),
        pins=tuple((uuid.UUID(person), uuid.UUID(seat) if seat else None) for person, seat in content["pins"]),
        bans=tuple(uuid.UUID(person) for person in content["bans"]),
    )


def _seat(row: dict[str, Any]) -> SeatTerms:
    key, position, rate = uuid.UUID(row.pop("id")), row.pop("position"), row.pop("max_rate")
    return SeatTerms(
        key,
        position,
        SeatSpecification(
            **{
                **row,
                "countries": tuple(row["countries"]),
                "skills": tuple(SkillFloor(**floor) for floor in row["skills"]),
                "languages": tuple(LanguageFloor(**floor) for floor in row["languages"]),
                "max_rate": Money.of(rate["amount"], rate["currency"]) if rate else None,
            }
        ),
    )


def _need(row: dict[str, Any]) -> NeedTerms:
    key, position = uuid.UUID(row.pop("id")), row.pop("position")
    return NeedTerms(key, position, NeedSpecification(**row))
