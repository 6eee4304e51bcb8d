"""Lists of people over HTTP, and their export."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.kernel import identifiers
from marketplace.kernel.errors import NotFound
from marketplace.rest import etags
from marketplace.rest.fields import IdField, StrictSerializer
from marketplace.rest.filters import RecordFilterSet
from marketplace.rest.pagination import CursorPagination
from marketplace.rest.renderers import JSONRenderer
from marketplace.rest.spreadsheets import CSVRenderer, Table
from marketplace.rest.viewsets import ScopedViewSet
from profiles.api.outputs import ProfessionalSummaryOutput
from profiles.levels import COUNTRY_CODES, Cefr, Evidence, Function, Seniority
from profiles.models import Professional, TalentList, TalentListEntry
from profiles.services import talent_lists
from profiles.states import IN_SIGHT

_LIST = OpenApiParameter("id", str, OpenApiParameter.PATH, description="the list, `list_…`")
_ENTRY = OpenApiParameter("part", str, OpenApiParameter.PATH, description="the entry, `entry_…`")


class TalentListInput(StrictSerializer):
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    shared = serializers.BooleanField(required=False, help_text="let every recruiter see and fill it")


class TalentListOutput(serializers.Serializer[TalentList]):
    """`people` counts those who are in sight: not archived, blocked or erased."""

    id = IdField("list", source="pk")
    name = serializers.CharField()
    description = serializers.CharField()
    owner = IdField("user", source="owner_id")
    shared = serializers.BooleanField()
    people = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_people(self, row: TalentList) -> int:
        return int(getattr(row, "people", 0))


class EntriesInput(StrictSerializer):
    professionals = serializers.ListField(
        child=IdField("prof"), min_length=1, max_length=talent_lists.MOST_AT_ONCE, help_text="a page of a search, say"
    )
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, help_text="noted of each of them")


class NoteInput(StrictSerializer):
    note = serializers.CharField(max_length=2000, allow_blank=True)


class MoveInput(StrictSerializer):
    before = IdField("entry", allow_null=True, help_text="the entry that is to come next; null for the end")


class EntryOutput(serializers.Serializer[TalentListEntry]):
    id = IdField("entry", source="pk")
    position = serializers.IntegerField()
    note = serializers.CharField()
    added_by = IdField("user", source="added_by_id", allow_null=True)
    added_at = serializers.DateTimeField(source="created_at")
    professional = ProfessionalSummaryOutput()


class EntryStateOutput(serializers.Serializer[TalentListEntry]):
    """An entry without its person."""

    id = IdField("entry", source="pk")
    professional = IdField("prof", source="professional_id")
    position = serializers.IntegerField()
    note = serializers.CharField()


class AddedOutput(serializers.Serializer[Any]):
    """Who was put on the list, and who stood there already."""

    added = EntryStateOutput(many=True, source="entries")
    present = serializers.ListField(child=IdField("prof"))


class TalentListFilterSet(RecordFilterSet):
    mine = filters.BooleanFilter(method="of_the_actor", label=_("Your own, or only those that others share"))

    class Meta:
        model = TalentList
        fields: tuple[str, ...] = ()

    def of_the_actor(self, rows: QuerySet[TalentList], name: str, value: bool) -> QuerySet[TalentList]:
        own = Q(owner=self.request.user.user)
        return rows.filter(own if value else ~own)


class TalentLists(ScopedViewSet):
    """What recruiters keep of people. Shared lists are filled by all of them and governed by their owner."""

    model = TalentList
    permissions = dict.fromkeys(("list", "create", "retrieve", "partial_update", "destroy"), Permission.READ_SUPPLY)
    filterset_class = TalentListFilterSet
    serializer_class = TalentListOutput
    schema_tags = ("talent lists",)

    def get_queryset(self) -> QuerySet[TalentList]:
        rows: QuerySet[TalentList] = super().get_queryset()
        return rows.annotate(people=Count("entries", filter=Q(entries__professional__status__in=IN_SIGHT)))

    @extend_schema(
        operation_id="talent_lists_list",
        summary="Your lists of people and those that others share",
        responses=TalentListOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(TalentListOutput, self.get_queryset())

    @extend_schema(
        operation_id="talent_lists_create",
        summary="Open a list of people",
        request=TalentListInput,
        responses={201: TalentListOutput},
        examples=[OpenApiExample("A list", request_only=True, value={"name": "Core banking, autumn", "shared": True})],
    )
    def create(self, request: Request) -> Response:
        row = talent_lists.create(actor=self.actor, **self.read(TalentListInput))
        return self.show(TalentListOutput, row, status=201, location=f"/api/v1/talent-lists/{row.public_id}")

    @extend_schema(operation_id="talent_lists_read", summary="One list", responses=TalentListOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(TalentListOutput, self.get_object())

    @extend_schema(
        operation_id="talent_lists_update",
        summary="Rename, describe or share a list",
        description="For its owner.",
        request=TalentListInput(partial=True),
        responses=TalentListOutput,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        talent_lists.update(
            talent_list=self.get_object(),
            version=etags.expected_version(request),
            actor=self.actor,
            **self.read(TalentListInput, partial=True),
        )
        return self.retrieve(request, pk)

    @extend_schema(operation_id="talent_lists_delete", summary="Forget a list and its notes", responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        talent_lists.delete(talent_list=self.get_object(), actor=self.actor)
        return Response(status=204)


class EntryPagination(CursorPagination):
    """In the order that the recruiters gave the list."""

    ordering = ("position", "id")


class TalentListEntries(ScopedViewSet):
    """The people of one list, which must be visible to the actor."""

    model = TalentListEntry
    permissions = dict.fromkeys(("list", "create", "partial_update", "destroy", "move"), Permission.READ_SUPPLY)
    filter_backends = ()  # type: ignore[assignment]
    pagination_class = EntryPagination
    serializer_class = EntryOutput
    schema_tags = ("talent lists",)

    def talent_list(self) -> TalentList:
        key = identifiers.decode(TalentList.prefix, self.kwargs["pk"])
        row: TalentList | None = TalentList.objects.visible_to(self.actor).filter(pk=key).first()
        if row is None:
            raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
        return row

    def entry(self, part: str) -> TalentListEntry:
        own = TalentListEntry.objects.visible_to(self.actor).filter(talent_list=self.talent_list())
        row: TalentListEntry | None = own.filter(pk=identifiers.decode(TalentListEntry.prefix, part)).first()
        if row is None:
            raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
        return row

    @extend_schema(
        operation_id="talent_list_entries_list",
        summary="The people of a list, in its order",
        description="Whoever is archived, blocked or erased is left out.",
        parameters=[_LIST],
        responses=EntryOutput(many=True),
    )
    def list(self, request: Request, pk: str) -> Response:
        entries = TalentListEntry.objects.visible_to(self.actor).filter(talent_list=self.talent_list())
        people = Professional.objects.with_claims()
        page = self.paginate_queryset(entries.prefetch_related(Prefetch("professional", people)))
        return self.get_paginated_response(EntryOutput(page, many=True).data)  # type: ignore[arg-type]

    @extend_schema(
        operation_id="talent_list_entries_add",
        summary="Put people on a list",
        description="At most 100 at once, all or none; who stands there already keeps their place. 409 `list_full` "
        "beyond 1,000 people.",
        parameters=[_LIST],
        request=EntriesInput,
        responses=AddedOutput,
        examples=[
            OpenApiExample(
                "Two people of a search",
                request_only=True,
                value={
                    "professionals": ["prof_01jd9zt8e5f0h4m2q6r8s0v2x4", "prof_01jd9zt8e5f0h4m2q6r8s0v2x5"],
                    "note": "Both led a migration",
                },
            )
        ],
    )
    def create(self, request: Request, pk: str) -> Response:
        added = talent_lists.add(talent_list=self.talent_list(), actor=self.actor, **self.read(EntriesInput))
        return Response(AddedOutput(added).data)

    @extend_schema(
        operation_id="talent_list_entries_note",
        summary="Note something of somebody on a list",
        parameters=[_LIST, _ENTRY],
        request=NoteInput,
        responses=EntryStateOutput,
    )
    def partial_update(self, request: Request, pk: str, part: str) -> Response:
        row = talent_lists.annotate(
            entry=self.entry(part),
            version=etags.expected_version(request),
            actor=self.actor,
            **self.read(NoteInput),
        )
        return self.show(EntryStateOutput, row)

    @extend_schema(
        operation_id="talent_list_entries_move",
        summary="Move somebody within a list",
        parameters=[_LIST, _ENTRY],
        request=MoveInput,
        responses=EntryStateOutput,
        examples=[OpenApiExample("To the end", request_only=True, value={"before": None})],
    )
    def move(self, request: Request, pk: str, part: str) -> Response:
        row = talent_lists.move(entry=self.entry(part), actor=self.actor, **self.read(MoveInput))
        return self.show(EntryStateOutput, row)

    @extend_schema(
        operation_id="talent_list_entries_remove",
        summary="Take somebody off a list",
        parameters=[_LIST, _ENTRY],
        responses={204: None},
    )
    def destroy(self, request: Request, pk: str, part: str) -> Response:
        talent_lists.remove(entry=self.entry(part), actor=self.actor)
        return Response(status=204)


_COLUMNS = (
    "position", "professional", "status", "headline_en", "headline_es", "function", "seniority", "country", "cluster",
    "rate_amount", "rate_currency", "weekly_hours", "available_from", "available_until", "english", "spanish", "skills",
    "added_by", "added_at",
)  # fmt: skip


class TalentListExport(ScopedViewSet):
    """A list as a table: facts under opaque ids, no names, no contact, and no notes, which may hold both."""

    model = TalentList
    permissions = {"retrieve": Permission.READ_SUPPLY}
    renderer_classes = (CSVRenderer, JSONRenderer)
    schema_tags = ("talent lists",)

    @extend_schema(
        operation_id="talent_lists_export",
        summary="A list for a spreadsheet",
        description="UTF-8, one line per person in sight, in the order of the list. No names, contact or notes; texts "
        "that a spreadsheet would run as a formula are led by an apostrophe.",
        parameters=[_LIST],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        row: TalentList = self.get_object()
        people = Professional.objects.with_claims()
        entries = (
            TalentListEntry.objects.visible_to(self.actor)
            .filter(talent_list=row)
            .order_by("position", "pk")
            .prefetch_related(Prefetch("professional", people))
        )
        table = Table(slugify(row.name) or "list", _COLUMNS, [list(_cells(entry)) for entry in entries])
        headers = {"Content-Disposition": f'attachment; filename="{table.file_name}.csv"', "Cache-Control": "no-store"}
        return Response(table, content_type="text/csv; charset=utf-8", headers=headers)


def _cells(entry: TalentListEntry) -> Iterator[Any]:
    person: Professional = entry.professional
    spoken = {each.language: Cefr(each.speaking).name for each in person.languages.all()}
    claims = sorted(person.claims.all(), key=lambda claim: (-claim.level, claim.skill.code))
    yield entry.position
    yield person.public_id
    yield person.status
    yield person.headline_en
    yield person.headline_es
    yield Function(person.main_function).name.lower()
    yield Seniority(person.seniority).name.lower()
    yield COUNTRY_CODES[person.country]
    yield person.cluster
    yield person.rate_amount
    yield person.rate_currency
    yield f"{person.weekly_minutes / 60:g}"
    yield person.available_from
    yield person.available_until
    yield spoken.get("en", "").lower()
    yield spoken.get("es", "").lower()
    yield "; ".join(f"{claim.skill.code}:{claim.level} ({Evidence(claim.evidence).name.lower()})" for claim in claims)
    yield _user(entry.added_by_id)
    yield entry.created_at.isoformat()


def _user(key: uuid.UUID | None) -> str:
    return identifiers.encode("user", key) if key else ""
