"""How complete a profile is, and the next step that would help most."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from profiles.completeness import PARTS, completeness, faults
from profiles.levels import ContractRoute
from profiles.models import Experience, Professional
from tests.factories import profiles

pytestmark = pytest.mark.django_db


def bare(**fields):
    nothing = {"rate_amount": Decimal(0), "rate_floor": Decimal(0), "city": "", "headline_en": "", "headline_es": ""}
    return profiles.professional(status="draft", **{**nothing, **fields})


def test_an_empty_profile_lacks_everything_the_heaviest_required_part_first():
    found = completeness(bare())
    assert found.share == 0
    assert {part.code for part in found.missing} == {part.code for part in PARTS}
    assert found.next_step.code == "skills"
    assert [fault.pointer for fault in faults(bare())] == ["/skills", "/rate", "/languages", "/headline", "/city"]


def test_a_full_profile_has_no_next_step():
    person = profiles.professional(
        status="draft", summary_en="I move banks off COBOL.", available_from=dt.date(2027, 1, 4), rfc_index="x"
    )
    for code in ("cobol", "jcl", "db2"):
        profiles.claim(person, code)
    profiles.speaks(person)
    Experience.objects.create(professional=person, employer="X", title="Y", starts_on=dt.date(2020, 1, 1))
    found = completeness(person)
    assert (found.share, found.next_step) == (1.0, None)
    assert faults(person) == []


def test_a_specialist_in_the_united_states_is_not_asked_for_a_mexican_tax_identifier():
    codes = {part.code for part in completeness(bare(contract_route=ContractRoute.US_SPECIALIST)).missing}
    assert "tax_ids" not in codes


def test_each_part_adds_its_weight():
    assert completeness(bare(city="Mérida")).share == pytest.approx(0.05)


def test_completeness_of_a_prefetched_profile_reads_nothing_more(django_assert_num_queries):
    bare()
    person = Professional.objects.all().with_everything().get()
    with django_assert_num_queries(0):
        completeness(person)
