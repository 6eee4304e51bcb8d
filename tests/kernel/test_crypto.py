"""Personal identifiers at rest: readable by the ring, bound to their row, found by a keyed digest."""

from __future__ import annotations

import base64
import os

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel import crypto


def key(name: str) -> str:
    return f"{name}:{base64.b64encode(os.urandom(32)).decode()}"


@given(st.text(max_size=60))
def test_what_is_encrypted_comes_back(text):
    assert crypto.decrypt(crypto.encrypt(text, bound_to="a/b"), bound_to="a/b") == text


def test_the_same_text_looks_different_every_time():
    assert crypto.encrypt("GODE561231GR8", bound_to="a/b") != crypto.encrypt("GODE561231GR8", bound_to="a/b")


def test_a_ciphertext_moved_to_another_row_or_column_is_refused():
    blob = crypto.encrypt("GODE561231GR8", bound_to="prof_1/rfc")
    for elsewhere in ("prof_2/rfc", "prof_1/curp", ""):
        with pytest.raises(crypto.Undecipherable):
            crypto.decrypt(blob, bound_to=elsewhere)


def test_any_altered_byte_is_noticed():
    blob = crypto.encrypt("GODE561231GR8", bound_to="a/b")
    for position in range(len(blob)):
        altered = blob[:position] + bytes([blob[position] ^ 1]) + blob[position + 1 :]
        with pytest.raises(crypto.Undecipherable):
            crypto.decrypt(altered, bound_to="a/b")


@pytest.mark.parametrize("blob", [b"", b":", b"nobody:" + b"0" * 40, b"\xff\xfe:x"])
def test_what_no_key_of_ours_made_is_refused(blob):
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt(blob, bound_to="a/b")


def test_a_truncated_ciphertext_is_refused():
    blob = crypto.encrypt("GODE561231GR8", bound_to="a/b")
    for length in range(len(blob)):
        with pytest.raises(crypto.Undecipherable):
            crypto.decrypt(blob[:length], bound_to="a/b")


def test_a_new_key_encrypts_and_the_old_one_still_decrypts(settings):
    old, new = key("2025"), key("2026")
    settings.FIELD_KEYS = [old]
    before = crypto.encrypt("x", bound_to="a/b")
    settings.FIELD_KEYS = [new, old]
    assert crypto.decrypt(before, bound_to="a/b") == "x"
    assert crypto.encrypt("x", bound_to="a/b").startswith(b"2026:")
    settings.FIELD_KEYS = [new]
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt(before, bound_to="a/b")


@pytest.mark.parametrize("keys", [[], ["local:short"], ["local:!!!!"], ["local"]])
def test_a_ring_that_cannot_work_says_so(keys, settings):
    settings.FIELD_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        crypto.encrypt("x", bound_to="a/b")


def test_the_blind_index_is_the_same_for_the_same_text_however_written_and_differs_by_purpose(settings):
    index = crypto.blind_index("GODE561231GR8", purpose="rfc")
    assert crypto.blind_index(" gode561231gr8 ", purpose="rfc") == index
    assert crypto.blind_index("GODE561231GR8", purpose="curp") != index
    settings.BLIND_INDEX_KEY = base64.b64encode(os.urandom(32)).decode()
    assert crypto.blind_index("GODE561231GR8", purpose="rfc") != index


def test_a_blind_index_without_a_key_is_refused(settings):
    settings.BLIND_INDEX_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        crypto.blind_index("x", purpose="rfc")
