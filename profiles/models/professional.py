"""A professional: a Mexican IT engineer or a US-based business specialist."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.accounts.permissions import Permission, Role
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.money import Currency, Money
from marketplace.kernel.states import Transitions
from profiles import states
from profiles.levels import ContractRoute, Country, Function, Seniority


class Folded(models.Func):
    """A text in lower case without accents, as an index can hold it."""

    template = "translate(lower(%(expressions)s), 'áéíóúüñàèìòùâêîôûäëïöçãõ', 'aeiouunaeiouaeiouaeiocao')"
    output_field = models.CharField()


class ProfessionalQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> ProfessionalQuerySet:
        """Professionals see themselves; recruiters and operators see everybody not erased; clients see nobody.

        A profile that was merged into another one is nobody: its id leads to the other (``profiles.services.aliases``).
        """
        if actor.may(Permission.READ_SUPPLY):
            return self.filter(merged_into__isnull=True).exclude(status=states.ProfessionalStatus.ERASED)
        if actor.user is not None and actor.role == Role.PROFESSIONAL:
            return self.filter(user=actor.user)
        return self.none()

    def active(self) -> ProfessionalQuerySet:
        return self.filter(status=states.ProfessionalStatus.ACTIVE)

    def with_claims(self) -> ProfessionalQuerySet:
        """Read skills and languages along, as a list of people shows them."""
        return self.prefetch_related("claims__skill", "languages")

    def with_everything(self) -> ProfessionalQuerySet:
        """Read the whole profile along."""
        return self.with_claims().prefetch_related("certificates__skill", "experiences", "availability_exceptions")


class Professional(Record):
    """Names and contact never leave this room for the engine; RFC and CURP are encrypted and never reach matching.

    ``work_starts`` and ``work_ends`` are minutes from local midnight in ``time_zone`` (IANA), never offsets.
    ``rate_amount`` is the asking rate per hour, ``rate_floor`` the least that would be accepted.
    """

    prefix: ClassVar[str] = "prof"

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    status = models.CharField(
        max_length=16, choices=states.ProfessionalStatus.choices, default=states.ProfessionalStatus.DRAFT
    )
    review_note = models.TextField(max_length=2000, blank=True)
    synthetic = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    given_names = models.CharField(max_length=80)
    family_names = models.CharField(max_length=120)
    contact_email = models.EmailField(blank=True)
    phone_encrypted = models.BinaryField(default=bytes, blank=True)
    rfc_encrypted = models.BinaryField(default=bytes, blank=True)
    rfc_index = models.CharField(max_length=64, blank=True)
    curp_encrypted = models.BinaryField(default=bytes, blank=True)
    curp_index = models.CharField(max_length=64, blank=True)

    headline_en = models.CharField(max_length=160, blank=True)
    headline_es = models.CharField(max_length=160, blank=True)
    summary_en = models.TextField(max_length=4000, blank=True)
    summary_es = models.TextField(max_length=4000, blank=True)

    main_function = models.PositiveSmallIntegerField(choices=Function.choices, default=Function.ENGINEERING)
    functions = ArrayField(models.PositiveSmallIntegerField(choices=Function.choices), default=list)
    seniority = models.PositiveSmallIntegerField(choices=Seniority.choices, default=Seniority.MID)

    country = models.PositiveSmallIntegerField(choices=Country.choices, default=Country.MEXICO)
    city = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    cluster = models.CharField(max_length=80, blank=True)
    time_zone = models.CharField(max_length=48, default="America/Mexico_City")
    work_starts = models.PositiveSmallIntegerField(default=540, validators=[MaxValueValidator(1440)])
    work_ends = models.PositiveSmallIntegerField(default=1080, validators=[MaxValueValidator(1440)])

    rate_amount = models.DecimalField(max_digits=10, decimal_places=2, validators=[MinValueValidator(0)], default=0)
    rate_currency = models.CharField(max_length=3, choices=Currency.choices, default=Currency.USD)
    rate_floor = models.DecimalField(max_digits=10, decimal_places=2, validators=[MinValueValidator(0)], default=0)
    contract_route = models.PositiveSmallIntegerField(choices=ContractRoute.choices, default=ContractRoute.INDEPENDENT)

    weekly_minutes = models.PositiveIntegerField(default=2400)
    available_from = models.DateField(null=True, blank=True)
    available_until = models.DateField(null=True, blank=True)

    objects = ProfessionalQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.ProfessionalStatus.values, "professional_status_known"),
            models.CheckConstraint(condition=Q(weekly_minutes__lte=4800), name="professional_week_has_an_end"),
            models.CheckConstraint(condition=Q(rate_floor__lte=F("rate_amount")), name="professional_floor_below_rate"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(status__in=states.OUT_OF_SIGHT),
                name="professional_merged_is_out_of_sight",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="professional_not_into_itself"
            ),
            models.UniqueConstraint(fields=["rfc_index"], condition=~Q(rfc_index=""), name="professional_rfc_once"),
            models.UniqueConstraint(fields=["curp_index"], condition=~Q(curp_index=""), name="professional_curp_once"),
        ]
        indexes = [
            models.Index(fields=["status", "main_function", "seniority"], name="professional_supply"),
            # By these a résumé is noticed to be of somebody who is here already.
            models.Index(Folded("family_names"), name="professional_family_name"),
            models.Index(Upper("contact_email"), name="professional_contact_email"),
        ]

    def __repr__(self) -> str:
        return f"<Professional {self.public_id}>"

    __str__ = __repr__

    @property
    def transitions(self) -> Transitions:
        return states.PROFESSIONAL

    @property
    def rate(self) -> Money:
        return Money.of(self.rate_amount, self.rate_currency)
