"""Invitations: each person of an accepted cell is asked, once, and answers until a deadline."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.clients import states
from marketplace.clients.models.engagement import Placement
from marketplace.kernel import clock
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions
from profiles.models import Professional


class AnswerChannel(models.TextChoices):
    LINK = "link", _("The link in the e-mail")
    APP = "app", _("Logged in")
    RECRUITER = "recruiter", _("Recorded by a recruiter")


class InvitationQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> InvitationQuerySet:
        """A professional's own, and all of them for recruiters and operators; clients see answers by seat only."""
        if actor.is_staff_side:
            return self
        if actor.role == Role.PROFESSIONAL and actor.user is not None:
            return self.filter(professional__user=actor.user)
        return self.none()

    def with_terms(self) -> InvitationQuerySet:
        """Fetch along what an invitation shows."""
        return self.select_related(
            "professional", "placement__seat", "placement__engagement__organization", "placement__engagement__project"
        )


class Invitation(Record):
    """Asks ``professional`` (as the placement has it) to take a seat on its terms, until ``expires_at``.

    Only a digest of the token in the e-mail's link is kept. ``decided_by`` is a principal, for answers by link the
    person's own.
    """

    prefix: ClassVar[str] = "inv"

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="invitations")
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=16, choices=states.InvitationStatus.choices, default=states.InvitationStatus.SENT
    )
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decline_reason = models.CharField(max_length=48, blank=True)
    channel = models.CharField(max_length=16, choices=AnswerChannel.choices, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.InvitationStatus.values, "invitation_status_known"),
            one_of("channel", ["", *AnswerChannel.values], "invitation_channel_known"),
            models.UniqueConstraint(
                fields=["placement"], condition=Q(status__in=["sent", "accepted"]), name="invitation_one_live"
            ),
            models.CheckConstraint(
                condition=Q(status="sent", decided_at__isnull=True) | (~Q(status="sent") & Q(decided_at__isnull=False)),
                name="invitation_decided_at_a_time",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=["accepted", "declined"]) & ~Q(channel="") & ~Q(decided_by=""))
                | (~Q(status__in=["accepted", "declined"]) & Q(channel="")),
                name="invitation_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(status="declined") & ~Q(decline_reason=""))
                | (~Q(status="declined") & Q(decline_reason="")),
                name="invitation_declined_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(status="sent"), name="invitation_due"),
            models.Index(fields=["professional", "-created_at"], name="invitation_of_person"),
        ]

    @property
    def transitions(self) -> Transitions:
        return states.INVITATION

    @property
    def shown_status(self) -> str:
        """The status as it counts: past its deadline an unanswered one has expired, whoever has noticed."""
        if self.status == states.InvitationStatus.SENT and self.expires_at <= clock.now():
            return states.InvitationStatus.EXPIRED
        return self.status
