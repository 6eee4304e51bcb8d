"""The generated market is the same for the same seed, and keeps the proportions that are known of the field."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from stdnum.mx import curp as curp_rules
from stdnum.mx import rfc as rfc_rules

from profiles.levels import Cefr, ContractRoute, Country, Evidence, Seniority
from profiles.synthetic.drawing import banded, choose, zipf_weights
from profiles.synthetic.generate import REFERENCE_DAY, generate
from profiles.synthetic.histories import GROUP_ROUNDS, LARGEST_GROUP
from profiles.synthetic.identifiers import curp, rfc
from profiles.synthetic.languages import ENGLISH, SPANISH
from profiles.synthetic.market import SyntheticMarket
from profiles.synthetic.people import MEXICAN_RATES, SPECIALIST_RATES
from profiles.synthetic.places import MEXICO, PLACES
from profiles.synthetic.practices import SOURCE, read_practices
from profiles.synthetic.wording import Wording
from profiles.taxonomy.source import Taxonomy, read_taxonomy

TAXONOMY = read_taxonomy()
PEOPLE = 4_000
MARKET = generate(PEOPLE, 20, TAXONOMY)
IN_MEXICO = np.array([place.country == Country.MEXICO for place in PLACES])[MARKET.people.place]


def holders(code: str, level: int = 1) -> set[int]:
    """Return the rows of everybody who claims a skill at a level or above."""
    claims = MARKET.claims
    held = (claims.skill == MARKET.skill_codes.index(code)) & (claims.level >= level)
    return set(claims.person[held].tolist())


def share(of: str, among: str) -> float:
    """Return the share of people with skill ``of`` among those with skill ``among``."""
    return len(holders(of) & holders(among)) / len(holders(among))


def spoken(language: int) -> NDArray[np.uint8]:
    """Return everybody's spoken level, 0 where the language is not held."""
    levels = np.zeros(len(MARKET), dtype=np.uint8)
    rows = MARKET.languages.language == language
    levels[MARKET.languages.person[rows]] = MARKET.languages.speaking[rows]
    return levels


def test_the_same_seed_gives_the_same_market_and_another_seed_another() -> None:
    assert generate(300, 5, TAXONOMY).digest() == generate(300, 5, TAXONOMY).digest()
    assert generate(300, 5, TAXONOMY).digest() != generate(300, 6, TAXONOMY).digest()


def test_the_digest_notices_a_single_changed_cell() -> None:
    market = generate(50, 5, TAXONOMY)
    years = market.people.years.copy()
    years[7] += 1
    assert replace(market, people=replace(market.people, years=years)).digest() != market.digest()


@pytest.mark.parametrize("people", [0, 1, 2, 7, 31])
def test_tiny_markets_are_whole(people: int) -> None:
    market = generate(people, 1, TAXONOMY)
    assert len(market) == people
    for name, table in market.tables():
        assert len({len(array) for _, array in table.arrays()}) == 1, name
    assert np.all(np.isin(np.arange(people), market.claims.person))


def test_fewer_than_no_people_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than no people"):
        generate(-1, 1, TAXONOMY)


def test_seven_in_a_hundred_are_specialists_in_the_united_states() -> None:
    assert (~IN_MEXICO).sum() == round(PEOPLE * 0.07)
    assert np.array_equal(MARKET.people.route == ContractRoute.US_SPECIALIST, ~IN_MEXICO)
    assert np.all(MARKET.people.seniority[~IN_MEXICO] >= Seniority.MID)


def test_english_is_as_scarce_as_it_is_in_mexico() -> None:
    levels = spoken(ENGLISH)[IN_MEXICO]
    assert (levels >= Cefr.C1).mean() == pytest.approx(0.12, abs=0.002)
    assert (levels == Cefr.B2).mean() == pytest.approx(0.33, abs=0.002)
    assert np.all(spoken(ENGLISH)[~IN_MEXICO] == Cefr.C2)


def test_spanish_is_native_in_mexico_and_varies_among_specialists() -> None:
    assert np.all(spoken(SPANISH)[IN_MEXICO] == Cefr.C2)
    levels = set(spoken(SPANISH)[~IN_MEXICO].tolist())
    assert {Cefr.NONE, Cefr.B1, Cefr.B2, Cefr.C1, Cefr.C2} <= levels


def test_leads_speak_more_english_than_juniors() -> None:
    levels, seniority = spoken(ENGLISH)[IN_MEXICO], MARKET.people.seniority[IN_MEXICO]
    assert levels[seniority >= Seniority.LEAD].mean() > levels[seniority == Seniority.JUNIOR].mean() + 0.3


@pytest.mark.parametrize(
    ("cluster", "percent"),
    [
        ("CDMX", 32),
        ("Guadalajara", 18),
        ("Monterrey", 16),
        ("Querétaro", 8),
        ("Puebla", 4),
        ("Mérida", 3),
        ("Tijuana", 4),
        ("León", 3),
        ("Chihuahua", 2),
        ("Hermosillo", 2),
        ("Other", 8),
    ],
)
def test_clusters_have_their_weights(cluster: str, percent: int) -> None:
    inside = np.array([place.cluster == cluster for place in PLACES])[MARKET.people.place]
    assert inside[IN_MEXICO].mean() == pytest.approx(percent / 100, abs=0.003)
    assert sum(place.weight for place in MEXICO if place.cluster == cluster) == pytest.approx(percent)


def test_every_city_has_a_zone_that_exists_and_observes_its_own_clock() -> None:
    assert {place.zone for place in PLACES} <= zoneinfo.available_timezones()
    july = dt.datetime(2027, 7, 1, 12)
    offset = {
        place.city: july.replace(tzinfo=zoneinfo.ZoneInfo(place.zone)).utcoffset() or dt.timedelta() for place in PLACES
    }
    hours = {city: delta.total_seconds() / 3600 for city, delta in offset.items()}
    assert (hours["Guadalajara"], hours["Monterrey"], hours["Hermosillo"], hours["Chihuahua"]) == (-6, -6, -7, -6)
    assert (hours["Tijuana"], hours["Mexicali"], hours["Reynosa"], hours["Ciudad Juárez"]) == (-7, -7, -5, -6)
    assert (hours["Cancún"], hours["New York"], hours["Chicago"], hours["Phoenix"]) == (-5, -4, -5, -7)


@pytest.mark.parametrize(
    ("of", "among", "least"),
    [
        ("jcl", "cobol", 0.75),
        ("db2-zos", "cobol", 0.6),
        ("cobol", "jcl", 0.75),
        ("aml-bsa", "kyc", 0.5),
        ("kyc", "aml-bsa", 0.7),
        ("cdd", "kyc", 0.5),
        ("data-quality", "data-governance", 0.55),
        ("spring-boot", "java", 0.6),
        ("sox-404", "internal-controls", 0.4),
    ],
)
def test_skills_of_one_trade_go_together(of: str, among: str, least: float) -> None:
    everywhere = len(holders(of)) / PEOPLE
    assert share(of, among) > least
    assert share(of, among) > 3 * everywhere


def test_popularity_falls_off_like_zipf() -> None:
    counts = np.sort(np.bincount(MARKET.claims.skill, minlength=len(TAXONOMY.entries)))[::-1]
    assert counts[0] > 2 * counts[20] > 4 * counts[100] > 0
    assert counts[:50].sum() > 0.4 * counts.sum()


def test_levels_grow_with_years_and_stay_on_the_scale() -> None:
    claims = MARKET.claims
    means = [
        claims.level[(claims.years >= low) & (claims.years < high)].mean()
        for low, high in ((0, 2), (2, 5), (5, 10), (10, 40))
    ]
    assert means == sorted(means)
    assert means[-1] - means[0] > 1.5
    assert set(claims.level.tolist()) == {1, 2, 3, 4, 5}


def test_nobody_has_used_a_skill_for_longer_than_they_have_worked() -> None:
    claims = MARKET.claims
    career = MARKET.people.years[claims.person].astype(np.int32)
    assert np.all(claims.years <= career)
    assert np.all(claims.last_used <= REFERENCE_DAY.year)
    assert np.all(claims.last_used >= REFERENCE_DAY.year - career)


def test_claims_are_unique_and_sorted() -> None:
    keys = MARKET.claims.person.astype(np.int64) * len(MARKET.skill_codes) + MARKET.claims.skill
    assert np.all(np.diff(keys) > 0)


def test_evidence_is_mostly_declared_and_dated_where_it_is_more() -> None:
    evidence = MARKET.claims.evidence
    assert (evidence == Evidence.SELF_DECLARED).mean() == pytest.approx(0.63, abs=0.03)
    assert (evidence == Evidence.VERIFIED).mean() == pytest.approx(0.15, abs=0.03)
    assert np.array_equal(MARKET.claims.evidence_on > 0, evidence != Evidence.SELF_DECLARED)


def test_seniority_grows_with_years() -> None:
    years, seniority = MARKET.people.years, MARKET.people.seniority
    means = [years[seniority == level].mean() for level in Seniority]
    assert means == sorted(means)
    assert years[seniority == Seniority.LEAD].min() >= 11


def test_rates_stay_within_the_bands_and_some_are_in_pesos() -> None:
    people = MARKET.people
    assert people.rate_in_pesos.mean() == pytest.approx(0.15, abs=0.02)
    assert not people.rate_in_pesos[~IN_MEXICO].any()
    assert np.all(people.floor_cents <= people.rate_cents)
    for mexican, bands in ((True, MEXICAN_RATES), (False, SPECIALIST_RATES)):
        for level, (low, high) in zip(Seniority, bands, strict=True):
            rows = (mexican == IN_MEXICO) & (people.seniority == level) & ~people.rate_in_pesos
            if rows.any():
                dollars = people.rate_cents[rows] / 100
                assert low <= dollars.min()
                assert dollars.max() <= high


def test_big_clusters_ask_more_for_the_same_seniority() -> None:
    cluster = np.array([place.cluster for place in PLACES])[MARKET.people.place]
    senior = (MARKET.people.seniority == Seniority.SENIOR) & ~MARKET.people.rate_in_pesos
    assert (
        MARKET.people.rate_cents[senior & (cluster == "CDMX")].mean()
        > MARKET.people.rate_cents[senior & (cluster == "Other")].mean() + 300
    )


def test_certificates_expire_after_their_validity_and_a_few_have_expired() -> None:
    table, entries = MARKET.certificates, TAXONOMY.entries
    months = np.array([entry.validity_months or 0 for entry in entries])[table.skill]
    days = table.expires_on - table.issued_on
    assert np.array_equal(table.expires_on > 0, months > 0)
    assert np.abs(days[months > 0] - months[months > 0] * 30.4375).max() <= 1
    today = REFERENCE_DAY.toordinal()
    assert np.all(table.issued_on < today)
    expired = (table.expires_on > 0) & (table.expires_on < today)
    assert 0.01 < expired.mean() < 0.12


def test_employments_follow_each_other_without_gap_and_the_latest_goes_on() -> None:
    table = MARKET.experiences
    same = table.person[1:] == table.person[:-1]
    assert np.all(table.ends_on[1:][same] == table.starts_on[:-1][same] - 1)
    first = np.flatnonzero(np.diff(table.person, prepend=-1))
    assert np.all(table.ends_on[first] == 0)
    assert len(first) == PEOPLE
    closed = table.ends_on > 0
    assert np.all(table.starts_on[closed] <= table.ends_on[closed])
    assert np.all(table.starts_on < REFERENCE_DAY.toordinal())


def test_collaborators_live_in_one_cluster_in_groups_of_at_most_nine() -> None:
    table = MARKET.collaborations
    cluster = np.array([place.cluster for place in PLACES])[MARKET.people.place]
    assert np.all(table.first < table.second)
    assert np.all(cluster[table.first] == cluster[table.second])
    assert len(np.unique(table.first.astype(np.int64) * PEOPLE + table.second)) == len(table)
    acquaintances = np.bincount(np.concatenate([table.first, table.second]), minlength=PEOPLE)
    assert acquaintances.max() <= GROUP_ROUNDS * (LARGEST_GROUP - 1)
    assert (acquaintances > 0).mean() > 0.5
    assert set(table.times.tolist()) <= {1, 2, 3}


def test_absences_lie_ahead_and_never_add_hours() -> None:
    table = MARKET.exceptions
    assert 0.08 < len(table) / PEOPLE < 0.16
    assert np.all(table.starts_on > REFERENCE_DAY.toordinal())
    assert np.all(table.ends_on >= table.starts_on)
    assert np.all(table.weekly_minutes < MARKET.people.weekly_minutes[table.person])


def test_most_people_are_free_at_once_and_ends_come_after_beginnings() -> None:
    people = MARKET.people
    assert (people.available_from <= REFERENCE_DAY.toordinal()).mean() == pytest.approx(0.6, abs=0.04)
    ending = people.available_until > 0
    assert np.all(people.available_until[ending] > people.available_from[ending])


def test_the_day_of_the_market_moves_every_date_with_it() -> None:
    later = generate(200, 5, TAXONOMY, as_of=REFERENCE_DAY + dt.timedelta(days=100))
    now = generate(200, 5, TAXONOMY)
    assert np.array_equal(later.people.available_from - 100, now.people.available_from)
    assert np.array_equal(later.certificates.issued_on - 100, now.certificates.issued_on)


def texts(market: SyntheticMarket) -> Wording:
    return Wording(market, TAXONOMY)


def test_headlines_and_summaries_are_marked_in_both_languages() -> None:
    wording = texts(MARKET)
    for person in range(200):
        english, spanish = wording.headline(person)
        assert english.startswith("[Synthetic] ")
        assert spanish.startswith("[Sintético] ")
        summary_en, summary_es = wording.summary(person)
        assert summary_en.startswith("[Synthetic] ")
        assert " año" in summary_es
        assert len(english) <= 160 >= len(spanish)


def test_addresses_are_reserved_for_examples_and_unique() -> None:
    wording = texts(MARKET)
    addresses = [wording.email(person) for person in range(PEOPLE)]
    assert len(set(addresses)) == PEOPLE
    assert {address.rpartition("@")[2] for address in addresses} == {"example.mx", "example.com"}
    assert all(address.isascii() for address in addresses)


def test_mexicans_have_two_family_names_and_specialists_one() -> None:
    wording = texts(MARKET)
    assert all(bool(wording.family_pair(person)[1]) == bool(IN_MEXICO[person]) for person in range(PEOPLE))


@pytest.mark.parametrize(
    ("given", "family", "second", "letters"),
    [
        ("María", "Hernández", "Núñez", "HENM"),
        ("Óscar", "Ñáñez", "Álvarez", "XAAO"),
        ("Ana", "Cruz", "Ortiz", "CUOA"),
        ("Elena", "Peña", "Núñez", "PENX"),
    ],
)
def test_identifiers_start_with_the_letters_of_the_name(given: str, family: str, second: str, letters: str) -> None:
    assert rfc(given, family, second, 77).startswith(letters)


def test_identifiers_are_valid_in_form_and_check_digit_and_never_repeat() -> None:
    numbers = [rfc("María", "Hernández", "Núñez", serial) for serial in range(0, 400_000, 173)]
    assert len(set(numbers)) == len(numbers)
    assert all(rfc_rules.is_valid(number, validate_check_digits=True) for number in numbers)
    keys = [curp("José", "Muñoz", "Vaca", feminine=False, serial=serial) for serial in range(0, 400_000, 173)]
    assert len(set(keys)) == len(keys)
    assert all(curp_rules.is_valid(key) for key in keys)
    assert {curp_rules.get_birth_date(key).year for key in keys} <= set(range(1900, 1910))


def test_bands_cut_by_rank_have_exact_sizes() -> None:
    score = np.random.default_rng(3).random(1_000)
    bands = banded(score, [0.5, 0.0, 0.3, 0.2])
    assert np.bincount(bands, minlength=4).tolist() == [500, 0, 300, 200]
    assert score[bands == 0].max() < score[bands == 2].min() <= score[bands == 2].max() < score[bands == 3].min()


def test_weighted_choices_follow_their_weights_and_never_take_a_zero() -> None:
    drawn = choose(np.random.default_rng(3), [0.0, 3.0, 1.0, 0.0], 20_000)
    assert set(drawn.tolist()) == {1, 2}
    assert (drawn == 1).mean() == pytest.approx(0.75, abs=0.02)
    assert zipf_weights(4).tolist() == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("cobol = ", "cobool = ", "'cobool'"),
        ('families = ["mainframe"', 'families = ["mainfarme"', "'mainfarme'"),
        ("functions = { engineering = 0.85", "functions = { engineering = 0.8", "sum to"),
        ("functions = { engineering = 0.85", "functions = { enginering = 0.85", "unknown functions: enginering"),
    ],
)
def test_a_practice_that_does_not_fit_the_taxonomy_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = SOURCE.read_text(encoding="utf-8")
    assert old in text
    changed = tmp_path / "practices.toml"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_practices(TAXONOMY, changed)


def test_a_market_needs_every_skill_of_its_practices() -> None:
    without = Taxonomy(tuple(entry for entry in TAXONOMY.entries if entry.code != "jcl"))
    with pytest.raises(ValueError, match="'jcl'"):
        generate(10, 1, without)
