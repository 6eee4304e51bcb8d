"""Requests about one's own data: filed by the person, decided by an operator within the days that the law gives."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.kernel import clock, states
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.privacy.models import PrivacyRequest, RequestKind
from marketplace.privacy.services import erasure
from marketplace.privacy.states import RequestStatus
from marketplace.rest import etags
from profiles.models import Professional
from profiles.reference import calendars
from profiles.states import ProfessionalStatus

# LFPDPPP (DOF March 20, 2025): twenty business days to answer; fifteen more to carry it out.
DAYS_TO_ANSWER = 20
NO_PROFILE = _("You have no profile, and nothing of it is kept.")
REFUSAL_REASONS = ("identity_not_shown", "third_party_rights", "legal_impediment", "already_done", "other")


@transaction.atomic
def file(*, professional: Professional, kind: str, note: str = "", actor: Actor) -> PrivacyRequest:
    """Return a new request. Raises Conflict ``already_requested`` while one of the kind is open."""
    try:
        with transaction.atomic():
            row = PrivacyRequest.objects.create(
                professional=professional, kind=kind, note=note, due_on=_business_days_from(clock.today())
            )
    except IntegrityError as error:
        raise Conflict("already_requested", _("You have asked for this already; it is being worked on.")) from error
    audit.record(subject=row, action="privacy.requested", actor=actor, kind=kind)
    return row


@transaction.atomic
def fulfil(*, request: PrivacyRequest, version: int, actor: Actor) -> PrivacyRequest:
    """Do what is asked. An erasure takes two steps: the first blocks, the second erases what is blocked.

    Raises PreconditionFailed, IllegalTransition, and Conflict ``has_bookings`` from an erasure.
    """
    row = _locked(request, version)
    erases = row.kind == RequestKind.ERASURE
    blocks = row.kind == RequestKind.RESTRICTION or (erases and row.status == RequestStatus.RECEIVED)
    states.move(row, RequestStatus.BLOCKING if erases and blocks else RequestStatus.FULFILLED)
    if blocks and row.professional.status != ProfessionalStatus.BLOCKED:
        erasure.block(professional=row.professional, actor=actor)
    elif erases and not blocks:
        row.outcome = erasure.erase(professional=row.professional, actor=actor)
    return _decided(row, "privacy.fulfilled", actor, "outcome")


@transaction.atomic
def refuse(*, request: PrivacyRequest, version: int, reason_code: str, actor: Actor) -> PrivacyRequest:
    """Refuse with a reason of the law. Raises PreconditionFailed, IllegalTransition, Invalid ``unknown_reason``."""
    if reason_code not in REFUSAL_REASONS:
        raise Invalid.field(
            "/reason_code", "unknown_reason", _("This is not a reason to refuse."), known=list(REFUSAL_REASONS)
        )
    row = _locked(request, version)
    states.move(row, RequestStatus.REFUSED)
    row.refusal_reason = reason_code
    return _decided(row, "privacy.refused", actor, "refusal_reason")


@transaction.atomic
def withdraw(*, request: PrivacyRequest, actor: Actor) -> PrivacyRequest:
    """Take one's own request back before it is decided. Raises IllegalTransition."""
    row = _locked(request)
    states.move(row, RequestStatus.WITHDRAWN)
    row.touch("status")
    audit.record(subject=row, action="privacy.withdrawn", actor=actor)
    return row


def require_readable(request: PrivacyRequest) -> None:
    """Raise Conflict ``not_fulfilled`` unless this is a request to see one's data that has been granted."""
    if request.kind != RequestKind.ACCESS or request.status != RequestStatus.FULFILLED:
        raise Conflict(
            "not_fulfilled",
            _("There is nothing to read here yet."),
            data={"kind": request.kind, "status": request.status},
        )


def _locked(request: PrivacyRequest, version: int | None = None) -> PrivacyRequest:
    row: PrivacyRequest = PrivacyRequest.objects.select_for_update().get(pk=request.pk)
    if version is not None:
        etags.require(row, version)
    return row


def _decided(row: PrivacyRequest, action: str, actor: Actor, *fields: str) -> PrivacyRequest:
    row.decided_at, row.decided_by = clock.now(), actor.principal
    if PrivacyRequest.objects.filter(pk=row.pk).values_list("note", flat=True).get() == "":
        row.note = ""  # an erasure has emptied it meanwhile
    row.touch("status", "decided_at", "decided_by", *fields)
    audit.record(subject=row, action=action, actor=actor, kind=row.kind, status=row.status)
    return row


def _business_days_from(day: dt.date) -> dt.date:
    """Return the last of ``DAYS_TO_ANSWER`` days that are neither weekend nor a holiday in Mexico."""
    resting = calendars.holidays_between("MX", day, day + dt.timedelta(days=3 * DAYS_TO_ANSWER))
    left = DAYS_TO_ANSWER
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() < calendars.SATURDAY and day not in resting
    return day
