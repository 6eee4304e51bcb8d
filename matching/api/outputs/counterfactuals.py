"""What would have to be different: to a client with a cell, and to a professional on the page of demand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from matching import narrative
from matching.services.counterfactuals import BetterCells, Change, Demand
from profiles.levels import Cefr, Seniority


class BetterCellOutput(serializers.Serializer[Any]):
    """The mildest change of one rule that alone admits a better cell."""

    code = serializers.CharField()
    data = serializers.DictField(help_text="before, after, and what else the change is about")  # type: ignore[assignment]
    amendment = serializers.DictField(help_text="What it edits in the project")
    gain = serializers.IntegerField(help_text="points more than the best cell now")
    most = serializers.IntegerField(help_text="points more if the rule were loosened as far as it goes")
    text = serializers.CharField()


class CounterfactualsOutput(serializers.Serializer[Any]):
    """Exact, over the market as it is; the cheapest change first."""

    value = serializers.IntegerField(allow_null=True, help_text="points of the best cell now; null when none is proven")
    changes = serializers.SerializerMethodField()
    complete = serializers.BooleanField(help_text="False when time ran out before every rule was tried")

    @extend_schema_field(BetterCellOutput(many=True))
    def get_changes(self, row: BetterCells) -> list[dict[str, Any]]:
        names = self.context["names"]
        return [
            {
                **{key: change[key] for key in ("code", "data", "amendment", "gain", "most")},
                "text": " ".join(
                    [
                        narrative.repair_text(change["code"], change["change"], change["data"], names),
                        narrative.gain_text(change["gain"]),
                    ]
                ),
            }
            for change in row.changes
        ]


class PersonalChangeOutput(serializers.Serializer[Any]):
    """One change by itself, and in how many open cells one would then be."""

    code = serializers.CharField(help_text="language, skill, rate, hours, date, seniority")
    name = serializers.CharField(help_text="Which language and activity, or which skill; else empty")
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField(help_text="A level by name or number, an amount, minutes or a date")
    enters = serializers.IntegerField()
    text = serializers.CharField()

    def get_before(self, row: dict[str, Any]) -> str:
        return _shown(row["change"], row["change"].before)

    def get_after(self, row: dict[str, Any]) -> str:
        return _shown(row["change"], row["change"].after)


def _shown(change: Change, value: int) -> str:
    match change.code:
        case "language":
            return Cefr(value).name.lower()
        case "seniority":
            return Seniority(value).name.lower()
        case "date":
            return dt.date.fromordinal(value).isoformat() if value else ""
        case "rate":
            return f"{value / 100:.2f} {change.currency}"
    return str(value)


class DemandOutput(serializers.Serializer[Any]):
    """Where one stands in the open projects, and what one change each would be worth. Nothing says whose they are."""

    on_the_market = serializers.BooleanField(help_text="False while the profile is not active")
    open_cells = serializers.IntegerField(help_text="open projects that were looked at")
    enters = serializers.IntegerField(help_text="in how many of their best cells one is already")
    changes = serializers.SerializerMethodField()
    complete = serializers.BooleanField(help_text="False when time ran out before everything was tried")

    @extend_schema_field(PersonalChangeOutput(many=True))
    def get_changes(self, row: Demand) -> Any:
        shown = []
        for change in row.changes:
            called = self.context["skills"].get(change.name, change.name) if change.code == "skill" else change.name
            told = narrative.change_text(change.code, called, change.currency, change.before, change.after)
            entry = narrative.entry_text(change.enters, row.open_cells)
            shown.append(
                {
                    "change": change,
                    "code": change.code,
                    "name": change.name,
                    "enters": change.enters,
                    "text": f"{told} {entry}",
                }
            )
        return PersonalChangeOutput(shown, many=True).data
