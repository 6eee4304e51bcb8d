"""Cells: runs, proposals, reviews, offers."""

from matching.models.offer import Offer
from matching.models.proposal import Coverage, Proposal, ProposalMember, Reason
from matching.models.review import ReviewDecision
from matching.models.run import MatchRun, Snapshot

__all__ = [
    "Coverage",
    "MatchRun",
    "Offer",
    "Proposal",
    "ProposalMember",
    "Reason",
    "ReviewDecision",
    "Snapshot",
]
