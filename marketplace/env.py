"""What the environment says, read once and in one place."""

from __future__ import annotations

import environ  # type: ignore[import-untyped]

env = environ.Env(
    DEBUG=(bool, False),
    SECRET_KEY=(str, ""),
    DATABASE_URL=(str, ""),
    REDIS_URL=(str, ""),
    ALLOWED_HOSTS=(list, ["localhost", "127.0.0.1"]),
    FIELD_KEYS=(list, []),
    BLIND_INDEX_KEY=(str, ""),
    DATABASE_POOL=(bool, False),
    RUN_LEASE_SECONDS=(int, 360),
    RUN_SECONDS=(int, 60),
    SWEEP_SECONDS=(int, 15),
    INDEX_FOLDER=(str, ""),
    TRUSTED_PROXIES=(int, 0),
    THROTTLE=(bool, True),
    REDIS_PREFIX=(str, "celula"),
    LOG_LEVEL=(str, "INFO"),
    OUTBOUND_ALLOWED_HOSTS=(list, []),
    OUTBOUND_CA_FILE=(str, ""),
    EMAIL_URL=(str, ""),
    EMAIL_FROM=(str, "Célula <no-reply@celula.example>"),
    FRONTEND_URL=(str, ""),
)
