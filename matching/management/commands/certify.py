"""Check a stored cell again from the command line, with exit code 0 only where everything holds."""

from __future__ import annotations

import os
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from rich import box
from rich.console import Console
from rich.table import Table

from marketplace.kernel import identifiers
from marketplace.kernel.errors import Conflict
from matching.models import Proposal
from matching.narrative import difference, proof, rechecks
from matching.services import proofs

LANGUAGES = {"en": "en", "es": "es-mx"}
WIDTH_OF_A_FILE = 110
_MARKS = {True: "✓", False: "✗", None: "?"}


class Command(BaseCommand):
    help = "Checks a stored cell from nothing but its stored inputs and certificate: every rule, and the bound."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cell", help="public id of the cell: cell_…")
        parser.add_argument(
            "--language",
            choices=sorted(LANGUAGES),
            default=_language_of_the_terminal(),
            help="language of the report (default: that of LC_ALL or LANG)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(LANGUAGES[options["language"]]):
            if not self._holds(options["cell"]):
                raise CommandError(_("The cell does not stand as it is stored."))

    def _holds(self, public_id: str) -> bool:
        key = identifiers.decode(Proposal.prefix, public_id)
        cell = Proposal.objects.select_related("run__snapshot", "project").filter(pk=key).first() if key else None
        if cell is None:
            raise CommandError(_("There is no cell %(cell)s in this database.") % {"cell": public_id})
        try:
            again = proofs.recheck(proposal=cell)
        except Conflict as conflict:
            raise CommandError(str(conflict.detail)) from conflict
        lines = rechecks.checked(cell, cell.run.snapshot, again.verdict, again.certification)
        self._print(cell, lines, rechecks.taken_on_trust(cell, again.people))
        return all(line.holds for line in lines)

    def _print(self, cell: Proposal, lines: list[rechecks.Line], trusted: list[tuple[str, str]]) -> None:
        width = None if self.stdout.isatty() else WIDTH_OF_A_FILE
        console = Console(file=cast(IO[str], self.stdout), width=width, highlight=False)
        console.print(_("Cell %(cell)s of “%(title)s”") % {"cell": cell.public_id, "title": cell.project.title})
        if all(line.holds for line in lines):
            for sentence in (proof(cell), difference(cell)):
                if sentence:
                    console.print(sentence, style="dim")
        checked = _table(_("Checked"), ("", "", _("Found")))
        for line in lines:
            checked.add_row(_MARKS[line.holds], line.subject, line.finding)
        trust = _table(_("Taken on trust"), ("", "", _("What it rests on")))
        for subject, why in trusted:
            trust.add_row("·", subject, why)
        console.print(checked)
        console.print(trust)


def _table(title: str, headings: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    table.columns[1].min_width = 18
    return table


def _language_of_the_terminal() -> str:
    """Return ``es`` where the environment asks for Spanish; the order is POSIX's (IEEE 1003.1, 8.2)."""
    chosen = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return chosen[:2] if chosen[:2] in LANGUAGES else "en"
