"""Every machine that people move over HTTP: which actions there are, and where each leads from which state.

Who may call an action is in the reviewed table of routes. What is not listed here must change nothing, whoever asks.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from marketplace.clients.models import (
    Engagement,
    EngagementChange,
    EngagementDocument,
    Invitation,
    Leave,
    Milestone,
    Placement,
    Project,
)
from marketplace.kernel.models import Record
from marketplace.privacy.models import PrivacyRequest
from matching.models import Offer, Proposal, Replacement
from profiles.models import Booking, Professional
from tests.factories.unguarded import write

SOMEBODY = "user_somebody"
LATER = dt.timedelta(days=2)


@dataclass(frozen=True)
class Action:
    """``moves`` maps the states from which the action is lawful to the state that it leads to.

    Callers (letters of the table of routes) in ``never`` are let in by the route and refused by the service; those in
    ``in_part`` have an effect that this machine does not show. In the states of ``again`` a repetition is answered as
    the first time was, and has no effect. What is lawful in the states of ``elsewhere`` takes more than a row to show,
    and has tests of its own. ``own`` is an action on one's own profile, whose route names nobody.
    """

    name: str
    moves: Mapping[str, str]
    body: Mapping[str, Any] = field(default_factory=dict)
    method: str = "POST"
    never: str = ""
    in_part: str = ""
    again: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    own: bool = False

    def path(self, route: str) -> str:
        return f"{route}/{'me' if self.own else '{pk}'}/{self.name}"


@dataclass(frozen=True)
class Machine:
    """``stage(row, status)`` brings a row, and what must go with it, into a state."""

    model: type[Record]
    route: str
    stage: Callable[[Any, str], None]
    actions: tuple[Action, ...]


# -- how a row comes into a state -------------------------------------------------------------------------------------
def _rows(row: Record) -> Any:
    return type(row)._default_manager.filter(pk=row.pk)


def _project(row: Project, status: str) -> None:
    published = None if status == "draft" else timezone.now()
    write(_rows(row), status=status, published_at=published)


def _professional(row: Professional, status: str) -> None:
    write(Booking.objects.filter(professional=row), status="released", held_until=None)
    write(_rows(row), status=status)


def _proposal(row: Proposal, status: str) -> None:
    """The offer that stands beside it is gone: an offer is a machine of its own."""
    row.offers.all().delete()
    judged = status not in {"composed", "rejected", "superseded"}
    write(
        _rows(row),
        status=status,
        approved_by=SOMEBODY if judged else "",
        approved_at=timezone.now() if judged else None,
    )


def _offer(row: Offer, status: str) -> None:
    of_cell = {"sent": "offered", "withdrawn": "approved"}.get(status, status)
    write(Proposal.objects.filter(pk=row.proposal_id), status=of_cell)
    write(
        _rows(row),
        status=status,
        decided_at=None if status in {"sent", "withdrawn", "expired"} else timezone.now(),
        decided_by="" if status in {"sent", "withdrawn", "expired"} else SOMEBODY,
        change_reason="cost" if status == "change_requested" else "",
        change_message="Cheaper" if status == "change_requested" else "",
    )


_PLACED = {"confirming": "held", "active": "active", "paused": "active"}


def _engagement(row: Engagement, status: str) -> None:
    now, placed = timezone.now(), _PLACED.get(status, "ended")
    write(_rows(row), status=status, confirm_by=now + LATER, first_confirm_by=now + LATER)
    places = Placement.objects.filter(engagement=row)
    write(places, status=placed)
    booked = {"held": "held", "active": "confirmed", "ended": "released"}[placed]
    row.pauses.all().delete()
    if status == "paused":
        today = timezone.localdate()
        row.pauses.create(starts_on=today, kept_until=today + LATER, began=True, reason_code="other", asked_by=SOMEBODY)
    bookings = Booking.objects.filter(placement_id__in=places.values("pk"))
    write(bookings, status=booked, held_until=now + LATER if booked == "held" else None)
    answered = status not in {"confirming"}
    write(
        Invitation.objects.filter(placement__engagement=row),
        status="accepted" if answered else "sent",
        decided_at=now if answered else None,
        decided_by=SOMEBODY if answered else "",
        channel="app" if answered else "",
        expires_at=now + LATER,
    )
    over = {"completed": "completed", "terminated": "cancelled"}.get(status, "staffed")
    write(Project.objects.filter(pk=row.project_id), status=over)


def _invitation(row: Invitation, status: str) -> None:
    """Everybody else still waits, so that one answer opens nothing."""
    _engagement(row.placement.engagement, "confirming")
    answered = status in {"accepted", "declined"}
    write(
        _rows(row),
        status=status,
        decided_at=None if status == "sent" else timezone.now(),
        decided_by=SOMEBODY if answered else "",
        channel="app" if answered else "",
        decline_reason="rate" if status == "declined" else "",
    )
    place = {"accepted": "confirmed", "sent": "held"}.get(status, "ended")
    write(Placement.objects.filter(pk=row.placement_id), status=place)


def _milestone(row: Milestone, status: str) -> None:
    _engagement(row.engagement, "active")
    delivered, decided = status != "planned", status in {"accepted", "rejected"}
    write(
        _rows(row),
        status=status,
        delivered_at=timezone.now() if delivered else None,
        delivered_by=SOMEBODY if delivered else "",
        decided_at=timezone.now() if decided else None,
        decided_by=SOMEBODY if decided else "",
        rejection_reason="Not yet" if status == "rejected" else "",
    )


def _document(row: EngagementDocument, status: str) -> None:
    _engagement(row.engagement, "active")
    provided, decided = status != "missing", status in {"verified", "rejected"}
    write(
        _rows(row),
        status=status,
        reference="Folder 1" if provided else "",
        provided_at=timezone.now() if provided else None,
        provided_by=SOMEBODY if provided else "",
        decided_at=timezone.now() if decided else None,
        decided_by=SOMEBODY if decided else "",
        rejection_code="unreadable" if status == "rejected" else "",
    )


def _change(row: EngagementChange, status: str) -> None:
    _engagement(row.engagement, "active")
    write(_rows(row), status=status, decided_at=None if status == "requested" else timezone.now())


def _leave(row: Leave, status: str) -> None:
    _engagement(row.placement.engagement, "active")
    write(_rows(row), status=status)


def _privacy(row: PrivacyRequest, status: str) -> None:
    decided = status in {"fulfilled", "refused"}
    write(
        _rows(row),
        status=status,
        kind="access",
        decided_at=timezone.now() if decided else None,
        decided_by=SOMEBODY if decided else "",
        refusal_reason="other" if status == "refused" else "",
    )


def _to(target: str, *sources: str) -> dict[str, str]:
    return dict.fromkeys(sources, target)


def _replacement(row: Replacement, status: str) -> None:
    _engagement(row.engagement, "active")
    now = timezone.now()
    running, shown = status == "running", status in {"awaiting_client", "applied", "declined"}
    write(
        _rows(row),
        status=status,
        lease_token=uuid.uuid4() if running else None,
        lease_until=now + LATER if running else None,
        chosen=0 if shown else None,
        approved_by=SOMEBODY if shown else "",
        approved_at=now if shown else None,
        expires_at=now + LATER,
        client_decided_at=now if status == "declined" else None,
    )


_REASON = {"reason_code": "other", "comment": "As agreed."}
MACHINES = (
    Machine(
        Project,
        "/projects",
        _project,
        (
            Action("publish", _to("published", "draft")),
            Action("withdraw", _to("draft", "published")),
            Action("cancel", _to("cancelled", "draft", "published", "staffed")),
        ),
    ),
    Machine(
        Proposal,
        "/proposals",
        _proposal,
        (
            Action("approve", _to("approved", "composed"), _REASON),
            Action("reject", _to("rejected", "composed", "approved", "change_requested"), _REASON),
            Action("offer", _to("offered", "approved", "change_requested")),
        ),
    ),
    Machine(
        Offer,
        "/offers",
        _offer,
        (
            Action("accept", _to("accepted", "sent")),
            Action("decline", _to("declined", "sent"), {"reason_code": "cost"}),
            Action(
                "request-change", _to("change_requested", "sent"), {"reason_code": "cost", "message": "Less a month."}
            ),
            Action("withdraw", _to("withdrawn", "sent"), {"reason_code": "other"}),
        ),
    ),
    Machine(
        Invitation,
        "/invitations",
        _invitation,
        (
            Action("accept", _to("accepted", "sent"), again=frozenset({"accepted"})),
            Action("decline", _to("declined", "sent"), {"reason_code": "rate"}, again=frozenset({"declined"})),
        ),
    ),
    Machine(
        Engagement,
        "/engagements",
        _engagement,
        (
            Action("confirm", _to("active", "confirming"), in_part="P"),
            Action("pause", _to("paused", "active"), {"reason_code": "other"}),
            Action("resume", _to("active", "paused")),
            Action("complete", _to("completed", "active", "paused")),
            Action(
                "terminate", _to("terminated", "confirming", "active", "paused"), {"reason_code": "client_decision"}
            ),
        ),
    ),
    Machine(
        Professional,
        "/professionals",
        _professional,
        (
            Action("submit", _to("in_review", "draft"), own=True),
            Action("pause", _to("paused", "active"), own=True),
            Action("resume", _to("active", "paused"), own=True),
            Action("archive", _to("archived", "draft", "in_review", "active", "paused"), own=True),
            Action("approve", _to("active", "in_review")),
            Action("send-back", _to("draft", "in_review"), {"reason": "The headline is missing."}),
        ),
    ),
    Machine(
        Replacement,
        "/replacements",
        _replacement,
        (
            Action("approve", {}, {"reason_code": "least_change"}, elsewhere=frozenset({"proposed"})),
            Action("reject", _to("rejected", "proposed"), _REASON),
            Action("confirm", {}, elsewhere=frozenset({"awaiting_client"})),
            Action("decline", _to("declined", "awaiting_client"), {"reason_code": "cost"}),
        ),
    ),
    Machine(
        Milestone,
        "/milestones",
        _milestone,
        (
            Action("deliver", _to("delivered", "planned", "rejected")),
            Action("accept", _to("accepted", "delivered")),
            Action("reject", _to("rejected", "delivered"), {"reason": "Something is missing."}),
        ),
    ),
    Machine(
        EngagementDocument,
        "/engagement-documents",
        _document,
        (
            Action(
                "provide",
                _to("provided", "missing", "provided", "verified", "rejected", "expired"),
                {"reference": "Folder 2"},
            ),
            Action("verify", _to("verified", "provided")),
            Action("reject", _to("rejected", "provided", "verified"), {"reason_code": "unreadable"}),
        ),
    ),
    Machine(
        EngagementChange,
        "/engagement-changes",
        _change,
        (
            Action("decline", _to("declined", "requested"), {"reason_code": "other"}, never="RO"),
            Action("withdraw", _to("withdrawn", "requested"), never="P"),
        ),
    ),
    Machine(Leave, "/leaves", _leave, (Action("cancel", _to("cancelled", "granted")),)),
    Machine(
        PrivacyRequest,
        "/privacy-requests",
        _privacy,
        (
            Action("withdraw", _to("withdrawn", "received")),
            Action("fulfil", _to("fulfilled", "received", "blocking")),
            Action("refuse", _to("refused", "received"), {"reason_code": "other"}),
        ),
    ),
)
MOVED_ELSEWHERE = {
    # Answered by several people; the last answer moves it (tests of changes).
    "POST /engagement-changes/{pk}/accept",
    # Placements move, the engagement stays active (tests of engagements).
    "POST /engagements/{pk}/start",
    # Starts a vacancy (tests of leaves).
    "POST /leaves/{pk}/vacate",
}
