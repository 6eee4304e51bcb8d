"""A client's project: what is to be done, when, for how much, by a cell of which shape."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.clients import states
from marketplace.clients.models.organization import Organization, of_actor
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.money import Currency, Money
from marketplace.kernel.states import Transitions
from profiles.levels import Activity, Cefr, Country, Evidence, Function, LanguageCode, Level, Seniority
from profiles.models import Skill


class SolutionType(models.TextChoices):
    ONBOARDING_KYC = "onboarding_kyc", _("Digital onboarding and KYC")
    DATA_GOVERNANCE = "data_governance", _("Data governance")
    CORE_MODERNIZATION = "core_modernization", _("Core-banking modernization")
    CYBERSECURITY = "cybersecurity", _("Cybersecurity")
    INFRASTRUCTURE_SUPPORT = "infrastructure_support", _("Infrastructure and application support")
    ANALYTICS = "analytics", _("Analytics")
    AI = "ai", _("Artificial intelligence")
    LEGACY_MAINTENANCE = "legacy_maintenance", _("Legacy maintenance")


class ProjectQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> ProjectQuerySet:
        """An organization sees its own; recruiters and operators what has left the draft; professionals nothing."""
        if actor.is_staff_side:
            return self.exclude(status=states.ProjectStatus.DRAFT)
        return self.filter(of_actor(actor))

    def with_requirements(self) -> ProjectQuerySet:
        """Fetch seats and needs along, in a fixed number of queries."""
        return self.prefetch_related("seats__skills__skill", "seats__languages", "needs__skill")


class Project(Record):
    """``monthly_cap`` bounds the whole cell's cost per month; ``overlap_minutes`` are shared hours on the worst day.

    ``day_starts`` and ``day_ends`` are the client's working hours, minutes from midnight in ``time_zone``.
    ``bridges`` members must speak English at C1; ``us_specialists`` must be based in the United States.
    ``size_least`` and ``size_most`` bound an open cell and are 0 where the seats decide.
    """

    prefix: ClassVar[str] = "proj"

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=16, choices=states.ProjectStatus.choices, default=states.ProjectStatus.DRAFT)
    title = models.CharField(max_length=160)
    brief = models.TextField(max_length=20000, blank=True)
    solution_type = models.CharField(max_length=32, choices=SolutionType.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    monthly_cap = models.DecimalField(max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(max_length=3, choices=Currency.choices, default=Currency.USD)
    time_zone = models.CharField(max_length=48)
    day_starts = models.PositiveSmallIntegerField(default=540, validators=[MaxValueValidator(1440)])
    day_ends = models.PositiveSmallIntegerField(default=1080, validators=[MaxValueValidator(1440)])
    overlap_minutes = models.PositiveSmallIntegerField(default=240, validators=[MaxValueValidator(1440)])
    evidence_floor = models.PositiveSmallIntegerField(choices=Evidence.choices, default=Evidence.SELF_DECLARED)
    bridges = models.PositiveSmallIntegerField(default=1)
    us_specialists = models.PositiveSmallIntegerField(default=0)
    size_least = models.PositiveSmallIntegerField(default=0)
    size_most = models.PositiveSmallIntegerField(default=0)
    cost_weight = models.PositiveSmallIntegerField(
        default=50, validators=[MaxValueValidator(400)], help_text="percent: how much cost weighs against fit"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.ProjectStatus.values, "project_status_known"),
            one_of("solution_type", SolutionType.values, "project_solution_type_known"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="project_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(status="cancelled")
                | Q(status="expired")
                | Q(published_at__isnull=False),
                name="project_published_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["organization", "external_id"], condition=~Q(external_id=""), name="project_external_id_once"
            ),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="project_of_organization")]

    @property
    def transitions(self) -> Transitions:
        return states.PROJECT

    @property
    def cap(self) -> Money:
        return Money.of(self.monthly_cap, self.currency)


class Seat(Record):
    """A place in the cell. ``least``..``most`` people; 1..1 unless the cell is open.

    A seat that a proposal refers to is never edited: it loses its project and another takes its place, so that what
    was proposed can still be read as it was.
    """

    prefix: ClassVar[str] = "seat"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="seats", null=True)
    position = models.PositiveSmallIntegerField()
    title_en = models.CharField(max_length=120)
    title_es = models.CharField(max_length=120, blank=True)
    function = models.PositiveSmallIntegerField(choices=Function.choices)
    min_seniority = models.PositiveSmallIntegerField(choices=Seniority.choices, default=Seniority.JUNIOR)
    countries = ArrayField(models.PositiveSmallIntegerField(choices=Country.choices), default=list, blank=True)
    weekly_minutes = models.PositiveIntegerField(default=2400)
    client_facing = models.BooleanField(default=False)
    max_rate = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    max_rate_currency = models.CharField(max_length=3, choices=Currency.choices, default=Currency.USD)
    least = models.PositiveSmallIntegerField(default=1)
    most = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="seat_position_once"),
            models.CheckConstraint(condition=Q(least__lte=F("most"), most__gte=1), name="seat_range"),
            models.CheckConstraint(condition=Q(weekly_minutes__gte=60, weekly_minutes__lte=3600), name="seat_week"),
        ]

    def title(self, language: str) -> str:
        return (language.startswith("es") and self.title_es) or self.title_en


class SeatSkill(models.Model):
    """A must of the seat."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "skill"], name="seat_skill_once")]


class SeatLanguage(models.Model):
    """A language floor of the seat; spoken English at B2 comes by itself where the seat faces the client.

    ``evidence`` is what must stand behind the language until the engagement ends.
    """

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="languages")
    language = models.CharField(max_length=2, choices=LanguageCode.choices)
    activity = models.CharField(max_length=12, choices=Activity.choices, default=Activity.SPEAKING)
    level = models.PositiveSmallIntegerField(choices=Cefr.choices)
    evidence = models.PositiveSmallIntegerField(choices=Evidence.choices, default=Evidence.SELF_DECLARED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "language", "activity"], name="seat_language_once"),
            models.CheckConstraint(condition=Q(evidence__lte=2), name="seat_language_evidence"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=6), name="seat_language_level"),
        ]


class Need(Record):
    """Something that the whole cell must hold: ``count`` members with the skill at ``level``; 0 makes it a wish.

    Regulation tags are needs whose skill is of kind regulation. Like a seat, a need that a proposal refers to is
    replaced, never edited.
    """

    prefix: ClassVar[str] = "need"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="needs", null=True)
    position = models.PositiveSmallIntegerField()
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.INDEPENDENT)
    count = models.PositiveSmallIntegerField(default=1)
    weight = models.PositiveSmallIntegerField(default=5, validators=[MaxValueValidator(10)])

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="need_position_once"),
            models.UniqueConstraint(fields=["project", "skill"], name="need_skill_once"),
            models.CheckConstraint(condition=Q(weight__lte=10), name="need_weight"),
        ]
