"""A professional's own profile: what it says and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Permission
from marketplace.kernel.errors import NotFound
from marketplace.rest import etags
from marketplace.rest.viewsets import ScopedViewSet
from profiles.api.inputs import NothingInput, ProfileInput
from profiles.api.outputs import OwnProfileOutput
from profiles.models import Professional
from profiles.services import professionals

PROFILE_EXAMPLE = OpenApiExample(
    "A mainframe engineer",
    request_only=True,
    value={
        "given_names": "María José",
        "family_names": "Hernández Núñez",
        "headline_en": "Mainframe engineer, COBOL and DB2",
        "headline_es": "Ingeniera de mainframe, COBOL y DB2",
        "main_function": "engineering",
        "seniority": "senior",
        "country": "MX",
        "city": "Guadalajara",
        "time_zone": "America/Mexico_City",
        "working_hours": {"starts": "09:00", "ends": "18:00"},
        "rate": {"amount": "55.00", "currency": "USD"},
        "weekly_minutes": 2400,
    },
)


class OwnView(ScopedViewSet):
    """Routes under ``/professionals/me``: they always speak of the caller's own profile."""

    model = Professional

    @property
    def actor(self) -> Actor:
        return self.request.user  # type: ignore[return-value]

    def own(self) -> Professional:
        """Return the caller's profile. Raises NotFound ``no_profile`` before registration."""
        mine = Professional.objects.visible_to(self.actor).filter(user=self.actor.user)
        found: Professional | None = mine.with_everything().first()
        if found is None:
            raise NotFound("no_profile", _("You have no profile yet; register with POST /professionals."))
        return found


class OwnProfile(OwnView):
    permissions = {
        "retrieve": Permission.READ_OWN_PROFILE,
        "partial_update": Permission.WRITE_OWN_PROFILE,
        "submit": Permission.WRITE_OWN_PROFILE,
        "pause": Permission.WRITE_OWN_PROFILE,
        "resume": Permission.WRITE_OWN_PROFILE,
        "archive": Permission.WRITE_OWN_PROFILE,
    }
    serializer_class = OwnProfileOutput
    schema_tags = ("own profile",)

    @extend_schema(operation_id="own_profile_read", summary="Your profile", responses=OwnProfileOutput)
    def retrieve(self, request: Request) -> Response:
        return self.show(OwnProfileOutput, self.own())

    @extend_schema(
        operation_id="own_profile_update",
        summary="Change your profile",
        description="Send If-Match with the ETag you saw. Hours below what is already promised are refused with 409.",
        request=ProfileInput,
        responses=OwnProfileOutput,
        examples=[
            OpenApiExample("A new rate", request_only=True, value={"rate": {"amount": "60.00", "currency": "USD"}})
        ],
    )
    def partial_update(self, request: Request) -> Response:
        fields = self.read(ProfileInput, partial=True)
        professionals.update(
            professional=self.own(), version=etags.expected_version(request), actor=self.actor, **fields
        )
        return self.show(OwnProfileOutput, self.own())

    @extend_schema(
        operation_id="own_profile_submit",
        summary="Ask for review",
        description="422 `incomplete` names what is missing.",
        request=NothingInput,
        responses=OwnProfileOutput,
    )
    def submit(self, request: Request) -> Response:
        return self._move(professionals.submit)

    @extend_schema(
        operation_id="own_profile_pause",
        summary="Take a pause from new matches",
        request=NothingInput,
        responses=OwnProfileOutput,
    )
    def pause(self, request: Request) -> Response:
        return self._move(professionals.pause)

    @extend_schema(
        operation_id="own_profile_resume",
        summary="Come back from a pause",
        request=NothingInput,
        responses=OwnProfileOutput,
    )
    def resume(self, request: Request) -> Response:
        return self._move(professionals.resume)

    @extend_schema(
        operation_id="own_profile_archive",
        summary="Close your profile for good",
        description="409 `has_bookings` while hours are promised.",
        request=NothingInput,
        responses=OwnProfileOutput,
    )
    def archive(self, request: Request) -> Response:
        return self._move(professionals.archive)

    def _move(self, service: Callable[..., Any]) -> Response:
        self.read(NothingInput)
        service(professional=self.own(), actor=self.actor)
        return self.show(OwnProfileOutput, self.own())
