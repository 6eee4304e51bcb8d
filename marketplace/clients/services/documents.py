"""The checklist of documents: made by the rules, filled in by those who have them, checked by recruiters.

The files are kept elsewhere; here stand where, which file (SHA-256), until when it holds, and who said so.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import (
    DocumentKind,
    Engagement,
    EngagementDocument,
    Need,
    Party,
    Placement,
    SeatSkill,
)
from marketplace.clients.services import document_rules, locking, parties
from marketplace.clients.states import LIVE_ENGAGEMENT, LIVE_PLACEMENT, DocumentStatus
from marketplace.delivery import notifications, outbox
from marketplace.kernel import clock, crypto, states
from marketplace.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotAllowed
from marketplace.rest import etags
from profiles.levels import Evidence, SkillKind
from profiles.models import Certificate
from profiles.reference.validity import holds

REJECTION_REASONS = ("unreadable", "wrong_document", "incomplete", "expired", "mismatch", "other")


@dataclass(frozen=True)
class Provided:
    """Where a document is kept and what it says; ``sha256`` in lower-case hexadecimal."""

    reference: str
    sha256: str = ""
    number: str = ""
    planned_us_days: int | None = None
    issued_on: dt.date | None = None
    expires_on: dt.date | None = None


@dataclass(frozen=True)
class Warning:
    """What to look at: a stable code and a sentence."""

    code: str
    detail: str | Promise


@transaction.atomic
def prepare(*, engagement: Engagement, actor: Actor | None = None) -> int:
    """Put on the list what the rules ask of an engagement and its live placements; return how many were new.

    What is there stays as it is, so it can be called again whenever somebody joins. Certificates of the profile that
    the seat or the cell asks for come with their dates, verified where they are verified there.
    """
    row = locking.engagement(engagement.pk)
    people = list(
        row.placements.filter(status__in=LIVE_PLACEMENT, vacant_from__isnull=True)
        .select_related("professional", "seat")
        .order_by("pk")
    )
    needs = Need.objects.filter(project_id=row.project_id, skill__kind=SkillKind.REGULATION)
    regulations = set(needs.values_list("skill__code", flat=True))
    wanted = [_entry(row, None, rule, None, None, regulations) for rule in document_rules.RULES]
    for placement in people:
        person = placement.professional
        wanted += [
            _entry(row, placement, rule, person.contract_route, person.country, regulations)
            for rule in document_rules.RULES
        ]
    documents = [entry for entry in wanted if entry is not None] + _certificates(row, people)
    known = set(row.documents.values_list("placement_id", "kind", "skill_id"))
    new = [each for each in documents if (each.placement_id, each.kind, each.skill_id) not in known]
    EngagementDocument.objects.bulk_create(new)
    if new:
        audit.record(subject=row, action="documents.prepared", actor=actor, documents=[each.public_id for each in new])
    return len(new)


def prepare_missing() -> int:
    """Make the list of engagements whose people have none yet; return how many were looked at."""
    listed = EngagementDocument.objects.filter(placement=OuterRef("pk"))
    bare = Placement.objects.filter(
        ~Exists(listed),
        status__in=LIVE_PLACEMENT,
        vacant_from__isnull=True,
        engagement__status__in=LIVE_ENGAGEMENT,
    )
    keys = list(bare.order_by("engagement_id").values_list("engagement_id", flat=True).distinct())
    for key in keys:
        prepare(engagement=Engagement(pk=key))
    return len(keys)


@transaction.atomic
def provide(*, document: EngagementDocument, version: int, provided: Provided, actor: Actor) -> EngagementDocument:
    """Say where a document is kept and what it says; whatever was decided of an earlier one no longer counts.

    Raises PreconditionFailed, NotAllowed ``not_yours_to_provide``, Conflict ``not_running``, Invalid with every fault.
    """
    engagement, row = _open(document.pk, version)
    rule = document_rules.rule_of(row.kind)
    _require_party(row, rule, actor)
    expires_on = provided.expires_on
    if expires_on is None and provided.issued_on is not None:
        expires_on = rule.default_expiry(provided.issued_on)
    if errors := _faults(rule, provided, expires_on):
        raise Invalid.several(errors)
    states.move(row, DocumentStatus.PROVIDED)
    row.reference, row.sha256 = provided.reference, provided.sha256
    row.number_encrypted = (
        crypto.encrypt(provided.number, bound_to=f"{row.public_id}/number") if provided.number else b""
    )
    row.planned_us_days, row.issued_on, row.expires_on = provided.planned_us_days, provided.issued_on, expires_on
    row.provided_at, row.provided_by = clock.now(), actor.principal
    row.decided_at, row.decided_by, row.rejection_code = None, "", ""
    row.touch(
        "status", "reference", "sha256", "number_encrypted", "planned_us_days", "issued_on", "expires_on",
        "provided_at", "provided_by", "decided_at", "decided_by", "rejection_code",
    )  # fmt: skip
    _say(engagement, row, "document.provided", actor)
    return row


def verify(*, document: EngagementDocument, version: int, actor: Actor) -> EngagementDocument:
    """Record that a recruiter has seen the document and that it is what it says.

    Raises PreconditionFailed, IllegalTransition, Conflict ``document_expired`` or ``not_running``, NotAllowed.
    """
    return _decide(document, version, DocumentStatus.VERIFIED, "", actor)


def reject(*, document: EngagementDocument, version: int, reason_code: str, actor: Actor) -> EngagementDocument:
    """Send a document back with a reason. Raises as ``verify``, and Invalid ``unknown_reason``."""
    if reason_code not in REJECTION_REASONS:
        raise Invalid.field(
            "/reason_code", "unknown_reason", _("This is not a reason to reject."), known=list(REJECTION_REASONS)
        )
    return _decide(document, version, DocumentStatus.REJECTED, reason_code, actor)


def expire_due() -> int:
    """Mark what has run out in living engagements and tell those who must renew it; return how many."""
    due = EngagementDocument.objects.filter(
        status__in=[DocumentStatus.PROVIDED, DocumentStatus.VERIFIED],
        expires_on__lt=clock.today(),
        engagement__status__in=LIVE_ENGAGEMENT,
    )
    keys = list(due.values_list("pk", flat=True))
    for key in keys:
        try:
            _expire(key)
        except DomainError:  # provided anew a moment ago
            continue
    return len(keys)


def warnings(document: EngagementDocument) -> list[Warning]:
    """Return what to look at. Reads the engagement."""
    found = []
    if document.planned_us_days:
        found.append(
            Warning(
                "us_days_planned",
                _(
                    "Work on site in the United States is planned. It may count as income from there: "
                    "ask a tax adviser before it begins. This is not tax advice."
                ),
            )
        )
    if document.standing == DocumentStatus.EXPIRED:
        found.append(Warning("expired", _("This document has run out.")))
    elif not holds(document.expires_on, document.engagement.ends_on):
        found.append(Warning("expires_before_end", _("This document runs out before the engagement ends.")))
    return found


def _entry(
    row: Engagement,
    placement: Placement | None,
    rule: document_rules.Rule,
    route: int | None,
    country: int | None,
    regulations: set[str],
) -> EngagementDocument | None:
    if rule.of_placement != (placement is not None) or rule.kind == DocumentKind.CERTIFICATE:
        return None
    required = rule.required(route=route, country=country, regulations=regulations)
    if required is None:
        return None
    return EngagementDocument(engagement=row, placement=placement, kind=rule.kind, required=required)


def _certificates(row: Engagement, people: list[Placement]) -> list[EngagementDocument]:
    """Return an entry per certificate that a seat asks for, or that somebody brings to a need of the cell."""
    of_seat: dict[uuid.UUID, set[int]] = defaultdict(set)
    asked = SeatSkill.objects.filter(seat__in=[each.seat_id for each in people], skill__kind=SkillKind.CERTIFICATE)
    for seat, skill in asked.values_list("seat_id", "skill_id"):
        of_seat[seat].add(skill)
    whole = set(
        Need.objects.filter(project_id=row.project_id, skill__kind=SkillKind.CERTIFICATE).values_list(
            "skill_id", flat=True
        )
    )
    held = {
        (certificate.professional_id, certificate.skill_id): certificate
        for certificate in Certificate.objects.filter(professional__in=[each.professional_id for each in people])
    }
    made = []
    for placement in people:
        required = of_seat[placement.seat_id]
        brought = {skill for skill in whole if (placement.professional_id, skill) in held}
        for skill in sorted(required | brought):
            entry = EngagementDocument(
                engagement=row,
                placement=placement,
                kind=DocumentKind.CERTIFICATE,
                skill_id=skill,
                required=skill in required,
            )
            _take_from_profile(entry, held.get((placement.professional_id, skill)))
            made.append(entry)
    return made


def _take_from_profile(entry: EngagementDocument, certificate: Certificate | None) -> None:
    if certificate is None:
        return
    entry.status = DocumentStatus.PROVIDED
    entry.reference = certificate.public_id
    entry.issued_on, entry.expires_on = certificate.issued_on, certificate.expires_on
    entry.provided_at, entry.provided_by = clock.now(), audit.SYSTEM
    if certificate.evidence == Evidence.VERIFIED:
        entry.status = DocumentStatus.VERIFIED
        entry.decided_at, entry.decided_by = clock.now(), audit.SYSTEM


def _open(key: uuid.UUID, version: int | None) -> tuple[Engagement, EngagementDocument]:
    """Lock the engagement, which must be living, then the document."""
    engagement = locking.engagement(EngagementDocument.objects.values_list("engagement_id", flat=True).get(pk=key))
    row: EngagementDocument = (
        EngagementDocument.objects.select_for_update(no_key=True, of=("self",))
        .select_related("placement__professional")
        .get(pk=key)
    )
    if version is not None:
        etags.require(row, version)
    if engagement.status not in LIVE_ENGAGEMENT:
        raise Conflict("not_running", _("This engagement is over."), data={"status": engagement.status})
    return engagement, row


def _require_party(row: EngagementDocument, rule: document_rules.Rule, actor: Actor) -> None:
    side = parties.side_of(actor)
    own = side != Party.PROFESSIONAL or (row.placement is not None and parties.is_own(actor, row.placement))
    if side not in rule.provided_by or not own:
        raise NotAllowed("not_yours_to_provide", _("This document is provided by somebody else."))


def _faults(rule: document_rules.Rule, provided: Provided, expires_on: dt.date | None) -> list[FieldError]:
    errors = []
    if rule.takes_number != bool(provided.number):
        errors.append(
            FieldError("/number", "required", _("Give the number of the registration."))
            if rule.takes_number
            else FieldError("/number", "not_asked_for", _("No number is kept of this document."))
        )
    if rule.asks_us_days != (provided.planned_us_days is not None):
        errors.append(
            FieldError(
                "/planned_us_days", "required", _("Say on how many days work in the United States is planned, or 0.")
            )
            if rule.asks_us_days
            else FieldError("/planned_us_days", "not_asked_for", _("Days on site are asked for with a W-8BEN only."))
        )
    if provided.issued_on is not None and provided.issued_on > clock.today():
        errors.append(FieldError("/issued_on", "in_the_future", _("This day is still to come.")))
    if rule.must_expire and expires_on is None:
        errors.append(FieldError("/expires_on", "required", _("Say until when it holds, or when it was issued.")))
    elif expires_on is not None and expires_on < clock.today():
        errors.append(FieldError("/expires_on", "in_the_past", _("This document has run out already.")))
    elif expires_on is not None and provided.issued_on is not None and expires_on < provided.issued_on:
        errors.append(FieldError("/expires_on", "ends_before_start", _("It expires after it was issued.")))
    return errors


@transaction.atomic
def _decide(document: EngagementDocument, version: int, to: str, code: str, actor: Actor) -> EngagementDocument:
    if not actor.is_staff_side:
        raise NotAllowed("recruiter_only", _("Only recruiters check documents."))
    engagement, row = _open(document.pk, version)
    states.require(row, to)
    if to == DocumentStatus.VERIFIED and row.standing == DocumentStatus.EXPIRED:
        raise Conflict("document_expired", _("This document has run out; ask for a newer one."))
    states.move(row, to)
    row.decided_at, row.decided_by, row.rejection_code = clock.now(), actor.principal, code
    row.touch("status", "decided_at", "decided_by", "rejection_code")
    _say(engagement, row, f"document.{to}", actor)
    return row


@transaction.atomic
def _expire(key: uuid.UUID) -> None:
    engagement, row = _open(key, None)
    if row.status != DocumentStatus.EXPIRED and row.standing == DocumentStatus.EXPIRED:
        states.move(row, DocumentStatus.EXPIRED)
        row.touch("status")
        _say(engagement, row, "document.expired", None)


def _say(engagement: Engagement, row: EngagementDocument, kind: str, actor: Actor | None) -> None:
    data: dict[str, Any] = {"document": row.public_id, "kind": row.kind}
    audit.record(subject=engagement, action=kind, actor=actor, **data, reason=row.rejection_code)
    outbox.publish(
        kind=kind,
        subject=row,
        organization_id=engagement.organization_id,
        engagement=engagement.public_id,
        status=row.status,
    )
    theirs = parties.people([row.placement]) if row.placement else []
    to_recruiters = kind in {"document.provided", "document.expired"}
    notifications.notify(
        recipients=[
            *(theirs if kind != "document.provided" else []),
            *(notifications.recruiters() if to_recruiters else []),
        ],
        kind=kind,
        subject=row,
        data={"engagement": engagement.public_id, "document": row.kind},
        occasion=str(row.version),
    )


def outstanding(engagement: Engagement) -> int:
    """Return how many required documents are not there, or no longer hold."""
    listed = engagement.documents.filter(required=True)
    held = Q(status__in=[DocumentStatus.PROVIDED, DocumentStatus.VERIFIED]) & (
        Q(expires_on__isnull=True) | Q(expires_on__gte=clock.today())
    )
    # Of somebody who has left nothing is asked any more.
    current = Q(placement__isnull=True) | Q(placement__status__in=LIVE_PLACEMENT)
    return listed.filter(current).exclude(held).count()
