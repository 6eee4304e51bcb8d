"""What one change would be worth, in sentences: to a client in points, to a professional in cells."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.narrative import amounts
from matching.narrative import names as called


def gain_text(gain: int) -> str:
    """Return how much more the best cell would be worth."""
    return ngettext(
        "The best cell would be worth %(points)s point more.",
        "The best cell would be worth %(points)s points more.",
        gain,
    ) % {"points": amounts.number(gain)}


def entry_text(enters: int, open_cells: int) -> str:
    """Return in how many open cells somebody would be."""
    return _("You would enter %(count)s of %(open)s open cells.") % {
        "count": amounts.number(enters),
        "open": amounts.number(open_cells),
    }


def _take_a_test(column: str) -> str:
    if column.startswith("es"):
        return _("Prove your Spanish with a test that counts until the end.")
    return _("Prove your English with a test that counts until the end.")


def change_text(code: str, name: str, currency: str, before: int, after: int) -> str:
    """Return what a person would change; ``name`` is a language with its activity, or the name of a skill.

    Raises KeyError for a code that has no sentence.
    """
    match code:
        case "language":
            told = {"language": called.language(name), "after": called.cefr(after), "before": called.cefr(before)}
            return _("Raise %(language)s from %(before)s to %(after)s.") % told
        case "language_evidence":
            return _take_a_test(name)
        case "skill" if not before:
            return _("Learn %(skill)s to level %(after)s.") % {"skill": name, "after": amounts.number(after)}
        case "skill":
            return _("Raise %(skill)s from level %(before)s to %(after)s.") % {
                "skill": name,
                "before": amounts.number(before),
                "after": amounts.number(after),
            }
        case "rate":
            return _("Ask %(after)s an hour instead of %(before)s.") % {
                "after": amounts.money(Decimal(after) / 100, currency),
                "before": amounts.money(Decimal(before) / 100, currency),
            }
        case "hours":
            return _("Keep %(after)s a week free instead of %(before)s.") % {
                "after": amounts.hours(after),
                "before": amounts.hours(before),
            }
        case "date":
            return _("Be available from %(after)s.") % {"after": amounts.date(dt.date.fromordinal(after))}
        case "seniority":
            return _("Reach the seniority “%(after)s”.") % {"after": called.seniority(after)}
    raise KeyError(code)
