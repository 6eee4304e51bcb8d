"""What a person may be recognized by, and how sure a resemblance is: the one place that judges duplicates.

=====================  ====================================================================================
``rfc``, ``curp``      the same identifier: certain
``email``              the same address, capitals aside: certain
``name_and_employer``  a like name and a like employer: as sure as the less alike of the two
``phone``              the same number: 70, as families share one
``email_like``         the same address but for dots and a ``+`` tag: 60, too little alone
``name``               a like name: nothing alone; with a phone or a like address it makes 95
=====================  ====================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.kernel import crypto
from profiles import likeness
from profiles.likeness import Name

SAME_NAME = 80
SAME_EMPLOYER = 88
SHOWN_FROM = 70
PHONE, EMAIL_LIKE, NAMED_TOO = 70, 60, 95
MOST_EMPLOYERS = 6
_DOTS_DO_NOT_COUNT = frozenset({"gmail.com", "googlemail.com"})
_NATIONAL_DIGITS = 10


@dataclass(frozen=True)
class Traces:
    """``names``: each way to read the name. Identifiers are blind indexes; ``phones`` the last ten digits of each."""

    names: tuple[Name, ...]
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    employers: tuple[str, ...] = ()
    rfc: str = ""
    curp: str = ""

    def __repr__(self) -> str:
        return "<Traces>"

    @property
    def content(self) -> int:
        """A keyed digest of all this, 63 bits."""
        told = [self.names, sorted(self.emails), sorted(self.phones), self.employers, self.rfc, self.curp]
        return _number("content", repr(told))

    def keys(self) -> frozenset[int]:
        """Return keyed digests: two people are worth comparing if they share one. All-pairs are never compared."""
        said = {("email", _canonical(email)) for email in self.emails}
        said |= {("phone", phone) for phone in self.phones}
        said |= {(kind, index) for kind, index in (("rfc", self.rfc), ("curp", self.curp)) if index}
        for employer in self.employers[:MOST_EMPLOYERS]:
            for word in sorted(likeness.telling(employer))[:2]:
                for name in self.names:
                    for family in name.family[:2]:
                        for initial in likeness.initials(name.given):
                            place = f"{likeness.skeleton(family)}/{initial}/{likeness.skeleton(word)}"
                            said.add(("place", place))
        return frozenset(_number(kind, text) for kind, text in said)


def compare(one: Traces, other: Traces) -> dict[str, int]:
    """Return what speaks for one person behind both, each reason with its similarity; nothing when nothing does."""
    reasons: dict[str, int] = {}
    if one.rfc and one.rfc == other.rfc:
        reasons["rfc"] = 100
    if one.curp and one.curp == other.curp:
        reasons["curp"] = 100
    if one.emails & other.emails:
        reasons["email"] = 100
    elif {_canonical(email) for email in one.emails} & {_canonical(email) for email in other.emails}:
        reasons["email_like"] = EMAIL_LIKE
    if one.phones & other.phones:
        reasons["phone"] = PHONE
    name = max((likeness.alike(mine, yours) for mine in one.names for yours in other.names), default=0)
    if name >= SAME_NAME:
        employer = _same_employer(one.employers, other.employers)
        if employer >= SAME_EMPLOYER:
            reasons["name_and_employer"] = min(name, employer)
        if reasons:
            reasons["name"] = name
    return reasons


def score(reasons: Mapping[str, int]) -> int:
    """Return how sure a resemblance is, 0 to 100; below ``SHOWN_FROM`` it is nobody's business."""
    surest = max((similarity for by, similarity in reasons.items() if by != "name"), default=0)
    if "name" in reasons and {"phone", "email_like"} & reasons.keys():
        surest = max(surest, NAMED_TOO)
    return surest


def phone_digits(text: str) -> frozenset[str]:
    """Return the number as it is compared, nothing for what is too short to be one."""
    digits = re.sub(r"\D", "", text)
    return frozenset({digits[-_NATIONAL_DIGITS:]}) if len(digits) >= _NATIONAL_DIGITS else frozenset()


def _canonical(email: str) -> str:
    local, _at, domain = email.partition("@")
    local = local.partition("+")[0]
    if domain in _DOTS_DO_NOT_COUNT:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def _same_employer(ones: Sequence[str], others: Sequence[str]) -> int:
    return max((likeness.alike_employers(one, other) for one in ones for other in others), default=0)


def _number(kind: str, text: str) -> int:
    digest = crypto.blind_index(text, purpose=f"duplicate/{kind}")
    return int(digest[:16], 16) >> 1
