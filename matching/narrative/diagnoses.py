"""Why no cell exists, in sentences: what nobody fits, what cannot hold together, what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.narrative import amounts
from matching.narrative import names as called
from matching.narrative.names import Names
from matching.narrative.repairs import repair_text


def diagnosis(content: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Return the JSON of ``MatchRun.diagnosis`` (see ``matching.diagnoses``) with a ``text`` beside each entry."""
    return {
        "proof": content["proof"],
        "text": _summary(content),
        "blocked": [
            {key: entry[key] for key in ("kind", "id", "position", "last_rule", "removed")}
            | {"text": blocked_text(entry, names)}
            for entry in content["blocked"]
        ],
        "conflict": [{"code": code, "text": rule_text(code, names)} for code in content["conflict"]],
        "repairs": [_with_text(index, entry, names) for index, entry in enumerate(content["repairs"])],
        "combination": [_with_text(index, entry, names) for index, entry in enumerate(content["combination"])],
        "complete": content["complete"],
    }


def _with_text(index: int, entry: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return {
        "index": index,
        "code": entry["code"],
        "data": entry["data"],
        "amendment": entry["amendment"],
        "text": repair_text(entry["code"], entry["change"], entry["data"], names),
    }


def _summary(content: Mapping[str, Any]) -> str:
    count = len(content["repairs"])
    if count:
        return ngettext(
            "Proven: no cell exists under these rules. %(count)s change alone would allow one.",
            "Proven: no cell exists under these rules. Any one of %(count)s changes would allow one.",
            count,
        ) % {"count": amounts.number(count)}
    if content["combination"]:
        return _("Proven: no cell exists under these rules, and no single change is enough. These together are.")
    if content["complete"]:
        return _("Proven: no cell exists under these rules, and no small change to them would allow one.")
    return _("Proven: no cell exists under these rules. Time ran out before every kind of change was tried.")


def blocked_text(entry: Mapping[str, Any], names: Names) -> str:
    """Return whom a seat or need lost last, and to which rule."""
    lost = next((count for rule, count in reversed(entry["removed"]) if rule == entry["last_rule"]), 0)
    told = {"rule": called.rule(entry["last_rule"], names), "count": amounts.number(lost)}
    if entry["kind"] == "seat":
        told["seat"] = names.seat(entry["position"])
        if not lost:
            return _("Too few people exist for the seat %(seat)s.") % told
        return (
            ngettext(
                "Too few people fit the seat %(seat)s: the last %(count)s to drop out failed at %(rule)s.",
                "Too few people fit the seat %(seat)s: the last %(count)s to drop out failed at %(rule)s.",
                lost,
            )
            % told
        )
    told["need"] = names.need(entry["position"])
    if not lost:
        return _("Too few people exist for %(need)s.") % told
    return (
        ngettext(
            "Too few people hold %(need)s: the last %(count)s to drop out failed at %(rule)s.",
            "Too few people hold %(need)s: the last %(count)s to drop out failed at %(rule)s.",
            lost,
        )
        % told
    )


def rule_text(code: str, names: Names) -> str:
    """Return what a rule of a conflict asks for, such as ``seat:2/skill:cobol``. Raises KeyError for an unknown one."""
    head, _slash, part = code.partition("/")
    kind, _colon, subject = head.partition(":")
    if kind == "seat":
        seat = names.seat(int(subject))
        if not part:
            return _("that the seat %(seat)s is filled") % {"seat": seat}
        return _("%(rule)s in the seat %(seat)s") % {"rule": called.rule(part, names), "seat": seat}
    if kind == "need":
        return _("%(need)s in the cell") % {"need": names.need(int(subject))}
    known = {
        "budget": _("the monthly cap"),
        "bridges": _("members who speak English at C1"),
        "specialists": _("members based in the United States"),
        "start": _("the starting date"),
        "routes": _("the contract routes"),
        "size": _("the least size of the cell"),
        "most": _("the largest size of the cell"),
        "pin": _("a pinned member"),
        "banned": _("an exclusion"),
        "earlier": _("the difference from an earlier cell"),
    }
    return known[kind]
