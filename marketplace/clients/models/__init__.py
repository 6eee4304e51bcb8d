"""Demand: organizations, projects, engagements."""

from marketplace.clients.models.engagement import Engagement, Placement
from marketplace.clients.models.invitation import AnswerChannel, Invitation
from marketplace.clients.models.organization import Membership, Organization
from marketplace.clients.models.project import Need, Project, Seat, SeatLanguage, SeatSkill

__all__ = [
    "AnswerChannel",
    "Engagement",
    "Invitation",
    "Membership",
    "Need",
    "Organization",
    "Placement",
    "Project",
    "Seat",
    "SeatLanguage",
    "SeatSkill",
]
