"""Ratings by both sides once an engagement is over."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission, Role
from marketplace.clients.api.lifecycle_filters import RatingFilter
from marketplace.clients.api.serializers.ratings import (
    BandOutput,
    PendingRatingOutput,
    RatingBandsQuery,
    RatingInput,
    RatingOutput,
)
from marketplace.clients.api.views.found import found
from marketplace.clients.models import Organization, Placement, Rating
from marketplace.clients.services import ratings
from marketplace.kernel.errors import Invalid
from marketplace.rest.viewsets import ScopedViewSet
from profiles.models import Professional


class RatingViewSet(ScopedViewSet):
    """How both sides found the work: each is shown when both have rated, or when the time is over."""

    model = Rating
    filterset_class = RatingFilter
    schema_tags = ("ratings",)
    permissions = {
        "list": Permission.READ_RATINGS,
        "retrieve": Permission.READ_RATINGS,
        "create": Permission.WRITE_RATINGS,
        "pending": Permission.WRITE_RATINGS,
    }

    @extend_schema(
        operation_id="ratings_list",
        summary="List ratings, newest first",
        description="One's own, and the other side's once both have rated or the time is over.",
        responses=RatingOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(RatingOutput, self.get_queryset().prefetch_related("skills__skill"))

    @extend_schema(operation_id="ratings_retrieve", summary="See a rating", responses=RatingOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(RatingOutput, self.get_object())

    @extend_schema(
        operation_id="ratings_create",
        summary="Rate a placement once the engagement is over",
        description=(
            f"Within {ratings.WINDOW.days} days. The client rates the professional, with what was asked of their "
            "skills; the professional rates the client. A good score of a skill becomes dated evidence for the claim; "
            "no score is read by matching."
        ),
        request=RatingInput,
        responses={201: RatingOutput},
        examples=[
            OpenApiExample(
                "The client of an engineer",
                {
                    "placement": "place_01jd9zt8e5f0h4m2q6r8s0v2x4",
                    "overall": 5,
                    "communication": 4,
                    "skills": [{"skill": "cobol", "score": 5}],
                },
                request_only=True,
            )
        ],
    )
    def create(self, request: Request) -> Response:
        fields = self.read(RatingInput)
        placement = found(Placement, self.actor, fields.pop("placement"))
        row = ratings.rate(placement=placement, actor=self.actor, **fields)
        return self.show(RatingOutput, row, status=201, location=f"/api/v1/ratings/{row.public_id}")

    @extend_schema(
        operation_id="ratings_pending",
        summary="What one's own side can still rate",
        filters=False,
        responses=PendingRatingOutput(many=True),
    )
    @action(detail=False, methods=["get"])
    def pending(self, request: Request) -> Response:
        page = self.paginate_queryset(ratings.pending(self.actor))
        return self.get_paginated_response(
            PendingRatingOutput(page, many=True, context=self.get_serializer_context()).data
        )


class RatingBandViewSet(ScopedViewSet):
    """Ratings in bands, as far as enough engagements say something."""

    model = Rating
    pagination_class = None
    schema_tags = ("ratings",)
    filter_backends = ()  # type: ignore[assignment]
    permissions = {"list": Permission.READ_RATINGS}
    query_parameters = frozenset({"professional", "organization"})

    @extend_schema(
        operation_id="rating_bands_list",
        summary="How others found a person or a client",
        description=(
            "One's own unless asked by a recruiter, who names a person or a client. A band is given from "
            f"{ratings.LEAST_ENGAGEMENTS} engagements on."
        ),
        parameters=[RatingBandsQuery],
        responses=BandOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return Response(BandOutput(self._bands(), many=True).data)

    def _bands(self) -> Sequence[ratings.Band]:
        asked = self.read_query(RatingBandsQuery)
        if self.actor.role == Role.PROFESSIONAL and not asked:
            mine = Professional.objects.visible_to(self.actor).first()
            return ratings.bands_of_professional(mine.pk) if mine else []
        if "professional" in asked:
            return ratings.bands_of_professional(found(Professional, self.actor, asked["professional"]).pk)
        organizations = Organization.objects.visible_to(self.actor)
        if "organization" in asked:
            return ratings.bands_of_organization(found(Organization, self.actor, asked["organization"]).pk)
        only = organizations.first() if not self.actor.is_staff_side and organizations.count() == 1 else None
        if only is None:
            raise Invalid.field("/organization", "required", _("Say whose ratings you want to see."))
        return ratings.bands_of_organization(only.pk)
