"""The review inbox: what waits for a recruiter, who has taken it, and what should give pause."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.kernel import clock
from matching.api.outputs.proposals import ProposalSummaryOutput
from matching.models import Proposal
from matching.selectors import FLAGS
from matching.services import review_policy, stages
from matching.states import ProposalStatus


def flag_texts() -> dict[str, str]:
    """Return what each flag says, in the reader's language."""
    return {
        "thin_coverage": _("A must is held by one member only."),
        "english_at_floor": _("Somebody speaks just the English that their seat asks for."),
        "certificate_expires": _("A member's certificate expires during the engagement."),
        "in_several": _("A member stands in an open cell of another project."),
        "gap_open": _("It is not proven to be the best."),
        "changed_by_hand": _("A recruiter has changed this cell."),
    }


class FlagOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class ReviewOutput(ProposalSummaryOutput):
    """A cell in the inbox."""

    project_title = serializers.CharField(source="project.title")
    origin = serializers.CharField(help_text="engine, recruiter")
    age_hours = serializers.SerializerMethodField(help_text="since it was composed")
    claimed_by = serializers.CharField(allow_null=True, help_text="Who has taken it; null when it is unassigned")
    claimed_at = serializers.DateTimeField(allow_null=True)
    flags = serializers.SerializerMethodField()
    second_for = serializers.SerializerMethodField(help_text="Why two recruiters have to approve; empty when one may")
    approvals = serializers.SerializerMethodField(help_text="Who has approved it or made it")
    change_message = serializers.SerializerMethodField(help_text="What the client asks for; empty unless it does")

    def get_age_hours(self, proposal: Proposal) -> int:
        return int((clock.now() - proposal.created_at).total_seconds() // 3600)

    @extend_schema_field(FlagOutput(many=True))
    def get_flags(self, proposal: Proposal) -> list[dict[str, str]]:
        texts = flag_texts()
        return [{"code": code, "text": texts[code]} for code in FLAGS if getattr(proposal, code)]

    def get_second_for(self, proposal: Proposal) -> list[str]:
        return list(review_policy.reasons_for_second(proposal))

    def get_change_message(self, proposal: Proposal) -> str:
        offers = list(proposal.offers.all())
        return offers[-1].change_message if offers and proposal.status == ProposalStatus.CHANGE_REQUESTED else ""

    def get_approvals(self, proposal: Proposal) -> list[str]:
        return sorted(review_policy.standing_behind(proposal))


class CommentOutput(serializers.Serializer[Any]):
    id = serializers.CharField(source="public_id")
    author = serializers.CharField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


class StageOutput(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=ProposalStatus.choices)
    entered_at = serializers.DateTimeField()
    left_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.SerializerMethodField()

    def get_seconds(self, stage: stages.Stage) -> int:
        return stage.seconds(clock.now())


class ReviewDetailOutput(ReviewOutput):
    """A cell under review with what was said of it and how long it stood in each stage."""

    comments = CommentOutput(many=True)
    stages = serializers.SerializerMethodField()

    @extend_schema_field(StageOutput(many=True))
    def get_stages(self, proposal: Proposal) -> Any:
        return StageOutput(self.context["stages"], many=True).data
