"""Keys and passwords for local use: random, kept with mode 0600 beside the data they protect, never in the repo."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from marketplace.local.faults import LocalFault


@dataclass(frozen=True)
class LocalKeys:
    """What a local instance keeps secret; ``environment`` names what the settings read."""

    secret_key: str
    field_keys: str
    blind_index_key: str
    database_password: str
    redis_password: str
    demo_password: str

    @property
    def environment(self) -> dict[str, str]:
        """The settings' variables and the password of the demo's accounts."""
        return {
            "SECRET_KEY": self.secret_key,
            "FIELD_KEYS": self.field_keys,
            "BLIND_INDEX_KEY": self.blind_index_key,
            "CELULA_DEMO_PASSWORD": self.demo_password,
        }


def generate() -> LocalKeys:
    """Return fresh keys from the system's randomness."""
    return LocalKeys(
        secret_key=secrets.token_urlsafe(48),
        field_keys=f"local:{_base64_of_32_bytes()}",
        blind_index_key=_base64_of_32_bytes(),
        database_password=secrets.token_urlsafe(24),
        redis_password=secrets.token_urlsafe(24),
        demo_password=secrets.token_urlsafe(12),
    )


def load_or_generate(path: Path) -> tuple[LocalKeys, bool]:
    """Return the keys kept in ``path`` and False, or fresh ones, now kept there, and True.

    Raises LocalFault when the file is not one of ours.
    """
    try:
        return LocalKeys(**json.loads(path.read_text())), False
    except FileNotFoundError:
        keys = generate()
    except (ValueError, TypeError) as error:
        raise LocalFault(
            f"The key file {path} is damaged: restore it, or run `./market clean` to begin anew."
        ) from error
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(asdict(keys), stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    return keys, True


def _base64_of_32_bytes() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
