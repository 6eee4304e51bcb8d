"""JSON bodies: a size, a depth, and no character that PostgreSQL or a spreadsheet would choke on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.utils.translation import gettext_lazy as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

MAX_DEPTH = 32
# A bracket inside a text is no nesting, and must not hide any: a text is one token, whatever it holds.
# The closing quote is optional so that a text without one is passed over once, not tried again from each quote in it.
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


class JSONParser(parsers.BaseParser):
    """Parse with orjson; NUL, lone surrogates, NaN and anything nested deeper than 32 are refused with 400."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read()
        if _depth(raw) > MAX_DEPTH:
            raise ParseError(_("The body is nested too deeply."), code="too_deep")
        try:
            data = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise ParseError(_("The body is not valid JSON."), code="malformed_json") from error
        _refuse_control(data)
        return data


def _depth(raw: bytes) -> int:
    """Return the nesting, counted before parsing so that depth costs no stack; texts are passed over whole."""
    level = deepest = 0
    for token in _TOKENS.finditer(raw):
        sign = raw[token.start()]
        if sign in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif sign in b"]}":
            level -= 1
    return deepest


def _refuse_control(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise ParseError(_("A NUL character is not accepted."), code="malformed")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ParseError(_("A text is not valid Unicode."), code="malformed") from error
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_control(key)
            _refuse_control(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_control(item)
