"""The shared hours of any two places over any dates, as JSON and as a calendar to subscribe to."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.kernel import clock
from marketplace.rest.fields import DayClockField, StrictSerializer
from marketplace.rest.icalendar import Calendar, CalendarRenderer, Event
from marketplace.rest.renderers import JSONRenderer
from marketplace.rest.viewsets import ScopedViewSet
from matching.narrative import amounts
from matching.shared_time import LONGEST_DAYS, SharedDay, SharedSpan, SharedTime, Side, shared_time
from profiles import zones
from profiles.models import Skill
from profiles.reference.calendars import FIRST_YEAR, LAST_YEAR
from profiles.reference.clusters import zone_of_city

Output = serializers.Serializer
_NINE, _SIX = 540, 1080


class ZoneField(serializers.CharField):
    """The name of an IANA time zone, or of a city of the clusters."""

    default_error_messages = {"unknown_zone": gettext_lazy("No time zone has this name, such as America/Mexico_City.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=48, **options)

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        zone = name if name in zones.names() else zone_of_city(name)
        if zone is None:
            self.fail("unknown_zone")
        return zone


class SharedTimeInput(StrictSerializer):
    zone = ZoneField(help_text="IANA zone of the professional, or a city of `/reference/clusters`")
    starts = DayClockField(required=False, help_text="of the professional's day, 09:00 without it")
    ends = DayClockField(required=False, help_text="18:00 without it; at or before the start it is on the next day")
    client_zone = ZoneField(help_text="IANA zone of the client, or such a city")
    client_starts = DayClockField(required=False, help_text="09:00 without it")
    client_ends = DayClockField(required=False, help_text="18:00 without it")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``from`` and ``to``; the first is a word of Python's."""
        days = {name: serializers.DateField(help_text=f"{which} day") for name, which in _ENDS.items()}
        return {**super().get_fields(), **days}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first, last = attrs["from"], attrs["to"]
        if last < first:
            raise serializers.ValidationError(
                {"to": [gettext_lazy("It ends before it starts.")]}, code="ends_before_start"
            )
        if (last - first).days >= LONGEST_DAYS:
            raise serializers.ValidationError(
                {"to": [gettext_lazy("Ask for at most three years.")]}, code="span_too_long"
            )
        if first.year < FIRST_YEAR or last.year > LAST_YEAR:
            message = gettext_lazy("Holidays are known from %(first)s to %(last)s.") % {
                "first": FIRST_YEAR,
                "last": LAST_YEAR,
            }
            raise serializers.ValidationError({"from": [message]}, code="year_unknown")
        return attrs


_ENDS = {"from": "first", "to": "last"}


class RestOutput(Output[Any]):
    country = serializers.CharField()
    name = serializers.SerializerMethodField(help_text="in the reader's language")

    def get_name(self, row: Any) -> str:
        return str(row.name(get_language() or "en"))


class SharedSpanOutput(Output[SharedSpan]):
    opens = serializers.DateTimeField()
    closes = serializers.DateTimeField()


class SharedDayOutput(Output[SharedDay]):
    """`minutes` and `spans` go by the clocks alone; on a day with `holidays` somebody rests."""

    date = serializers.DateField(source="on")
    minutes = serializers.IntegerField()
    spans = SharedSpanOutput(many=True)
    holidays = RestOutput(many=True)


class SharedMonthOutput(Output[Any]):
    """Minutes of the days on which both sides work: the worst, the best, all together."""

    year = serializers.IntegerField()
    month = serializers.IntegerField()
    least = serializers.IntegerField()
    most = serializers.IntegerField()
    total = serializers.IntegerField()
    days = serializers.IntegerField()
    holidays = serializers.IntegerField(help_text="weekdays on which a side rests")


class SharedTimeOutput(Output[Any]):
    """`worst` is the day that matching judges by: the first with the fewest shared minutes by the clocks."""

    zone = serializers.CharField(help_text="IANA")
    client_zone = serializers.CharField(help_text="IANA")
    worst = SharedDayOutput(allow_null=True)
    best = SharedDayOutput(allow_null=True)
    months = SharedMonthOutput(many=True)
    days = SharedDayOutput(many=True)


_EXAMPLE = [
    OpenApiExample(
        "Guadalajara and New York",
        parameter_only=("zone", OpenApiParameter.QUERY),
        value="America/Mexico_City",
    )
]


class SharedTimes(ScopedViewSet):
    model = Skill  # type: ignore[assignment]
    permissions = {"retrieve": Permission.READ_REFERENCE}
    serializer_class = SharedTimeOutput
    renderer_classes: tuple[type[BaseRenderer], ...] = (JSONRenderer, CalendarRenderer)
    query_parameters = frozenset(
        {"zone", "starts", "ends", "client_zone", "client_starts", "client_ends", "from", "to"}
    )
    schema_tags = ("reference",)

    @extend_schema(
        operation_id="reference_overlap",
        summary="Shared hours of two places over dates",
        description="Day by day, by month, and on the worst day, with the holidays of both sides. The same as a "
        "calendar with `Accept: text/calendar`, or at `/reference/overlap.ics`.",
        parameters=[SharedTimeInput],
        responses={
            (200, "application/json"): SharedTimeOutput,
            (200, "text/calendar"): OpenApiTypes.STR,
        },
        examples=_EXAMPLE,
    )
    def retrieve(self, request: Request) -> Response:
        asked = self.read_query(SharedTimeInput)
        person = Side(asked["zone"], asked.get("starts", _NINE), asked.get("ends", _SIX))
        client = Side(asked["client_zone"], asked.get("client_starts", _NINE), asked.get("client_ends", _SIX))
        found = shared_time(person, client, asked["from"], asked["to"])
        if isinstance(request.accepted_renderer, CalendarRenderer):
            return Response(_calendar(found, person, client))
        shown = {**vars(found), "zone": person.zone, "client_zone": client.zone}
        return Response(SharedTimeOutput(shown).data)


class SharedTimesCalendar(SharedTimes):
    """The same at an address of its own, as calendars are subscribed to."""

    renderer_classes = (CalendarRenderer,)

    @extend_schema(
        operation_id="reference_overlap_calendar",
        summary="Shared hours of two places over dates, as an iCalendar (RFC 5545)",
        parameters=[SharedTimeInput],
        responses={(200, "text/calendar"): OpenApiTypes.STR},
        examples=_EXAMPLE,
    )
    def retrieve(self, request: Request) -> Response:
        return super().retrieve(request)


def _calendar(found: SharedTime, person: Side, client: Side) -> Calendar:
    places = {"zone": person.zone, "client_zone": client.zone}
    return Calendar(
        name=_("Shared hours: %(zone)s and %(client_zone)s") % places,
        language=get_language() or "en",
        made_at=clock.now(),
        events=[event for day in found.days for event in _events(day, person, client)],
    )


def _events(day: SharedDay, person: Side, client: Side) -> Iterator[Event]:
    key = "/".join(map(str, (day.on, *person.hours, *client.hours)))
    for holiday in day.holidays:
        yield Event(
            uid=_uid(f"{key}/{holiday.country}"),
            starts=day.on,
            ends=day.on + dt.timedelta(days=1),
            summary=_("Holiday in %(country)s: %(name)s")
            % {"country": _country(holiday.country), "name": holiday.name(get_language() or "en")},
            busy=False,
        )
    if not day.works:
        return
    for number, span in enumerate(day.spans):
        yield Event(
            uid=_uid(f"{key}/{number}"),
            starts=span.opens,
            ends=span.closes,
            summary=_("Shared hours (%(hours)s)") % {"hours": amounts.hours(span.minutes)},
            busy=False,
        )


def _country(code: str) -> str:
    return {"MX": _("Mexico"), "US": _("United States")}[code]


def _uid(key: str) -> str:
    return f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@celula"
