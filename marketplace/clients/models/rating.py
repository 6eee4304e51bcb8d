"""How both sides found the work, and who really worked with whom. Nothing in matching reads a rating."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.clients.models.engagement import Engagement, Placement
from marketplace.clients.models.organization import of_actor
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from profiles.models import Professional, Skill


class Side(models.TextChoices):
    """Who rates: the client a professional, or a professional the client."""

    CLIENT = "client", _("Client")
    PROFESSIONAL = "professional", _("Professional")


class RatingWindow(models.Model):
    """Opened when an engagement is over: both sides may rate until ``closes_at``."""

    engagement = models.OneToOneField(Engagement, on_delete=models.CASCADE, related_name="rating_window")
    closes_at = models.DateTimeField()


class RatingQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> RatingQuerySet:
        """What one's own side wrote, and the other side's once it is revealed; recruiters see what is revealed."""
        if actor.is_staff_side:
            return self.revealed()
        if actor.role == Role.PROFESSIONAL:
            mine = self.filter(placement__professional__user=actor.user)
            return mine.filter(Q(side=Side.PROFESSIONAL) | _revealed())
        return self.filter(of_actor(actor, "engagement__organization")).filter(Q(side=Side.CLIENT) | _revealed())

    def revealed(self) -> RatingQuerySet:
        """Return ratings whose other half is there too, or whose time to be answered is over."""
        return self.filter(_revealed())


def _revealed() -> Q:
    return Q(both=True) | Q(closes_at__lte=clock.now())


class Rating(Record):
    """One side's judgment of one placement: scores 1..5. ``both`` is set on the two rows when the second is written.

    ``clarity`` is how clear the work was, asked of the professional only. ``evidence_kept`` says that good scores of
    skills were passed on as evidence.
    """

    prefix: ClassVar[str] = "rate"

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="ratings")
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="ratings")
    side = models.CharField(max_length=16, choices=Side.choices)
    rated_by = models.CharField(max_length=64)
    overall = models.PositiveSmallIntegerField()
    communication = models.PositiveSmallIntegerField()
    clarity = models.PositiveSmallIntegerField(null=True, blank=True)
    closes_at = models.DateTimeField()
    both = models.BooleanField(default=False)
    evidence_kept = models.BooleanField(default=False)

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("side", Side.values, "rating_side_known"),
            models.UniqueConstraint(fields=["placement", "side"], name="rating_once_per_side"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{score}__isnull": True}) | Q(**{f"{score}__gte": 1, f"{score}__lte": 5}),
                    name=f"rating_{score}_scale",
                )
                for score in ("overall", "communication", "clarity")
            ),
            models.CheckConstraint(
                condition=Q(side="professional", clarity__isnull=False) | Q(side="client", clarity__isnull=True),
                name="rating_clarity_of_the_client",
            ),
        ]


class RatedSkill(models.Model):
    """How well a professional did with one skill that the seat or the cell needed, 1..5."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["skill__code"]
        constraints = [
            models.UniqueConstraint(fields=["rating", "skill"], name="rated_skill_once"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="rated_skill_scale"),
        ]


class WorkedTogether(models.Model):
    """A pair that an engagement has been counted for: what keeps a collaboration from being counted twice."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="pairs")
    first = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="+")
    weeks = models.PositiveSmallIntegerField()
    last_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "first", "second"], name="worked_together_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="worked_together_ordered"),
        ]
