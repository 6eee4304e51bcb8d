"""Fields that every room's serializers share."""

from __future__ import annotations

import pytest
from rest_framework import serializers

from marketplace.kernel import identifiers
from marketplace.kernel.money import Money
from marketplace.rest.fields import DayClockField, IdField, MoneySerializer, ScaleField, StrictSerializer
from profiles.levels import COUNTRY_CODES, Cefr, Country, Evidence


def fault(field, value):
    with pytest.raises(serializers.ValidationError) as refusal:
        field.run_validation(value)
    return refusal.value.get_codes()


class Inner(StrictSerializer):
    name = serializers.CharField()


class Outer(StrictSerializer):
    inner = Inner(many=True, required=False)


def test_unknown_keys_are_named_at_every_depth():
    outer = Outer(data={"inner": [{"name": "a"}, {"name": "b", "nmae": "c"}], "extra": 1})
    assert not outer.is_valid()
    assert set(outer.errors) == {"extra"}
    outer = Outer(data={"inner": [{"name": "a"}, {"name": "b", "nmae": "c"}]})
    assert not outer.is_valid()
    assert set(outer.errors["inner"][1]) == {"nmae"}


@pytest.mark.parametrize(("text", "minutes"), [("00:00", 0), ("09:05", 545), ("24:00", 1440)])
def test_times_of_day_are_minutes_from_midnight_and_read_back(text, minutes):
    assert DayClockField().run_validation(text) == minutes
    assert DayClockField().to_representation(minutes) == text


@pytest.mark.parametrize("value", ["24:01", "9:00", "09:60", "29:00", "09:00:00", "٠٩:٠٠", "", None, 540, ["09:00"]])
def test_anything_else_is_no_time_of_day(value):
    assert fault(DayClockField(), value) in (["invalid_time"], ["null"])


def test_steps_of_a_scale_are_read_and_shown_by_name():
    field = ScaleField(Cefr)
    assert field.run_validation("c1") is Cefr.C1
    assert field.to_representation(5) == "c1"
    assert ScaleField(Country, names=COUNTRY_CODES).run_validation("US") is Country.UNITED_STATES


@pytest.mark.parametrize("value", ["C1", "5", 5, "z9", "", ["c1"], {}])
def test_a_scale_takes_its_names_only(value):
    assert fault(ScaleField(Cefr), value) == ["invalid_choice"]


def test_a_step_that_is_left_out_is_not_offered():
    assert fault(ScaleField(Evidence, without=(Evidence.SELF_DECLARED,)), "self_declared") == ["invalid_choice"]


def test_ids_are_of_one_kind():
    value = identifiers.uuid7()
    assert IdField("prof").run_validation(identifiers.encode("prof", value)) == value
    for other in (identifiers.encode("proj", value), str(value), 7, None, ""):
        assert fault(IdField("prof"), other) in (["invalid_id"], ["null"])


def test_money_is_read_and_shown_alike():
    money = MoneySerializer(data={"amount": "1200", "currency": "USD"})
    assert money.is_valid()
    assert money.validated_data == Money.of("1200.00", "USD")
    assert MoneySerializer(money.validated_data).data == {"amount": "1200.00", "currency": "USD"}


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"amount": "1.005", "currency": "USD"}, "amount"),
        ({"amount": "-0.01", "currency": "USD"}, "amount"),
        ({"amount": "1e30", "currency": "USD"}, "amount"),
        ({"amount": "Infinity", "currency": "USD"}, "amount"),
        ({"amount": "1", "currency": "EUR"}, "currency"),
        ({"amount": "1", "currency": "USD", "unit": "hour"}, "unit"),
        ({"currency": "USD"}, "amount"),
    ],
)
def test_money_that_is_none_is_refused_at_its_part(value, field):
    money = MoneySerializer(data=value)
    assert not money.is_valid()
    assert set(money.errors) == {field}
