"""Organizations, their keys and members, as they are written and shown."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from marketplace.accounts.models import ApiKey, User
from marketplace.clients.models import Organization
from marketplace.clients.models.organization import Industry, MemberRole
from marketplace.rest.fields import IdField, StrictSerializer


class OrganizationOutput(serializers.Serializer[Any]):
    id = IdField(Organization.prefix)
    name = serializers.CharField()
    slug = serializers.CharField()
    industry = serializers.ChoiceField(choices=Industry.choices)
    regulators = serializers.ListField(child=serializers.CharField())
    time_zone = serializers.CharField()
    city = serializers.CharField()
    demo = serializers.BooleanField(help_text="test keys work on the demo organization only")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class KeyInput(StrictSerializer):
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(child=serializers.CharField(max_length=32), min_length=1, max_length=24)
    live = serializers.BooleanField(default=True)
    expires_at = serializers.DateTimeField(allow_null=True, default=None)


class KeyOutput(serializers.Serializer[Any]):
    id = IdField(ApiKey.prefix)
    name = serializers.CharField()
    live = serializers.BooleanField()
    begins_with = serializers.SerializerMethodField(help_text="the first characters of the key, to tell it by")
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()

    def get_begins_with(self, key: ApiKey) -> str:
        return f"cel_{'live' if key.live else 'test'}_{key.lookup}"


class NewKeyOutput(serializers.Serializer[Any]):
    """A key and its text, which is shown this once."""

    key = KeyOutput()
    secret = serializers.CharField(help_text="send it as `Authorization: Bearer …`; it cannot be had again")


class MemberInput(StrictSerializer):
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=MemberRole.choices, default=MemberRole.MEMBER)


class MemberOutput(serializers.Serializer[Any]):
    user = IdField(User.prefix, source="user_id")
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(choices=MemberRole.choices)
