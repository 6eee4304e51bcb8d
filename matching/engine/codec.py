"""A problem as bytes: a canonical JSON header, then raw little-endian columns, compressed.

The market is restricted to what the rules can see: skills and languages that a seat, a need or the bridge mentions. The
digest is taken over the uncompressed canonical form, so that it does not depend on the version of zlib.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.problem import (
    Collaborations,
    EarlierCell,
    Market,
    Need,
    People,
    Pin,
    Policy,
    Posting,
    Problem,
    Seat,
    SkillFloor,
    evidence_column,
)

MAGIC = b"CELULA1\n"
_DIGEST = "_digest"
FAST = 1  # level 6 takes six times as long over a large market and saves seven percent
LARGEST_HEADER = 64 * 1024 * 1024

PEOPLE_COLUMNS = {
    "ref": "<i8",
    "functions": "|u1",
    "main_function": "|u1",
    "seniority": "|u1",
    "country": "|u1",
    "routes": "|u1",
    "rate_cents": "<i4",
    "free_minutes": "<i4",
    "overlap_minutes": "<i2",
    "available_from": "<i4",
}
POSTING_COLUMNS = {"person": "<i4", "level": "|u1", "years": "|u1", "evidence": "|u1", "valid_through": "<i4"}
COLLABORATION_COLUMNS = {"first": "<i4", "second": "<i4", "weight": "|u1"}
SCALARS = (
    "budget",
    "starts_on",
    "ends_on",
    "bridges",
    "bridge_language",
    "specialists",
    "allowed_routes",
    "least",
    "most",
)


def mentioned_skills(problem: Problem) -> tuple[int, ...]:
    """Skills that a seat or a need mentions, ascending."""
    skills = {floor.skill for seat in problem.seats for floor in seat.skills}
    return tuple(sorted(skills | {need.skill for need in problem.needs if need.skill is not None}))


def mentioned_languages(problem: Problem) -> tuple[str, ...]:
    """Language columns that a seat, a need or the bridge mentions, sorted."""
    keys = {key for seat in problem.seats for key, _ in seat.languages} | {problem.bridge_language}
    keys |= {evidence_column(language) for seat in problem.seats for language, _ in seat.language_evidence}
    return tuple(sorted(keys | {need.language for need in problem.needs if need.language is not None}))


def _columns(problem: Problem) -> Iterator[tuple[str, str, NDArray[np.generic]]]:
    """(name, type, column) of everything that the rules can see, in canonical order."""
    people = problem.market.people
    for name, kind in PEOPLE_COLUMNS.items():
        yield f"people/{name}", kind, getattr(people, name)
    for key in mentioned_languages(problem):
        if key in people.languages:
            yield f"language/{key}", "|u1", people.languages[key]
    for skill in mentioned_skills(problem):
        posting = problem.market.postings.get(skill)
        if posting is not None and len(posting.person):
            for name, kind in POSTING_COLUMNS.items():
                yield f"posting/{skill}/{name}", kind, getattr(posting, name)
    for name, kind in COLLABORATION_COLUMNS.items():
        yield f"collaborations/{name}", kind, getattr(problem.market.collaborations, name)


def _canonical(problem: Problem) -> Iterator[bytes | memoryview]:
    columns = [(name, np.ascontiguousarray(column, dtype=kind)) for name, kind, column in _columns(problem)]
    header: dict[str, Any] = {name: getattr(problem, name) for name in SCALARS}
    header |= {
        "seats": [_seat_fields(seat) for seat in problem.seats],
        "needs": [asdict(need) for need in problem.needs],
        "pins": [asdict(pin) for pin in problem.pins],
        "banned": sorted(problem.banned),
        "earlier": [asdict(cell) for cell in problem.earlier],
        "policy": asdict(problem.policy),
        "columns": [[name, column.dtype.str, len(column)] for name, column in columns],
    }
    text = json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=int).encode()
    yield struct.pack("<Q", len(text))
    yield text
    for _, column in columns:
        yield column.data


def encode(problem: Problem) -> bytes:
    """The problem as compact bytes; equal problems give equal bytes with the same version of zlib."""
    packer = zlib.compressobj(FAST)
    parts = [packer.compress(part) for part in _canonical(problem)]
    return MAGIC + b"".join(parts) + packer.flush()


def digest(problem: Problem) -> str:
    """SHA-256 (FIPS 180-4) in hexadecimal over the canonical form; ``encode`` and ``decode`` do not change it.

    Worked out once for each problem object, whose arrays must not be written to afterwards.
    """
    # A frozen dataclass lets nobody assign, but its dictionary is there, and ``replace`` does not carry this over.
    known: str | None = vars(problem).get(_DIGEST)
    if known is None:
        total = hashlib.sha256()
        for part in _canonical(problem):
            total.update(part)
        known = vars(problem)[_DIGEST] = total.hexdigest()
    return known


def decode(data: bytes) -> Problem:
    """The problem that was encoded. Raises ``ValueError`` for bytes that ``encode`` did not make."""
    if not data.startswith(MAGIC):
        raise ValueError("not an encoded problem")
    try:
        raw = zlib.decompress(data[len(MAGIC) :])
    except zlib.error as error:
        raise ValueError("an encoded problem that is damaged") from error
    if len(raw) < 8:
        raise ValueError("an encoded problem without a header")
    size = struct.unpack("<Q", raw[:8])[0]
    if size > min(LARGEST_HEADER, len(raw) - 8):
        raise ValueError("an encoded problem with an impossible header")
    try:
        header = json.loads(raw[8 : 8 + size])
        return _assemble(header, _read_columns(header["columns"], raw, 8 + size))
    except (KeyError, TypeError) as error:
        raise ValueError("an encoded problem with something missing") from error
    except UnicodeDecodeError as error:
        raise ValueError("an encoded problem with a header that is no text") from error


def _read_columns(specs: list[list[Any]], raw: bytes, offset: int) -> dict[str, NDArray[Any]]:
    columns = {}
    for name, kind, length in specs:
        dtype = np.dtype(kind)
        if offset + dtype.itemsize * length > len(raw):
            raise ValueError("an encoded problem that is cut short")
        columns[name] = np.frombuffer(raw, dtype, length, offset).astype(dtype.newbyteorder("="))
        offset += dtype.itemsize * length
    if offset != len(raw):
        raise ValueError("an encoded problem with something behind it")
    return columns


def _assemble(header: dict[str, Any], columns: dict[str, NDArray[Any]]) -> Problem:
    languages = {
        name.removeprefix("language/"): column for name, column in columns.items() if name.startswith("language/")
    }
    people = People(**{name: columns[f"people/{name}"] for name in PEOPLE_COLUMNS}, languages=languages)
    skills = {int(name.split("/")[1]) for name in columns if name.startswith("posting/")}
    postings = {
        skill: Posting(**{name: columns[f"posting/{skill}/{name}"] for name in POSTING_COLUMNS})
        for skill in sorted(skills)
    }
    together = Collaborations(**{name: columns[f"collaborations/{name}"] for name in COLLABORATION_COLUMNS})
    return Problem(
        market=Market(people, postings, together),
        seats=tuple(_seat(seat) for seat in header["seats"]),
        needs=tuple(Need(**need) for need in header["needs"]),
        pins=tuple(Pin(**pin) for pin in header["pins"]),
        banned=tuple(header["banned"]),
        earlier=tuple(EarlierCell(tuple(cell["refs"]), cell["most_in_common"]) for cell in header["earlier"]),
        policy=Policy(**header["policy"]),
        **{name: header[name] for name in SCALARS},
    )


def _seat_fields(seat: Seat) -> dict[str, Any]:
    """A seat as JSON. Floors of evidence that nobody set are left out, as before there were any: digests stay."""
    fields = asdict(seat)
    if not seat.language_evidence:
        del fields["language_evidence"]
    return fields


def _seat(fields: dict[str, Any]) -> Seat:
    """A seat out of JSON, where tuples have become lists."""
    pairs = {
        name: tuple((key, step) for key, step in fields.get(name, ())) for name in ("languages", "language_evidence")
    }
    skills = tuple(SkillFloor(**floor) for floor in fields["skills"])
    return Seat(**fields | pairs | {"skills": skills, "countries": tuple(fields["countries"])})
