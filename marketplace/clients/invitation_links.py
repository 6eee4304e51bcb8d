"""The link of an invitation's e-mail, which stands for the invited person."""

from __future__ import annotations

import hashlib

from marketplace.kernel import crypto


def token(public_id: str) -> str:
    """Return the token of an invitation: 64 characters that only the holder of our keys can make.

    It is worked out anew whenever the e-mail is written, so that it need not be kept anywhere: HMAC-SHA-256 of the
    invitation's id, as good as random to whoever has not the key.
    """
    return crypto.blind_index(public_id, purpose="invitation token")


def digest(text: str) -> str:
    """Return what is kept of a token (SHA-256)."""
    return hashlib.sha256(text.encode()).hexdigest()


def path(public_id: str) -> str:
    """Return where the e-mail leads: the token stands after ``#``, which browsers send to no server."""
    return f"/invitations/{public_id}#token={token(public_id)}"
