"""Cells: runs, proposals, reviews, offers, replacements."""

from matching.models.inbox import ReviewClaim, ReviewComment
from matching.models.offer import Offer
from matching.models.proposal import Coverage, Proposal, ProposalMember, Reason
from matching.models.replacement import Replacement, Vacancy
from matching.models.review import ReviewDecision
from matching.models.run import Heartbeat, MatchRun, Snapshot
from matching.models.whatif import WhatIf

__all__ = [
    "Coverage",
    "Heartbeat",
    "MatchRun",
    "Offer",
    "Proposal",
    "ProposalMember",
    "Reason",
    "Replacement",
    "ReviewClaim",
    "ReviewComment",
    "ReviewDecision",
    "Snapshot",
    "Vacancy",
    "WhatIf",
]
