"""Pairs of profiles that may be of one person: shown side by side, and told apart."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.rest import etags
from marketplace.rest.fields import IdField, StrictSerializer
from marketplace.rest.filters import IdFilter, RecordFilterSet
from marketplace.rest.pagination import CursorPagination
from marketplace.rest.viewsets import ScopedViewSet
from profiles.api.outputs import ProfessionalSummaryOutput
from profiles.models import DuplicatePair, Professional
from profiles.services import duplicate_pairs
from profiles.services.merging import fields
from profiles.states import DuplicateStatus


class PairReasonOutput(serializers.Serializer[Any]):
    """What gave a pair away, and how sure that is."""

    by = serializers.CharField(
        help_text="`rfc`, `curp`, `email`, `email_like`, `phone`, `name`, `name_and_employer`; led by `resume_` where "
        "the résumé of one said it"
    )
    similarity = serializers.IntegerField(min_value=0, max_value=100)


class PairDifferenceOutput(serializers.Serializer[Any]):
    """What both say of one field, by the names that a merge chooses by."""

    field = serializers.CharField()
    first = serializers.CharField()
    second = serializers.CharField()


class DuplicatePairOutput(serializers.Serializer[DuplicatePair]):
    id = IdField("dup", source="pk")
    status = serializers.ChoiceField(choices=DuplicateStatus.choices)
    score = serializers.IntegerField(min_value=0, max_value=100)
    reasons = serializers.SerializerMethodField()
    first = ProfessionalSummaryOutput()
    second = ProfessionalSummaryOutput()
    note = serializers.CharField()
    decided_by = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(PairReasonOutput(many=True))
    def get_reasons(self, row: DuplicatePair) -> Any:
        surest = sorted(row.reasons.items(), key=lambda reason: (-reason[1], reason[0]))
        return [{"by": by, "similarity": similarity} for by, similarity in surest]


class DuplicatePairDetailOutput(DuplicatePairOutput):
    first_version = serializers.IntegerField(source="first.version", help_text="name it in the merge")
    second_version = serializers.IntegerField(source="second.version", help_text="name it in the merge")
    differences = serializers.SerializerMethodField()

    @extend_schema_field(PairDifferenceOutput(many=True))
    def get_differences(self, row: DuplicatePair) -> Any:
        return [
            {"field": name, "first": one, "second": other}
            for name, one, other in fields.differences(row.first, row.second)
        ]


class DismissInput(StrictSerializer):
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class DuplicateFilterSet(RecordFilterSet):
    status = filters.MultipleChoiceFilter(
        choices=DuplicateStatus.choices, label=_("Those that wait to be judged unless stated")
    )
    score_min = filters.NumberFilter(
        field_name="score", lookup_expr="gte", min_value=0, max_value=100, label="At least this likeness, 0 to 100"
    )
    professional = IdFilter("prof", method="of_person", label=_("Pairs with this professional"))

    class Meta:
        model = DuplicatePair
        fields: tuple[str, ...] = ()

    def of_person(self, pairs: QuerySet[DuplicatePair], name: str, value: Any) -> QuerySet[DuplicatePair]:
        return pairs.filter(Q(first_id=value) | Q(second_id=value))

    def filter_queryset(self, queryset: QuerySet[DuplicatePair]) -> QuerySet[DuplicatePair]:
        found: QuerySet[DuplicatePair] = super().filter_queryset(queryset)
        return found if self.form.cleaned_data["status"] else found.filter(status=DuplicateStatus.OPEN)


class SurestFirst(CursorPagination):
    ordering = ("-score", "-id")


class Duplicates(ScopedViewSet):
    """Each pair once, the surest first; whoever is told apart is not shown again."""

    model = DuplicatePair
    permissions = {
        "list": Permission.READ_SUPPLY,
        "retrieve": Permission.READ_SUPPLY,
        "dismiss": Permission.VERIFY_SUPPLY,
    }
    filterset_class = DuplicateFilterSet
    pagination_class = SurestFirst
    serializer_class = DuplicatePairOutput
    schema_tags = ("duplicates",)

    def get_queryset(self) -> QuerySet[DuplicatePair]:
        pairs: QuerySet[DuplicatePair] = super().get_queryset()
        people = Professional.objects.with_claims()
        return pairs.prefetch_related(Prefetch("first", people), Prefetch("second", people))

    @extend_schema(
        operation_id="duplicates_list",
        summary="Profiles that may be of one person",
        description="Found by identifiers, addresses, numbers, and like names with like employers; looked for among "
        "whoever changes. Their `score` is 100 for what is certain.",
        responses=DuplicatePairOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(DuplicatePairOutput, self.get_queryset())

    @extend_schema(
        operation_id="duplicates_read",
        summary="One pair, side by side, with what they say differently",
        responses=DuplicatePairDetailOutput,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(DuplicatePairDetailOutput, self.get_object())

    @extend_schema(
        operation_id="duplicates_dismiss",
        summary="Say that two profiles are not of one person",
        request=DismissInput,
        responses=DuplicatePairOutput,
        examples=[OpenApiExample("Two sisters", request_only=True, value={"note": "Sisters who share a number"})],
        extensions={"x-if-match": True},
    )
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        duplicate_pairs.dismiss(
            pair=self.get_object(),
            version=etags.expected_version(request),
            actor=self.actor,
            **self.read(DismissInput),
        )
        return self.show(DuplicatePairOutput, self.get_object())
