"""A profile as a JSON Resume, with what was kept of the résumés that were confirmed into it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from profiles import kept_resume, resume_scales
from profiles.kept_resume import ProfileSide
from profiles.levels import COUNTRY_CODES, Activity, Cefr
from profiles.models import Certificate, Experience, LanguageProficiency, Professional, ResumeExtras, SkillClaim
from profiles.services import professionals

SCHEMA_URL = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"

_EXPERIENCE_COLUMNS = ("employer", "title", "starts_on", "ends_on", "summary_en", "summary_es")


@transaction.atomic
def export(*, professional: Professional, language: str, actor: Actor | None) -> dict[str, Any]:
    """Return the whole profile as a document that the JSON Resume schema accepts; the reading is an audit row.

    ``language`` chooses between texts that the profile has in both, and the names of skills and levels.
    """
    row = Professional.objects.with_everything().get(pk=professional.pk)
    extras = ResumeExtras.objects.filter(professional=row).first()
    document = kept_resume.exported(extras.kept if extras else {}, side(row, language))
    log.record(subject=row, action="professional.export_resume", actor=actor)
    return {"$schema": SCHEMA_URL, **document}


def side(row: Professional, language: str) -> ProfileSide:
    """Return what the profile says, part by part, with the columns behind each; reads the related rows."""
    spanish = language.startswith("es")
    phone, country = professionals.phone(row), COUNTRY_CODES[row.country]
    return ProfileSide(
        basics={
            "name": f"{row.given_names} {row.family_names}".strip(),
            "label": _either(row.headline_en, row.headline_es, spanish=spanish),
            "email": row.contact_email,
            "phone": phone,
            "summary": _either(row.summary_en, row.summary_es, spanish=spanish),
            "location/city": row.city,
            "location/region": row.region,
            "location/countryCode": country,
        },
        columns={
            "name": {"given_names": row.given_names, "family_names": row.family_names},
            "label": {"headline_en": row.headline_en, "headline_es": row.headline_es},
            "email": {"contact_email": row.contact_email},
            "phone": {"phone": phone},
            "summary": {"summary_en": row.summary_en, "summary_es": row.summary_es},
            "location/city": {"city": row.city},
            "location/region": {"region": row.region},
            "location/countryCode": {"country": country},
        },
        rows={
            "work": {each.public_id: _work(each, spanish=spanish) for each in row.experiences.all()},
            "languages": {each.language: _language(each, language) for each in row.languages.all()},
            "certificates": {each.skill.code: _certificate(each, language) for each in row.certificates.all()},
        },
        claims={each.skill.code: _claim(each, language) for each in row.claims.all()},
    )


def _either(english: str, spanish_text: str, *, spanish: bool) -> str:
    return (spanish_text or english) if spanish else (english or spanish_text)


def _said(**members: Any) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value not in ("", None)}


def _work(each: Experience, *, spanish: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    columns = {column: getattr(each, column) for column in _EXPERIENCE_COLUMNS}
    columns["starts_on"] = each.starts_on.isoformat()
    columns["ends_on"] = each.ends_on.isoformat() if each.ends_on else None
    entry = _said(
        name=each.employer,
        position=each.title,
        startDate=columns["starts_on"],
        endDate=columns["ends_on"],
        summary=_either(each.summary_en, each.summary_es, spanish=spanish),
    )
    return entry, columns


def _language(each: LanguageProficiency, language: str) -> tuple[dict[str, Any], dict[str, Any]]:
    levels = {activity: Cefr(getattr(each, activity)) for activity in Activity.values}
    entry = _said(
        language=resume_scales.write_language(each.language, language),
        fluency=resume_scales.write_fluency(each.speaking, each.native, language),
    )
    if len(set(levels.values())) > 1:
        entry["cefr"] = {activity: level.name for activity, level in levels.items() if level}
    return entry, {**{activity: int(level) for activity, level in levels.items()}, "native": each.native}


def _certificate(each: Certificate, language: str) -> tuple[dict[str, Any], dict[str, Any]]:
    issued = each.issued_on.isoformat()
    entry = _said(name=each.skill.name(language), date=issued, url=each.verify_url)
    return entry, {"issued_on": issued, "verify_url": each.verify_url}


def _claim(each: SkillClaim, language: str) -> tuple[dict[str, Any], dict[str, Any]]:
    entry: dict[str, Any] = {
        "name": each.skill.name(language),
        "level": resume_scales.write_level(each.level, language),
    }
    if each.years:
        entry["years"] = each.years
    return entry, {"level": each.level, "years": each.years}
