"""Merging over HTTP: two profiles made one, taken apart again, and the record of both."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.audit.api import AuditEventOutput
from marketplace.audit.models import AuditEvent
from marketplace.kernel import identifiers
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.rest.fields import IdField, StrictSerializer
from marketplace.rest.filters import IdFilter
from marketplace.rest.viewsets import ScopedViewSet
from profiles.api.inputs import NothingInput
from profiles.models import Professional, ProfileMerge
from profiles.services import merges
from profiles.services.merging.fields import Side


def _choice() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=Side.choices, required=False)


class FieldChoices(StrictSerializer):
    """Whose value wins; the survivor's unless stated, and the other's where the survivor says nothing."""

    name = _choice()
    contact_email = _choice()
    phone = _choice()
    rfc = _choice()
    curp = _choice()
    headline_en = _choice()
    headline_es = _choice()
    summary_en = _choice()
    summary_es = _choice()
    functions = _choice()
    seniority = _choice()
    location = _choice()
    working_hours = _choice()
    rate = _choice()
    contract_route = _choice()
    availability = _choice()


class MergeInput(StrictSerializer):
    survivor = IdField("prof")
    survivor_version = serializers.IntegerField(min_value=1, help_text="the version of the survivor that you judged")
    merged = IdField("prof")
    merged_version = serializers.IntegerField(min_value=1, help_text="the version of the other one that you judged")
    fields = FieldChoices(required=False)  # type: ignore[assignment]
    login = serializers.ChoiceField(
        choices=Side.choices,
        required=False,
        help_text="whose login stays where both have one; the other one is closed",
    )


class PartsOutput(serializers.Serializer[Any]):
    """Of one kind of part: how many came over, took the place of the survivor's, or were kept as history only."""

    moved = serializers.IntegerField(required=False)
    replaced = serializers.IntegerField(required=False)
    not_better = serializers.IntegerField(required=False)


class OutcomeOutput(serializers.Serializer[Any]):
    """What a merge did, in names and numbers."""

    fields = serializers.ListField(child=serializers.CharField(), help_text="what the other one gave")  # type: ignore[assignment]
    parts = serializers.DictField(child=PartsOutput())
    login_closed = serializers.CharField(allow_null=True)


class MergeOutput(serializers.Serializer[ProfileMerge]):
    id = IdField("merge", source="pk")
    survivor = IdField("prof", source="survivor_id")
    merged = IdField("prof", source="merged_id")
    merged_by = serializers.CharField()
    outcome = OutcomeOutput()
    can_be_undone = serializers.BooleanField(help_text="in time; a change of the survivor forbids it all the same")
    undo_until = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)
    undone_by = serializers.CharField()
    created_at = serializers.DateTimeField()


class MergeFilterSet(filters.FilterSet):
    professional = IdFilter("prof", method="of_person", label=_("Merges of this professional, on either side"))
    created_after = filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="gt", label="Made after this moment (RFC 3339)"
    )

    class Meta:
        model = ProfileMerge
        fields: tuple[str, ...] = ()

    def of_person(self, rows: QuerySet[ProfileMerge], name: str, value: Any) -> QuerySet[ProfileMerge]:
        return rows.filter(Q(survivor_id=value) | Q(merged_id=value))


class Merges(ScopedViewSet):
    """Who was found to be one person, by whom, and until when that can be taken back."""

    model = ProfileMerge
    permissions = {
        "list": Permission.READ_SUPPLY,
        "retrieve": Permission.READ_SUPPLY,
        "create": Permission.VERIFY_SUPPLY,
        "undo": Permission.VERIFY_SUPPLY,
    }
    filterset_class = MergeFilterSet
    serializer_class = MergeOutput
    schema_tags = ("duplicates",)

    @extend_schema(operation_id="merges_list", summary="Merges, newest first", responses=MergeOutput(many=True))
    def list(self, request: Request) -> Response:
        return self.show_page(MergeOutput, self.get_queryset())

    @extend_schema(operation_id="merges_read", summary="One merge", responses=MergeOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(MergeOutput, self.get_object())

    @extend_schema(
        operation_id="merges_create",
        summary="Make two profiles one",
        description="The survivor gets every part of both; of two claims to one skill the better evidenced stays. The "
        "other profile is closed and its id leads to the survivor. What both have booked stays booked: 409 "
        "`merge_overbooks` names the weeks in which that is more than one person has. Also 409: `already_merged`, "
        "`changed_since_seen`, `both_in_one_engagement`, `survivor_not_active`.",
        request=MergeInput,
        responses={201: MergeOutput},
        examples=[
            OpenApiExample(
                "The newer profile has the better address",
                request_only=True,
                value={
                    "survivor": "prof_01jd9zt8e5f0h4m2q6r8s0v2x4",
                    "survivor_version": 7,
                    "merged": "prof_01jd9zt8e5f0h4m2q6r8s0v2x5",
                    "merged_version": 2,
                    "fields": {"contact_email": "merged"},
                    "login": "survivor",
                },
            )
        ],
    )
    def create(self, request: Request) -> Response:
        asked = self.read(MergeInput)
        row = merges.merge(
            survivor=merges.Seen(self._person("survivor", asked["survivor"]), asked["survivor_version"]),
            merged=merges.Seen(self._person("merged", asked["merged"]), asked["merged_version"]),
            choices=asked.get("fields"),
            login=asked.get("login", Side.SURVIVOR),
            actor=self.actor,
        )
        return self.show(MergeOutput, row, status=201, location=f"/api/v1/merges/{row.public_id}")

    @extend_schema(
        operation_id="merges_undo",
        summary="Take a merge back",
        description="Within 30 days and while nothing of the survivor has changed: 409 `changed_since_merge` or "
        "`too_late_to_undo` otherwise. Both profiles are again what they were, and count as told apart.",
        request=NothingInput,
        responses=MergeOutput,
    )
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        self.read(NothingInput)
        return self.show(MergeOutput, merges.undo(done=self.get_object(), actor=self.actor))

    def _person(self, side: str, key: uuid.UUID) -> Professional:
        """Return a person by id, an alias included: that one was merged already is for the service to say."""
        seen = Professional.objects.visible_to(self.actor).filter(pk=key).first()
        found: Professional | None = seen or Professional.objects.filter(pk=key, merged_into__isnull=False).first()
        if found is None:
            raise Invalid.field(f"/{side}", "unknown_professional", _("There is nobody here under this id."))
        return found


class ProfessionalAudits(ScopedViewSet):
    """What was done to somebody, under the ids of all profiles that turned out to be theirs."""

    model = AuditEvent  # type: ignore[assignment]
    permissions = {"list": Permission.READ_AUDIT}
    filter_backends = ()  # type: ignore[assignment]
    serializer_class = AuditEventOutput
    schema_tags = ("audits",)

    @extend_schema(
        operation_id="professionals_audits",
        summary="What was done to a professional, merged profiles included, newest first",
        parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH, description="the professional, `prof_…`")],
        responses=AuditEventOutput(many=True),
    )
    def list(self, request: Request, pk: str) -> Response:
        key = identifiers.decode(Professional.prefix, pk)
        person = merges.survivor_of(pk) or (Professional.objects.filter(pk=key).first() if key else None)
        if person is None:
            raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
        subjects = [row.public_id for row in (person, *merges.aliases(person))]
        page = self.paginate_queryset(AuditEvent.objects.visible_to(self.actor).filter(subject__in=subjects))
        return self.get_paginated_response(AuditEventOutput(page, many=True).data)  # type: ignore[arg-type]
