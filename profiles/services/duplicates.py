"""Noticing that somebody is in the market already under another profile: from a résumé, and of two profiles.

Told to recruiters and operators, never to whoever uploads: it would tell them who else is here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from stdnum.mx import curp as curp_rules
from stdnum.mx import rfc as rfc_rules

from marketplace.kernel import crypto
from profiles import likeness, traces
from profiles.likeness import Name
from profiles.models import Experience, Professional
from profiles.models.professional import Folded
from profiles.services import professionals
from profiles.services.tax_ids import GENERIC_RFC
from profiles.states import ProfessionalStatus
from profiles.traces import Traces

MOST_IN_BLOCK = 200  # a key that more people share tells nobody from anybody
_MOST_LIKE_NAMED = 50


@dataclass(frozen=True)
class Duplicate:
    """Another profile and what gave it away (see ``profiles.traces``); 0..100."""

    professional: Professional
    by: tuple[str, ...]
    similarity: int

    def as_json(self) -> dict[str, Any]:
        return {"professional": self.professional.public_id, "by": list(self.by), "similarity": self.similarity}


# -- a résumé ---------------------------------------------------------------------------------------------------------
def find(document: dict[str, Any], identifiers: Iterable[str], professional: Professional) -> list[Duplicate]:
    """Return the other profiles that may be of the person of a résumé, the surest first.

    An e-mail address or a valid identifier is one person's; a name counts only with an employer in common.
    """
    told = traces_of_document(document, identifiers)
    others = _recognizable().exclude(pk=professional.pk)
    rows = {
        row.pk: row
        for row in [*_by_index(told, others), *others.filter(pk__in=sharing(told.keys()))[:_MOST_LIKE_NAMED]]
    }
    known = traces_of(rows)
    found = []
    for key, row in rows.items():
        reasons = traces.compare(told, known[key]) if key in known else {}
        if traces.score(reasons) >= traces.SHOWN_FROM:
            by = tuple(sorted(reasons.keys() - {"name"}))
            found.append(Duplicate(row, by, traces.score(reasons)))
    return sorted(found, key=lambda each: (-each.similarity, each.professional.public_id))


def traces_of_document(document: dict[str, Any], identifiers: Iterable[str] = ()) -> Traces:
    """Return what a JSON Resume document and the identifiers read beside it may be recognized by."""
    basics = document.get("basics")
    basics = basics if isinstance(basics, dict) else {}
    email = likeness.folded(str(basics.get("email", "")))
    work = [str(entry.get("name", "")) for entry in document.get("work", []) if entry.get("name")]
    rfc = curp = ""
    for text in identifiers:
        if rfc_rules.is_valid(text) and text not in GENERIC_RFC:
            rfc = crypto.blind_index(rfc_rules.compact(text), purpose="rfc")
        elif curp_rules.is_valid(text):
            curp = crypto.blind_index(curp_rules.compact(text), purpose="curp")
    return Traces(
        names=likeness.readings(str(basics.get("name", ""))[:200]),
        emails=frozenset({email} if email and len(email) <= 254 else ()),
        phones=traces.phone_digits(str(basics.get("phone", ""))),
        employers=tuple(work),
        rfc=rfc,
        curp=curp,
    )


def _by_index(told: Traces, others: Any) -> list[Professional]:
    """Find whom the tables' own indexes find at once, before a scan has come to them."""
    # One statement each: with OR over several tables they would be read whole instead of their indexes.
    found: list[Professional] = []
    for email in told.emails:
        found += others.filter(contact_email__iexact=email)[:_MOST_LIKE_NAMED]
        found += others.filter(user__email=email)
    if told.rfc:
        found += others.filter(rfc_index=told.rfc)
    if told.curp:
        found += others.filter(curp_index=told.curp)
    filed = {" ".join(name.family) for name in told.names}
    if filed and told.employers:
        found += others.annotate(filed_under=Folded("family_names")).filter(filed_under__in=filed)[:_MOST_LIKE_NAMED]
    return found


# -- profiles ---------------------------------------------------------------------------------------------------------
def traces_of(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Traces]:
    """Return what these people may be recognized by, in two queries; nobody who is blocked, erased or merged away."""
    employers: dict[uuid.UUID, dict[str, None]] = defaultdict(dict)
    for person, employer in (
        Experience.objects.filter(professional_id__in=ids)
        .order_by("-starts_on", "pk")
        .values_list("professional_id", "employer")
    ):
        employers[person][likeness.folded(employer)] = None
    return {
        row.pk: Traces(
            names=(Name.of(row.given_names, row.family_names),),
            emails=frozenset(
                likeness.folded(email) for email in (row.contact_email, row.user.email if row.user else "") if email
            ),
            phones=traces.phone_digits(professionals.phone(row)),
            employers=tuple(employers[row.pk]),
            rfc=row.rfc_index,
            curp=row.curp_index,
        )
        for row in _recognizable().filter(pk__in=ids).select_related("user")
    }


def _recognizable() -> Any:
    hidden = (ProfessionalStatus.BLOCKED, ProfessionalStatus.ERASED)
    return Professional.objects.filter(merged_into__isnull=True).exclude(status__in=hidden)


def sharing(keys: Collection[int]) -> set[uuid.UUID]:
    """Return who shares one of these keys with at most 200 people, as far as scans have come."""
    return {person for people in blocks(keys).values() for person in people}


@transaction.atomic
def blocks(keys: Collection[int]) -> dict[int, list[uuid.UUID]]:
    """Return who is under each key, of keys that at most 200 people share, in one look-up of the index for each."""
    with connection.cursor() as cursor:
        # A look-up that may stop early makes the planner read the table from its beginning instead, for each key anew.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "SELECT k, ARRAY(SELECT t.professional_id FROM profiles_duplicatetraces AS t"
            " WHERE t.keys @> ARRAY[k] LIMIT %s) FROM unnest(%s::bigint[]) AS k",
            [MOST_IN_BLOCK + 1, list(keys)],
        )
        found = {key: people for key, people in cursor.fetchall() if len(people) <= MOST_IN_BLOCK}
        cursor.execute("SET LOCAL enable_seqscan = on")
    return found
