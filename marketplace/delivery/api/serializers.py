"""Notifications and the preferences about them, as they are written and shown."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from marketplace.accounts.models import Language
from marketplace.delivery import wording
from marketplace.delivery.models import Category, EmailCadence, Notification, NotificationPreference
from marketplace.rest.fields import DayClockField, IdField, StrictSerializer


class NotificationOutput(serializers.Serializer[Any]):
    """`title` and `body` are in the language of the request; `subject` is the id of what it is about."""

    id = IdField(Notification.prefix)
    kind = serializers.CharField(help_text="such as `offer.sent`; new kinds may appear")
    category = serializers.ChoiceField(choices=Category.choices)
    subject = serializers.CharField()
    title = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    data = serializers.DictField()  # type: ignore[assignment]
    urgent_until = serializers.DateTimeField(allow_null=True, help_text="when it stops being of use")
    read_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()

    def get_title(self, row: Notification) -> str:
        return wording.title(row.kind, row.data, zone=self.context["zone"])

    def get_body(self, row: Notification) -> str:
        return wording.body(row.kind, row.data, zone=self.context["zone"])


class UnreadOutput(serializers.Serializer[Any]):
    unread = serializers.IntegerField()
    by_category = serializers.DictField(
        child=serializers.IntegerField(), help_text="categories without any are left out"
    )


class MarkAllInput(StrictSerializer):
    up_to = serializers.DateTimeField(
        required=False, help_text="what was told later stays unread: send the time of the newest that you have shown"
    )
    category = serializers.ChoiceField(choices=Category.choices, required=False)


class MarkedOutput(serializers.Serializer[Any]):
    marked = serializers.IntegerField()


class ChannelInput(StrictSerializer):
    in_app = serializers.BooleanField(required=False)
    email = serializers.ChoiceField(choices=EmailCadence.choices, required=False)


class ChannelsInput(StrictSerializer):
    """What to change; a category that is left out stays as it is."""

    offers = ChannelInput(required=False)
    invitations = ChannelInput(required=False)
    engagements = ChannelInput(required=False)
    review = ChannelInput(required=False)
    alerts = ChannelInput(required=False)
    system = ChannelInput(required=False)


class _TimeOfDay(DayClockField):
    """A local time of day before midnight."""

    def to_internal_value(self, data: Any) -> int:
        minutes = super().to_internal_value(data)
        if minutes == 1440:
            self.fail("invalid_time")
        return minutes


class QuietHoursInput(StrictSerializer):
    """`until` earlier than `from` is on the next day; equal times mean no quiet hours."""

    def get_fields(self) -> dict[str, Any]:
        return {"from": _TimeOfDay(), "until": _TimeOfDay()}


class PreferenceEdit(StrictSerializer):
    time_zone = serializers.CharField(
        max_length=48, allow_blank=True, required=False, help_text="IANA; empty for that of the profile or organization"
    )
    quiet_hours = QuietHoursInput(required=False)
    digest_at = _TimeOfDay(required=False)
    language = serializers.ChoiceField(choices=Language.choices, required=False)
    channels = ChannelsInput(required=False)


class ChannelOutput(serializers.Serializer[Any]):
    in_app = serializers.BooleanField()
    email = serializers.ChoiceField(choices=EmailCadence.choices)


class ChannelsOutput(serializers.Serializer[Any]):
    offers = ChannelOutput()
    invitations = ChannelOutput()
    engagements = ChannelOutput()
    review = ChannelOutput()
    alerts = ChannelOutput()
    system = ChannelOutput()


class QuietHoursOutput(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, Any]:
        return {"from": DayClockField(), "until": DayClockField()}


class PreferenceOutput(serializers.Serializer[NotificationPreference]):
    """`time_zone` is the one chosen, if any; `effective_time_zone` the one that is used."""

    time_zone = serializers.CharField(allow_null=True)
    effective_time_zone = serializers.CharField()
    quiet_hours = QuietHoursOutput()
    digest_at = DayClockField()
    language = serializers.ChoiceField(choices=Language.choices)
    channels = ChannelsOutput()

    def to_representation(self, instance: NotificationPreference) -> dict[str, Any]:
        choice = self.context["choice"]
        plain = {
            "time_zone": instance.time_zone or None,
            "effective_time_zone": choice.hours.zone,
            "quiet_hours": {"from": instance.quiet_from, "until": instance.quiet_until},
            "digest_at": instance.digest_at,
            "language": instance.user.language,
            "channels": {
                category: {"in_app": choice.in_app(category), "email": choice.cadence(category)}
                for category in Category.values
            },
        }
        return super().to_representation(plain)  # type: ignore[arg-type]
