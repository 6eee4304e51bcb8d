"""Cells as clients and as recruiters see them: two serializers, because what one must never see the other works with.

Before acceptance a client sees pseudonyms; seniority and languages are steps of a scale, years and dates of single
people stay inside. The schema documents the wider form, with what only recruiters see as optional.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from marketplace.clients.models import Need, Project, Seat
from marketplace.kernel.money import Money
from marketplace.rest.fields import IdField, MoneySerializer, ScaleField
from matching import narrative
from matching.models import Coverage, MatchRun, Proposal, ProposalMember, Reason
from matching.services import review_policy
from matching.states import ProposalStatus
from profiles.levels import COUNTRY_CODES, Cefr, Country, Function, Seniority
from profiles.models import Professional


# -- what both see ----------------------------------------------------------------------------------------------------
class ProposalSummaryOutput(serializers.Serializer[Any]):
    """A cell in a list."""

    id = serializers.CharField(source="public_id")
    project = IdField(Project.prefix, source="project_id")
    run = IdField(MatchRun.prefix, source="run_id")
    rank = serializers.IntegerField(help_text="1 is the best; each next one differs from all before it")
    revision = serializers.IntegerField()
    status = serializers.ChoiceField(choices=ProposalStatus.choices)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    monthly_cost = serializers.SerializerMethodField()
    size = serializers.SerializerMethodField(help_text="members")
    value = serializers.IntegerField(help_text="points")
    bound = serializers.IntegerField(help_text="no cell under the same rules is worth more")
    gap = serializers.SerializerMethodField(help_text="bound − value; 0 when proven best")
    gap_percent = serializers.SerializerMethodField()
    proof_status = serializers.CharField(help_text="optimal, within_gap")
    proof = serializers.SerializerMethodField(help_text="What is proven, in a sentence")
    difference = serializers.SerializerMethodField(help_text="What an alternative is the best among; null for rank 1")
    cohesion = serializers.IntegerField(help_text="Past collaborations among the members, each counted 1 to 3")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(MoneySerializer)
    def get_monthly_cost(self, proposal: Proposal) -> dict[str, str]:
        return Money.of(proposal.monthly_cost, proposal.currency).as_json()

    def get_size(self, proposal: Proposal) -> int:
        return len(proposal.members.all())

    def get_gap(self, proposal: Proposal) -> int:
        return proposal.bound - proposal.value

    def get_gap_percent(self, proposal: Proposal) -> float:
        return round(100 * narrative.gap_share(proposal.value, proposal.bound), 2)

    def get_proof(self, proposal: Proposal) -> str:
        return narrative.proof(proposal)

    def get_difference(self, proposal: Proposal) -> str | None:
        return narrative.difference(proposal)


class ClientMemberOutput(serializers.Serializer[Any]):
    """A member under a pseudonym; once the cell is accepted, with name and id."""

    pseudonym = serializers.CharField(help_text="Stable within the project, different in every other")
    professional = serializers.SerializerMethodField(help_text="To clients only once the cell is accepted")
    name = serializers.SerializerMethodField(help_text="To clients only once the cell is accepted")
    seat = IdField(Seat.prefix, source="seat_id")
    seat_title = serializers.SerializerMethodField()
    function = ScaleField(Function, source="seat.function")
    seniority = ScaleField(Seniority)
    english = ScaleField(Cefr, source="english_speaking", help_text="spoken, CEFR")
    country = ScaleField(Country, names=COUNTRY_CODES)
    client_facing = serializers.BooleanField(source="seat.client_facing")
    weekly_minutes = serializers.IntegerField()
    overlap_minutes = serializers.IntegerField(help_text="Working time shared with the client on the worst day")
    monthly_cost = serializers.SerializerMethodField(help_text="What the seat costs a month")
    responsible_for = serializers.SerializerMethodField(help_text="Needs that this member answers for")
    backs_up = serializers.SerializerMethodField(help_text="Needs in which this member is the second holder")

    def shows_name(self, member: ProposalMember) -> bool:
        """Whether the reader may know who this is."""
        return bool(member.proposal.status == ProposalStatus.ACCEPTED)

    def get_professional(self, member: ProposalMember) -> str | None:
        return member.professional.public_id if self.shows_name(member) else None

    def get_name(self, member: ProposalMember) -> str | None:
        return full_name(member.professional) if self.shows_name(member) else None

    def get_seat_title(self, member: ProposalMember) -> str:
        return member.seat.title(get_language() or "en")

    @extend_schema_field(MoneySerializer)
    def get_monthly_cost(self, member: ProposalMember) -> dict[str, str]:
        return Money.of(member.monthly_cost, member.proposal.currency).as_json()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_responsible_for(self, member: ProposalMember) -> list[str]:
        return [line.need.public_id for line in member.proposal.coverage.all() if line.responsible_id == member.pk]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_backs_up(self, member: ProposalMember) -> list[str]:
        return [line.need.public_id for line in member.proposal.coverage.all() if line.backup_id == member.pk]


class ClientCoverageOutput(serializers.Serializer[Any]):
    """A need of the whole cell and who holds it. Members are named by pseudonym."""

    need = IdField(Need.prefix, source="need_id")
    skill = serializers.CharField(source="need.skill.code")
    skill_name = serializers.SerializerMethodField()
    level = serializers.IntegerField(source="need.level", min_value=1, max_value=5)
    count = serializers.IntegerField(source="need.count", help_text="members who must hold it; 0 for a wish")
    holders = serializers.IntegerField()
    responsible = serializers.SerializerMethodField(help_text="The strongest holder")
    backup = serializers.SerializerMethodField(help_text="The second strongest")
    thin = serializers.SerializerMethodField(help_text="A must that nobody could take over")

    def get_skill_name(self, line: Coverage) -> str:
        return line.need.skill.name(get_language() or "en")

    def get_responsible(self, line: Coverage) -> str | None:
        return line.responsible.pseudonym if line.responsible else None

    def get_backup(self, line: Coverage) -> str | None:
        return line.backup.pseudonym if line.backup else None

    def get_thin(self, line: Coverage) -> bool:
        return line.need.count > 0 and line.backup_id is None


class ReasonOutput(serializers.Serializer[Any]):
    """A fact about the cell, a member or a need: a stable code, its numbers, and words in the reader's language."""

    code = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]
    member = serializers.CharField(allow_null=True, help_text="pseudonym")
    need = serializers.CharField(allow_null=True)
    text = serializers.CharField()


class ClientProposalOutput(ProposalSummaryOutput):
    """A cell as the client sees it once it is offered."""

    members = ClientMemberOutput(many=True)
    coverage = ClientCoverageOutput(many=True)
    reasons = serializers.SerializerMethodField()
    offer = serializers.SerializerMethodField(help_text="The offer of this cell, if it was offered")

    @extend_schema_field(ReasonOutput(many=True))
    def get_reasons(self, proposal: Proposal) -> list[dict[str, Any]]:
        rows = [row for row in proposal.reasons.all() if narrative.for_client(row.code)]
        return [self._in_words(row, proposal, client=True) for row in rows]

    def _in_words(self, row: Reason, proposal: Proposal, *, client: bool) -> dict[str, Any]:
        """Put a fact into words. Reads ``member__professional`` and ``need__skill``, which the view has fetched."""
        member = row.member
        blind = bool(self.context.get("blind"))
        known = member is not None and not blind and (not client or proposal.status == ProposalStatus.ACCEPTED)
        subject = narrative.Subject(
            currency=proposal.currency,
            member="" if member is None else full_name(member.professional) if known else member.pseudonym,
            need=row.need.skill.name(get_language() or "en") if row.need else "",
            skill=self.context["skill_names"].get(row.data.get("skill"), ""),
        )
        return {
            "code": row.code,
            "data": narrative.reason_data(row.code, row.data, client=client),
            "member": member.pseudonym if member else None,
            "need": row.need.public_id if row.need else None,
            "text": narrative.reason_text(row.code, row.data, subject, client=client),
        }

    def get_offer(self, proposal: Proposal) -> str | None:
        offers = list(proposal.offers.all())
        return offers[-1].public_id if offers else None


# -- what only recruiters see -----------------------------------------------------------------------------------------
@extend_schema_field(MoneySerializer)
class RateField(serializers.Field[Any, Any, dict[str, str], ProposalMember]):
    """The person's own rate. Not a method field: those would be required in the schema, and clients never get it."""

    def to_representation(self, value: ProposalMember) -> dict[str, str]:
        return Money.of(value.rate_amount, value.rate_currency).as_json()


@extend_schema_field(serializers.ListField(child=serializers.CharField()))
class SecondField(serializers.Field[Any, Any, list[str], Proposal]):
    """Why a cell that waits for review waits for another recruiter too."""

    def to_representation(self, value: Proposal) -> list[str]:
        if value.status != ProposalStatus.COMPOSED:
            return []
        return list(review_policy.reasons_for_second(value))


@extend_schema_serializer(component_name="ProposalMemberOutput")
class RecruiterMemberOutput(ClientMemberOutput):
    """A member. `rate` and `points` are shown to recruiters only."""

    rate = RateField(source="*", required=False, help_text="Per hour, as frozen in the cell")
    points = serializers.IntegerField(required=False, help_text="What this person adds in this seat, cost deducted")

    def shows_name(self, member: ProposalMember) -> bool:
        return not self.context.get("blind")


@extend_schema_serializer(component_name="CoverageOutput")
class RecruiterCoverageOutput(ClientCoverageOutput):
    """A need and who holds it. `points` are shown to recruiters only: they would tell level and years of one person."""

    points = serializers.IntegerField(required=False, help_text="What the responsible member's strength is worth")


@extend_schema_serializer(component_name="ProposalOutput")
class RecruiterProposalOutput(ClientProposalOutput):
    """A cell. `origin`, `status_reason`, who approved it when and who has to are shown to recruiters only."""

    members = RecruiterMemberOutput(many=True)
    coverage = RecruiterCoverageOutput(many=True)
    origin = serializers.CharField(required=False)
    status_reason = serializers.CharField(required=False)
    approved_by = serializers.CharField(required=False)
    approved_at = serializers.DateTimeField(required=False, allow_null=True)
    second_for = SecondField(
        source="*", required=False, help_text="Why another recruiter has to approve as well; empty when nobody has to"
    )

    @extend_schema_field(ReasonOutput(many=True))
    def get_reasons(self, proposal: Proposal) -> list[dict[str, Any]]:
        return [self._in_words(row, proposal, client=False) for row in proposal.reasons.all()]


def full_name(professional: Professional) -> str:
    """Return given and family names."""
    return f"{professional.given_names} {professional.family_names}".strip()
