"""How long certificates usually hold, by whom and since when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.rest.viewsets import ScopedViewSet
from profiles.levels import SkillKind
from profiles.models import Skill
from profiles.reference.certificate_validity import Validity, validities

Output = serializers.Serializer


class CertificateTermOutput(Output[Any]):
    """Of certificates issued from `first_day` to `last_day`, null where there is no such end."""

    states = serializers.ChoiceField(
        choices=["expires", "never", "varies"],
        help_text="varies: one entry stands for certificates of several terms; the date on the certificate says",
    )
    months = serializers.IntegerField(allow_null=True, help_text="null unless it expires")
    first_day = serializers.DateField(allow_null=True)
    last_day = serializers.DateField(allow_null=True)
    certainty = serializers.ChoiceField(
        choices=["issuer", "reproduced", "unconfirmed"],
        help_text="read on a page of the issuer, as others print it, or not confirmed",
    )
    source = serializers.CharField(help_text="empty where it is not confirmed")  # type: ignore[assignment]
    url = serializers.CharField(help_text="where it was read")
    seen_on = serializers.DateField(allow_null=True)
    note = serializers.CharField(help_text="in the reader's language")


class CertificateKindOutput(Output[Any]):
    skill = serializers.CharField(help_text="code of the skill")
    name = serializers.CharField(help_text="in the reader's language")
    name_en = serializers.CharField()
    name_es = serializers.CharField()
    terms = CertificateTermOutput(many=True, help_text="ascending; the last one is of certificates issued now")


class CertificateTermsOutput(Output[Any]):
    certificates = CertificateKindOutput(many=True)


class CertificateTerms(ScopedViewSet):
    model = Skill  # type: ignore[assignment]
    permissions = {"retrieve": Permission.READ_REFERENCE}
    serializer_class = CertificateTermsOutput
    schema_tags = ("reference",)

    @extend_schema(
        operation_id="reference_certificates",
        summary="How long certificates usually hold, by whom and since when",
        description="The date printed on somebody's certificate always decides. Certificates of which nothing is known "
        "have no terms.",
        responses=CertificateTermsOutput,
    )
    def retrieve(self, request: Request) -> Response:
        language = get_language() or "en"
        kinds = Skill.objects.filter(kind=SkillKind.CERTIFICATE, active=True).order_by("code")
        found = [
            {
                "skill": kind.code,
                "name": kind.name(language),
                "name_en": kind.name_en,
                "name_es": kind.name_es,
                "terms": [_term(each, language) for each in validities().get(kind.code, ())],
            }
            for kind in kinds
        ]
        return Response(CertificateTermsOutput({"certificates": found}).data)


def _term(each: Validity, language: str) -> dict[str, Any]:
    return {
        **vars(each),
        "first_day": None if each.first_day == dt.date.min else each.first_day,
        "last_day": None if each.last_day == dt.date.max else each.last_day,
        "note": each.note(language),
    }
