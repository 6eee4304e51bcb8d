"""Personal identifiers at rest: AES-256-GCM (NIST SP 800-38D) with a key ring, and a keyed blind index to find them by.

The associated data binds a ciphertext to its row and column, so that one cannot be moved to another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NONCE_BYTES = 12


class Undecipherable(Exception):
    """The key is not in the ring, or the ciphertext was altered or moved."""


@lru_cache
def _ring(entries: tuple[str, ...]) -> dict[str, AESGCM]:
    ring = {}
    for entry in entries:
        name, _, key = entry.partition(":")
        try:
            ring[name] = AESGCM(base64.b64decode(key, validate=True))
        except (ValueError, binascii.Error) as error:
            raise ImproperlyConfigured(f"FIELD_KEYS entry {name!r} is not the base64 of 32 bytes") from error
    if not ring:
        raise ImproperlyConfigured("FIELD_KEYS is empty: personal identifiers cannot be encrypted")
    return ring


def encrypt(text: str, *, bound_to: str) -> bytes:
    """Return ``key id, colon, nonce, ciphertext``; ``bound_to`` names the row and column, such as ``prof_…/rfc``."""
    ring = _ring(tuple(settings.FIELD_KEYS))
    name, key = next(iter(ring.items()))
    nonce = os.urandom(_NONCE_BYTES)
    return name.encode() + b":" + nonce + key.encrypt(nonce, text.encode(), bound_to.encode())


def decrypt(blob: bytes, *, bound_to: str) -> str:
    """Return the text. Raises Undecipherable."""
    name, _, rest = bytes(blob).partition(b":")
    key = _ring(tuple(settings.FIELD_KEYS)).get(name.decode(errors="replace"))
    if key is None:
        raise Undecipherable("unknown key")
    try:
        return key.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], bound_to.encode()).decode()
    except (InvalidTag, ValueError) as error:  # ValueError: cut off within the nonce
        raise Undecipherable("altered or moved") from error


def blind_index(text: str, *, purpose: str) -> str:
    """Return a keyed digest (HMAC-SHA-256) of normalized ``text``: equal texts can be found without being readable."""
    if not settings.BLIND_INDEX_KEY:
        raise ImproperlyConfigured("BLIND_INDEX_KEY is not set")
    key = base64.b64decode(settings.BLIND_INDEX_KEY)
    return hmac.new(key, f"{purpose}\0{text.strip().upper()}".encode(), hashlib.sha256).hexdigest()
