"""The fields of a profile that a merge chooses: the survivor's unless said otherwise, gaps filled from the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.kernel import crypto
from profiles.levels import COUNTRY_CODES, ContractRoute, Function, Seniority
from profiles.models import Professional


class Side(models.TextChoices):
    """Which of the two profiles."""

    SURVIVOR = "survivor", _("What the survivor says")
    MERGED = "merged", _("What the other one says")


# What belongs together is chosen together: half an address of each is nobody's.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("given_names", "family_names"),
    "contact_email": ("contact_email",),
    "phone": ("phone_encrypted",),
    "rfc": ("rfc_encrypted", "rfc_index"),
    "curp": ("curp_encrypted", "curp_index"),
    "headline_en": ("headline_en",),
    "headline_es": ("headline_es",),
    "summary_en": ("summary_en",),
    "summary_es": ("summary_es",),
    "functions": ("main_function", "functions"),
    "seniority": ("seniority",),
    "location": ("country", "city", "region", "cluster", "time_zone"),
    "working_hours": ("work_starts", "work_ends"),
    "rate": ("rate_amount", "rate_currency", "rate_floor"),
    "contract_route": ("contract_route",),
    "availability": ("weekly_minutes", "available_from", "available_until"),
}
_ENCRYPTED = ("phone", "rfc", "curp")
# An alias keeps its name, which older cells show; whatever else tells who it was is the survivor's now.
_LET_GO = ("contact_email", "phone", "rfc", "curp")


def differences(one: Professional, other: Professional) -> Iterator[tuple[str, str, str]]:
    """Yield each field of which two profiles say different things, with both as texts; identifiers are not shown."""
    for name in FIELDS:
        mine, yours = shown(one, name), shown(other, name)
        if name in {"rfc", "curp"}:
            if mine or yours:
                yield name, mine, yours
        elif mine != yours:
            yield name, mine, yours


def shown(row: Professional, name: str) -> str:
    """Return what a profile says of one field, as a recruiter reads it."""
    match name:
        case "phone":
            return _clear(row, "phone")
        case "rfc" | "curp":
            return "set" if getattr(row, f"{name}_index") else ""
        case "functions":
            others = sorted(set(row.functions) - {row.main_function})
            return ", ".join(Function(each).name.lower() for each in [row.main_function, *others])
        case "seniority":
            return Seniority(row.seniority).name.lower()
        case "location":
            parts = (row.city, row.region, row.cluster, COUNTRY_CODES[row.country], row.time_zone)
            return ", ".join(part for part in parts if part)
        case "working_hours":
            return "–".join(f"{each // 60:02}:{each % 60:02}" for each in (row.work_starts, row.work_ends))
        case "rate":
            return f"{row.rate_amount} {row.rate_currency}, {row.rate_floor} {row.rate_currency}"
        case "contract_route":
            return ContractRoute(row.contract_route).name.lower()
        case "availability":
            days = "–".join(day.isoformat() if day else "" for day in (row.available_from, row.available_until))
            return f"{row.weekly_minutes / 60:g} h {days}".rstrip(" –")
    return " ".join(str(getattr(row, column)) for column in FIELDS[name]).strip()


def take_over(survivor: Professional, merged: Professional, choices: Mapping[str, str]) -> list[str]:
    """Set the survivor's columns, blank what the alias lets go, and return the fields that the other one gave."""
    taken = [name for name in FIELDS if _side(survivor, merged, name, choices) == Side.MERGED]
    for name in taken:
        if name in _ENCRYPTED:
            # A ciphertext is bound to its row and cannot be carried over.
            text = _clear(merged, name)
            sealed = crypto.encrypt(text, bound_to=f"{survivor.public_id}/{name}") if text else b""
            setattr(survivor, f"{name}_encrypted", sealed)
        for column in FIELDS[name]:
            if not column.endswith("_encrypted"):
                setattr(survivor, column, getattr(merged, column))
    if "functions" not in choices:
        survivor.functions = sorted({*survivor.functions, *merged.functions, survivor.main_function})
    for name in _LET_GO:
        for column in FIELDS[name]:
            setattr(merged, column, b"" if column.endswith("_encrypted") else "")
    return taken


def columns() -> list[str]:
    """Return every column that a merge may write."""
    return [column for group in FIELDS.values() for column in group]


def _side(survivor: Professional, merged: Professional, name: str, choices: Mapping[str, str]) -> str:
    if name in choices:
        return choices[name]
    return Side.MERGED if _is_gap(survivor, name) and not _is_gap(merged, name) else Side.SURVIVOR


def _is_gap(row: Professional, name: str) -> bool:
    match name:
        case "rate":
            return not row.rate_amount
        case "location":
            return not (row.city or row.region or row.cluster)
        case "phone" | "rfc" | "curp":
            return not bytes(getattr(row, f"{name}_encrypted"))
        case "name" | "contact_email" | "headline_en" | "headline_es" | "summary_en" | "summary_es":
            return not any(getattr(row, column) for column in FIELDS[name])
    return False


def _clear(row: Professional, name: str) -> str:
    blob: Any = bytes(getattr(row, f"{name}_encrypted"))
    return crypto.decrypt(blob, bound_to=f"{row.public_id}/{name}") if blob else ""
