"""Fill the database with a synthetic market: taxonomy, exchange rate, people, organizations and demo accounts."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from marketplace.local.demo import cast
from profiles.models import Professional
from profiles.services.taxonomy import load_taxonomy
from profiles.synthetic.generate import generate
from profiles.synthetic.load import load
from profiles.taxonomy.source import read_taxonomy


class Command(BaseCommand):
    help = "Load a synthetic market; the same --people and --seed give the same market."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--logins", action="store_true", help="let every person log in, as prof_…@people.example")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are people already")

    def handle(self, *args: Any, **options: Any) -> None:
        people, seed = options["people"], options["seed"]
        if people < 1:
            raise CommandError("--people must be at least 1.")
        console = Console(stderr=True)
        password = os.environ.get("CELULA_DEMO_PASSWORD", "")
        if not password:
            raise CommandError("CELULA_DEMO_PASSWORD is not set; `./market seed` sets it.")
        if Professional.objects.filter(synthetic=True).exists():
            if not options["if_empty"]:
                raise CommandError(
                    "There is a synthetic market already: `./market clean` first, or seed an empty database."
                )
            cast.enter(password)
            if options["logins"]:
                cast.enter_people(password)
            console.print("  · the market is there already")
            return
        columns = (TextColumn("  · {task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
        with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
            task = progress.add_task("skills in two languages", total=1)
            loaded = load_taxonomy()
            progress.update(task, completed=1)
            task = progress.add_task(f"{people:,} synthetic people", total=1.0)
            market = generate(people, seed, read_taxonomy())

            def stored_share(share: float) -> None:
                progress.update(task, completed=share)

            counts = load(market, progress=stored_share)
            task = progress.add_task("organizations and accounts", total=1)
            accounts = cast.enter(password)
            if options["logins"]:
                accounts += cast.enter_people(password)
            progress.update(task, completed=1)
        stored = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in counts.items())
        console.print(f"  · stored: {loaded.skills:,} skills, {stored}, {accounts} accounts")
