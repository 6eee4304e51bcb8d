"""Which documents an engagement must have: the rules as data, each with its source.

They are a checklist and never legal or tax advice. Facts of law with their dates: read them again before relying on
them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.clients.models import DocumentKind, Party
from profiles.levels import ContractRoute, Country
from profiles.reference.validity import months_after


@dataclass(frozen=True)
class Rule:
    """``routes``, ``countries`` and ``regulations`` (codes of skills) make a document required; empty means always.

    ``optional_otherwise`` keeps it on the list where they do not; ``optional_routes`` where these hold.
    ``lasting_months`` is how long it holds from its issue when no day is given, ``last_of_year`` until the end of which
    following year.
    """

    kind: DocumentKind
    of_placement: bool
    provided_by: frozenset[Party]
    why: Promise
    source: Promise
    source_date: dt.date
    routes: frozenset[ContractRoute] = frozenset()
    optional_routes: frozenset[ContractRoute] = frozenset()
    countries: frozenset[Country] = frozenset()
    regulations: frozenset[str] = frozenset()
    optional_otherwise: bool = False
    takes_number: bool = False
    asks_us_days: bool = False
    must_expire: bool = False
    lasting_months: int | None = None
    last_of_year: int | None = None

    def required(self, *, route: int | None, country: int | None, regulations: Collection[str]) -> bool | None:
        """Return whether it must be there, and None where it is not on the list at all."""
        if self.countries and country not in self.countries:
            return None
        if self.routes and route not in self.routes:
            return False if route in self.optional_routes else None
        if self.regulations and not self.regulations & set(regulations):
            return False if self.optional_otherwise else None
        return True

    def default_expiry(self, issued_on: dt.date) -> dt.date | None:
        """Return the last day on which it holds when nobody named one."""
        if self.lasting_months:
            return months_after(issued_on, self.lasting_months)
        return dt.date(issued_on.year + self.last_of_year, 12, 31) if self.last_of_year else None


_PROFESSIONAL = frozenset({Party.PROFESSIONAL, Party.RECRUITER})
_HOUSE = frozenset({Party.RECRUITER})

RULES: tuple[Rule, ...] = (
    Rule(
        DocumentKind.NDA,
        of_placement=True,
        provided_by=_PROFESSIONAL,
        why=_("The client's information is kept secret by everybody who works for it."),
        source=_("House policy; 16 CFR 314.4(f): service providers are bound by contract to keep safeguards"),
        source_date=dt.date(2023, 11, 13),
    ),
    Rule(
        DocumentKind.W8BEN,
        of_placement=True,
        provided_by=_PROFESSIONAL,
        why=_("A person or firm outside the United States says so, and on how many days work there is planned."),
        source=_("26 U.S.C. 861(a)(3) and 1441; IRS, Form W-8BEN and its instructions (October 2021)"),
        source_date=dt.date(2021, 10, 1),
        routes=frozenset({ContractRoute.INDEPENDENT, ContractRoute.REPSE}),
        optional_routes=frozenset({ContractRoute.EMPLOYER_OF_RECORD}),
        countries=frozenset({Country.MEXICO}),
        asks_us_days=True,
        must_expire=True,
        last_of_year=3,
    ),
    Rule(
        DocumentKind.W9,
        of_placement=True,
        provided_by=_PROFESSIONAL,
        why=_("A person in the United States gives the payer what its reports need."),
        source=_("26 U.S.C. 6109; IRS, Form W-9 (March 2024)"),
        source_date=dt.date(2024, 3, 1),
        routes=frozenset({ContractRoute.US_SPECIALIST}),
    ),
    Rule(
        DocumentKind.REPSE,
        of_placement=True,
        provided_by=_HOUSE,
        why=_("A firm that lends specialized services in Mexico is in the public register, for three years at a time."),
        source=_("Federal Labor Law of Mexico, articles 13 and 15 (DOF, April 23, 2021)"),
        source_date=dt.date(2021, 4, 23),
        routes=frozenset({ContractRoute.REPSE}),
        takes_number=True,
        must_expire=True,
        lasting_months=36,
    ),
    Rule(
        DocumentKind.THIRD_PARTY_RISK_PACK,
        of_placement=False,
        provided_by=_HOUSE,
        why=_("A regulated client shows that it has looked into who works for it before it began."),
        source=_("88 FR 37920 (June 6, 2023); 23 NYCRR 500.11; 16 CFR 314.4(f)"),
        source_date=dt.date(2023, 6, 6),
        regulations=frozenset({"third-party-risk", "nydfs-500", "glba-safeguards", "ffiec", "naic-668"}),
        optional_otherwise=True,
    ),
    Rule(
        DocumentKind.CERTIFICATE,
        of_placement=True,
        provided_by=_PROFESSIONAL,
        why=_("A certificate that the seat asks for, or that the person brings to a need of the cell."),
        source=_("The project: skills of its seats and needs that are certificates"),
        source_date=dt.date(2026, 11, 22),
    ),
)

_BY_KIND = {rule.kind.value: rule for rule in RULES}


def rule_of(kind: str) -> Rule:
    """Return the rule of a kind of document."""
    return _BY_KIND[kind]
