"""One bilingual taxonomy, and who claims what of it."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from marketplace.accounts.actors import Actor
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from profiles.levels import Evidence, LanguageCode, Level, SkillKind
from profiles.models.professional import Professional


class SkillQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> SkillQuerySet:
        """The taxonomy is reference data."""
        return self.all()


class Skill(models.Model):
    """A technology, method, domain, regulation or certificate. ``id`` is small because the engine counts in it."""

    id = models.AutoField(primary_key=True)
    code = models.SlugField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=SkillKind.choices)
    family = models.CharField(max_length=48, blank=True)
    name_en = models.CharField(max_length=120)
    name_es = models.CharField(max_length=120)
    esco_uri = models.URLField(blank=True)
    onet_code = models.CharField(max_length=16, blank=True)
    sfia_code = models.CharField(max_length=8, blank=True)
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)

    objects = SkillQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [one_of("kind", SkillKind.values, "skill_kind_known")]

    def __str__(self) -> str:
        return self.code

    def name(self, language: str) -> str:
        """Return the name in ``es`` or else English."""
        return self.name_es if language.startswith("es") else self.name_en


class SkillAlias(models.Model):
    """Another way to write a skill. ``normalized`` belongs to one skill only."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="aliases")
    language = models.CharField(max_length=2, choices=[*LanguageCode.choices, ("", "any")], blank=True)
    text = models.CharField(max_length=120)
    normalized = models.CharField(max_length=120, unique=True)


class SkillBroader(models.Model):
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="broader_links")
    broader = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="narrower_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skill", "broader"], name="skill_broader_once"),
            models.CheckConstraint(condition=~Q(skill=F("broader")), name="skill_not_its_own_broader"),
        ]


class SkillNeighbor(models.Model):
    """How much of ``skill`` carries over to ``neighbor``: ``weight_percent`` 1..99."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="neighbor_links")
    neighbor = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    weight_percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skill", "neighbor"], name="skill_neighbor_once"),
            models.CheckConstraint(
                condition=Q(weight_percent__gte=1, weight_percent__lte=99), name="skill_neighbor_weight"
            ),
        ]


class SkillClaim(Record):
    """Somebody's claim to a skill, with what stands behind it."""

    prefix: ClassVar[str] = "claim"

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="claims")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    years = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(60)])
    last_used = models.PositiveSmallIntegerField(null=True, blank=True, help_text="calendar year")
    evidence = models.PositiveSmallIntegerField(choices=Evidence.choices, default=Evidence.SELF_DECLARED)
    evidence_source = models.CharField(max_length=200, blank=True)
    evidence_on = models.DateField(null=True, blank=True)
    evidence_expires_on = models.DateField(null=True, blank=True)
    verified_by = models.CharField(max_length=64, blank=True, help_text="principal of the recruiter")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["professional", "skill"], name="skill_claim_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="skill_claim_level"),
            models.CheckConstraint(condition=Q(evidence__lte=2), name="skill_claim_evidence"),
            models.CheckConstraint(
                condition=~Q(evidence=Evidence.VERIFIED) | ~Q(verified_by=""), name="skill_claim_verified_by_somebody"
            ),
        ]
        indexes = [models.Index(fields=["skill", "level"], name="skill_claim_holders")]
