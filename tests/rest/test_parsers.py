"""JSON bodies: what is refused is a 400 with a reason, whatever is inside; nothing is a 500."""

from __future__ import annotations

import contextlib
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from marketplace.rest.parsers import MAX_DEPTH, JSONParser

THERE = "/api/v1/professionals/me/experiences"


def parse(raw: bytes):
    return JSONParser().parse(io.BytesIO(raw))


def code(raw: bytes) -> str:
    with pytest.raises(ParseError) as refusal:
        parse(raw)
    return str(refusal.value.get_codes())


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def test_ordinary_bodies_are_read():
    assert parse('{"a": [1, 2.5, null, true, "ñandú \\"[{"]}'.encode()) == {"a": [1, 2.5, None, True, 'ñandú "[{']}


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"{'a': 1}", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1,}', b"\xff\xfe", b'"\xc3"', b"{} {}"],
)
def test_what_is_no_json_is_malformed(raw):
    assert code(raw) == "malformed_json"


@pytest.mark.parametrize(
    "raw", [b'{"a": "x\\u0000y"}', b'{"x\\u0000": 1}', b'["\\u0000"]', b'{"a": [{"b": "\\u0000"}]}']
)
def test_a_nul_is_refused_wherever_it_hides(raw):
    assert code(raw) == "malformed"


@pytest.mark.parametrize("raw", [b'{"a": "\\ud800"}', b'{"\\udfff": 1}', b'["\\ud83d x"]'])
def test_a_lone_surrogate_is_refused(raw):
    assert code(raw) in {"malformed", "malformed_json"}


def test_a_surrogate_pair_is_a_character():
    assert parse(b'["\\ud83d\\ude00"]') == ["😀"]


def test_nesting_is_allowed_up_to_its_limit():
    assert parse(nested(MAX_DEPTH))
    assert code(nested(MAX_DEPTH + 1)) == "too_deep"
    assert code(nested(200_000)) == "too_deep"
    assert code(b'{"a":' * 5000 + b"1" + b"}" * 5000) == "too_deep"


def test_a_text_without_an_end_costs_no_more_than_its_length():
    assert code(b'"' + b'\\"' * 400_000) == "malformed_json"


def test_brackets_inside_texts_do_not_hide_depth():
    assert code(b'["' + b"]" * 900 + b'",' + nested(900) + b"]") == "too_deep"


def test_brackets_inside_texts_are_no_depth():
    assert parse(json.dumps({"summary": "[" * 100, "quoted": '\\" [[' * 50}).encode())


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(raw):
    with contextlib.suppress(ParseError):
        parse(raw)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0")), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON)
def test_whatever_json_says_is_read_as_it_is(value):
    assert parse(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("body", "content_type", "status", "expected"),
    [
        (b"{", "application/json", 400, "malformed_json"),
        (nested(40), "application/json", 400, "too_deep"),
        (b'{"employer": "\\u0000"}', "application/json", 400, "malformed"),
        (b"[]", "application/json", 400, "invalid_input"),
        (b'"text"', "application/json", 400, "invalid_input"),
        (b"null", "application/json", 400, "invalid_input"),
        (b"employer=X", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"<a/>", "text/xml", 415, "unsupported_media_type"),
        (b"{" + b" " * 1_048_576 + b"}", "application/json", 413, "too_large"),
    ],
)
def test_over_http_each_is_a_problem_and_nothing_is_written(
    body, content_type, status, expected, cast, api, nothing_changes
):
    with nothing_changes():
        answer = api(cast.professional).generic("POST", THERE, body, content_type=content_type)
    assert (answer.status_code, answer.json()["code"]) == (status, expected)
    assert answer["Content-Type"] == "application/problem+json"
