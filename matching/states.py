"""The states of matching."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.states import Transitions


class MatchRunStatus(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    COMPOSED = "composed", _("Composed")
    INFEASIBLE = "infeasible", _("No cell exists")
    FAILED = "failed", _("Failed")
    SUPERSEDED = "superseded", _("Superseded")


_R = MatchRunStatus
RUN: Transitions = {
    _R.QUEUED: frozenset({_R.RUNNING, _R.FAILED, _R.SUPERSEDED}),
    _R.RUNNING: frozenset({_R.COMPOSED, _R.INFEASIBLE, _R.FAILED, _R.QUEUED, _R.SUPERSEDED}),
    _R.COMPOSED: frozenset(),
    _R.INFEASIBLE: frozenset(),
    _R.FAILED: frozenset(),
    _R.SUPERSEDED: frozenset(),
}
LIVE_RUN = (_R.QUEUED, _R.RUNNING)


class ProposalStatus(models.TextChoices):
    COMPOSED = "composed", _("Composed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Superseded")


_P = ProposalStatus
PROPOSAL: Transitions = {
    _P.COMPOSED: frozenset({_P.APPROVED, _P.REJECTED, _P.SUPERSEDED}),
    _P.APPROVED: frozenset({_P.OFFERED, _P.REJECTED, _P.SUPERSEDED}),
    _P.OFFERED: frozenset({_P.ACCEPTED, _P.DECLINED, _P.EXPIRED, _P.SUPERSEDED}),
    _P.REJECTED: frozenset(),
    _P.ACCEPTED: frozenset(),
    _P.DECLINED: frozenset(),
    _P.EXPIRED: frozenset(),
    _P.SUPERSEDED: frozenset(),
}
LIVE_PROPOSAL = (_P.COMPOSED, _P.APPROVED, _P.OFFERED)


class OfferStatus(models.TextChoices):
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_O = OfferStatus
OFFER: Transitions = {
    _O.SENT: frozenset({_O.ACCEPTED, _O.DECLINED, _O.EXPIRED, _O.WITHDRAWN}),
    _O.ACCEPTED: frozenset(),
    _O.DECLINED: frozenset(),
    _O.EXPIRED: frozenset(),
    _O.WITHDRAWN: frozenset(),
}
