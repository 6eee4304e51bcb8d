"""Supply: people, skills, languages, certificates, time."""

from profiles.models.availability import AvailabilityException, Booking, PersonWeek
from profiles.models.certificate import Certificate
from profiles.models.change import SupplyChange, SupplyFeed
from profiles.models.exchange import ExchangeRate
from profiles.models.experience import Collaboration, Experience
from profiles.models.language import LanguageProficiency
from profiles.models.merge import DuplicatePair, DuplicateScan, DuplicateTraces, ProfileMerge
from profiles.models.professional import Professional
from profiles.models.resume_import import ResumeExtras, ResumeImport, ResumeImportItem
from profiles.models.roster import (
    Cadence,
    SavedSearch,
    SavedSearchAlert,
    SavedSearchMatch,
    TalentList,
    TalentListEntry,
)
from profiles.models.search_row import SearchClaim, SearchRow, SearchText
from profiles.models.skill import Skill, SkillAlias, SkillBroader, SkillClaim, SkillNeighbor
from profiles.models.verification import Verification, VerifiedKind

__all__ = [
    "AvailabilityException",
    "Booking",
    "Cadence",
    "Certificate",
    "Collaboration",
    "DuplicatePair",
    "DuplicateScan",
    "DuplicateTraces",
    "ExchangeRate",
    "Experience",
    "LanguageProficiency",
    "PersonWeek",
    "Professional",
    "ProfileMerge",
    "ResumeExtras",
    "ResumeImport",
    "ResumeImportItem",
    "SavedSearch",
    "SavedSearchAlert",
    "SavedSearchMatch",
    "SearchClaim",
    "SearchRow",
    "SearchText",
    "Skill",
    "SkillAlias",
    "SkillBroader",
    "SkillClaim",
    "SkillNeighbor",
    "SupplyChange",
    "SupplyFeed",
    "TalentList",
    "TalentListEntry",
    "Verification",
    "VerifiedKind",
]
