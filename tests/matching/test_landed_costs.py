"""Landed costs, computed by hand: what each scenario adds, and what is deducted in the first year."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from matching import landed_costs
from matching.landed_costs import Charge, landed
from tests.factories import profiles

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
PEOPLE = [Charge(Decimal(6_000), foreign=True), Charge(Decimal(3_000), foreign=True), Charge(Decimal(9_000), False)]


def amounts(side, switches, currency="USD"):
    found = landed(PEOPLE, side, switches, currency, TODAY)
    return {line.code: line.amount for line in found.lines}, found.before_tax, found.after_tax


def test_without_a_scenario_everything_is_deducted_at_once():
    assert amounts("cell", []) == (
        {"people": Decimal("18000.00"), "first_year_deduction": Decimal("-3780.00")},
        Decimal("18000.00"),
        Decimal("14220.00"),
    )


def test_the_agencys_margin_falls_on_single_hires_only():
    with_margin, before, _after = amounts("augmentation", ["agency_margin"])
    assert (with_margin["agency_margin"], before) == (Decimal("5940.00"), Decimal("23940.00"))
    assert amounts("cell", ["agency_margin"]) == amounts("cell", [])


def test_an_employer_of_record_costs_a_fee_for_each_person_abroad():
    lines, before, _after = amounts("cell", ["employer_of_record"])
    assert (lines["employer_of_record"], before) == (Decimal("1000.00"), Decimal("19000.00"))


def test_the_fee_is_counted_in_the_projects_currency():
    profiles.pesos_rate("0.05000000", TODAY)
    lines, _before, _after = amounts("cell", ["employer_of_record"], "MXN")
    assert lines["employer_of_record"] == Decimal("20000.00")


def test_work_abroad_is_deducted_by_one_thirtieth_in_the_first_year():
    lines, before, after = amounts("cell", ["section_174"])
    assert lines["first_year_deduction"] == -((Decimal(9_000) + Decimal(9_000) / 30) * Decimal("0.21")).quantize(
        Decimal("0.01")
    )
    assert (before, after) == (Decimal("18000.00"), Decimal("16047.00"))


def test_the_bill_taxes_payments_abroad_and_denies_their_deduction():
    lines, before, after = amounts("cell", ["hire_act", "section_174"])
    assert lines["hire_act"] == Decimal("2250.00")
    assert lines["first_year_deduction"] == Decimal("-1890.00")
    assert (before, after) == (Decimal("20250.00"), Decimal("18360.00"))


def test_every_figure_has_a_source_a_date_and_says_how_sure_it_is():
    known = landed_costs.reference()
    assert set(known.scenarios) == {"agency_margin", "employer_of_record", "section_174", "hire_act"}
    for scenario in known.scenarios.values():
        assert scenario.source
        assert scenario.source_date <= known.reviewed_on
        assert scenario.confidence in {"primary", "secondary", "assumption"}
        assert scenario.titles["en"] != scenario.titles["es"]
        assert scenario.notes["en"] != scenario.notes["es"]
    assert "not tax" in known.notice["en"]
    assert "no es asesoría fiscal" in known.notice["es"]


def test_titles_follow_the_reader():
    scenario = landed_costs.reference().scenarios["agency_margin"]
    with translation.override("es-mx"):
        assert scenario.title == "Margen de la agencia"
    with translation.override("en"):
        assert scenario.title == "Agency margin"
