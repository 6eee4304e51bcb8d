"""Exchange rates: dated facts with their source; rates of people stay in their own currency."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from marketplace.kernel.money import Currency


class ExchangeRate(models.Model):
    """One unit of ``currency`` was worth ``rate`` units of ``quote`` on ``on``, according to ``source``."""

    currency = models.CharField(max_length=3, choices=Currency.choices)
    quote = models.CharField(max_length=3, choices=Currency.choices)
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    on = models.DateField()
    source = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "quote", "on"], name="exchange_rate_once"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
            models.CheckConstraint(condition=~Q(currency=F("quote")), name="exchange_rate_between_two"),
        ]
