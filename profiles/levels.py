"""The scales by which people are described."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Function(models.IntegerChoices):
    """The four functions that a cell covers. The numbers are bit positions in the engine's masks."""

    BUSINESS = 0, _("Business")
    ARCHITECTURE = 1, _("Architecture")
    ENGINEERING = 2, _("Engineering")
    OPERATIONS = 3, _("Operations")


class Seniority(models.IntegerChoices):
    JUNIOR = 1, _("Junior")
    MID = 2, _("Mid-level")
    SENIOR = 3, _("Senior")
    LEAD = 4, _("Lead")
    PRINCIPAL = 5, _("Principal")


class Level(models.IntegerChoices):
    """How well somebody has a skill."""

    AWARE = 1, _("Aware")
    SUPERVISED = 2, _("Works with guidance")
    INDEPENDENT = 3, _("Works independently")
    ADVANCED = 4, _("Advanced, guides others")
    EXPERT = 5, _("Expert")


class Cefr(models.IntegerChoices):
    """Common European Framework of Reference for Languages, companion volume of 2020. 0 means not stated."""

    NONE = 0, "–"
    A1 = 1, "A1"
    A2 = 2, "A2"
    B1 = 3, "B1"
    B2 = 4, "B2"
    C1 = 5, "C1"
    C2 = 6, "C2"


class Evidence(models.IntegerChoices):
    """What stands behind a claim; a project can set a floor."""

    SELF_DECLARED = 0, _("Self-declared")
    TESTED = 1, _("Tested")
    VERIFIED = 2, _("Verified")


class Country(models.IntegerChoices):
    MEXICO = 0, _("Mexico")
    UNITED_STATES = 1, _("United States")


# ISO 3166-1 alpha-2, as countries are written outside.
COUNTRY_CODES: dict[int, str] = {Country.MEXICO: "MX", Country.UNITED_STATES: "US"}


class LanguageCode(models.TextChoices):
    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")


class Activity(models.TextChoices):
    """The activities in which CEFR levels are stated; speaking decides who may face a client."""

    LISTENING = "listening", _("Listening")
    SPEAKING = "speaking", _("Speaking")
    READING = "reading", _("Reading")
    WRITING = "writing", _("Writing")


class ContractRoute(models.IntegerChoices):
    """How somebody is contracted. The numbers are bit positions in the engine's masks.

    REPSE is Mexico's register of specialized services (Federal Labor Law, article 15, reform of April 23, 2021).
    """

    REPSE = 0, _("Employee of a registered specialized services firm (REPSE)")
    EMPLOYER_OF_RECORD = 1, _("Employer of record")
    INDEPENDENT = 2, _("Independent (RFC)")
    US_SPECIALIST = 3, _("US specialist")


class SkillKind(models.TextChoices):
    TECHNOLOGY = "technology", _("Technology")
    METHOD = "method", _("Method")
    DOMAIN = "domain", _("Domain")
    REGULATION = "regulation", _("Regulation")
    CERTIFICATE = "certificate", _("Certificate")
