"""The local room as a Django app, so that its management commands are found."""

from __future__ import annotations

from django.apps import AppConfig


class LocalConfig(AppConfig):
    """Embedded servers, process supervisor and local commands; it owns no table."""

    name = "marketplace.local"
    label = "local"
