"""Opaque ids: ordered in time, prefixed by kind, and nothing else decodes."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel import identifiers


@given(st.uuids())
def test_what_is_encoded_decodes_to_itself(value):
    text = identifiers.encode("prof", value)
    assert identifiers.decode("prof", text) == value
    assert identifiers.decode("proj", text) is None


@given(st.text(max_size=40))
def test_nothing_else_decodes_and_nothing_raises(text):
    assert identifiers.decode("prof", text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "prof",
        "prof_",
        "prof_" + "0" * 25,
        "prof_" + "0" * 27,
        "prof_" + "z" * 26,  # above 128 bits
        "prof_" + "u" * 26,  # not in the alphabet
        "PROF_" + "0" * 26,
        "prof_" + "٠" * 26,  # digits of another script
    ],
)
def test_near_misses_do_not_decode(text):
    assert identifiers.decode("prof", text) is None


def test_one_identifier_has_one_spelling():
    value = identifiers.uuid7()
    assert identifiers.decode("prof", identifiers.encode("prof", value).upper().replace("PROF", "prof")) is None


def test_ids_ascend_with_time_and_are_version_7():
    made = [identifiers.uuid7() for _ in range(200)]
    assert len(set(made)) == 200
    assert {value.version for value in made} == {7}
    assert {value.variant for value in made} == {uuid.RFC_4122}
    milliseconds = [value.int >> 80 for value in made]
    assert milliseconds == sorted(milliseconds)


def test_the_text_order_of_ids_is_their_order():
    smaller, larger = uuid.UUID(int=5 << 80), uuid.UUID(int=6 << 80)
    assert identifiers.encode("x", smaller) < identifiers.encode("x", larger)
