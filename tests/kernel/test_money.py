"""Money is a decimal with two places and a currency."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marketplace.kernel.money import Money


def test_amounts_are_rounded_half_to_even_to_cents():
    assert [str(Money.of(text, "USD").amount) for text in ("0.125", "0.135", "7", "1e3")] == [
        "0.12",
        "0.14",
        "7.00",
        "1000.00",
    ]


def test_sums_stay_within_a_currency():
    assert Money.of(1, "USD") + Money.of("0.10", "USD") == Money(Decimal("1.10"), "USD")
    with pytest.raises(ValueError, match="cannot add MXN to USD"):
        Money.of(1, "USD") + Money.of(1, "MXN")


def test_on_the_wire_an_amount_is_text():
    assert Money.of(1200, "USD").as_json() == {"amount": "1200.00", "currency": "USD"}
