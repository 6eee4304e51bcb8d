"""What the API takes and shows of imports."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.rest.fields import IdField, StrictSerializer
from profiles import resume_notices
from profiles.levels import Level
from profiles.models import ResumeImport, ResumeImportItem
from profiles.services.proposing import MOST_ITEMS
from profiles.states import ImportItemStatus, ResumeImportStatus

Output = serializers.Serializer


class SkillChoiceInput(StrictSerializer):
    item = IdField("item")
    skill = serializers.CharField(max_length=120, required=False, help_text="a code, or any name of it")
    level = serializers.IntegerField(min_value=Level.AWARE, max_value=Level.EXPERT, required=False)


class ConfirmInput(StrictSerializer):
    accept = serializers.ListField(child=IdField("item"), max_length=MOST_ITEMS, help_text="parts to take over")
    overwrite = serializers.ListField(
        child=IdField("item"),
        max_length=MOST_ITEMS,
        default=list,
        help_text="parts to take over although the profile says something else",
    )
    skills = serializers.ListField(child=SkillChoiceInput(), max_length=MOST_ITEMS, default=list)


class ImportSourceOutput(Output[Any]):
    """Where a part stood: a JSON pointer into a structured file, or page and line of a text."""

    pointer = serializers.CharField()
    page = serializers.IntegerField(allow_null=True)
    line = serializers.IntegerField(allow_null=True)
    text = serializers.CharField(help_text="the words it was read from")


_VALUE = {"type": "object", "additionalProperties": True, "description": "the columns as they would be written"}


class ResumeImportItemOutput(Output[ResumeImportItem]):
    id = IdField("item", source="pk")
    section = serializers.CharField(
        help_text="basics, experience, skill, skill_text, language, certificate; kept for what the profile has no "
        "column for"
    )
    path = serializers.CharField(help_text="where it would go")
    status = serializers.ChoiceField(choices=ImportItemStatus.choices)
    confidence = serializers.SerializerMethodField(help_text="0 to 1")
    value = serializers.SerializerMethodField()
    current = serializers.SerializerMethodField(help_text="what the profile says instead, of a conflict")
    source = serializers.SerializerMethodField()  # type: ignore[assignment]

    def to_representation(self, instance: ResumeImportItem) -> Any:
        self._content = instance.content  # decrypted once for all its fields
        return super().to_representation(instance)

    def get_confidence(self, row: ResumeImportItem) -> float:
        return row.confidence / 100

    @extend_schema_field({**_VALUE, "type": ["object", "null"]})
    def get_value(self, row: ResumeImportItem) -> Any:  # type: ignore[override]
        return self._content.get("value")

    @extend_schema_field({**_VALUE, "type": ["object", "null"]})
    def get_current(self, row: ResumeImportItem) -> Any:
        return self._content.get("current")

    @extend_schema_field(ImportSourceOutput(allow_null=True))
    def get_source(self, row: ResumeImportItem) -> Any:
        return self._content.get("source")


class ImportNoticeOutput(Output[Any]):
    code = serializers.CharField()
    pointer = serializers.CharField(help_text="into the file as sent, where it has pointers")
    detail = serializers.SerializerMethodField()
    data = serializers.DictField()  # type: ignore[assignment]

    def get_detail(self, notice: dict[str, Any]) -> str:
        return str(resume_notices.sentence(notice["code"], notice["data"], failure=False))


class ImportFailureOutput(ImportNoticeOutput):
    """Why a file was not read."""

    def get_detail(self, notice: dict[str, Any]) -> str:
        return str(resume_notices.sentence(notice["code"], notice["data"]))


class ResumeImportSummaryOutput(Output[ResumeImport]):
    id = IdField("imp", source="pk")
    status = serializers.ChoiceField(choices=ResumeImportStatus.choices)
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    format = serializers.CharField(
        help_text="json_resume, pdf, linkedin_pdf, docx, europass_xml or europass_json; empty until read"
    )
    language = serializers.CharField(help_text="en, es, another language, or empty where the words do not tell")
    pages = serializers.IntegerField()
    failure = ImportFailureOutput(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ResumeImportOutput(ResumeImportSummaryOutput):
    warnings = ImportNoticeOutput(many=True, source="notices")
    items = ResumeImportItemOutput(many=True)


class DuplicateOutput(Output[Any]):
    professional = serializers.CharField(help_text="`prof_…`")
    by = serializers.ListField(child=serializers.CharField(), help_text="as the `by` of a pair of duplicates")
    similarity = serializers.IntegerField(help_text="0 to 100")


class ResumeImportReviewOutput(Output[ResumeImport]):
    """What recruiters and operators see: nothing of what was read."""

    id = IdField("imp", source="pk")
    professional = IdField("prof", source="professional_id")
    status = serializers.ChoiceField(choices=ResumeImportStatus.choices)
    format = serializers.CharField()
    possible_duplicate = serializers.BooleanField()
    duplicates = DuplicateOutput(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
