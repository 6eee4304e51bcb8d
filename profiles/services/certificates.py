"""Certificates: what counts is whether they hold at the end of an engagement, so both dates are kept."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel import clock
from marketplace.kernel.errors import FieldError, Invalid, NotFound
from profiles.levels import Evidence, SkillKind
from profiles.models import Certificate, Professional, VerifiedKind
from profiles.reference.certificate_validity import usual_months
from profiles.reference.validity import holds, months_after
from profiles.services import professionals, skills, verifications
from profiles.services.doubts import Doubt


@transaction.atomic
def set_one(
    *,
    professional: Professional,
    skill: str,
    issued_on: dt.date,
    expires_on: dt.date | None = None,
    number: str = "",
    verify_url: str = "",
    actor: Actor | None,
) -> tuple[Certificate, bool]:
    """State a certificate by code or name, or renew it; return it and whether it is new.

    Without ``expires_on`` the usual validity of the certificate is taken, as it was when it was issued. A changed
    statement loses its evidence; the same one said again keeps it. Raises Invalid with every fault.
    """
    row = professionals.locked(professional)
    kind = skills.resolve([skill]).get(skill)
    errors = []
    if kind is None:
        errors.append(skills.unknown(skill, "/skill"))
    elif kind.kind != SkillKind.CERTIFICATE:
        errors.append(
            FieldError("/skill", "not_a_certificate", _("“%(code)s” is no certificate.") % {"code": kind.code})
        )
    if issued_on > clock.today():
        errors.append(FieldError("/issued_on", "in_the_future", _("This day is still to come.")))
    if expires_on is not None and expires_on <= issued_on:
        errors.append(FieldError("/expires_on", "ends_before_start", _("It expires after it was issued.")))
    if errors or kind is None:
        raise Invalid.several(errors)
    known = Certificate.objects.select_related("skill").filter(professional=row, skill=kind).first()
    certificate = known or Certificate(professional=row, skill=kind)
    usual = usual_months(kind.code, issued_on, kind.validity_months)
    if expires_on is None and usual:
        expires_on = months_after(issued_on, usual)
    stated = {"issued_on": issued_on, "expires_on": expires_on, "number": number, "verify_url": verify_url}
    changed = [name for name, value in stated.items() if getattr(certificate, name) != value]
    for name in changed:
        setattr(certificate, name, stated[name])
    if known is None:
        certificate.save(force_insert=True)
    elif changed:
        certificate.evidence = Evidence.SELF_DECLARED
        certificate.touch(*changed, "evidence")
    row.touch()
    log.record(subject=row, action="certificate.set", actor=actor, skill=kind.code, new=known is None)
    return certificate, known is None


@transaction.atomic
def remove(*, professional: Professional, certificate_id: uuid.UUID, actor: Actor | None) -> None:
    """Take a certificate back. Raises NotFound."""
    row = professionals.locked(professional)
    certificate = _of(row, certificate_id)
    certificate.delete()
    row.touch()
    log.record(subject=row, action="certificate.remove", actor=actor, skill=certificate.skill.code)


@transaction.atomic
def verify(
    *,
    professional: Professional,
    certificate_id: uuid.UUID,
    evidence: Evidence,
    source: str = "",
    version: int | None,
    actor: Actor,
) -> Certificate:
    """Record that the certificate was seen, at the profile's ``version``, and how.

    Raises NotFound, PreconditionFailed, Invalid ``certificate_expired``.
    """
    row = professionals.locked(professional, version=version)
    certificate = _of(row, certificate_id)
    if not holds(certificate.expires_on, clock.today()):
        raise Invalid.field("/evidence", "certificate_expired", _("This certificate has expired."))
    certificate.evidence = evidence
    certificate.touch("evidence")
    row.touch()
    verifications.add(
        professional=row,
        kind=VerifiedKind.CERTIFICATE,
        code=certificate.skill.code,
        evidence=evidence,
        source=source,
        expires_on=certificate.expires_on,
        seen={
            "number": certificate.number,
            "verify_url": certificate.verify_url,
            "issued_on": certificate.issued_on.isoformat(),
        },
        actor=actor,
    )
    log.record(
        subject=row,
        action="certificate.verify",
        actor=actor,
        skill=certificate.skill.code,
        evidence=evidence.name.lower(),
    )
    return certificate


def doubts(certificate: Certificate, by: dt.date | None = None) -> tuple[Doubt, ...]:
    """Return what to look at again: it no longer holds on day ``by``, or lasts longer than its kind usually does.

    No query when the skill is read along. ``by`` is the end of an engagement, today where it is left out.
    """
    found = []
    if not holds(certificate.expires_on, by or clock.today()):
        found.append(Doubt("/expires_on", "certificate_expires", _("The certificate no longer holds on that day.")))
    usual = usual_term(certificate)
    if usual and certificate.expires_on and certificate.expires_on > months_after(certificate.issued_on, usual + 1):
        found.append(
            Doubt(
                "/expires_on",
                "longer_than_usual",
                ngettext(
                    "This certificate usually lasts %(months)s month; please compare the date once more.",
                    "This certificate usually lasts %(months)s months; please compare the date once more.",
                    usual,
                )
                % {"months": usual},
            )
        )
    return tuple(found)


def usual_term(certificate: Certificate) -> int | None:
    """Return how many months such a certificate usually held when it was issued, None where that is not known."""
    return usual_months(certificate.skill.code, certificate.issued_on, certificate.skill.validity_months)


def _of(row: Professional, certificate_id: uuid.UUID) -> Certificate:
    found = Certificate.objects.select_related("skill").filter(professional=row, pk=certificate_id).first()
    if found is None:
        raise NotFound("not_found", _("There is nothing here, or it is not yours to see."))
    return found
