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
    CHANGE_REQUESTED = "change_requested", _("Change requested")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Superseded")


_P = ProposalStatus
PROPOSAL: Transitions = {
    _P.COMPOSED: frozenset({_P.APPROVED, _P.REJECTED, _P.SUPERSEDED}),
    _P.APPROVED: frozenset({_P.OFFERED, _P.REJECTED, _P.SUPERSEDED}),
    # Back to approved: the offer was withdrawn, the cell may be offered again.
    _P.OFFERED: frozenset({_P.APPROVED, _P.CHANGE_REQUESTED, _P.ACCEPTED, _P.DECLINED, _P.EXPIRED, _P.SUPERSEDED}),
    _P.CHANGE_REQUESTED: frozenset({_P.OFFERED, _P.REJECTED, _P.SUPERSEDED}),
    _P.REJECTED: frozenset(),
    # Superseded: its people did not all say yes in time, and the project is on the market again.
    _P.ACCEPTED: frozenset({_P.SUPERSEDED}),
    _P.DECLINED: frozenset(),
    _P.EXPIRED: frozenset(),
    _P.SUPERSEDED: frozenset(),
}
LIVE_PROPOSAL = (_P.COMPOSED, _P.APPROVED, _P.OFFERED, _P.CHANGE_REQUESTED)


class OfferStatus(models.TextChoices):
    SENT = "sent", _("Sent")
    CHANGE_REQUESTED = "change_requested", _("Change requested")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_O = OfferStatus
OFFER: Transitions = {
    _O.SENT: frozenset({_O.CHANGE_REQUESTED, _O.ACCEPTED, _O.DECLINED, _O.EXPIRED, _O.WITHDRAWN}),
    _O.CHANGE_REQUESTED: frozenset(),
    _O.ACCEPTED: frozenset(),
    _O.DECLINED: frozenset(),
    _O.EXPIRED: frozenset(),
    _O.WITHDRAWN: frozenset(),
}


class ReplacementStatus(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    PROPOSED = "proposed", _("Proposed")
    IMPOSSIBLE = "impossible", _("Nobody fits")
    FAILED = "failed", _("Failed")
    REJECTED = "rejected", _("Rejected")
    AWAITING_CLIENT = "awaiting_client", _("Awaiting the client")
    APPLIED = "applied", _("Applied")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Superseded")


_S = ReplacementStatus
REPLACEMENT: Transitions = {
    _S.QUEUED: frozenset({_S.RUNNING, _S.FAILED, _S.SUPERSEDED}),
    _S.RUNNING: frozenset({_S.PROPOSED, _S.IMPOSSIBLE, _S.FAILED, _S.QUEUED, _S.SUPERSEDED}),
    # Straight to applied: a recruiter approves it and what the client accepted does not change.
    _S.PROPOSED: frozenset({_S.REJECTED, _S.AWAITING_CLIENT, _S.APPLIED, _S.EXPIRED, _S.SUPERSEDED}),
    _S.AWAITING_CLIENT: frozenset({_S.APPLIED, _S.DECLINED, _S.EXPIRED, _S.SUPERSEDED}),
    **{
        over: frozenset()
        for over in (
            _S.IMPOSSIBLE,
            _S.FAILED,
            _S.REJECTED,
            _S.APPLIED,
            _S.DECLINED,
            _S.EXPIRED,
            _S.SUPERSEDED,
        )
    },
}
LIVE_REPLACEMENT = (_S.QUEUED, _S.RUNNING, _S.PROPOSED, _S.AWAITING_CLIENT)
