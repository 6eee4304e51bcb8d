"""Saved searches over HTTP: kept, run, followed, and what they have told."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.kernel import identifiers
from marketplace.kernel.errors import NotFound
from marketplace.rest import etags
from marketplace.rest.fields import IdField, StrictSerializer
from marketplace.rest.filters import IdFilter, RecordFilterSet
from marketplace.rest.viewsets import ScopedViewSet
from profiles.api import saved_queries
from profiles.api.inputs import NothingInput
from profiles.api.outputs import FoundProfessionalOutput, ProfessionalSummaryOutput
from profiles.api.ranked_pages import RankedPagination
from profiles.models import Cadence, Professional, SavedSearch, SavedSearchAlert, SavedSearchMatch
from profiles.services import saved_searches
from profiles.states import OUT_OF_SIGHT

_SEARCH = OpenApiParameter("id", str, OpenApiParameter.PATH, description="the saved search, `search_…`")


class SavedSearchInput(StrictSerializer):
    name = serializers.CharField(max_length=120)
    query = saved_queries.QueryField()
    shared = serializers.BooleanField(required=False, help_text="let every recruiter see and run it")
    cadence = serializers.ChoiceField(
        choices=Cadence.choices, required=False, help_text="how often it looks for new people; daily unless stated"
    )


class SavedSearchOutput(serializers.Serializer[SavedSearch]):
    """`followed` says whether new people are told of; `unseen` counts the alerts that its owner has not seen."""

    id = IdField("search", source="pk")
    name = serializers.CharField()
    owner = IdField("user", source="owner_id")
    shared = serializers.BooleanField()
    query = saved_queries.QueryField()
    cadence = serializers.ChoiceField(choices=Cadence.choices)
    unseen = serializers.SerializerMethodField()
    looked_at = serializers.DateTimeField(allow_null=True)
    next_look_at = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField(help_text="why the last look failed, empty when it did not")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_unseen(self, row: SavedSearch) -> int:
        return int(getattr(row, "unseen", 0))


class AlertOutput(serializers.Serializer[SavedSearchAlert]):
    id = IdField("alert", source="pk")
    people = serializers.IntegerField(help_text="how many people match who were never told of before")
    seen_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class LookOutput(serializers.Serializer[Any]):
    """What a look found: the alert, or null when nobody is new."""

    alert = AlertOutput(allow_null=True)


class SeenInput(StrictSerializer):
    alerts = serializers.ListField(
        child=IdField("alert"), required=False, max_length=100, help_text="all of them unless some are named"
    )


class SeenOutput(serializers.Serializer[Any]):
    marked = serializers.IntegerField()


class MatchedOutput(serializers.Serializer[SavedSearchMatch]):
    alert = IdField("alert", source="alert_id")
    told_at = serializers.DateTimeField(source="created_at")
    professional = ProfessionalSummaryOutput()


class SavedSearchFilterSet(RecordFilterSet):
    mine = filters.BooleanFilter(method="of_the_actor", label=_("Your own, or only those that others share"))
    cadence = filters.MultipleChoiceFilter(choices=Cadence.choices)

    class Meta:
        model = SavedSearch
        fields: tuple[str, ...] = ()

    def of_the_actor(self, rows: QuerySet[SavedSearch], name: str, value: bool) -> QuerySet[SavedSearch]:
        own = Q(owner=self.request.user.user)
        return rows.filter(own if value else ~own)


class SavedSearches(ScopedViewSet):
    """What recruiters keep. Shared ones are seen and run by all of them and changed by their owner."""

    model = SavedSearch
    permissions = dict.fromkeys(
        ("list", "create", "retrieve", "partial_update", "destroy", "run", "seen"), Permission.READ_SUPPLY
    )
    filterset_class = SavedSearchFilterSet
    serializer_class = SavedSearchOutput
    schema_tags = ("saved searches",)

    def get_queryset(self) -> QuerySet[SavedSearch]:
        rows: QuerySet[SavedSearch] = super().get_queryset()
        return rows.defer("known").annotate(unseen=Count("alerts", filter=Q(alerts__seen_at__isnull=True)))

    @extend_schema(
        operation_id="saved_searches_list",
        summary="Your saved searches and those that others share",
        responses=SavedSearchOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(SavedSearchOutput, self.get_queryset())

    @extend_schema(
        operation_id="saved_searches_create",
        summary="Keep a search",
        description="`query` holds the parameters of `GET /professionals`; one that it does not know is refused. "
        "People who match now are not new. 422 `too_broad` when more than 50,000 do and it is to be followed.",
        request=SavedSearchInput,
        responses={201: SavedSearchOutput},
        examples=[
            OpenApiExample(
                "Mainframe engineers who can speak to a client",
                request_only=True,
                value={
                    "name": "COBOL for the East Coast",
                    "query": {"skill": ["cobol:4"], "speaks": "en:b2", "country": "MX"},
                    "cadence": "daily",
                },
            )
        ],
    )
    def create(self, request: Request) -> Response:
        row = saved_searches.create(read=saved_queries.read, actor=self.actor, **self.read(SavedSearchInput))
        return self.show(SavedSearchOutput, row, status=201, location=f"/api/v1/saved-searches/{row.public_id}")

    @extend_schema(operation_id="saved_searches_read", summary="One saved search", responses=SavedSearchOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(SavedSearchOutput, self.get_object())

    @extend_schema(
        operation_id="saved_searches_update",
        summary="Change a saved search",
        description="For its owner. Another query, or alerts switched on, begin anew: who matches then is not new.",
        request=SavedSearchInput(partial=True),
        responses=SavedSearchOutput,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        saved_searches.update(
            saved=self.get_object(),
            version=etags.expected_version(request),
            read=saved_queries.read,
            actor=self.actor,
            **self.read(SavedSearchInput, partial=True),
        )
        return self.retrieve(request, pk)

    @extend_schema(
        operation_id="saved_searches_delete", summary="Forget a saved search and its alerts", responses={204: None}
    )
    def destroy(self, request: Request, pk: str) -> Response:
        saved_searches.delete(saved=self.get_object(), actor=self.actor)
        return Response(status=204)

    @extend_schema(
        operation_id="saved_searches_run",
        summary="Look for new people now",
        description="As its next look would, without waiting for it. 409 `not_followed` with alerts off.",
        request=NothingInput,
        responses=LookOutput,
    )
    def run(self, request: Request, pk: str) -> Response:
        self.read(NothingInput)
        alert = saved_searches.look(saved=self.get_object(), read=saved_queries.read, actor=self.actor)
        return Response(LookOutput({"alert": alert}).data)

    @extend_schema(
        operation_id="saved_searches_mark_seen",
        summary="Mark alerts as seen",
        request=SeenInput,
        responses=SeenOutput,
        examples=[OpenApiExample("All of them", request_only=True, value={})],
    )
    def seen(self, request: Request, pk: str) -> Response:
        marked = saved_searches.mark_seen(saved=self.get_object(), actor=self.actor, **self.read(SeenInput))
        return Response(SeenOutput({"marked": marked}).data)


class _PartOfSearch(ScopedViewSet):
    """What belongs to one saved search, which must be visible to the actor."""

    model = SavedSearch
    permissions = {"list": Permission.READ_SUPPLY}
    schema_tags = ("saved searches",)

    def saved(self) -> SavedSearch:
        key = identifiers.decode(SavedSearch.prefix, self.kwargs["pk"])
        row: SavedSearch | None = SavedSearch.objects.visible_to(self.actor).defer("known").filter(pk=key).first()
        if row is None:
            raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
        return row


class SavedSearchPeople(_PartOfSearch):
    """Whoever matches, as the search itself answers."""

    filter_backends = ()  # type: ignore[assignment]
    pagination_class = RankedPagination
    serializer_class = FoundProfessionalOutput

    @extend_schema(
        operation_id="saved_searches_people",
        summary="Run a saved search",
        description="The pages of `GET /professionals` with the kept query.",
        parameters=[_SEARCH],
        responses=FoundProfessionalOutput(many=True),
    )
    def list(self, request: Request, pk: str) -> Response:
        people = Professional.objects.visible_to(self.actor)
        page = self.paginate_queryset(saved_queries.search_of(self.saved().query, people))  # type: ignore[arg-type]
        return self.get_paginated_response(FoundProfessionalOutput(page, many=True).data)  # type: ignore[arg-type]


class SavedSearchAlerts(_PartOfSearch):
    filter_backends = ()  # type: ignore[assignment]
    serializer_class = AlertOutput

    @extend_schema(
        operation_id="saved_searches_alerts",
        summary="What a saved search has told, newest first",
        parameters=[_SEARCH],
        responses=AlertOutput(many=True),
    )
    def list(self, request: Request, pk: str) -> Response:
        page = self.paginate_queryset(SavedSearchAlert.objects.filter(search=self.saved()))
        return self.get_paginated_response(AlertOutput(page, many=True).data)  # type: ignore[arg-type]


class MatchFilterSet(filters.FilterSet):
    alert = IdFilter("alert", field_name="alert_id", label=_("The people of one alert"))

    class Meta:
        model = SavedSearchMatch
        fields: tuple[str, ...] = ()


class SavedSearchMatches(_PartOfSearch):
    filterset_class = MatchFilterSet
    serializer_class = MatchedOutput

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return SavedSearchMatch.objects.none()
        told = SavedSearchMatch.objects.filter(search=self.saved()).exclude(professional__status__in=OUT_OF_SIGHT)
        return told.select_related("professional").prefetch_related(
            "professional__claims__skill", "professional__languages"
        )

    @extend_schema(
        operation_id="saved_searches_matches",
        summary="The people whom a saved search has told of, newest first",
        description="People who are out of sight by now (archived, blocked, erased) are left out.",
        parameters=[_SEARCH],
        responses=MatchedOutput(many=True),
    )
    def list(self, request: Request, pk: str) -> Response:
        return self.show_page(MatchedOutput, self.get_queryset())
