"""An approved cell put before the client, with frozen terms and an end; sent again, it is an offer of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.accounts.actors import Actor
from marketplace.clients.models.organization import of_actor
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.states import Transitions
from matching import states
from matching.models.proposal import Proposal


class OfferQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> OfferQuerySet:
        return self if actor.is_staff_side else self.filter(of_actor(actor, "proposal__project__organization"))


class Offer(Record):
    """``terms`` is what the client was shown and accepts: seats, hours, dates, monthly cost; pseudonyms, no names.

    They never change: a cell that is offered again after a request for changes, or after it was withdrawn, gets the
    next ``number``. ``change_message`` is what the client asks for, in its own words.
    """

    prefix: ClassVar[str] = "offer"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="offers")
    number = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=16, choices=states.OfferStatus.choices, default=states.OfferStatus.SENT)
    terms = models.JSONField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decline_reason = models.CharField(max_length=48, blank=True)
    change_reason = models.CharField(max_length=48, blank=True)
    change_message = models.TextField(max_length=4000, blank=True)
    withdrawn_reason = models.CharField(max_length=48, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            one_of("status", states.OfferStatus.values, "offer_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=["sent", "withdrawn", "expired"]) | Q(decided_at__isnull=False),
                name="offer_decision_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="change_requested") | (~Q(change_reason="") & ~Q(change_message="")),
                name="offer_change_says_what",
            ),
            models.UniqueConstraint(fields=["proposal", "number"], name="offer_number_once"),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(status__in=["sent", "accepted"]), name="offer_one_standing"
            ),
        ]

    @property
    def transitions(self) -> Transitions:
        return states.OFFER
