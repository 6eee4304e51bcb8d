"""Generating a whole market from a seed: the same arguments give the same market, column for column."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np

from profiles.synthetic.claims import draw_claims
from profiles.synthetic.histories import draw_certificates, draw_collaborations, draw_exceptions, draw_experiences
from profiles.synthetic.languages import draw_languages
from profiles.synthetic.market import SyntheticMarket
from profiles.synthetic.people import draw_people
from profiles.synthetic.practices import read_practices
from profiles.taxonomy.source import Taxonomy

REFERENCE_DAY = dt.date(2026, 11, 22)
PESOS_PER_DOLLAR = Decimal("18.50")


def generate(
    people: int,
    seed: int,
    taxonomy: Taxonomy,
    *,
    as_of: dt.date = REFERENCE_DAY,
    pesos_per_dollar: Decimal = PESOS_PER_DOLLAR,
) -> SyntheticMarket:
    """Return a market of ``people``, as it would look on ``as_of``.

    About 93 in 100 are professionals in Mexico, 7 are business specialists in the United States; clusters, levels of
    English and hourly rates keep the proportions that are known of the field. ``pesos_per_dollar`` only serves to
    quote some rates in pesos and is made up. Raises ``ValueError`` for a negative number of people or a practice that
    names something unknown to ``taxonomy``.
    """
    if people < 0:
        raise ValueError("a market cannot have fewer than no people")
    practices = read_practices(taxonomy)
    # One stream for each table: drawing more of one thing leaves the others as they were.
    streams = [np.random.default_rng(stream) for stream in np.random.SeedSequence(seed).spawn(7)]
    persons = draw_people(streams[0], people, practices, as_of, pesos_per_dollar)
    return SyntheticMarket(
        seed=seed,
        as_of=as_of,
        pesos_per_dollar=pesos_per_dollar,
        skill_codes=tuple(entry.code for entry in taxonomy.entries),
        practices=practices,
        people=persons,
        claims=draw_claims(streams[1], persons, practices, taxonomy, as_of),
        languages=draw_languages(streams[2], persons, practices, as_of),
        certificates=draw_certificates(streams[3], persons, practices, taxonomy, as_of),
        experiences=draw_experiences(streams[4], persons, as_of),
        exceptions=draw_exceptions(streams[5], persons, as_of),
        collaborations=draw_collaborations(streams[6], persons, as_of),
    )
