"""A synthetic market in the tables: complete, marked, readable by the rooms that will use it, and fast to store."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from stdnum.mx import curp as curp_rules
from stdnum.mx import rfc as rfc_rules

from profiles import completeness, selectors
from profiles.levels import Country, Evidence
from profiles.models import (
    AvailabilityException,
    Certificate,
    Collaboration,
    Experience,
    LanguageProficiency,
    Professional,
    Skill,
    SkillClaim,
)
from profiles.services import exchange, tax_ids, taxonomy
from profiles.states import ProfessionalStatus
from profiles.synthetic.copying import copy_rows
from profiles.synthetic.generate import generate
from profiles.synthetic.load import load
from profiles.synthetic.market import SyntheticMarket
from profiles.taxonomy.source import read_taxonomy

pytestmark = pytest.mark.django_db

TAXONOMY = read_taxonomy()


@pytest.fixture
def market(db: None) -> SyntheticMarket:
    """Sixty people, stored."""
    taxonomy.load_taxonomy(TAXONOMY)
    market = generate(60, 11, TAXONOMY)
    load(market)
    return market


def test_every_row_of_the_market_is_stored(market: SyntheticMarket) -> None:
    stored = {
        "people": Professional,
        "claims": SkillClaim,
        "languages": LanguageProficiency,
        "certificates": Certificate,
        "experiences": Experience,
        "exceptions": AvailabilityException,
        "collaborations": Collaboration,
    }
    expected = {name: len(table) for name, table in market.tables()}
    assert {name: model._default_manager.count() for name, model in stored.items()} == expected
    assert min(expected.values()) > 0


def test_everybody_is_active_and_visibly_synthetic(market: SyntheticMarket) -> None:
    for person in Professional.objects.all():
        assert person.status == ProfessionalStatus.ACTIVE
        assert person.synthetic
        assert person.headline_en.startswith("[Synthetic]")
        assert person.headline_es.startswith("[Sintético]")
        domain = "example.mx" if person.country == Country.MEXICO else "example.com"
        assert person.contact_email.endswith("@" + domain)


def test_profiles_are_complete_enough_for_review(market: SyntheticMarket) -> None:
    faults = [completeness.faults(person) for person in Professional.objects.all()]
    assert [found for found in faults if found] == []


def test_rows_say_what_the_columns_say(market: SyntheticMarket) -> None:
    people = list(Professional.objects.order_by("pk"))
    for row, person in enumerate(people):
        assert person.time_zone == market.places[market.people.place[row]].zone
        assert person.rate_amount * 100 == int(market.people.rate_cents[row])
        assert person.rate_floor <= person.rate_amount
        assert person.main_function in person.functions
    claims = {
        (people[person].pk, market.skill_codes[skill], level)
        for person, skill, level in zip(
            market.claims.person.tolist(), market.claims.skill.tolist(), market.claims.level.tolist(), strict=True
        )
    }
    assert set(SkillClaim.objects.values_list("professional_id", "skill__code", "level")) == claims


def test_identifiers_are_sealed_and_pass_both_check_digits(market: SyntheticMarket) -> None:
    holders = Professional.objects.exclude(rfc_index="")
    assert holders.count() == int(market.people.has_rfc.sum()) > 10
    for person in holders:
        number = tax_ids.read(professional=person, actor=None).rfc
        assert number.encode() not in bytes(person.rfc_encrypted)
        assert rfc_rules.is_valid(number, validate_check_digits=True)
        assert number[4:5] == "0"
    owners = Professional.objects.exclude(curp_index="")
    assert owners.count() == int(market.people.has_curp.sum()) > 10
    assert all(curp_rules.is_valid(tax_ids.read(professional=person, actor=None).curp) for person in owners)
    assert not Professional.objects.filter(country=Country.UNITED_STATES).exclude(rfc_index="", curp_index="").exists()


def test_evidence_carries_its_source_and_tests_expire(market: SyntheticMarket) -> None:
    tested = SkillClaim.objects.filter(evidence=Evidence.TESTED)
    assert tested.exists()
    assert not tested.filter(evidence_expires_on__isnull=True).exists()
    assert not SkillClaim.objects.filter(evidence=Evidence.SELF_DECLARED).exclude(evidence_source="").exists()
    assert not SkillClaim.objects.filter(evidence=Evidence.VERIFIED, verified_by="").exists()


def test_scores_of_english_tests_name_the_scale_of_their_date(market: SyntheticMarket) -> None:
    tests = LanguageProficiency.objects.exclude(test="")
    assert tests.exists()
    for row in tests:
        new = row.language == "en" and row.tested_on >= dt.date(2026, 1, 21)
        assert (row.test, row.scale_version) == (
            ("TOEFL iBT", "1-6 (2026)") if new else ("Synthetic oral interview", "CEFR 2020")
        )
        assert row.raw_score


def test_rates_in_pesos_can_be_compared_in_dollars(market: SyntheticMarket) -> None:
    quoted = Professional.objects.filter(rate_currency="MXN")
    assert quoted.exists()
    for person in quoted:
        assert 20 <= exchange.convert(person.rate, "USD", market.as_of).amount <= 125


def test_matching_can_read_the_whole_market(market: SyntheticMarket) -> None:
    first, last = dt.date(2027, 4, 5), dt.date(2027, 9, 30)
    candidates = selectors.candidates(first, last)
    assert len(candidates) == len(market)
    assert sum(candidate.free_minutes >= 2400 for candidate in candidates) > 20
    java = Skill.objects.get(code="java").pk
    assert len(selectors.holdings([java], last)) == int((market.claims.skill == market.skill_codes.index("java")).sum())
    assert len(selectors.collaborations()) == len(market.collaborations)


def test_progress_rises_to_the_whole_and_the_counts_are_returned(db: None) -> None:
    taxonomy.load_taxonomy(TAXONOMY)
    shares: list[float] = []
    counts = load(generate(150, 3, TAXONOMY), progress=shares.append)
    assert len(shares) >= 3
    assert shares == sorted(shares)
    assert 0.0 < shares[0] < 1.0 == shares[-1]
    assert counts["professionals"] == 150


def test_the_same_market_is_refused_twice_and_another_seed_is_welcome(market: SyntheticMarket) -> None:
    with pytest.raises(ValueError, match="stored already"):
        load(market)
    assert Professional.objects.count() == 60
    load(generate(60, 12, TAXONOMY))
    assert Professional.objects.count() == 120


def test_a_market_without_its_taxonomy_is_refused_and_nothing_is_stored(db: None) -> None:
    with pytest.raises(ValueError, match="taxonomy is not loaded"):
        load(generate(5, 1, TAXONOMY))
    assert not Professional.objects.exists()


def test_an_empty_market_stores_nothing_but_its_exchange_rate(db: None) -> None:
    taxonomy.load_taxonomy(TAXONOMY)
    counts = load(generate(0, 1, TAXONOMY))
    assert counts.pop("exchange_rates") == 2
    assert set(counts.values()) == {0}


def test_copied_rows_obey_the_constraints_of_the_table(market: SyntheticMarket) -> None:
    person, skill = Professional.objects.first(), Skill.objects.get(code="java")
    assert person is not None
    SkillClaim.objects.filter(professional=person, skill=skill).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_rows(SkillClaim, ("professional", "skill", "level"), [(person.pk, skill.pk, 9)])
