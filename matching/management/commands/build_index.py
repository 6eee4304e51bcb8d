"""Build this machine's market index, if there is none that can still be followed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from matching.index import keeper
from matching.index.build import build
from matching.index.store import Store


class Command(BaseCommand):
    # Nothing of the web is needed, and a rebuild aside should begin at once.
    requires_system_checks = ()
    help = "Builds the market index that the matching workers of this machine share, from PostgreSQL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="build even if the present one is good")

    def handle(self, *args: Any, **options: Any) -> None:
        store = Store(Path(settings.INDEX_FOLDER), keeper.database_key())
        started, present = time.monotonic(), store.current()

        def tell(stage: str) -> None:
            self.stdout.write(f"{time.monotonic() - started:7.1f} s  {stage}")

        unless = (
            (lambda found: found.version != present) if options["force"] else (lambda _f: not keeper.is_worn(store))
        )
        manifest = build(store, unless=unless, tell=tell)
        if manifest.version == present:
            self.stdout.write(f"The index {manifest.version} of {manifest.people} people is still good.")
        else:
            self.stdout.write(
                f"The index {manifest.version} of {manifest.people} people is ready: "
                f"{manifest.size / 1e6:.1f} MB in {time.monotonic() - started:.1f} s."
            )
