"""``manage.py load_taxonomy``: bring the tables of skills in line with the files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from profiles.services import taxonomy
from profiles.taxonomy.source import HERE, read_taxonomy


class Command(BaseCommand):
    """Running it twice changes nothing the second time."""

    help = "Bring the tables of skills in line with the files of the taxonomy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=HERE, help="where the four CSV files are (default: ours)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = taxonomy.load_taxonomy(read_taxonomy(options["folder"]))
        except (OSError, ValueError) as error:
            raise CommandError(f"The taxonomy is not sound, nothing was changed: {error}") from error
        self.stdout.write(
            f"{loaded.skills} skills ({loaded.created} new, {loaded.updated} changed, {len(loaded.retired)} retired), "
            f"{loaded.aliases} names, {loaded.broader} broader links, {loaded.neighbors} neighbors"
        )
