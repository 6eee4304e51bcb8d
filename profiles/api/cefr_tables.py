"""How language tests are read in CEFR levels: tests, scales and the published tables, with their sources."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.rest.fields import ScaleField
from marketplace.rest.viewsets import ScopedViewSet
from profiles.levels import Cefr, LanguageCode
from profiles.models import Skill
from profiles.reference.tables import (
    OVERALL,
    PARTS,
    ConversionTable,
    LanguageTest,
    PointRange,
    Scale,
    reference_tables,
)

Output = serializers.Serializer


class RangeOutput(Output[Any]):
    """Points from `lowest` to `highest` by `step` (null: any), or the CEFR levels that a certificate itself states."""

    lowest = serializers.CharField()
    highest = serializers.CharField()
    step = serializers.CharField(allow_null=True)


class TestScaleOutput(Output[Any]):
    scale = serializers.CharField()
    overall = RangeOutput()
    sections = RangeOutput(allow_null=True, help_text="null where the test has no result by activity")
    activities = serializers.ListField(
        child=serializers.CharField(), help_text="which of listening, speaking, reading and writing have `sections`"
    )
    first_day = serializers.DateField(allow_null=True, help_text="of tests on this scale")
    last_day = serializers.DateField(allow_null=True)


class CutOutput(Output[Any]):
    """From `points` on it is `least`, or `least` to `most` where the table does not tell levels apart."""

    part = serializers.ChoiceField(choices=PARTS)
    points = serializers.CharField()
    least = ScaleField(Cefr)
    most = ScaleField(Cefr)


class ConversionTableOutput(Output[Any]):
    """Tables that are not `used` derive nothing: they are published, disagree, and are told beside."""

    table_version = serializers.CharField()
    scale = serializers.CharField()
    used = serializers.BooleanField()
    first_day = serializers.DateField(allow_null=True, help_text="of the tests that it reads")
    last_day = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField(help_text="where it was read")
    seen_on = serializers.DateField()
    certainty = serializers.ChoiceField(
        choices=["issuer", "partly", "reproduced"],
        help_text="read on a page of the issuer, or as others print it; partly: the note says which limits are sure",
    )
    note = serializers.CharField(help_text="in the reader's language")
    cuts = CutOutput(many=True, help_text="empty where the certificate states the level itself")


class LanguageTestOutput(Output[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    issuer = serializers.CharField()
    language = serializers.ChoiceField(choices=LanguageCode.choices, allow_null=True, help_text="null: any")
    validity_months = serializers.IntegerField(
        allow_null=True, help_text="null: results do not expire, or no end could be confirmed"
    )
    validity_source = serializers.CharField(help_text="who says so, in the reader's language")
    validity_url = serializers.CharField(help_text="where it was read, empty where it was not on a page")
    scales = TestScaleOutput(many=True)
    tables = ConversionTableOutput(many=True)


class CefrTablesOutput(Output[Any]):
    tests = LanguageTestOutput(many=True)


class CefrTables(ScopedViewSet):
    model = Skill  # type: ignore[assignment]
    permissions = {"retrieve": Permission.READ_REFERENCE}
    serializer_class = CefrTablesOutput
    schema_tags = ("reference",)

    @extend_schema(
        operation_id="reference_cefr_tables",
        summary="How language tests are read in CEFR levels, by which tables and sources",
        responses=CefrTablesOutput,
    )
    def retrieve(self, request: Request) -> Response:
        tests = [_test(test) for test in reference_tables().tests]
        return Response(CefrTablesOutput({"tests": tests}).data)


def _test(test: LanguageTest) -> dict[str, Any]:
    known = reference_tables()
    return {
        **vars(test),
        "validity_source": test.validity(get_language() or "en"),
        "scales": [_scale(scale) for scale in known.scales if scale.test == test.code],
        "tables": [_table(table) for table in known.tables if table.test == test.code],
    }


def _scale(scale: Scale) -> dict[str, Any]:
    return {
        "scale": scale.code,
        "overall": _range(scale.part(OVERALL)),
        "sections": _range(scale.sections or scale.section_levels),
        "activities": scale.activities if scale.sections or scale.section_levels else (),
        "first_day": _finite(scale.first_day),
        "last_day": _finite(scale.last_day),
    }


def _table(table: ConversionTable) -> dict[str, Any]:
    return {
        **vars(table),
        "table_version": table.version,
        "first_day": _finite(table.first_day),
        "last_day": _finite(table.last_day),
        "note": table.note(get_language() or "en"),
        "cuts": [
            {"part": part, "points": str(points), "least": span.least, "most": span.most}
            for part in PARTS
            for points, span in table.cuts.get(part, ())
        ],
    }


def _range(legal: PointRange | tuple[Cefr, ...] | None) -> dict[str, Any] | None:
    if isinstance(legal, PointRange):
        step = None if legal.step is None else str(legal.step)
        return {"lowest": str(legal.lowest), "highest": str(legal.highest), "step": step}
    return {"lowest": legal[0].label, "highest": legal[-1].label, "step": None} if legal else None


def _finite(day: dt.date) -> dt.date | None:
    return None if day in {dt.date.min, dt.date.max} else day
