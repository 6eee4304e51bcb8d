"""The states of matching."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from marketplace.kernel.states import Transitions


class MatchRunStatus(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("run", "Queued")
    RUNNING = "running", pgettext_lazy("run", "Running")
    COMPOSED = "composed", pgettext_lazy("run", "Composed")
    INFEASIBLE = "infeasible", pgettext_lazy("run", "No cell exists")
    FAILED = "failed", pgettext_lazy("run", "Failed")
    SUPERSEDED = "superseded", pgettext_lazy("run", "Superseded")


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
    COMPOSED = "composed", pgettext_lazy("cell", "Composed")
    APPROVED = "approved", pgettext_lazy("cell", "Approved")
    REJECTED = "rejected", pgettext_lazy("cell", "Rejected")
    OFFERED = "offered", pgettext_lazy("cell", "Offered")
    CHANGE_REQUESTED = "change_requested", pgettext_lazy("cell", "Change requested")
    ACCEPTED = "accepted", pgettext_lazy("cell", "Accepted")
    DECLINED = "declined", pgettext_lazy("cell", "Declined")
    EXPIRED = "expired", pgettext_lazy("cell", "Expired")
    SUPERSEDED = "superseded", pgettext_lazy("cell", "Superseded")


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
    SENT = "sent", pgettext_lazy("offer", "Sent")
    CHANGE_REQUESTED = "change_requested", pgettext_lazy("offer", "Change requested")
    ACCEPTED = "accepted", pgettext_lazy("offer", "Accepted")
    DECLINED = "declined", pgettext_lazy("offer", "Declined")
    EXPIRED = "expired", pgettext_lazy("offer", "Expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Withdrawn")


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
    QUEUED = "queued", pgettext_lazy("replacement", "Queued")
    RUNNING = "running", pgettext_lazy("replacement", "Running")
    PROPOSED = "proposed", pgettext_lazy("replacement", "Proposed")
    IMPOSSIBLE = "impossible", pgettext_lazy("replacement", "Nobody fits")
    FAILED = "failed", pgettext_lazy("replacement", "Failed")
    REJECTED = "rejected", pgettext_lazy("replacement", "Rejected")
    AWAITING_CLIENT = "awaiting_client", pgettext_lazy("replacement", "Awaiting the client")
    APPLIED = "applied", pgettext_lazy("replacement", "Applied")
    DECLINED = "declined", pgettext_lazy("replacement", "Declined")
    EXPIRED = "expired", pgettext_lazy("replacement", "Expired")
    SUPERSEDED = "superseded", pgettext_lazy("replacement", "Superseded")


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
