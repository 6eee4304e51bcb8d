"""Exchange rates: the latest on or before a day, either way round."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from marketplace.kernel.errors import Invalid
from marketplace.kernel.money import Money
from profiles.models import ExchangeRate
from profiles.services import exchange
from tests.factories import profiles

pytestmark = pytest.mark.django_db
JANUARY, MARCH = dt.date(2026, 1, 5), dt.date(2026, 3, 2)


def test_the_latest_rate_on_or_before_the_day_counts():
    profiles.pesos_rate("0.05", JANUARY)
    profiles.pesos_rate("0.06", MARCH)
    assert exchange.rate("MXN", "USD", MARCH - dt.timedelta(days=1)) == Decimal("0.05")
    assert exchange.rate("MXN", "USD", MARCH) == Decimal("0.06")


def test_there_is_no_rate_before_the_first():
    profiles.pesos_rate("0.05", JANUARY)
    assert exchange.rate("MXN", "USD", JANUARY - dt.timedelta(days=1)) is None


def test_a_rate_counts_the_other_way_round_and_the_newer_one_wins():
    profiles.pesos_rate("0.05", JANUARY)
    assert exchange.rate("USD", "MXN", JANUARY) == 20
    ExchangeRate.objects.create(currency="USD", quote="MXN", rate=Decimal(16), on=MARCH, source="fixture")
    assert exchange.rate("USD", "MXN", MARCH) == 16
    assert exchange.rate("MXN", "USD", MARCH) == Decimal("0.0625")


def test_the_direct_rate_wins_on_the_same_day():
    profiles.pesos_rate("0.05", JANUARY)
    ExchangeRate.objects.create(currency="USD", quote="MXN", rate=Decimal(19), on=JANUARY, source="fixture")
    assert exchange.rate("MXN", "USD", JANUARY) == Decimal("0.05")
    assert exchange.rate("USD", "MXN", JANUARY) == 19


def test_a_currency_is_worth_itself():
    assert exchange.rate("USD", "USD", JANUARY) == 1


def test_a_rate_costs_one_query(django_assert_num_queries):
    profiles.pesos_rate("0.05", JANUARY)
    with django_assert_num_queries(1):
        exchange.rate("MXN", "USD", MARCH)


def test_converting_rounds_to_cents():
    profiles.pesos_rate("0.05456789", JANUARY)
    assert exchange.convert(Money.of("100", "MXN"), "USD", JANUARY) == Money(Decimal("5.46"), "USD")


def test_converting_without_a_rate_says_which_is_missing():
    with pytest.raises(Invalid) as refusal:
        exchange.convert(Money.of("100", "MXN"), "USD", JANUARY)
    assert refusal.value.code == "exchange_rate_missing"
    assert refusal.value.errors[0].data == {"currency": "MXN", "quote": "USD"}
