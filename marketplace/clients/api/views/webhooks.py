"""Webhooks of an organization: endpoints, their secrets, and what became of each message."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.clients.api.serializers.webhooks import (
    FactKindOutput,
    NewWebhookOutput,
    RecoverInput,
    RecoverOutput,
    WebhookDeliveryDetail,
    WebhookDeliveryOutput,
    WebhookEdit,
    WebhookInput,
    WebhookOutput,
)
from marketplace.clients.api.views.organizations import ORGANIZATION_PATH, PartOfOrganization
from marketplace.delivery import facts, webhooks
from marketplace.delivery.models import OutboxEvent, WebhookDelivery, WebhookEndpoint
from marketplace.delivery.states import DeliveryStatus
from marketplace.kernel import identifiers
from marketplace.kernel.errors import NotFound
from marketplace.rest import etags
from marketplace.rest.filters import IdFilter, RecordFilterSet
from marketplace.rest.viewsets import ScopedViewSet

DELIVERIES_PATH = rf"{ORGANIZATION_PATH}/webhooks/(?P<webhook>whk_[0-9a-z]{{26}})/deliveries"
_ORGANIZATION = OpenApiParameter("organization", OpenApiTypes.STR, OpenApiParameter.PATH)
_WEBHOOK = OpenApiParameter("webhook", OpenApiTypes.STR, OpenApiParameter.PATH)


@extend_schema(parameters=[_ORGANIZATION])
class WebhookViewSet(PartOfOrganization):
    """Where an organization wants its facts sent, as Standard Webhooks; for its administrators only."""

    model = WebhookEndpoint
    schema_tags = ("webhooks",)
    permissions = dict.fromkeys(
        ("list", "create", "retrieve", "partial_update", "destroy", "rotate_secret", "test", "recover"),
        Permission.MANAGE_WEBHOOKS,
    )

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return WebhookEndpoint.objects.none()
        return WebhookEndpoint.objects.existing().filter(organization_id=self.organization().pk)

    @extend_schema(operation_id="webhooks_list", summary="List the endpoints", responses=WebhookOutput(many=True))
    def list(self, request: Request, organization: str) -> Response:
        return self.show_page(WebhookOutput, self.get_queryset())

    @extend_schema(
        operation_id="webhooks_create",
        summary="Add an endpoint; its secret is shown this once",
        description=(
            "Messages follow Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature` (`v1`, "
            "HMAC-SHA-256). They come at least once and in no promised order; answer 2xx within 15 seconds. Anything "
            "else is tried again up to seven times over some 28 hours; `410` disables the endpoint."
        ),
        request=WebhookInput,
        responses={201: NewWebhookOutput},
        examples=[
            OpenApiExample(
                "Offers to a procurement system",
                {
                    "url": "https://hooks.bank.example/celula",
                    "description": "Procurement sync",
                    "kinds": ["offer.sent", "engagement.started"],
                },
                request_only=True,
            )
        ],
    )
    def create(self, request: Request, organization: str) -> Response:
        owner = self.organization()
        row, secret = webhooks.create(organization_id=owner.pk, actor=self.actor, **self.read(WebhookInput))
        return self._show_new(row, secret, 201)

    @extend_schema(operation_id="webhooks_retrieve", summary="See an endpoint", responses=WebhookOutput)
    def retrieve(self, request: Request, organization: str, pk: str) -> Response:
        return self.show(WebhookOutput, self.get_object())

    @extend_schema(
        operation_id="webhooks_update",
        summary="Change, disable or enable an endpoint",
        request=WebhookEdit,
        responses=WebhookOutput,
        examples=[OpenApiExample("Disable it", {"enabled": False}, request_only=True)],
    )
    def partial_update(self, request: Request, organization: str, pk: str) -> Response:
        row, version = self.get_object(), etags.expected_version(request)
        changed = webhooks.update(endpoint=row, version=version, actor=self.actor, **self.read(WebhookEdit))
        return self.show(WebhookOutput, changed)

    @extend_schema(operation_id="webhooks_delete", summary="Delete an endpoint", responses={204: None})
    def destroy(self, request: Request, organization: str, pk: str) -> Response:
        webhooks.delete(endpoint=self.get_object(), actor=self.actor)
        return Response(status=204)

    @extend_schema(
        operation_id="webhooks_rotate_secret",
        summary="Replace the secret; for a day messages are signed by both",
        request=None,
        responses=NewWebhookOutput,
    )
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, request: Request, organization: str, pk: str) -> Response:
        row, secret = webhooks.rotate_secret(endpoint=self.get_object(), actor=self.actor)
        return self._show_new(row, secret, 200)

    @extend_schema(
        operation_id="webhooks_test",
        summary="Send a `webhook.test` to this endpoint",
        description="The delivery in the answer shows what became of it a moment later.",
        request=None,
        responses={202: WebhookDeliveryOutput},
    )
    @action(detail=True, methods=["post"])
    def test(self, request: Request, organization: str, pk: str) -> Response:
        return self.show(
            WebhookDeliveryOutput, webhooks.send_test(endpoint=self.get_object(), actor=self.actor), status=202
        )

    @extend_schema(
        operation_id="webhooks_recover",
        summary="Send what this endpoint has missed since a time",
        description="Facts that failed, or that happened while it was disabled or not there yet; ids stay the same.",
        request=RecoverInput,
        responses={202: RecoverOutput},
        examples=[OpenApiExample("Since Monday", {"since": "2026-11-16T00:00:00Z"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def recover(self, request: Request, organization: str, pk: str) -> Response:
        queued = webhooks.recover(endpoint=self.get_object(), actor=self.actor, **self.read(RecoverInput))
        return Response(RecoverOutput({"queued": queued}).data, status=202)

    def _show_new(self, row: WebhookEndpoint, secret: str, status: int) -> Response:
        shown = NewWebhookOutput({"webhook": row, "secret": secret}).data
        return Response(shown, status=status, headers={"ETag": etags.tag(row)})


class WebhookDeliveryFilter(RecordFilterSet):
    status = filters.MultipleChoiceFilter(choices=DeliveryStatus.choices, label="Any of these states; repeatable")
    kind = filters.CharFilter(field_name="event__kind", label="Only facts of this kind")
    event = IdFilter(OutboxEvent.prefix, field_name="event_id", label="Only this fact")


@extend_schema(parameters=[_ORGANIZATION, _WEBHOOK])
class WebhookDeliveryViewSet(PartOfOrganization):
    """What was sent to an endpoint in the last 30 days, and what came back."""

    model = WebhookDelivery
    filter_backends = (filters.DjangoFilterBackend,)  # type: ignore[assignment]
    filterset_class = WebhookDeliveryFilter
    schema_tags = ("webhooks",)
    permissions = dict.fromkeys(("list", "retrieve", "redeliver"), Permission.MANAGE_WEBHOOKS)

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return WebhookDelivery.objects.none()
        owner = self.organization()
        key = identifiers.decode(WebhookEndpoint.prefix, self.kwargs["webhook"])
        endpoint = WebhookEndpoint.objects.existing().filter(organization_id=owner.pk, pk=key).first()
        if endpoint is None:
            raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
        return WebhookDelivery.objects.filter(endpoint=endpoint).select_related("event")

    @extend_schema(
        operation_id="webhook_deliveries_list",
        summary="List the deliveries, newest first",
        responses=WebhookDeliveryOutput(many=True),
    )
    def list(self, request: Request, organization: str, webhook: str) -> Response:
        return self.show_page(WebhookDeliveryOutput, self.get_queryset())

    @extend_schema(
        operation_id="webhook_deliveries_retrieve",
        summary="See a delivery with each attempt and what is sent",
        responses=WebhookDeliveryDetail,
    )
    def retrieve(self, request: Request, organization: str, webhook: str, pk: str) -> Response:
        return self.show(WebhookDeliveryDetail, self.get_object())

    @extend_schema(
        operation_id="webhook_deliveries_redeliver",
        summary="Send a message once more, under the same id",
        request=None,
        responses={202: WebhookDeliveryOutput},
    )
    @action(detail=True, methods=["post"])
    def redeliver(self, request: Request, organization: str, webhook: str, pk: str) -> Response:
        return self.show(
            WebhookDeliveryOutput, webhooks.redeliver(delivery=self.get_object(), actor=self.actor), status=202
        )


class FactKindViewSet(ScopedViewSet):
    """The kinds of facts that can be pulled from `/events` and sent to webhooks."""

    model = OutboxEvent
    filter_backends = ()  # type: ignore[assignment]
    pagination_class = None
    schema_tags = ("webhooks",)
    permissions = {"list": Permission.READ_REFERENCE}

    @extend_schema(
        operation_id="webhook_event_kinds_list",
        summary="List every kind of fact",
        responses=FactKindOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return Response(FactKindOutput(list(facts.every_fact()), many=True).data)  # type: ignore[arg-type]
