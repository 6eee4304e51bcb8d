"""Storing a synthetic market in the tables of the profiles, as active people marked synthetic.

The capacity ledger needs no rows: it is opened week by week when hours are first booked.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection, transaction

from marketplace.kernel import crypto, identifiers
from marketplace.kernel.money import Currency
from profiles import feed, search_upkeep
from profiles.levels import Cefr, Country, Evidence, Function
from profiles.models import (
    AvailabilityException,
    Certificate,
    Collaboration,
    ExchangeRate,
    Experience,
    LanguageProficiency,
    Professional,
    Skill,
    SkillClaim,
)
from profiles.reference import cefr
from profiles.states import ProfessionalStatus
from profiles.synthetic import names
from profiles.synthetic.copying import copy_rows, refresh_statistics
from profiles.synthetic.identifiers import curp, rfc
from profiles.synthetic.languages import LANGUAGES
from profiles.synthetic.market import Columns, SyntheticMarket
from profiles.synthetic.wording import Wording
from profiles.taxonomy.source import read_taxonomy

Progress = Callable[[float], None]
"""Called now and then with the share of the rows that is stored, ending with 1.0."""

EXCHANGE_SOURCE = "Synthetic market, not a published rate"
VERIFIER = "synthetic"
_EVIDENCE_SOURCES = {
    Evidence.SELF_DECLARED: "",
    Evidence.TESTED: "Synthetic skills test",
    Evidence.VERIFIED: "Synthetic reference check",
}
_TEST_VALID_DAYS = 730

# TOEFL iBT reports 1 to 6 in half steps since January 21, 2026; the lower half step of each level is used.
TOEFL_SCALE_CHANGE = dt.date(2026, 1, 21)
_TOEFL_SCORES = {Cefr.A1: "1.5", Cefr.A2: "2", Cefr.B1: "3", Cefr.B2: "4", Cefr.C1: "5", Cefr.C2: "6"}

_ROWS_BETWEEN_TELLING = 1_000

# Markets of different seeds take their made-up identifiers from different stretches.
_SERIALS_PER_SEED = 700_001

_PERSON_COLUMNS = (
    "id",
    "status",
    "synthetic",
    "given_names",
    "family_names",
    "contact_email",
    "rfc_encrypted",
    "rfc_index",
    "curp_encrypted",
    "curp_index",
    "headline_en",
    "headline_es",
    "summary_en",
    "summary_es",
    "main_function",
    "functions",
    "seniority",
    "country",
    "city",
    "region",
    "cluster",
    "time_zone",
    "work_starts",
    "work_ends",
    "rate_amount",
    "rate_currency",
    "rate_floor",
    "contract_route",
    "weekly_minutes",
    "available_from",
    "available_until",
)


@transaction.atomic
def load(market: SyntheticMarket, *, progress: Progress | None = None) -> dict[str, int]:
    """Store ``market``, all or nothing, and return the number of rows by table.

    The taxonomy must be in the tables (``profiles.services.taxonomy.load_taxonomy``). Raises ``ValueError`` when a
    skill of the market is missing there, or the same market is stored already.
    """
    # Copying hundreds of thousands of people takes longer than a request may.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
    ids = sorted(identifiers.uuid7() for _ in range(len(market)))
    _refuse_second_time(market)
    wording = Wording(market, read_taxonomy())
    skills = _skill_ids(market)
    tell = _Telling(progress, sum(len(table) for _, table in market.tables()))
    counts = {"exchange_rates": _store_exchange_rate(market)}
    tables = (
        ("professionals", Professional, (_PERSON_COLUMNS, _people(market, wording, ids))),
        ("claims", SkillClaim, _claims(market, ids, skills)),
        ("languages", LanguageProficiency, _languages(market, ids)),
        ("certificates", Certificate, _certificates(market, ids, skills)),
        ("experiences", Experience, _experiences(market, ids, wording)),
        ("exceptions", AvailabilityException, _exceptions(market, ids)),
        ("collaborations", Collaboration, _collaborations(market, ids)),
    )
    with feed.suspended():
        for name, model, (columns, rows) in tables:
            counts[name] = copy_rows(model, columns, tell.of(rows))
    # First, since writing the search tables is planned by these; last, since it locks them until the end.
    refresh_statistics(model for _name, model, _rows in tables)
    search_upkeep.catch_up(len(market))
    tell.done()
    return counts


Table = tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]


class _Telling:
    """Counts rows on their way to the database and tells the share of them."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._seen = progress, total, 0

    def of(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Pass ``rows`` through."""
        for row in rows:
            yield row
            self._seen += 1
            if self._progress is not None and self._seen % _ROWS_BETWEEN_TELLING == 0:
                self._progress(self._seen / self._total)

    def done(self) -> None:
        """Tell that everything is stored."""
        if self._progress is not None:
            self._progress(1.0)


def _refuse_second_time(market: SyntheticMarket) -> None:
    holders = market.people.has_rfc.nonzero()[0]
    if len(holders):
        number = _rfc(market, int(holders[0]))
        if Professional.objects.filter(rfc_index=crypto.blind_index(number, purpose="rfc")).exists():
            raise ValueError(f"the synthetic market of seed {market.seed} is stored already")


def _skill_ids(market: SyntheticMarket) -> list[int]:
    known = dict(Skill.objects.values_list("code", "id"))
    missing = [code for code in market.skill_codes if code not in known]
    if missing:
        raise ValueError(f"the taxonomy is not loaded: {len(missing)} skills are missing, such as {missing[0]!r}")
    return [known[code] for code in market.skill_codes]


def _store_exchange_rate(market: SyntheticMarket) -> int:
    """Store what a dollar and a peso are worth in each other on the day of the market."""
    rows = [
        ExchangeRate(currency=currency, quote=quote, rate=rate, on=market.as_of, source=EXCHANGE_SOURCE)
        for currency, quote, rate in (
            (Currency.USD, Currency.MXN, market.pesos_per_dollar),
            (Currency.MXN, Currency.USD, (1 / market.pesos_per_dollar).quantize(Decimal("0.00000001"))),
        )
    ]
    # A published rate of that day is the better one.
    return len(ExchangeRate.objects.bulk_create(rows, ignore_conflicts=True))


def _people(market: SyntheticMarket, wording: Wording, ids: list[uuid.UUID]) -> Iterator[tuple[Any, ...]]:
    functions_of = {
        mask: [int(function) for function in Function if mask >> function & 1] for mask in range(1 << len(Function))
    }
    for person, row in enumerate(_rows(market.people)):
        place = market.places[row["place"]]
        headline_en, headline_es = wording.headline(person)
        summary_en, summary_es = wording.summary(person)
        public_id = identifiers.encode(Professional.prefix, ids[person])
        rfc_encrypted, rfc_index = _sealed("rfc", _rfc(market, person) if row["has_rfc"] else "", public_id)
        curp_encrypted, curp_index = _sealed("curp", _curp(market, person) if row["has_curp"] else "", public_id)
        yield (
            ids[person],
            ProfessionalStatus.ACTIVE.value,
            True,
            wording.given_names(person),
            wording.family_names(person),
            wording.email(person),
            rfc_encrypted,
            rfc_index,
            curp_encrypted,
            curp_index,
            headline_en,
            headline_es,
            summary_en,
            summary_es,
            row["main_function"],
            functions_of[row["functions"]],
            row["seniority"],
            place.country.value,
            place.city,
            place.region,
            place.cluster,
            place.zone,
            row["work_starts"],
            row["work_ends"],
            Decimal(row["rate_cents"]).scaleb(-2),
            (Currency.MXN if row["rate_in_pesos"] else Currency.USD).value,
            Decimal(row["floor_cents"]).scaleb(-2),
            row["route"],
            row["weekly_minutes"],
            _date(row["available_from"]),
            _date(row["available_until"]),
        )


def _claims(market: SyntheticMarket, ids: list[uuid.UUID], skills: list[int]) -> Table:
    columns = (
        "id",
        "professional",
        "skill",
        "level",
        "years",
        "last_used",
        "evidence",
        "evidence_source",
        "evidence_on",
        "evidence_expires_on",
        "verified_by",
    )
    return columns, (
        (
            identifiers.uuid7(),
            ids[row["person"]],
            skills[row["skill"]],
            row["level"],
            row["years"],
            row["last_used"],
            row["evidence"],
            _EVIDENCE_SOURCES[row["evidence"]],
            _date(row["evidence_on"]),
            _date(row["evidence_on"] + _TEST_VALID_DAYS) if row["evidence"] == Evidence.TESTED else None,
            VERIFIER if row["evidence"] == Evidence.VERIFIED else "",
        )
        for row in _rows(market.claims)
    )


def _languages(market: SyntheticMarket, ids: list[uuid.UUID]) -> Table:
    columns = (
        "id",
        "professional",
        "language",
        "listening",
        "speaking",
        "reading",
        "writing",
        "native",
        "evidence",
        "test",
        "raw_score",
        "scale_version",
        "tested_on",
        "evidence_expires_on",
    )
    return columns, (
        (
            identifiers.uuid7(),
            ids[row["person"]],
            LANGUAGES[row["language"]],
            row["listening"],
            row["speaking"],
            row["reading"],
            row["writing"],
            row["native"],
            row["evidence"],
            *_test(LANGUAGES[row["language"]], row["speaking"], _date(row["tested_on"])),
        )
        for row in _rows(market.languages)
    )


def _test(
    language: str, speaking: int, tested_on: dt.date | None
) -> tuple[str, str, str, dt.date | None, dt.date | None]:
    """Return test, raw score, version of the scale, date and last day.

    Scores of the old TOEFL scale are not made up.
    """
    if tested_on is None:
        return "", "", "", None, None
    if language == "en" and tested_on >= TOEFL_SCALE_CHANGE:
        return "TOEFL iBT", _TOEFL_SCORES[Cefr(speaking)], "1-6 (2026)", tested_on, _last_day("TOEFL iBT", tested_on)
    return "Synthetic oral interview", Cefr(speaking).label, "CEFR 2020", tested_on, None


# A market has a few hundred days of tests and hundreds of thousands of results.
@cache
def _last_day(test: str, tested_on: dt.date) -> dt.date | None:
    return cefr.expires_on(test, tested_on)


def _certificates(market: SyntheticMarket, ids: list[uuid.UUID], skills: list[int]) -> Table:
    columns = ("id", "professional", "skill", "issued_on", "expires_on", "number", "evidence")
    return columns, (
        (
            identifiers.uuid7(),
            ids[row["person"]],
            skills[row["skill"]],
            _date(row["issued_on"]),
            _date(row["expires_on"]),
            f"SYN-{market.seed}-{number + 1:07d}",
            row["evidence"],
        )
        for number, row in enumerate(_rows(market.certificates))
    )


def _experiences(market: SyntheticMarket, ids: list[uuid.UUID], wording: Wording) -> Table:
    columns = ("id", "professional", "employer", "title", "starts_on", "ends_on", "summary_en", "summary_es")
    return columns, (
        (
            identifiers.uuid7(),
            ids[row["person"]],
            names.EMPLOYERS[row["employer"]],
            english if market.places[place].country == Country.UNITED_STATES else spanish,
            _date(row["starts_on"]),
            _date(row["ends_on"]),
            english,
            spanish,
        )
        for row, place in zip(
            _rows(market.experiences), market.people.place[market.experiences.person].tolist(), strict=True
        )
        for english, spanish in [wording.title(row["person"], row["seniority"])]
    )


def _exceptions(market: SyntheticMarket, ids: list[uuid.UUID]) -> Table:
    columns = ("id", "professional", "starts_on", "ends_on", "weekly_minutes")
    return columns, (
        (
            identifiers.uuid7(),
            ids[row["person"]],
            _date(row["starts_on"]),
            _date(row["ends_on"]),
            row["weekly_minutes"],
        )
        for row in _rows(market.exceptions)
    )


def _collaborations(market: SyntheticMarket, ids: list[uuid.UUID]) -> Table:
    # Ids ascend with rows, so the order of each pair holds in the table too.
    return ("first", "second", "times", "last_year"), (
        (ids[row["first"]], ids[row["second"]], row["times"], row["last_year"]) for row in _rows(market.collaborations)
    )


def _rows(table: Columns) -> Iterator[dict[str, Any]]:
    """Yield the rows of ``table`` with plain Python values: one conversion per column, not one per cell."""
    arrays = dict(table.arrays())
    for values in zip(*(array.tolist() for array in arrays.values()), strict=True):
        yield dict(zip(arrays, values, strict=True))


def _date(ordinal: int) -> dt.date | None:
    return dt.date.fromordinal(ordinal) if ordinal else None


def _serial(market: SyntheticMarket, person: int) -> int:
    return market.seed * _SERIALS_PER_SEED + person


def _parts(market: SyntheticMarket, person: int) -> tuple[str, str, str]:
    people = market.people
    return (
        names.GIVEN[people.given[person]],
        names.FAMILY[people.family[person]],
        names.FAMILY[people.second_family[person]],
    )


def _rfc(market: SyntheticMarket, person: int) -> str:
    return rfc(*_parts(market, person), _serial(market, person))


def _curp(market: SyntheticMarket, person: int) -> str:
    feminine = bool(market.people.feminine[person])
    return curp(*_parts(market, person), feminine=feminine, serial=_serial(market, person))


def _sealed(name: str, number: str, public_id: str) -> tuple[bytes, str]:
    """Return ciphertext and blind index of an identifier, both empty without one."""
    if not number:
        return b"", ""
    return crypto.encrypt(number, bound_to=f"{public_id}/{name}"), crypto.blind_index(number, purpose=name)
