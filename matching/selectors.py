"""Cells as the review inbox reads them: with whoever has taken them, and with what should give a recruiter pause."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from marketplace.accounts.actors import Actor
from marketplace.kernel import clock
from matching.models import Coverage, Proposal, ProposalMember, ReviewClaim
from matching.states import LIVE_PROPOSAL, ProposalStatus
from profiles.levels import Activity, Cefr, LanguageCode

FLAGS = ("thin_coverage", "english_at_floor", "certificate_expires", "in_several", "gap_open", "changed_by_hand")


def reviews(actor: Actor) -> QuerySet[Any]:
    """Return the cells that the actor may see, each with ``claimed_by``, ``claimed_at`` and a boolean for each flag.

    ``thin_coverage``: a must that one member holds; ``english_at_floor``: somebody speaks just what their seat asks;
    ``certificate_expires``: a member's certificate runs out during the engagement; ``in_several``: a member stands in
    an open cell of another project; ``gap_open`` and ``changed_by_hand`` as the words say.
    """
    claims = ReviewClaim.objects.filter(proposal=OuterRef("pk"), released_at__isnull=True, lapses_at__gt=clock.now())
    members = ProposalMember.objects.filter(proposal=OuterRef("pk"))
    spoken = {"seat__languages__language": LanguageCode.ENGLISH, "seat__languages__activity": Activity.SPEAKING}
    elsewhere = ProposalMember.objects.filter(
        professional=OuterRef("professional"), proposal__status__in=[*LIVE_PROPOSAL, ProposalStatus.ACCEPTED]
    ).exclude(proposal__project=OuterRef("proposal__project"))
    rows: QuerySet[Any] = Proposal.objects.visible_to(actor)
    found: QuerySet[Any] = rows.annotate(
        claimed_by=Subquery(claims.values("claimed_by")[:1]),
        claimed_at=Subquery(claims.values("created_at")[:1]),
        thin_coverage=Exists(Coverage.objects.filter(proposal=OuterRef("pk"), need__count__gt=0, backup__isnull=True)),
        english_at_floor=Exists(
            members.filter(
                Q(seat__client_facing=True, english_speaking__lte=Cefr.B2)
                | Q(seat__languages__level=F("english_speaking"), **spoken)
            )
        ),
        certificate_expires=Exists(
            members.filter(
                professional__certificates__expires_on__gte=OuterRef("starts_on"),
                professional__certificates__expires_on__lte=OuterRef("ends_on"),
            )
        ),
        in_several=Exists(members.filter(Exists(elsewhere))),
        gap_open=Exists(Proposal.objects.filter(pk=OuterRef("pk")).exclude(proof_status="optimal")),
        changed_by_hand=Exists(Proposal.objects.filter(pk=OuterRef("pk"), origin="recruiter")),
    )
    return found
