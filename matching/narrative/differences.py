"""How one cell differs from another, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.narrative import amounts


def difference_text(content: Mapping[str, Any], currency: str) -> str:
    """Return the sentence of a ``WhatIf.difference``: who comes, what it does to value and cost."""
    joined = len(content["joined"])
    parts = [
        ngettext("%(count)s member is new", "%(count)s members are new", joined) % {"count": amounts.number(joined)}
        if joined
        else _("the same people")
    ]
    points = content["value"]["after"] - content["value"]["before"]
    told = {"points": amounts.number(abs(points))}
    if points > 0:
        parts.append(ngettext("%(points)s point more", "%(points)s points more", abs(points)) % told)
    elif points < 0:
        parts.append(ngettext("%(points)s point less", "%(points)s points less", abs(points)) % told)
    else:
        parts.append(_("as many points"))
    cost = content["monthly_cost"]["after"] - content["monthly_cost"]["before"]
    money = {"money": amounts.money(abs(cost), currency)}
    if cost > 0:
        parts.append(_("%(money)s a month more") % money)
    elif cost < 0:
        parts.append(_("%(money)s a month less") % money)
    else:
        parts.append(_("at the same cost"))
    return _("Against the cell as it is: %(parts)s.") % {"parts": amounts.words(parts)}
