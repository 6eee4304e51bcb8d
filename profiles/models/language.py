"""Languages by CEFR activity, with the raw score behind them: nothing is converted silently."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from marketplace.kernel.models import Record, one_of
from profiles.levels import Cefr, Evidence, LanguageCode
from profiles.models.professional import Professional


class LanguageProficiency(Record):
    """``test``, ``raw_score``, ``section_scores`` (by activity), ``scale_version``, ``tested_on`` are kept as given.

    ``evidence`` counts until ``evidence_expires_on``, as of a claim to a skill.
    """

    prefix: ClassVar[str] = "lang"

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(max_length=2, choices=LanguageCode.choices)
    listening = models.PositiveSmallIntegerField(choices=Cefr.choices, default=Cefr.NONE)
    speaking = models.PositiveSmallIntegerField(choices=Cefr.choices, default=Cefr.NONE)
    reading = models.PositiveSmallIntegerField(choices=Cefr.choices, default=Cefr.NONE)
    writing = models.PositiveSmallIntegerField(choices=Cefr.choices, default=Cefr.NONE)
    native = models.BooleanField(default=False)
    evidence = models.PositiveSmallIntegerField(choices=Evidence.choices, default=Evidence.SELF_DECLARED)
    evidence_expires_on = models.DateField(null=True, blank=True)
    test = models.CharField(max_length=48, blank=True)
    raw_score = models.CharField(max_length=24, blank=True)
    # The default is the database's as well, since large markets are loaded with COPY.
    section_scores = models.JSONField(default=dict, db_default={}, blank=True)
    scale_version = models.CharField(max_length=24, blank=True)
    tested_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["professional", "language"], name="language_proficiency_once"),
            one_of("language", LanguageCode.values, "language_known"),
            *(
                models.CheckConstraint(condition=models.Q(**{f"{activity}__lte": 6}), name=f"language_{activity}_cefr")
                for activity in ("listening", "speaking", "reading", "writing")
            ),
        ]
