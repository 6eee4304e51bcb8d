"""Where a run stands, in a sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.models import MatchRun
from matching.narrative import amounts
from matching.states import MatchRunStatus


def run_text(run: MatchRun) -> str:
    """Return what happens, or what came of it. The inside of a failure is not told."""
    match run.status:
        case MatchRunStatus.QUEUED:
            return _("Waiting for a worker.")
        case MatchRunStatus.RUNNING:
            return _working(run)
        case MatchRunStatus.COMPOSED:
            return ngettext(
                "Composed out of %(people)s person.", "Composed out of %(people)s people.", run.candidates or 0
            ) % {"people": amounts.number(run.candidates or 0)}
        case MatchRunStatus.INFEASIBLE:
            return _("Proven: no cell exists under these rules. See what stands in the way, and what would mend it.")
        case MatchRunStatus.FAILED:
            return ngettext(
                "It could not be finished in %(attempts)s attempt. Ask for another run, or for support with its id.",
                "It could not be finished in %(attempts)s attempts. Ask for another run, or for support with its id.",
                run.attempts,
            ) % {"attempts": run.attempts}
        case _superseded:
            return _superseded_text(run.last_error)


def _working(run: MatchRun) -> str:
    stages = {
        "snapshot": _("Reading the market."),
        "features": _("Finding out who fits which seat."),
        "bound": _("Proving what no cell can exceed."),
        "search": _("Searching for the best cell."),
        "cohesion": _("Looking for people who have worked together."),
    }
    return stages.get(run.stage, _("Under way."))


def _superseded_text(reason: str) -> str:
    if reason == "project_withdrawn":
        return _("Ended, because the project is no longer open.")
    return _("Ended, because the project has changed; a newer run takes its place.")
