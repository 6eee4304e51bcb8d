"""The parts of a professional's own profile: skills, languages, certificates, positions, time, identifiers."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.kernel import identifiers
from marketplace.kernel.errors import NotFound
from marketplace.rest import etags
from profiles.api import evidence, inputs, outputs
from profiles.api.own_profile import OwnView
from profiles.services import availability, certificates, claims, experiences, languages, tax_ids, verifications

_READ, _WRITE = Permission.READ_OWN_PROFILE, Permission.WRITE_OWN_PROFILE


def part_id(prefix: str, text: str) -> uuid.UUID:
    """Return the id of a part of a profile. Raises NotFound for anything that is none."""
    found = identifiers.decode(prefix, text)
    if found is None:
        raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
    return found


def _id_of(prefix: str, what: str) -> OpenApiParameter:
    return OpenApiParameter("part", str, OpenApiParameter.PATH, description=f"{what}, `{prefix}_…`")


class OwnSkills(OwnView):
    permissions = {"retrieve": _READ, "create": _WRITE, "update": _WRITE, "destroy": _WRITE}
    serializer_class = outputs.SkillClaimOutput
    schema_tags = ("own profile",)

    @extend_schema(operation_id="own_skills_list", summary="Your skills", responses=outputs.SkillClaimsOutput)
    def retrieve(self, request: Request) -> Response:
        row = self.own()
        answer = outputs.SkillClaimsOutput({"skills": row.claims.all()}).data
        return Response(answer, headers={"ETag": etags.tag(row)})

    @extend_schema(
        operation_id="own_skills_set",
        summary="Claim a skill, or change the claim",
        description="By code or by any name in English or Spanish. An unknown name is a 422 that offers the nearest "
        "ones. A changed claim loses its verification.",
        request=inputs.SkillClaimInput,
        responses={200: outputs.SkillClaimOutput, 201: outputs.SkillClaimOutput},
        examples=[
            OpenApiExample("COBOL", request_only=True, value={"skill": "COBOL", "level": 4, "years": 8}),
        ],
    )
    def create(self, request: Request) -> Response:
        claimed = claims.Claimed(**self.read(inputs.SkillClaimInput))
        claim, new = claims.set_one(professional=self.own(), claimed=claimed, actor=self.actor)
        return Response(outputs.SkillClaimOutput(claim).data, status=201 if new else 200)

    @extend_schema(
        operation_id="own_skills_replace",
        summary="Replace all your skills",
        description="Claims that stay as they were keep their verification.",
        request=inputs.SkillListInput,
        responses=outputs.SkillClaimsOutput,
        extensions={"x-if-match": True},
    )
    def update(self, request: Request) -> Response:
        claimed = [claims.Claimed(**each) for each in self.read(inputs.SkillListInput)["skills"]]
        claims.replace(
            professional=self.own(), claimed=claimed, version=etags.expected_version(request), actor=self.actor
        )
        return self.retrieve(request)

    @extend_schema(
        operation_id="own_skills_remove",
        summary="Take a skill back",
        parameters=[OpenApiParameter("part", str, OpenApiParameter.PATH, description="code of the skill")],
        responses={204: None},
    )
    def destroy(self, request: Request, part: str) -> Response:
        claims.remove(professional=self.own(), code=part, actor=self.actor)
        return Response(status=204)


class OwnLanguages(OwnView):
    permissions = {"retrieve": _READ, "create": _WRITE, "destroy": _WRITE}
    serializer_class = evidence.LanguageOutput
    query_parameters = frozenset({"until"})
    schema_tags = ("own profile",)

    @extend_schema(
        operation_id="own_languages_list",
        summary="Your languages, and until when their tests count",
        parameters=[evidence.ByDayInput],
        responses=evidence.LanguagesOutput,
    )
    def retrieve(self, request: Request) -> Response:
        rows = {"languages": self.own().languages.all()}
        return Response(evidence.LanguagesOutput(rows, context=self.read_query(evidence.ByDayInput)).data)

    @extend_schema(
        operation_id="own_languages_set",
        summary="State a language, or state it anew",
        description="CEFR levels by activity. The score of a test is kept as given; `result` shows how a named, dated "
        "table reads it, which published tables disagree, until when it counts, and `doubts` where it contradicts what "
        "is stated. Nothing is changed because of it.",
        request=inputs.LanguageInput,
        responses={200: evidence.LanguageOutput, 201: evidence.LanguageOutput},
        examples=[
            OpenApiExample(
                "English at C1",
                request_only=True,
                value={"language": "en", "speaking": "c1", "listening": "c1", "reading": "c1", "writing": "b2"},
            ),
            OpenApiExample(
                "With a test",
                request_only=True,
                value={
                    "language": "en",
                    "speaking": "b2",
                    "test": "TOEFL iBT",
                    "raw_score": "4.5",
                    "section_scores": {"listening": "5", "speaking": "4", "reading": "5", "writing": "4"},
                    "scale_version": "1-6",
                    "tested_on": "2026-03-01",
                },
            ),
        ],
    )
    def create(self, request: Request) -> Response:
        row, new = languages.set_one(professional=self.own(), actor=self.actor, **self.read(inputs.LanguageInput))
        return Response(evidence.LanguageOutput(row).data, status=201 if new else 200)

    @extend_schema(
        operation_id="own_languages_remove",
        summary="Take a language back",
        parameters=[OpenApiParameter("part", str, OpenApiParameter.PATH, description="`en` or `es`")],
        responses={204: None},
    )
    def destroy(self, request: Request, part: str) -> Response:
        languages.remove(professional=self.own(), language=part, actor=self.actor)
        return Response(status=204)


class OwnCertificates(OwnView):
    permissions = {"retrieve": _READ, "create": _WRITE, "destroy": _WRITE}
    serializer_class = evidence.CertificateOutput
    query_parameters = frozenset({"until"})
    schema_tags = ("own profile",)

    @extend_schema(
        operation_id="own_certificates_list",
        summary="Your certificates, and whether they hold until a day",
        parameters=[evidence.ByDayInput],
        responses=evidence.CertificatesOutput,
    )
    def retrieve(self, request: Request) -> Response:
        rows = {"certificates": self.own().certificates.all()}
        return Response(evidence.CertificatesOutput(rows, context=self.read_query(evidence.ByDayInput)).data)

    @extend_schema(
        operation_id="own_certificates_set",
        summary="State a certificate, or renew it",
        description="Without `expires_on` the certificate's usual validity is taken.",
        request=inputs.CertificateInput,
        responses={200: evidence.CertificateOutput, 201: evidence.CertificateOutput},
        examples=[OpenApiExample("CISSP", request_only=True, value={"skill": "CISSP", "issued_on": "2026-02-01"})],
    )
    def create(self, request: Request) -> Response:
        row, new = certificates.set_one(professional=self.own(), actor=self.actor, **self.read(inputs.CertificateInput))
        return Response(evidence.CertificateOutput(row).data, status=201 if new else 200)

    @extend_schema(
        operation_id="own_certificates_remove",
        summary="Take a certificate back",
        parameters=[_id_of("cert", "the certificate")],
        responses={204: None},
    )
    def destroy(self, request: Request, part: str) -> Response:
        certificates.remove(professional=self.own(), certificate_id=part_id("cert", part), actor=self.actor)
        return Response(status=204)


class OwnVerifications(OwnView):
    permissions = {"retrieve": _READ}
    serializer_class = evidence.VerificationsOutput
    schema_tags = ("own profile",)

    @extend_schema(
        operation_id="own_verifications_list",
        summary="Who verified what of your profile, newest first",
        responses=evidence.VerificationsOutput,
    )
    def retrieve(self, request: Request) -> Response:
        return Response(evidence.VerificationsOutput({"verifications": verifications.of(self.own())}).data)


class OwnExperiences(OwnView):
    permissions = {
        "retrieve": _READ,
        "retrieve_one": _READ,
        "create": _WRITE,
        "partial_update": _WRITE,
        "destroy": _WRITE,
    }
    serializer_class = outputs.ExperienceOutput
    schema_tags = ("own profile",)

    @extend_schema(
        operation_id="own_experiences_list", summary="Where you have worked", responses=outputs.ExperiencesOutput
    )
    def retrieve(self, request: Request) -> Response:
        return Response(outputs.ExperiencesOutput({"experiences": self.own().experiences.all()}).data)

    @extend_schema(
        operation_id="own_experiences_read",
        summary="One position, with its ETag",
        parameters=[_id_of("exp", "the position")],
        responses=outputs.ExperienceOutput,
    )
    def retrieve_one(self, request: Request, part: str) -> Response:
        row = experiences.of_professional(self.own(), part_id("exp", part))
        return self.show(outputs.ExperienceOutput, row)

    @extend_schema(
        operation_id="own_experiences_add",
        summary="Add a position",
        request=inputs.ExperienceInput,
        responses={201: outputs.ExperienceOutput},
        examples=[
            OpenApiExample(
                "A bank",
                request_only=True,
                value={"employer": "Banco Ejemplo", "title": "COBOL developer", "starts_on": "2019-03-01"},
            )
        ],
    )
    def create(self, request: Request) -> Response:
        row = experiences.add(professional=self.own(), actor=self.actor, **self.read(inputs.ExperienceInput))
        return self.show(outputs.ExperienceOutput, row, status=201)

    @extend_schema(
        operation_id="own_experiences_update",
        summary="Change a position",
        parameters=[_id_of("exp", "the position")],
        request=inputs.ExperienceInput,
        responses=outputs.ExperienceOutput,
    )
    def partial_update(self, request: Request, part: str) -> Response:
        row = experiences.update(
            professional=self.own(),
            experience_id=part_id("exp", part),
            version=etags.expected_version(request),
            actor=self.actor,
            **self.read(inputs.ExperienceInput, partial=True),
        )
        return self.show(outputs.ExperienceOutput, row)

    @extend_schema(
        operation_id="own_experiences_remove",
        summary="Take a position away",
        parameters=[_id_of("exp", "the position")],
        responses={204: None},
    )
    def destroy(self, request: Request, part: str) -> Response:
        experiences.remove(professional=self.own(), experience_id=part_id("exp", part), actor=self.actor)
        return Response(status=204)


class OwnAvailability(OwnView):
    permissions = {"retrieve": _READ, "create": _WRITE, "destroy": _WRITE}
    serializer_class = outputs.AvailabilityOutput
    schema_tags = ("own profile",)

    @extend_schema(
        operation_id="own_availability_read",
        summary="Your week and its exceptions",
        responses=outputs.AvailabilityOutput,
    )
    def retrieve(self, request: Request) -> Response:
        return self.show(outputs.AvailabilityOutput, self.own())

    @extend_schema(
        operation_id="own_availability_add",
        summary="Say when your week is another one",
        description="`weekly_minutes` 0 is leave. 409 `capacity_below_bookings` when the weeks are already promised.",
        request=inputs.AvailabilityInput,
        responses={201: outputs.AvailabilityExceptionOutput},
        examples=[
            OpenApiExample(
                "Two weeks off",
                request_only=True,
                value={"starts_on": "2027-04-05", "ends_on": "2027-04-16", "weekly_minutes": 0},
            )
        ],
    )
    def create(self, request: Request) -> Response:
        row = availability.add(professional=self.own(), actor=self.actor, **self.read(inputs.AvailabilityInput))
        return Response(outputs.AvailabilityExceptionOutput(row).data, status=201)

    @extend_schema(
        operation_id="own_availability_remove",
        summary="Return to the usual week",
        parameters=[_id_of("avex", "the exception")],
        responses={204: None},
    )
    def destroy(self, request: Request, part: str) -> Response:
        availability.remove(professional=self.own(), exception_id=part_id("avex", part), actor=self.actor)
        return Response(status=204)


class OwnTaxIds(OwnView):
    permissions = {"retrieve": _READ, "create": _WRITE}
    serializer_class = outputs.TaxIdsOutput
    schema_tags = ("own profile",)

    @extend_schema(
        operation_id="own_tax_ids_read",
        summary="Read your RFC and CURP",
        description="Every reading is written to the audit log.",
        responses=outputs.TaxIdsOutput,
    )
    def retrieve(self, request: Request) -> Response:
        found = tax_ids.read(professional=self.own(), actor=self.actor)
        return Response(outputs.TaxIdsOutput(found).data, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="own_tax_ids_set",
        summary="Store your RFC, your CURP, or both",
        description="A wrong format is refused; a check digit that does not fit is kept with a warning. Empty removes.",
        request=inputs.TaxIdsInput,
        responses={200: outputs.TaxIdsStoredOutput},
        examples=[OpenApiExample("An RFC", request_only=True, value={"rfc": "GODE561231GR8"})],
    )
    def create(self, request: Request) -> Response:
        row, warnings = tax_ids.set_ids(professional=self.own(), actor=self.actor, **self.read(inputs.TaxIdsInput))
        stored = {"has_rfc": bool(row.rfc_index), "has_curp": bool(row.curp_index), "warnings": warnings}
        return Response(outputs.TaxIdsStoredOutput(stored).data)
