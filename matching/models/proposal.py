"""A cell saved for people to judge: members, coverage, reasons, proof."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from marketplace.accounts.actors import Actor
from marketplace.clients.models import Need, Project, Seat
from marketplace.clients.models.organization import of_actor
from marketplace.kernel.models import Record, ScopedQuerySet, one_of
from marketplace.kernel.money import Currency
from marketplace.kernel.states import Transitions
from matching import states
from matching.models.run import MatchRun
from profiles.models import Professional


class ProposalQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> ProposalQuerySet:
        """Recruiters and operators see all; a client sees a cell only once a recorded decision has offered it."""
        if actor.is_staff_side:
            return self
        shown = [
            states.ProposalStatus.OFFERED,
            states.ProposalStatus.CHANGE_REQUESTED,
            states.ProposalStatus.ACCEPTED,
            states.ProposalStatus.DECLINED,
            states.ProposalStatus.EXPIRED,
        ]
        return self.filter(of_actor(actor, "project__organization"), status__in=shown)


class Proposal(Record):
    """``value``, ``bound`` and ``proof_status`` are the engine's; ``certificate`` lets the bound be checked again.

    Terms (rates, hours, dates, costs) are frozen here. A cell that a recruiter changed is a row of its own, of
    ``origin`` recruiter, which ``revises`` the one before it; what the machine had composed stays as it was.
    """

    prefix: ClassVar[str] = "cell"

    run = models.ForeignKey(MatchRun, on_delete=models.PROTECT, related_name="proposals")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField(default=1)
    revises = models.ForeignKey("self", on_delete=models.PROTECT, related_name="revisions", null=True, blank=True)
    origin = models.CharField(max_length=16, default="engine")
    status = models.CharField(
        max_length=16, choices=states.ProposalStatus.choices, default=states.ProposalStatus.COMPOSED
    )
    status_reason = models.CharField(max_length=48, blank=True)
    value = models.IntegerField()
    bound = models.IntegerField()
    proof_status = models.CharField(max_length=16)
    cohesion = models.PositiveIntegerField(default=0)
    monthly_cost = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, choices=Currency.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    certificate = models.JSONField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", states.ProposalStatus.values, "proposal_status_known"),
            models.UniqueConstraint(fields=["run", "rank", "revision"], name="proposal_rank_once"),
            models.CheckConstraint(
                condition=Q(revision=1, revises__isnull=True) | Q(revision__gt=1, revises__isnull=False),
                name="proposal_revision_has_what_it_revises",
            ),
            models.CheckConstraint(condition=Q(bound__gte=F("value")), name="proposal_bound_above_value"),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at__isnull=True)
                | (~Q(approved_by="") & Q(approved_at__isnull=False)),
                name="proposal_approver_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "offered", "change_requested", "accepted", "declined", "expired"])
                | ~Q(approved_by=""),
                name="proposal_shown_only_when_approved",
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(status="accepted"), name="proposal_one_accepted_per_project"
            ),
        ]

    @property
    def transitions(self) -> Transitions:
        return states.PROPOSAL


class ProposalMember(models.Model):
    """One person in one seat. ``pseudonym`` is stable within the project and different in every other."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="members")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    pseudonym = models.CharField(max_length=32)
    points = models.IntegerField()
    weekly_minutes = models.PositiveIntegerField()
    overlap_minutes = models.PositiveSmallIntegerField()
    rate_amount = models.DecimalField(max_digits=10, decimal_places=2)
    rate_currency = models.CharField(max_length=3, choices=Currency.choices)
    monthly_cost = models.DecimalField(max_digits=12, decimal_places=2)
    seniority = models.PositiveSmallIntegerField()
    english_speaking = models.PositiveSmallIntegerField()
    country = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["seat__position", "id"]
        constraints = [models.UniqueConstraint(fields=["proposal", "professional"], name="proposal_member_once")]


class Coverage(models.Model):
    """Who is responsible for a need, and who backs them up. ``holders`` counts everybody in the cell who holds it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="coverage")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+")
    responsible = models.ForeignKey(
        ProposalMember, on_delete=models.CASCADE, related_name="responsible_for", null=True, blank=True
    )
    backup = models.ForeignKey(ProposalMember, on_delete=models.CASCADE, related_name="backs_up", null=True, blank=True)
    holders = models.PositiveSmallIntegerField()
    points = models.IntegerField()

    class Meta:
        ordering = ["need__position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "need"], name="coverage_once")]


class Reason(models.Model):
    """A fact about the cell, a member or a need: a stable code and numbers, put into words in the reader's language."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="reasons")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=48)
    data = models.JSONField(default=dict)
    member = models.ForeignKey(ProposalMember, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "position"], name="reason_position_once")]
