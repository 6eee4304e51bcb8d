"""JSON as files hold it: a mark at the front, another encoding, characters that no database takes."""

from __future__ import annotations

import codecs
import json
from typing import Any

import orjson

from profiles.importers.reading import Reading, Refused, escape

MAX_DEPTH = 64

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ZEROS = {
    "000x": "utf-32-be",
    "x000": "utf-32-le",
    "0x0x": "utf-16-be",
    "x0x0": "utf-16-le",
}


def parse(raw: bytes, reading: Reading) -> Any:
    """Return the value of a JSON text (RFC 8259).

    A byte order mark is skipped, UTF-16 and UTF-32 are decoded when they carry one, and bytes that are no UTF-8 are
    read as Windows-1252, each with a notice where something had to be guessed. Raises Refused ``malformed_json`` with
    line and column, or ``too_deep`` with a pointer to where.
    """
    text = _decoded(raw, reading)
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        value = _by_the_library(text, error)
    _require_shallow(value)
    return _cleaned(value, "", reading)


def _decoded(raw: bytes, reading: Reading) -> str:
    encoding = _by_zeros(raw[:4])
    for mark, named in _MARKS:
        if raw.startswith(mark):
            raw, encoding = raw[len(mark) :], named
            break
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise Refused("malformed_json", line=1, column=1) from error
    reading.notice("encoding_guessed", encoding="windows-1252")
    return raw.decode("cp1252", errors="replace")


def _by_zeros(start: bytes) -> str:
    """Return the encoding of a text without a mark by where its first letters, both ASCII, have zeros (RFC 4627, 3)."""
    return _ZEROS.get("".join("0" if sign == 0 else "x" for sign in start), "utf-8")


def _by_the_library(text: str, error: orjson.JSONDecodeError) -> Any:
    """Try the standard library, which takes the lone surrogates that orjson refuses; NaN is no JSON for either."""
    if "ecursion" in error.msg:
        raise Refused("too_deep", most=MAX_DEPTH) from error
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as fault:
        raise Refused("malformed_json", line=fault.lineno, column=fault.colno) from fault
    except RecursionError as fault:
        raise Refused("too_deep", most=MAX_DEPTH) from fault
    except ValueError as fault:  # NaN, or a number of more digits than Python converts
        raise Refused("malformed_json", line=1, column=1) from fault


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _require_shallow(value: Any) -> None:
    """Walk with a list of our own: recursion would be what a deep file is after."""
    waiting: list[tuple[Any, str, int]] = [(value, "", 1)]
    while waiting:
        each, pointer, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise Refused("too_deep", pointer="/".join(pointer.split("/")[:4]), most=MAX_DEPTH)
        if isinstance(each, dict):
            waiting += [(item, f"{pointer}/{escape(str(key))}", depth + 1) for key, item in each.items()]
        elif isinstance(each, list):
            waiting += [(item, f"{pointer}/{position}", depth + 1) for position, item in enumerate(each)]


def _cleaned(value: Any, pointer: str, reading: Reading) -> Any:
    """Return the value without NUL and lone surrogates, which PostgreSQL stores in no text."""
    if isinstance(value, str):
        clean = value.replace("\0", "").encode("utf-8", errors="ignore").decode()
        if clean != value:
            reading.notice("characters_removed", pointer)
        return clean
    if isinstance(value, dict):
        return {
            _cleaned(str(key), pointer, reading): _cleaned(item, f"{pointer}/{escape(str(key))}", reading)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_cleaned(item, f"{pointer}/{position}", reading) for position, item in enumerate(value)]
    return value
