"""What the API shows of proofs: languages with their test, certificates, and the record of who verified what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.kernel import clock
from marketplace.rest.fields import IdField, ScaleField, StrictSerializer
from profiles.levels import Cefr, Evidence
from profiles.models import Certificate, LanguageProficiency, Verification, VerifiedKind
from profiles.reference.cefr import Derived
from profiles.reference.tables import PARTS, ConversionTable, Span
from profiles.reference.validity import holds
from profiles.services import certificates, languages
from profiles.services.doubts import Doubt
from profiles.services.verifications import Entry

Output = serializers.Serializer


class ByDayInput(StrictSerializer):
    """``until`` is the last day on which proofs must hold, such as the end of an engagement."""

    until = serializers.DateField(required=False, help_text="the last day on which proofs must hold; today unless said")


class DoubtOutput(Output[Any]):
    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class SpanOutput(Output[Any]):
    """Where the table does not tell levels apart, `least` and `most` differ: C1 or higher is c1 to c2."""

    part = serializers.ChoiceField(choices=PARTS)
    least = ScaleField(Cefr)
    most = ScaleField(Cefr)
    label = serializers.CharField()  # type: ignore[assignment]


class OtherTableOutput(Output[Any]):
    table_version = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    levels = SpanOutput(many=True)


class DerivedOutput(Output[Any]):
    """CEFR levels read from a score, with the table that says so; `others` are published tables that disagree."""

    test = serializers.CharField()
    scale = serializers.CharField()
    table_version = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField(help_text="in the reader's language")
    levels = SpanOutput(many=True)
    others = OtherTableOutput(many=True)


class ResultOutput(Output[Any]):
    """`counts` says whether the result counts on the day asked for with `until`, today without it."""

    derived = DerivedOutput(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    counts = serializers.BooleanField()
    doubts = DoubtOutput(many=True)


class StatedLanguageOutput(Output[LanguageProficiency]):
    """Levels as stated, and the result of a test as given."""

    language = serializers.CharField()
    listening = ScaleField(Cefr)
    speaking = ScaleField(Cefr)
    reading = ScaleField(Cefr)
    writing = ScaleField(Cefr)
    native = serializers.BooleanField()
    evidence = ScaleField(Evidence)
    evidence_expires_on = serializers.DateField(
        allow_null=True, help_text="the last day on which it is more than self-declared, null where it does not expire"
    )
    test = serializers.CharField()
    raw_score = serializers.CharField()
    section_scores = serializers.DictField(child=serializers.CharField())
    scale_version = serializers.CharField()
    tested_on = serializers.DateField(allow_null=True)


class LanguageOutput(StatedLanguageOutput):
    """`result` is what the stored score says, null without a test."""

    result = serializers.SerializerMethodField()

    @extend_schema_field(ResultOutput(allow_null=True))
    def get_result(self, row: LanguageProficiency) -> dict[str, Any] | None:
        if not row.test:
            return None
        by = _by(self)
        read = languages.reading(row, by)
        # Plain values in the shape of ``ResultOutput``: to make its nested serializers anew for each row takes longer
        # than to read the score.
        return {
            "derived": _derived(read.derived) if read.derived else None,
            "expires_on": read.expires_on and read.expires_on.isoformat(),
            "counts": holds(read.expires_on, by),
            "doubts": [_doubt(doubt) for doubt in read.doubts],
        }


class CertificateOutput(Output[Certificate]):
    """`holds` says whether it is valid on the day asked for with `until`, today without it."""

    id = IdField("cert", source="pk")
    skill = serializers.CharField(source="skill.code")
    name = serializers.SerializerMethodField(help_text="in the reader's language")
    issued_on = serializers.DateField()
    expires_on = serializers.DateField(allow_null=True)
    usual_months = serializers.SerializerMethodField(
        allow_null=True, help_text="how long such a certificate usually held when it was issued"
    )
    number = serializers.CharField()
    verify_url = serializers.CharField()
    evidence = ScaleField(Evidence)
    holds = serializers.SerializerMethodField()
    doubts = serializers.SerializerMethodField()

    def get_name(self, row: Certificate) -> str:
        return row.skill.name(get_language() or "en")

    def get_usual_months(self, row: Certificate) -> int | None:
        return certificates.usual_term(row)

    def get_holds(self, row: Certificate) -> bool:
        return holds(row.expires_on, _by(self))

    @extend_schema_field(DoubtOutput(many=True))
    def get_doubts(self, row: Certificate) -> list[dict[str, str]]:
        return [_doubt(doubt) for doubt in certificates.doubts(row, _by(self))]


class LanguagesOutput(Output[Any]):
    languages = LanguageOutput(many=True)


class CertificatesOutput(Output[Any]):
    certificates = CertificateOutput(many=True)


class VerificationOutput(Output[Entry]):
    """`level` is what was seen: 1 to 5 of a skill, CEFR of spoken language, null for a certificate."""

    id = IdField(Verification.prefix, source="verification.pk")
    kind = serializers.ChoiceField(choices=VerifiedKind.choices, source="verification.kind")
    code = serializers.CharField(source="verification.code", help_text="code of the skill, or the language")
    level = serializers.SerializerMethodField(allow_null=True)
    evidence = ScaleField(Evidence, source="verification.evidence")
    source = serializers.CharField(source="verification.source", help_text="how it was seen")  # type: ignore[assignment]
    seen = serializers.DictField(
        source="verification.seen",
        help_text="the proof as it was stated then: test, scores, scale and date, or number and date of a certificate",
    )
    verified_by = serializers.CharField(source="verification.verified_by")
    verified_at = serializers.DateTimeField(source="verification.created_at")
    expires_on = serializers.DateField(source="verification.expires_on", allow_null=True)
    in_force = serializers.BooleanField(help_text="the last of its kind, still valid, and nothing has changed since")

    def get_level(self, entry: Entry) -> str | None:
        row = entry.verification
        if row.kind == VerifiedKind.LANGUAGE:
            return Cefr(row.level).name.lower()
        return str(row.level) if row.kind == VerifiedKind.SKILL else None


class VerificationsOutput(Output[Any]):
    verifications = VerificationOutput(many=True)


def _by(serializer: Output[Any]) -> dt.date:
    day: dt.date | None = serializer.context.get("until")
    return day or clock.today()


def _doubt(found: Doubt) -> dict[str, str]:
    return {"pointer": found.pointer, "code": found.code, "detail": str(found.detail)}


def _derived(found: Derived) -> dict[str, Any]:
    return {
        "test": found.test,
        "scale": found.scale,
        "table_version": found.table.version,
        "source": found.table.source,
        "note": found.table.note(get_language() or "en"),
        "levels": _spans(found.levels),
        "others": [_other(table, levels) for table, levels in found.others],
    }


def _other(table: ConversionTable, levels: Mapping[str, Span]) -> dict[str, Any]:
    return {"table_version": table.version, "source": table.source, "levels": _spans(levels)}


def _spans(levels: Mapping[str, Span]) -> list[dict[str, Any]]:
    return [
        {"part": part, "least": span.least.name.lower(), "most": span.most.name.lower(), "label": span.label}
        for part, span in sorted(levels.items(), key=lambda each: PARTS.index(each[0]))
    ]
