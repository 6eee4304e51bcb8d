"""Amounts of money: a decimal and an ISO 4217 code, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Currency(models.TextChoices):
    USD = "USD", _("US dollar")
    MXN = "MXN", _("Mexican peso")


@dataclass(frozen=True)
class Money:
    """``amount`` has two decimals. Sums across currencies are refused."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        return cls(Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_EVEN), currency)

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def as_json(self) -> dict[str, str]:
        return {"amount": str(self.amount), "currency": self.currency}


def monthly_cost(hourly: Decimal, weekly_minutes: int) -> Decimal:
    """Return what ``weekly_minutes`` cost a month at an hourly rate: whole units of its currency, rounded up.

    rate · minutes/60 · 52/12, as the engine computes it in integers.
    """
    cents = (hourly * 100).to_integral_value(ROUND_CEILING)
    return (cents * weekly_minutes * 13 / 18_000).to_integral_value(ROUND_CEILING).quantize(Decimal("0.01"))
