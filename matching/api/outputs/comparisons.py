"""Cells side by side. To a client members are pseudonyms, as in the cells themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.models import Project
from marketplace.rest.fields import IdField, ScaleField
from matching.api.outputs.proposals import ProposalSummaryOutput, full_name
from matching.models import Coverage, Proposal, ProposalMember
from matching.services.comparisons import Common, Comparison, Side
from matching.states import ProposalStatus
from profiles.levels import COUNTRY_CODES, Cefr, Country, Seniority


def shown_name(member: ProposalMember | None, proposal: Proposal, context: dict[str, Any]) -> str | None:
    """Return the name of a member, or to those who may not know it the pseudonym."""
    if member is None:
        return None
    if context["names"] or proposal.status == ProposalStatus.ACCEPTED:
        return full_name(member.professional)
    return member.pseudonym


class ComparedMemberOutput(serializers.Serializer[Any]):
    pseudonym = serializers.CharField()
    name = serializers.SerializerMethodField(help_text="The pseudonym to those who may not know the name")
    seat_position = serializers.IntegerField(source="seat.position")
    seat_title = serializers.SerializerMethodField()
    seniority = ScaleField(Seniority)
    english = ScaleField(Cefr, source="english_speaking")
    country = ScaleField(Country, names=COUNTRY_CODES)
    overlap_minutes = serializers.IntegerField()

    def get_name(self, member: ProposalMember) -> str:
        return shown_name(member, self.context["proposal"], self.context) or ""

    def get_seat_title(self, member: ProposalMember) -> str:
        return member.seat.title(get_language() or "en")


class ComparedNeedOutput(serializers.Serializer[Any]):
    """A need, with its first and second holder."""

    skill = serializers.CharField(source="need.skill.code")
    skill_name = serializers.SerializerMethodField()
    level = serializers.IntegerField(source="need.level")
    count = serializers.IntegerField(source="need.count", help_text="members who must hold it; 0 for a wish")
    holders = serializers.IntegerField()
    first = serializers.SerializerMethodField(help_text="pseudonym or name, as of the members")
    second = serializers.SerializerMethodField()

    def get_skill_name(self, line: Coverage) -> str:
        return line.need.skill.name(get_language() or "en")

    def get_first(self, line: Coverage) -> str | None:
        return self._holder(line.responsible)

    def get_second(self, line: Coverage) -> str | None:
        return self._holder(line.backup)

    def _holder(self, member: ProposalMember | None) -> str | None:
        known = {row.pk: row for row in self.context["proposal"].members.all()}
        return shown_name(known.get(member.pk) if member else None, self.context["proposal"], self.context)


class MonthSharedOutput(serializers.Serializer[Any]):
    """What the client can count on from everybody."""

    year = serializers.IntegerField()
    month = serializers.IntegerField(min_value=1, max_value=12)
    least = serializers.IntegerField(help_text="minutes on the worst working day")
    most = serializers.IntegerField(help_text="minutes on the best working day")


class EnglishOutput(serializers.Serializer[Any]):
    bridges = serializers.IntegerField(help_text="members who speak English at C1 or above")
    asked = serializers.IntegerField()
    lowest_facing = ScaleField(Cefr, allow_null=True, help_text="of those who face the client")


class SideOutput(ProposalSummaryOutput):
    """A cell in a comparison."""

    members = serializers.SerializerMethodField()
    coverage = serializers.SerializerMethodField()
    regulation = serializers.SerializerMethodField(help_text="The needs that are regulations")
    single_points_of_failure = serializers.SerializerMethodField(help_text="Musts that only one member holds")
    english = serializers.SerializerMethodField()
    worst_day_minutes = serializers.SerializerMethodField()
    shared_by_month = serializers.SerializerMethodField()
    distance = serializers.SerializerMethodField(
        help_text="points below the best cell of its run; null for a revision, which has terms of its own"
    )

    @property
    def _side(self) -> Side:
        return self.context["side"]  # type: ignore[no-any-return]

    @extend_schema_field(ComparedMemberOutput(many=True))
    def get_members(self, proposal: Proposal) -> Any:
        return ComparedMemberOutput(self._side.members, many=True, context=self._inner(proposal)).data

    @extend_schema_field(ComparedNeedOutput(many=True))
    def get_coverage(self, proposal: Proposal) -> Any:
        return ComparedNeedOutput(proposal.coverage.all(), many=True, context=self._inner(proposal)).data

    @extend_schema_field(ComparedNeedOutput(many=True))
    def get_regulation(self, proposal: Proposal) -> Any:
        return ComparedNeedOutput(self._side.regulation, many=True, context=self._inner(proposal)).data

    @extend_schema_field(ComparedNeedOutput(many=True))
    def get_single_points_of_failure(self, proposal: Proposal) -> Any:
        return ComparedNeedOutput(self._side.thin, many=True, context=self._inner(proposal)).data

    @extend_schema_field(EnglishOutput)
    def get_english(self, proposal: Proposal) -> Any:
        side = self._side
        told = {"bridges": side.bridges, "asked": proposal.project.bridges, "lowest_facing": side.facing_english}
        return EnglishOutput(told).data

    def get_worst_day_minutes(self, proposal: Proposal) -> int:
        return self._side.worst_day_minutes

    @extend_schema_field(MonthSharedOutput(many=True))
    def get_shared_by_month(self, proposal: Proposal) -> Any:
        return MonthSharedOutput(self._side.months, many=True).data

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_distance(self, proposal: Proposal) -> int | None:
        return self._side.distance

    def _inner(self, proposal: Proposal) -> dict[str, Any]:
        return {**self.context, "proposal": proposal}


class CommonOutput(serializers.Serializer[Any]):
    first = serializers.CharField(source="first.public_id")
    second = serializers.CharField(source="second.public_id")
    members = serializers.SerializerMethodField(help_text="pseudonyms")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_members(self, row: Common) -> list[str]:
        return [member.pseudonym for member in row.members]


class CellOfRowOutput(serializers.Serializer[Any]):
    proposal = serializers.CharField()
    members = serializers.ListField(child=serializers.CharField(), help_text="pseudonyms")


class SeatRowOutput(serializers.Serializer[Any]):
    """One seat across the cells."""

    position = serializers.IntegerField()
    cells = CellOfRowOutput(many=True)


class ComparisonOutput(serializers.Serializer[Any]):
    """Cells of one project side by side."""

    project = IdField(Project.prefix)
    proposals = serializers.SerializerMethodField()
    seats = serializers.SerializerMethodField(help_text="Who sits where, seat by seat")
    common = CommonOutput(many=True, help_text="Members in common, for each two cells")
    in_all = serializers.SerializerMethodField(help_text="Pseudonyms of those who are in every cell")

    @extend_schema_field(SideOutput(many=True))
    def get_proposals(self, row: Comparison) -> list[Any]:
        return [SideOutput(side.proposal, context={**self.context, "side": side}).data for side in row.sides]

    @extend_schema_field(SeatRowOutput(many=True))
    def get_seats(self, row: Comparison) -> list[Any]:
        return [
            {
                "position": position,
                "cells": [
                    {
                        "proposal": side.proposal.public_id,
                        "members": [m.pseudonym for m in side.members if m.seat.position == position],
                    }
                    for side in row.sides
                ],
            }
            for position in row.seats
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_in_all(self, row: Comparison) -> list[str]:
        return [member.pseudonym for member in row.in_all]
