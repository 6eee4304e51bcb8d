"""The checklist of documents, as each side sees it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.models import DocumentKind, Engagement, EngagementDocument, Placement
from marketplace.clients.models.change import Party
from marketplace.clients.services import documents
from marketplace.clients.services.document_rules import Rule
from marketplace.clients.states import DocumentStatus
from marketplace.rest.fields import IdField, ScaleField, StrictSerializer
from profiles.levels import COUNTRY_CODES, ContractRoute, Country


class DocumentInput(StrictSerializer):
    """The file itself is kept elsewhere: say where, and which file it is."""

    reference = serializers.CharField(max_length=200, help_text="Where it is kept, such as a link or a file number")
    sha256 = serializers.RegexField(
        r"^[0-9a-f]{64}$", required=False, default="", help_text="Digest of the file, in lower-case hexadecimal"
    )
    number = serializers.CharField(
        max_length=64, required=False, default="", help_text="Asked of a REPSE registration; kept encrypted"
    )
    planned_us_days = serializers.IntegerField(
        min_value=0, max_value=366, required=False, help_text="Asked with a W-8BEN: days of work on site in the US"
    )
    issued_on = serializers.DateField(required=False)
    expires_on = serializers.DateField(required=False, help_text="Worked out from the issue where that is usual")


class DocumentRejectionInput(StrictSerializer):
    reason_code = serializers.CharField(max_length=48, help_text=f"One of {', '.join(documents.REJECTION_REASONS)}")


class DocumentWarningOutput(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="`us_days_planned`, `expires_before_end`, `expired`; new codes may appear")
    detail = serializers.CharField()


class DocumentSummary(serializers.Serializer[Any]):
    """A document as the client sees it: whether it is there and until when, not where it is kept."""

    id = IdField(EngagementDocument.prefix)
    engagement = IdField(Engagement.prefix, source="engagement_id")
    placement = IdField(Placement.prefix, source="placement_id", allow_null=True)
    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    skill = serializers.CharField(source="skill.code", allow_null=True, help_text="of a certificate")
    required = serializers.BooleanField()  # type: ignore[assignment]
    status = serializers.ChoiceField(
        choices=DocumentStatus.choices, source="standing", help_text="what has run out is `expired`, swept or not"
    )
    sha256 = serializers.CharField()
    planned_us_days = serializers.IntegerField(allow_null=True)
    issued_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    provided_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    warnings = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(DocumentWarningOutput(many=True))
    def get_warnings(self, document: EngagementDocument) -> Any:
        return DocumentWarningOutput(documents.warnings(document), many=True).data


class DocumentOutput(DocumentSummary):
    """A document as recruiters and the person whom it concerns see it."""

    reference = serializers.CharField()
    number = serializers.CharField(help_text="of a REPSE registration")
    rejection_code = serializers.CharField()


class DocumentRuleOutput(serializers.Serializer[Any]):
    """When a document must be there, and on what grounds. A checklist, not legal or tax advice."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    title = serializers.CharField(source="kind.label")
    of_placement = serializers.BooleanField(help_text="of each person, else once for the engagement")
    required_for = serializers.SerializerMethodField(help_text="contract routes; empty means all")
    optional_for = serializers.SerializerMethodField(help_text="contract routes")
    countries = serializers.SerializerMethodField(help_text="where the person is; empty means anywhere")
    regulations = serializers.SerializerMethodField(help_text="needs of the project that call for it; empty means none")
    provided_by = serializers.SerializerMethodField()
    why = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    source_date = serializers.DateField()

    @extend_schema_field(serializers.ListField(child=ScaleField(ContractRoute)))
    def get_required_for(self, rule: Rule) -> list[str]:
        return [route.name.lower() for route in sorted(rule.routes)]

    @extend_schema_field(serializers.ListField(child=ScaleField(ContractRoute)))
    def get_optional_for(self, rule: Rule) -> list[str]:
        return [route.name.lower() for route in sorted(rule.optional_routes)]

    @extend_schema_field(serializers.ListField(child=ScaleField(Country, names=COUNTRY_CODES)))
    def get_countries(self, rule: Rule) -> list[str]:
        return [COUNTRY_CODES[country] for country in sorted(rule.countries)]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_regulations(self, rule: Rule) -> list[str]:
        return sorted(rule.regulations)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Party.choices)))
    def get_provided_by(self, rule: Rule) -> list[str]:
        return sorted(party.value for party in rule.provided_by)


def provided(fields: dict[str, Any]) -> documents.Provided:
    """Return what the body of a request says of a document."""
    return documents.Provided(
        reference=fields["reference"],
        sha256=fields["sha256"],
        number=fields["number"],
        planned_us_days=fields.get("planned_us_days"),
        issued_on=fields.get("issued_on"),
        expires_on=fields.get("expires_on"),
    )
