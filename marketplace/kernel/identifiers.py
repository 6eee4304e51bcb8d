"""Opaque identifiers: a UUIDv7 inside (RFC 9562, section 5.7), a prefix that names the kind outside."""

from __future__ import annotations

import datetime as dt
import os
import time
import uuid

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_LENGTH = 26


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7: milliseconds since the epoch, then random bits, so that keys ascend with time."""
    milliseconds = time.time_ns() // 1_000_000
    number = int.from_bytes(milliseconds.to_bytes(6, "big") + os.urandom(10), "big")
    number = (number & ~(0xF << 76)) | (0x7 << 76)
    number = (number & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=number)


def first_at(moment: dt.datetime) -> uuid.UUID:
    """Return the least UUIDv7 of the millisecond that ``moment`` lies in: every one made later is not below it."""
    milliseconds = int(moment.timestamp() * 1000)
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (0x2 << 62))


def encode(prefix: str, value: uuid.UUID) -> str:
    """Return ``prefix_`` and 26 characters."""
    number = value.int
    characters = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, 32)
        characters.append(_ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(characters))}"


def decode(prefix: str, text: str) -> uuid.UUID | None:
    """Return the UUID inside ``text``, or None when it is not an identifier of that kind."""
    head, _, body = text.partition("_")
    if head != prefix or len(body) != _LENGTH or not set(body) <= _VALUES.keys():
        return None
    number = 0
    for character in body:
        number = number * 32 + _VALUES[character]
    return uuid.UUID(int=number) if number < 1 << 128 else None
