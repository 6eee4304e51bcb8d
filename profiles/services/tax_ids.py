"""Mexican identifiers: RFC (tax) and CURP (population). Encrypted, bound to their row, found only by blind index.

About 1.5 % of RFC in use fail their check digit (python-stdnum, ``stdnum.mx.rfc``), so that one is kept with a warning;
the same is done for CURP, whose owner cannot change it either. Both tell the age, a CURP also sex and birthplace
(Instructivo Normativo de la CURP, DOF June 18, 2018), which is why neither ever reaches matching.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError
from stdnum.mx import curp as curp_rules
from stdnum.mx import rfc as rfc_rules

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.kernel import crypto
from marketplace.kernel.errors import Conflict, FieldError, Invalid
from profiles.models import Professional
from profiles.services import duplicate_pairs, professionals
from profiles.services.doubts import Doubt

# The tax authority's stand-ins for the general public and for foreigners name nobody.
GENERIC_RFC = frozenset({"XAXX010101000", "XEXX010101000"})
_PERSON_RFC_LENGTH = 13
_RULES = {"rfc": rfc_rules, "curp": curp_rules}


@dataclass(frozen=True)
class TaxIds:
    """Both identifiers in clear, empty where there is none. Never log it."""

    rfc: str
    curp: str

    def __repr__(self) -> str:
        return "<TaxIds>"


def set_ids(
    *, professional: Professional, rfc: str | None = None, curp: str | None = None, actor: Actor | None
) -> tuple[Professional, list[Doubt]]:
    """Store identifiers that are given, empty text removing one; return the row and warnings on failing check digits.

    Raises Invalid ``invalid_rfc``/``invalid_curp`` on a wrong format, Conflict ``already_registered`` when another
    person has it. Of that refusal remains that the two may be one person.
    """
    try:
        return _set(professional, rfc, curp, actor)
    except Conflict as conflict:
        if conflict.code == "already_registered":
            _notice_holders(professional, {"rfc": rfc, "curp": curp})
        raise


def _notice_holders(professional: Professional, given: dict[str, str | None]) -> None:
    for name, text in given.items():
        index = crypto.blind_index(_RULES[name].compact(text), purpose=name) if text else ""
        for other in Professional.objects.filter(**{f"{name}_index": index}) if index else ():
            duplicate_pairs.notice(professional=professional, other=other, reasons={name: 100})


@transaction.atomic
def _set(
    professional: Professional, rfc: str | None, curp: str | None, actor: Actor | None
) -> tuple[Professional, list[Doubt]]:
    row = professionals.locked(professional)
    errors: list[FieldError] = []
    warnings: list[Doubt] = []
    columns: list[str] = []
    for name, text, check in (("rfc", rfc, _check_rfc), ("curp", curp, _check_curp)):
        if text is None:
            continue
        number, doubtful = "", False
        if text:
            try:
                number, doubtful = check(text)
            except ValidationError:
                errors.append(
                    FieldError(
                        f"/{name}", f"invalid_{name}", _("This is not a %(name)s of a person.") % {"name": name.upper()}
                    )
                )
                continue
        if doubtful:
            warnings.append(
                Doubt(
                    f"/{name}", f"{name}_check_digit", _("The check digit does not fit; please compare it once more.")
                )
            )
        setattr(row, f"{name}_encrypted", crypto.encrypt(number, bound_to=_bound(row, name)) if number else b"")
        setattr(row, f"{name}_index", crypto.blind_index(number, purpose=name) if number else "")
        columns += [f"{name}_encrypted", f"{name}_index"]
    if errors:
        raise Invalid.several(errors)
    try:
        with transaction.atomic():
            row.touch(*columns)
    except IntegrityError as error:
        raise Conflict("already_registered", _("This identifier belongs to another profile.")) from error
    log.record(
        subject=row, action="tax_ids.set", actor=actor, columns=columns, warnings=[warning.code for warning in warnings]
    )
    return row, warnings


@transaction.atomic
def read(*, professional: Professional, actor: Actor | None) -> TaxIds:
    """Return both identifiers in clear; the reading is an audit row."""
    row = Professional.objects.get(pk=professional.pk)
    log.record(subject=row, action="tax_ids.read", actor=actor)
    return TaxIds(rfc=_clear(row, "rfc"), curp=_clear(row, "curp"))


def _clear(row: Professional, name: str) -> str:
    blob = bytes(getattr(row, f"{name}_encrypted"))
    return crypto.decrypt(blob, bound_to=_bound(row, name)) if blob else ""


def _bound(row: Professional, name: str) -> str:
    return f"{row.public_id}/{name}"


def _check_rfc(text: str) -> tuple[str, bool]:
    number = rfc_rules.validate(text)
    if len(number) != _PERSON_RFC_LENGTH or number in GENERIC_RFC:
        raise ValidationError
    return number, not rfc_rules.is_valid(number, validate_check_digits=True)


def _check_curp(text: str) -> tuple[str, bool]:
    number = curp_rules.validate(text, validate_check_digits=False)
    return number, not curp_rules.is_valid(number)
