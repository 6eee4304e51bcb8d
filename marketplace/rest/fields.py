"""Fields that the API's serializers share: opaque ids, money, strict input."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.kernel import identifiers
from marketplace.kernel.money import Currency, Money

_DAY_CLOCK = re.compile(r"([0-2][0-9]):([0-5][0-9])", re.ASCII)


class StrictSerializer(serializers.Serializer[Any]):
    """Input in which an unknown key is an error: a typo must not be silently ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(map(str, data)) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name: [_("This field is not known here.")] for name in unknown}, code="unknown_field"
                )
        return super().to_internal_value(data)


class IdField(serializers.Field[uuid.UUID, str, str, Any]):
    """An opaque id of one kind, such as ``proj_01jd…``."""

    default_error_messages = {"invalid_id": _("This is not an id of the kind “{prefix}_…”.")}

    def __init__(self, prefix: str, **options: Any) -> None:
        self.prefix = prefix
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> uuid.UUID:
        value = identifiers.decode(self.prefix, data) if isinstance(data, str) else None
        if value is None:
            self.fail("invalid_id", prefix=self.prefix)
        return value

    def to_representation(self, value: Any) -> str:
        return identifiers.encode(self.prefix, value if isinstance(value, uuid.UUID) else value.pk)


extend_schema_field({"type": "string", "examples": ["proj_01jd9zt8e5f0h4m2q6r8s0v2x4"]})(IdField)


class ScaleField(serializers.ChoiceField):
    """A step of an integer scale by its lower-case name: ``senior``, ``c1``; ``names`` replaces some, such as ``MX``.

    Steps in ``without`` are not offered.
    """

    def __init__(
        self,
        scale: type[models.IntegerChoices],
        *,
        names: Mapping[int, str] | None = None,
        without: Collection[int] = (),
        **options: Any,
    ) -> None:
        steps = [step for step in scale if step.value not in without]
        self._names: dict[int, str] = {step.value: (names or {}).get(step.value, step.name.lower()) for step in steps}
        self._values = {name: scale(value) for value, name in self._names.items()}
        super().__init__(choices=[(self._names[step.value], step.label) for step in steps], **options)

    def to_internal_value(self, data: Any) -> Any:
        return self._values[super().to_internal_value(data)]

    def to_representation(self, value: Any) -> Any:
        return None if value is None else self._names.get(int(value))


class DayClockField(serializers.Field[int, str, str, Any]):
    """A local time of day, ``"09:00"`` to ``"24:00"``, held as minutes from midnight."""

    default_error_messages = {"invalid_time": _("Give a time of day from 00:00 to 24:00, such as 09:00.")}

    def to_internal_value(self, data: Any) -> int:
        found = _DAY_CLOCK.fullmatch(data) if isinstance(data, str) else None
        minutes = int(found[1]) * 60 + int(found[2]) if found else -1
        if not 0 <= minutes <= 1440:
            self.fail("invalid_time")
        return minutes

    def to_representation(self, value: int) -> str:
        return f"{value // 60:02}:{value % 60:02}"


extend_schema_field({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$", "examples": ["09:00"]})(DayClockField)


class MoneySerializer(StrictSerializer):
    """``{"amount": "1200.00", "currency": "USD"}``."""

    amount = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=Decimal(0))
    currency = serializers.ChoiceField(choices=Currency.choices)

    def validate(self, attrs: dict[str, Any]) -> Money:  # type: ignore[override]
        # Where part of a body may be left out, DRF takes that for part of an amount too, which is none.
        missing = [name for name in ("amount", "currency") if name not in attrs]
        if missing:
            text = self.error_messages["required"]
            raise serializers.ValidationError({name: [text] for name in missing}, code="required")
        return Money.of(attrs["amount"], attrs["currency"])

    def to_representation(self, instance: Money) -> dict[str, str]:
        return instance.as_json()
