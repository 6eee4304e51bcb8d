"""What ``profiles.search`` reads: people and their skills, laid out so that one index answers a whole page.

The database keeps these tables in line with the profiles, in the transaction of every change (triggers of migration
0006). Dates that are open are the ends of time instead of NULL, so that one comparison serves. No foreign keys: the
triggers take rows away with the person.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

FIRST_DAY, LAST_DAY = dt.date(1, 1, 1), dt.date(9999, 12, 31)

# Every column that a condition may name, in every index that is walked in the order of a rank.
_CONDITIONS = [
    "status",
    "functions",
    "seniority",
    "country",
    "english",
    "spanish",
    "available_from",
    "available_until",
    "weekly_minutes",
    "rate_cents",
    "rate_currency",
]


class SearchColumns(models.Model):
    """``functions`` is a bit mask (1 << ``levels.Function``); ``english`` and ``spanish`` are spoken, CEFR 0 to 6.

    ``rate_cents`` are cents of ``rate_currency``: another exchange rate changes no row.
    """

    status = models.CharField(max_length=16)
    functions = models.SmallIntegerField()
    seniority = models.SmallIntegerField()
    country = models.SmallIntegerField()
    english = models.SmallIntegerField()
    spanish = models.SmallIntegerField()
    available_from = models.DateField()
    available_until = models.DateField()
    weekly_minutes = models.SmallIntegerField()
    rate_cents = models.IntegerField()
    rate_currency = models.CharField(max_length=3)

    class Meta:
        abstract = True


class SearchRow(SearchColumns):
    """One person who is not erased.

    ``standing`` are the points of the person, ``score`` those with the best skill. ``city`` and ``cluster`` are lower
    case without accents. Until ``tested_until`` and ``verified_until`` some skill has at least that evidence.
    """

    professional_id = models.UUIDField(primary_key=True)
    score = models.SmallIntegerField()
    standing = models.SmallIntegerField()
    city = models.CharField(max_length=240)
    cluster = models.CharField(max_length=240)
    tested_until = models.DateField()
    verified_until = models.DateField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["score", "professional_id"],
                include=[*_CONDITIONS, "tested_until", "verified_until"],
                name="search_row_rank",
            ),
            models.Index(fields=["standing", "professional_id"], include=_CONDITIONS, name="search_row_standing"),
            models.Index(fields=["city", "score", "professional_id"], name="search_row_city"),
            models.Index(fields=["cluster", "score", "professional_id"], name="search_row_cluster"),
            models.Index(fields=["updated_at"], name="search_row_updated"),
        ]


class SearchClaim(SearchColumns):
    """One skill of one person: a claim, or a certificate where nothing is claimed; ``score`` ranks the holders.

    ``evidence`` holds through ``evidence_until``, the row itself through ``valid_until``.
    """

    pk = models.CompositePrimaryKey("professional_id", "skill_id")
    professional_id = models.UUIDField()
    skill_id = models.IntegerField()
    score = models.SmallIntegerField()
    level = models.SmallIntegerField()
    evidence = models.SmallIntegerField()
    evidence_until = models.DateField()
    valid_until = models.DateField()

    class Meta:
        indexes = [
            models.Index(
                fields=["skill_id", "score", "professional_id"],
                include=["level", "evidence", "evidence_until", "valid_until", *_CONDITIONS],
                name="search_claim_rank",
            ),
            models.Index(
                fields=["evidence_until"], condition=Q(evidence_until__lt=LAST_DAY), name="search_claim_lapse"
            ),
        ]


class SearchText(models.Model):
    """The words of a profile: as written without accents, and their stems in English and Spanish."""

    professional_id = models.UUIDField(primary_key=True)
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="search_text_words")]
