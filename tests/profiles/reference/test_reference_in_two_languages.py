"""What the files of reference data say in Spanish is Spanish, and what they say in English is English."""

from __future__ import annotations

import pytest

from profiles import zones
from profiles.reference import calendars
from profiles.reference.certificate_validity import validities
from profiles.reference.tables import reference_tables
from tests.english_words import english_words, spanish_words


def sentences():
    """Yield (where, English, Spanish) of every sentence that somebody may read."""
    for name, zone in zones.zone_names().items():
        yield f"zone {name}", zone.rule("en"), zone.rule("es-mx")
    for test in reference_tables().tests:
        yield f"test {test.code}", test.validity("en"), test.validity("es-mx")
    for table in reference_tables().tables:
        yield f"table {table.version}", table.note("en"), table.note("es-mx")
    for code, terms in validities().items():
        yield from ((f"certificate {code}", each.note("en"), each.note("es-mx")) for each in terms if each.note("en"))
    for year in (2024, 2027, 2030):
        for country in calendars.COUNTRIES:
            for holiday in calendars.public_holidays(country, year):
                yield f"holiday {holiday.on}", holiday.name("en"), holiday.name("es-mx")


@pytest.mark.parametrize(("where", "english", "spanish"), list(sentences()), ids=lambda text: text[:24])
def test_a_sentence_is_in_the_language_that_it_is_filed_under(where, english, spanish):
    assert english != spanish
    assert not english_words(spanish), where
    assert not spanish_words(english), where
