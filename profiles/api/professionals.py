"""Supply as recruiters and operators see it, and the registration of a professional."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Permission
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.rest import etags
from marketplace.rest.viewsets import ScopedViewSet
from profiles.api import evidence, inputs, outputs
from profiles.api.facet_names import counts
from profiles.api.filters import ProfessionalFilterSet
from profiles.api.own_parts import part_id
from profiles.api.own_profile import PROFILE_EXAMPLE
from profiles.api.ranked_pages import RankedPagination
from profiles.levels import Evidence, LanguageCode
from profiles.models import Professional
from profiles.services import certificates, claims, languages, merges, professionals, tax_ids, verifications


def _part(description: str, **options: Any) -> OpenApiParameter:
    return OpenApiParameter("part", str, OpenApiParameter.PATH, description=description, **options)


class Professionals(ScopedViewSet):
    model = Professional
    permissions = {
        "list": Permission.READ_SUPPLY,
        "facets": Permission.READ_SUPPLY,
        "retrieve": Permission.READ_SUPPLY,
        "create": Permission.WRITE_OWN_PROFILE,
        "approve": Permission.VERIFY_SUPPLY,
        "send_back": Permission.VERIFY_SUPPLY,
        "verify_skill": Permission.VERIFY_SUPPLY,
        "verify_language": Permission.VERIFY_SUPPLY,
        "verify_certificate": Permission.VERIFY_SUPPLY,
        "read_verifications": Permission.READ_SUPPLY,
        "read_tax_ids": Permission.READ_IDENTIFIERS,
    }
    filterset_class = ProfessionalFilterSet
    action_parameters: ClassVar = {"facets": frozenset(ProfessionalFilterSet.base_filters)}
    pagination_class = RankedPagination
    serializer_class = outputs.ProfessionalOutput
    schema_tags = ("professionals",)

    @property
    def actor(self) -> Actor:
        return self.request.user  # type: ignore[return-value]

    def get_queryset(self) -> QuerySet[Professional]:
        people = super().get_queryset()
        if self.action == "list":
            return people
        return people.with_everything()  # type: ignore[attr-defined, no-any-return]

    def get_object(self) -> Professional:
        """Return the person; the id of a profile that was merged leads to the other one, for reading only."""
        try:
            return super().get_object()  # type: ignore[no-any-return]
        except NotFound:
            survivor = merges.survivor_of(self.kwargs["pk"]) if self.actor.may(Permission.READ_SUPPLY) else None
            if survivor is None:
                raise
            if self.request.method not in SAFE_METHODS:
                raise Conflict(
                    "merged",
                    _("This profile was merged into another one; do it there."),
                    data={"merged_into": survivor.public_id},
                ) from None
            self.kwargs["pk"] = survivor.public_id
            return super().get_object()  # type: ignore[no-any-return]

    @extend_schema(
        operation_id="professionals_list",
        summary="Search professionals",
        description="Best first, by a whole number of points (`score`): what the person shows and the skill asked for "
        "— 100 per level, 60 per step of evidence, 6 per year of practice up to 15, 4 per calendar year of last use "
        "after 2000, 40 per step of seniority and 25 per CEFR step of spoken English. The first `skill` ranks, the "
        "others must hold. `q` understands skills by any of their names in English and Spanish; `matched` says why "
        "somebody was found.",
        responses=outputs.FoundProfessionalOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(outputs.FoundProfessionalOutput, self.get_queryset())

    @extend_schema(
        operation_id="professionals_facets",
        summary="Count what the professionals of a search have in common",
        description="Takes the filters of the list. Counted are the first 1,000 people in the order of the search, or "
        "fewer, but at least 100, where more would have to be looked for far from the top: the answer costs no more "
        "for a wide search than for a narrow one. `at_least` tells that there are more. "
        "Of cities, clusters and skills the 20 most frequent are shown.",
        responses=outputs.FacetsOutput,
        filters=True,
    )
    @action(detail=False, methods=["get"])
    def facets(self, request: Request) -> Response:
        wanted: Any = self.filter_queryset(self.get_queryset())
        return Response(outputs.FacetsOutput(counts(wanted)).data)

    @extend_schema(
        operation_id="professionals_read",
        summary="One professional",
        description="The id of a profile that was merged into another one answers that one, under its own `id`, and "
        "names it in `Content-Location`.",
        responses=outputs.ProfessionalOutput,
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        answer = self.show(outputs.ProfessionalOutput, row)
        if row.public_id != pk:
            answer["Content-Location"] = f"/api/v1/professionals/{row.public_id}"
        return answer

    @extend_schema(
        operation_id="professionals_register",
        summary="Register your own profile",
        description="A profile begins in draft; complete it and submit it for review.",
        request=inputs.ProfileInput,
        responses={201: outputs.OwnProfileOutput},
        examples=[PROFILE_EXAMPLE],
    )
    def create(self, request: Request) -> Response:
        row = professionals.register(actor=self.actor, **self.read(inputs.ProfileInput))
        return self.show(outputs.OwnProfileOutput, row, status=201, location="/api/v1/professionals/me")

    @extend_schema(
        operation_id="professionals_approve",
        summary="Let a professional into the market",
        description="If-Match names the version that was judged.",
        request=inputs.NothingInput,
        responses=outputs.ProfessionalOutput,
        extensions={"x-if-match": True},
    )
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        self.read(inputs.NothingInput)
        professionals.approve(professional=self.get_object(), version=etags.expected_version(request), actor=self.actor)
        return self.retrieve(request, pk)

    @extend_schema(
        operation_id="professionals_send_back",
        summary="Return a profile to its owner with a reason",
        request=inputs.NoteInput,
        responses=outputs.ProfessionalOutput,
        examples=[
            OpenApiExample(
                "A reason", request_only=True, value={"reason": "Please add the dates of your last position."}
            )
        ],
    )
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        professionals.send_back(professional=self.get_object(), actor=self.actor, **self.read(inputs.NoteInput))
        return self.retrieve(request, pk)

    @extend_schema(
        operation_id="professionals_verify_skill",
        summary="Say what stands behind a claim to a skill",
        description="`level` is the level that you saw: 409 `claim_changed` when another one is claimed by now.",
        parameters=[_part("code of the skill")],
        request=inputs.VerifyClaimInput,
        responses=outputs.SkillClaimOutput,
        examples=[
            OpenApiExample("Code review", request_only=True, value={"level": 4, "source": "Code review, two hours"})
        ],
    )
    @action(detail=True, methods=["post"], url_path=r"skills/(?P<part>[a-z0-9-]{1,64})/verify")
    def verify_skill(self, request: Request, pk: str, part: str) -> Response:
        seen = {"evidence": Evidence.VERIFIED, "expires_on": None, **self.read(inputs.VerifyClaimInput)}
        row = claims.verify(professional=self.get_object(), code=part, actor=self.actor, **seen)
        return self.show(outputs.SkillClaimOutput, row)

    @extend_schema(
        operation_id="professionals_verify_language",
        summary="Say what stands behind a language",
        parameters=[_part("the language", enum=LanguageCode.values)],
        request=inputs.VerifyLanguageInput,
        responses=evidence.LanguageOutput,
        examples=[
            OpenApiExample(
                "An interview", request_only=True, value={"speaking": "c1", "source": "Interview, 30 minutes"}
            )
        ],
    )
    @action(detail=True, methods=["post"], url_path=r"languages/(?P<part>[a-z]{2})/verify")
    def verify_language(self, request: Request, pk: str, part: str) -> Response:
        seen = {"evidence": Evidence.VERIFIED, **self.read(inputs.VerifyLanguageInput)}
        row = languages.verify(professional=self.get_object(), language=part, actor=self.actor, **seen)
        return self.show(evidence.LanguageOutput, row)

    @extend_schema(
        operation_id="professionals_verify_certificate",
        summary="Say that a certificate was seen",
        description="If-Match names the version of the profile that you saw.",
        examples=[OpenApiExample("Registry", request_only=True, value={"source": "Public registry of the issuer"})],
        parameters=[_part("the certificate, `cert_…`")],
        request=inputs.VerifyCertificateInput,
        responses=evidence.CertificateOutput,
        extensions={"x-if-match": True},
    )
    @action(detail=True, methods=["post"], url_path=r"certificates/(?P<part>cert_[0-9a-z]{26})/verify")
    def verify_certificate(self, request: Request, pk: str, part: str) -> Response:
        row = certificates.verify(
            professional=self.get_object(),
            certificate_id=part_id("cert", part),
            version=etags.expected_version(request),
            actor=self.actor,
            **{"evidence": Evidence.VERIFIED, **self.read(inputs.VerifyCertificateInput)},
        )
        return self.show(evidence.CertificateOutput, row)

    @extend_schema(
        operation_id="professionals_verifications",
        summary="Who verified what of somebody's profile, newest first",
        responses=evidence.VerificationsOutput,
    )
    @action(detail=True, methods=["get"], url_path="verifications")
    def read_verifications(self, request: Request, pk: str) -> Response:
        return Response(evidence.VerificationsOutput({"verifications": verifications.of(self.get_object())}).data)

    @extend_schema(
        operation_id="professionals_read_tax_ids",
        summary="Read somebody's RFC and CURP",
        description="For operators. Every reading is written to the audit log.",
        responses=outputs.TaxIdsOutput,
    )
    @action(detail=True, methods=["get"], url_path="tax-ids")
    def read_tax_ids(self, request: Request, pk: str) -> Response:
        found = tax_ids.read(professional=self.get_object(), actor=self.actor)
        return Response(outputs.TaxIdsOutput(found).data, headers={"Cache-Control": "no-store"})
