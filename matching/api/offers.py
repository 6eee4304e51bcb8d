"""Offers: the client reads the terms, accepts, declines or asks for a change; a recruiter may take one back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.rest import etags
from marketplace.rest.viewsets import ScopedViewSet
from matching.api.filters import OfferFilterSet
from matching.api.inputs import AcceptanceInput, ChangeRequestInput, DeclineInput, WithdrawalInput
from matching.api.outputs.offers import AcceptedOutput, OfferOutput
from matching.models import Offer
from matching.services import offers

IF_MATCH = {"x-if-match": True}


class Offers(ScopedViewSet):
    model = Offer
    filterset_class = OfferFilterSet
    schema_tags = ("offers",)
    permissions = {
        "list": Permission.READ_OFFERS,
        "retrieve": Permission.READ_OFFERS,
        "accept": Permission.DECIDE_OFFERS,
        "decline": Permission.DECIDE_OFFERS,
        "request_change": Permission.DECIDE_OFFERS,
        "withdraw": Permission.REVIEW_PROPOSALS,
    }

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("proposal")

    @extend_schema(
        operation_id="offers_list",
        summary="List offers, newest first",
        responses=OfferOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(OfferOutput, self.get_queryset())

    @extend_schema(
        operation_id="offers_retrieve",
        summary="Read the terms of an offer",
        responses=OfferOutput,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.show(OfferOutput, self.get_object())

    @extend_schema(
        operation_id="offers_accept",
        summary="Accept an offer as it was seen",
        description=(
            "Everybody's hours are held, or nobody's. 409 `people_not_free` means that somebody was booked meanwhile: "
            "nothing is held, the offer is withdrawn, and a fresh run has been asked for."
        ),
        request=AcceptanceInput,
        responses={201: AcceptedOutput},
        parameters=[
            OpenApiParameter(
                "Location", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The engagement", response=[201]
            )
        ],
        extensions=IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        offer = self.get_object()
        self.read(AcceptanceInput)
        engagement = offers.accept(offer=offer, seen_version=etags.expected_version(request), actor=self.actor)
        where = f"/api/v1/engagements/{engagement.public_id}"
        return self.show(AcceptedOutput, engagement, status=201, location=where)

    @extend_schema(
        operation_id="offers_decline",
        summary="Decline an offer as it was seen",
        request=DeclineInput,
        responses=OfferOutput,
        examples=[OpenApiExample("Too dear", {"reason_code": "cost"}, request_only=True)],
        extensions=IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        offer = self.get_object()
        reason = self.read(DeclineInput)
        declined = offers.decline(offer=offer, seen_version=etags.expected_version(request), actor=self.actor, **reason)
        return self.show(OfferOutput, declined)

    @extend_schema(
        operation_id="offers_request_change",
        summary="Ask for something else than the offer as it was seen",
        description=(
            "The offer can no longer be accepted; the cell goes back to the recruiters with your message, and they "
            "offer it again or another one. 409 `offer_expired` when its time was over."
        ),
        request=ChangeRequestInput,
        responses=OfferOutput,
        examples=[
            OpenApiExample(
                "For less",
                {"reason_code": "cost", "message": "Could the data steward work half time?"},
                request_only=True,
            )
        ],
        extensions=IF_MATCH,
    )
    @action(detail=True, methods=["post"], url_path="request-change")
    def request_change(self, request: Request, pk: str) -> Response:
        offer = self.get_object()
        body = self.read(ChangeRequestInput)
        seen = etags.expected_version(request)
        return self.show(OfferOutput, offers.request_change(offer=offer, seen_version=seen, actor=self.actor, **body))

    @extend_schema(
        operation_id="offers_withdraw",
        summary="Take an offer back before the client has decided",
        description="Its cell is approved again and can be offered anew.",
        request=WithdrawalInput,
        responses=OfferOutput,
        examples=[OpenApiExample("Wrong terms", {"reason_code": "terms_wrong"}, request_only=True)],
        extensions=IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        offer = self.get_object()
        body = self.read(WithdrawalInput)
        seen = etags.expected_version(request)
        return self.show(OfferOutput, offers.withdraw(offer=offer, seen_version=seen, actor=self.actor, **body))
