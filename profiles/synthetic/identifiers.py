"""Made-up RFC and CURP numbers: right in form and check digit, with birth dates that nobody at work can have."""

from __future__ import annotations

import datetime as dt

from stdnum.mx import curp as curp_rules
from stdnum.mx import rfc as rfc_rules

from profiles.taxonomy.text import strip_accents

# Everybody is born in the first decade of the 20th century: true in form, impossible at work.
_FIRST_BIRTHDAY = dt.date(1900, 1, 1)
_BIRTHDAYS = 3650

_FIRST_SIGNS, _SECOND_SIGNS = "123456789ABCDEFGHIJKLMNPQRSTUV", "123456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
_STATES = ("AS", "BC", "CL", "CS", "DF", "GR", "HG", "JC", "MC", "MN", "NL", "OC", "PL", "QT", "SP", "SR", "TS", "YN")
_VOWELS, _CONSONANTS = "AEIOU", "BCDFGHJKLMNPQRSTVWXYZ"

# Words that the authorities break with an X, as both registries publish them.
_UNSEEMLY = rfc_rules._name_blacklist | curp_rules._name_blacklist


def rfc(given: str, family: str, second_family: str, serial: int) -> str:
    """Return a person's RFC of 13 signs (letters of the names, birth date, two signs, check digit).

    ``serial`` decides date and signs, so that different serials give different numbers. Rules: SAT; check digit by
    python-stdnum.
    """
    letters = _letters(given, family, second_family)
    if letters in _UNSEEMLY:
        letters = letters[:3] + "X"
    turn = serial // _BIRTHDAYS
    signs = _FIRST_SIGNS[turn % len(_FIRST_SIGNS)] + _SECOND_SIGNS[turn // len(_FIRST_SIGNS) % len(_SECOND_SIGNS)]
    body = letters + _birthday(serial) + signs
    return body + str(rfc_rules.calc_check_digit(body))


def curp(given: str, family: str, second_family: str, *, feminine: bool, serial: int) -> str:
    """Return a CURP of 18 signs (names, birth date, sex, state, inner consonants, differentiator, check digit).

    ``serial`` decides date, state and differentiator. Rules: RENAPO; check digit by python-stdnum.
    """
    letters = _letters(given, family, second_family)
    if letters in _UNSEEMLY:
        letters = letters[0] + "X" + letters[2:]
    turn = serial // _BIRTHDAYS
    state = _STATES[turn // 10 % len(_STATES)]
    inner = "".join(_first_inside(name, _CONSONANTS) for name in (family, second_family, given))
    body = f"{letters}{_birthday(serial)}{'M' if feminine else 'H'}{state}{inner}{turn % 10}"
    return body + str(curp_rules.calc_check_digit(body))


def _plain(name: str) -> str:
    """Upper case without accents; Ñ counts as X in both numbers."""
    return strip_accents(name.upper().replace("Ñ", "X"))


def _letters(given: str, family: str, second_family: str) -> str:
    """First letter and first inner vowel of the family name, initials of the second one and of the given name."""
    return _plain(family)[0] + _first_inside(family, _VOWELS) + (_plain(second_family) or "X")[0] + _plain(given)[0]


def _first_inside(name: str, kind: str) -> str:
    return next((sign for sign in _plain(name)[1:] if sign in kind), "X")


def _birthday(serial: int) -> str:
    return (_FIRST_BIRTHDAY + dt.timedelta(days=serial % _BIRTHDAYS)).strftime("%y%m%d")
