"""What a recruiter may change in a question about a cell, and the terms that it comes to."""

from __future__ import annotations

import copy
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from marketplace.clients.models import Project
from marketplace.clients.services import requirements
from marketplace.clients.specification import NeedSpecification, SeatSpecification
from marketplace.kernel import clock, identifiers
from marketplace.kernel.errors import FieldError, Invalid
from matching.models import ProposalMember
from matching.terms import NeedTerms, SeatTerms, Terms

_POINTER = re.compile(r"/(seats|needs)/(\d+)(.*)")


@dataclass(frozen=True)
class Pin:
    """This professional must be in the cell, in ``seat`` if one is named."""

    professional: uuid.UUID
    seat: uuid.UUID | None = None


@dataclass(frozen=True)
class Swap:
    """``comes`` takes the seat of ``leaves``, a member."""

    leaves: uuid.UUID
    comes: uuid.UUID


@dataclass(frozen=True)
class Question:
    """Everything is optional; what is not said stays as it is.

    ``whole`` are fields of the project (``monthly_cap`` as Money, dates, floors, weights), ``seats`` and ``needs``
    (row id, changed fields of its specification). With ``keep_others`` members who are not spoken of are pinned.
    """

    pins: Sequence[Pin] = ()
    bans: Sequence[uuid.UUID] = ()
    swaps: Sequence[Swap] = ()
    keep_others: bool = False
    whole: Mapping[str, Any] = field(default_factory=dict)
    seats: Sequence[tuple[uuid.UUID, Mapping[str, Any]]] = ()
    needs: Sequence[tuple[uuid.UUID, Mapping[str, Any]]] = ()
    drop_seats: Sequence[uuid.UUID] = ()
    drop_needs: Sequence[uuid.UUID] = ()
    add_seats: Sequence[SeatSpecification] = ()
    add_needs: Sequence[NeedSpecification] = ()


Row = TypeVar("Row", SeatTerms, NeedTerms)


@dataclass(frozen=True)
class _Place(Generic[Row]):
    """A seat or need of the terms on its way: ``pointer`` is where in the question it is spoken of."""

    row: Row
    pointer: str


def applied(base: Terms, question: Question, members: Sequence[ProposalMember]) -> Terms:
    """Return the terms that ``question`` makes of ``base``.

    Raises Invalid ``invalid_question`` with every fault, each with a pointer into the question.
    """
    errors: list[FieldError] = []
    project = _whole(base.project, question.whole, errors)
    seats = _places("seats", base.seats, question.seats, question.drop_seats, errors)
    needs = _places("needs", base.needs, question.needs, question.drop_needs, errors)
    for number, seat in enumerate(question.add_seats):
        seats.append(_Place(SeatTerms(identifiers.uuid7(), _next(base.seats) + number, seat), f"/add_seats/{number}"))
    for number, need in enumerate(question.add_needs):
        needs.append(_Place(NeedTerms(identifiers.uuid7(), _next(base.needs) + number, need), f"/add_needs/{number}"))
    if not seats:
        errors.append(FieldError("/drop_seats", "seats_missing", _("A cell needs at least one seat.")))
    try:
        wanted = requirements.check(
            project, [place.row.asked for place in seats], [place.row.asked for place in needs], today=clock.today()
        )
    except Invalid as invalid:
        errors += [replace(error, pointer=_repointed(error.pointer, seats, needs)) for error in invalid.errors]
    _refuse(errors)
    known = {row.id for row in base.seats}
    # Somebody is pinned to a seat as it was called when the question was asked; changed, it has another id.
    by_position = {place.row.position: place.row.id for place in seats}
    renamed = {row.id: by_position[row.position] for row in base.seats if row.position in by_position}
    pins, bans = _people(base, question, members, known, renamed, errors)
    _refuse(errors)
    return Terms(
        project=project,
        seats=tuple(replace(place.row, asked=seat) for place, seat in zip(seats, wanted.seats, strict=True)),
        needs=tuple(replace(place.row, asked=need) for place, need in zip(needs, wanted.needs, strict=True)),
        skills={code: row.pk for code, row in wanted.skills.items()},
        pins=tuple(pins.items()),
        bans=tuple(bans),
    )


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise Invalid("invalid_question", _("The question breaks some rules; see errors."), errors=errors)


def _whole(project: Project, given: Mapping[str, Any], errors: list[FieldError]) -> Project:
    changed, columns = copy.copy(project), dict(given)
    cap = columns.pop("monthly_cap", None)
    if cap is not None:
        if cap.currency != project.currency:
            errors.append(
                FieldError(
                    "/monthly_cap/currency",
                    "other_currency",
                    _("The project counts in %(currency)s.") % {"currency": project.currency},
                )
            )
        changed.monthly_cap = cap.amount
    for name, value in columns.items():
        setattr(changed, name, value)
    return changed


def _next(rows: Sequence[Row]) -> int:
    """The first position after those that are taken."""
    return max((row.position for row in rows), default=-1) + 1


def _places(
    kind: str,
    rows: Sequence[Row],
    changes: Sequence[tuple[uuid.UUID, Mapping[str, Any]]],
    drops: Sequence[uuid.UUID],
    errors: list[FieldError],
) -> list[_Place[Row]]:
    """Return seats or needs after changes and drops; what differs from its row is another one from here on."""
    known = {row.id for row in rows}
    unknown = _("There is nothing with this id in the cell's terms.")
    for number, (key, _change) in enumerate(changes):
        if key not in known or key in drops:
            errors.append(FieldError(f"/{kind}/{number}/id", f"unknown_{kind[:-1]}", unknown))
    for number, key in enumerate(drops):
        if key not in known:
            errors.append(FieldError(f"/drop_{kind}/{number}", f"unknown_{kind[:-1]}", unknown))
    changed = {key: (number, change) for number, (key, change) in enumerate(changes)}
    places = []
    for row in rows:
        if row.id in drops:
            continue
        number, change = changed.get(row.id, (-1, {}))
        asked: Any = replace(row.asked, **change)
        kept = row if asked == row.asked else replace(row, id=identifiers.uuid7(), asked=asked)
        places.append(_Place(kept, f"/{kind}/{number}" if number >= 0 else f"/project/{kind}/{row.position}"))
    return places


def _repointed(pointer: str, seats: Sequence[_Place[SeatTerms]], needs: Sequence[_Place[NeedTerms]]) -> str:
    """Return where in the question something is that was found at ``pointer`` in the terms."""
    found = _POINTER.fullmatch(pointer)
    if not found:
        return pointer
    pointers = [place.pointer for place in (seats if found[1] == "seats" else needs)]
    return pointers[int(found[2])] + found[3] if int(found[2]) < len(pointers) else pointer


def _people(
    base: Terms,
    question: Question,
    members: Sequence[ProposalMember],
    known: set[uuid.UUID],
    renamed: Mapping[uuid.UUID, uuid.UUID],
    errors: list[FieldError],
) -> tuple[dict[uuid.UUID, uuid.UUID | None], list[uuid.UUID]]:
    """Return pins and bans: those of the terms, then those of the question, which have the last word."""
    places = {member.professional_id: member.seat_id for member in members}
    pins: dict[uuid.UUID, uuid.UUID | None] = {}
    bans = list(base.bans)
    for person, seat in base.pins:
        pins[person] = renamed.get(seat) if seat else None
    spoken: set[uuid.UUID] = set()
    twice = _("The question speaks of this person twice.")

    def speak(person: uuid.UUID, pointer: str) -> None:
        if person in spoken:
            errors.append(FieldError(pointer, "person_twice", twice))
        spoken.add(person)

    for number, person in enumerate(question.bans):
        speak(person, f"/bans/{number}")
        pins.pop(person, None)
        bans.append(person)
    for number, swap in enumerate(question.swaps):
        if swap.leaves not in places:
            errors.append(
                FieldError(f"/swaps/{number}/leaves", "not_a_member", _("This person is not a member of the cell."))
            )
        speak(swap.leaves, f"/swaps/{number}/leaves")
        speak(swap.comes, f"/swaps/{number}/comes")
        pins.pop(swap.leaves, None)
        bans.append(swap.leaves)
        pins[swap.comes] = renamed.get(places.get(swap.leaves, uuid.UUID(int=0)))
    for number, pin in enumerate(question.pins):
        speak(pin.professional, f"/pins/{number}/professional")
        if pin.seat is not None and (pin.seat not in known or pin.seat not in renamed):
            errors.append(
                FieldError(
                    f"/pins/{number}/seat", "unknown_seat", _("There is nothing with this id in the cell's terms.")
                )
            )
        pins[pin.professional] = renamed.get(pin.seat) if pin.seat else None
    if question.keep_others:
        for person, seat in places.items():
            if person not in spoken and person not in pins and seat in renamed:
                pins[person] = renamed[seat]
    return pins, [person for person in dict.fromkeys(bans) if person not in pins]
