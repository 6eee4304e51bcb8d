"""Demand: organizations, projects, engagements."""

from marketplace.clients.models.change import (
    ChangeAnswer,
    ChangeKind,
    EngagementChange,
    Leave,
    LeaveReason,
    Party,
    Pause,
    PlacementTerm,
)
from marketplace.clients.models.document import DocumentKind, EngagementDocument
from marketplace.clients.models.engagement import Engagement, Placement
from marketplace.clients.models.invitation import AnswerChannel, Invitation
from marketplace.clients.models.milestone import Milestone
from marketplace.clients.models.organization import Membership, Organization
from marketplace.clients.models.project import Need, Project, Seat, SeatLanguage, SeatSkill
from marketplace.clients.models.project_text import ProjectText
from marketplace.clients.models.rating import RatedSkill, Rating, RatingWindow, Side, WorkedTogether

__all__ = [
    "AnswerChannel",
    "ChangeAnswer",
    "ChangeKind",
    "DocumentKind",
    "Engagement",
    "EngagementChange",
    "EngagementDocument",
    "Invitation",
    "Leave",
    "LeaveReason",
    "Membership",
    "Milestone",
    "Need",
    "Organization",
    "Party",
    "Pause",
    "Placement",
    "PlacementTerm",
    "Project",
    "ProjectText",
    "RatedSkill",
    "Rating",
    "RatingWindow",
    "Seat",
    "SeatLanguage",
    "SeatSkill",
    "Side",
    "WorkedTogether",
]
