"""Answers to questions about a cell: who comes, who goes, what it costs, and what is proven of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.models import Seat
from marketplace.kernel import identifiers
from marketplace.kernel.money import Money
from marketplace.rest.fields import IdField, MoneySerializer, ScaleField
from matching import narrative
from matching.api.outputs.match_runs import DiagnosisOutput
from matching.api.outputs.reviews import ViolationOutput
from matching.models import Proposal, WhatIf
from matching.models.whatif import WhatIfOutcome
from matching.narrative import names
from profiles.levels import COUNTRY_CODES, Cefr, Country, Seniority


class WhatIfMemberOutput(serializers.Serializer[Any]):
    professional = serializers.CharField()
    name = serializers.CharField()
    seat = serializers.CharField(help_text="of the project, or of the question where it changes or adds a seat")
    seat_title = serializers.CharField()
    joined = serializers.BooleanField(help_text="not in the cell as it is")
    seniority = ScaleField(Seniority)
    english = ScaleField(Cefr, help_text="spoken, CEFR")
    country = ScaleField(Country, names=COUNTRY_CODES)
    points = serializers.IntegerField()
    weekly_minutes = serializers.IntegerField()
    overlap_minutes = serializers.IntegerField()
    monthly_cost = MoneySerializer()


class PersonOutput(serializers.Serializer[Any]):
    professional = serializers.CharField()
    name = serializers.CharField()


class MoveOutput(serializers.Serializer[Any]):
    professional = serializers.CharField()
    name = serializers.CharField()
    from_seat = serializers.CharField(allow_null=True, help_text="null where the seat is dropped")
    to_seat = serializers.CharField()


class ValueChangeOutput(serializers.Serializer[Any]):
    before = serializers.IntegerField(help_text="points, under the terms that the cell was composed for")
    after = serializers.IntegerField(help_text="points, under the terms of the question")


class CostChangeOutput(serializers.Serializer[Any]):
    before = MoneySerializer()
    after = MoneySerializer()


class FormerCellOutput(serializers.Serializer[Any]):
    """The cell as it is, judged under the terms of the question: there values can be compared."""

    holds = serializers.BooleanField()
    value = serializers.IntegerField()
    violations = ViolationOutput(many=True)


class CoverageStandOutput(serializers.Serializer[Any]):
    holders = serializers.IntegerField()
    points = serializers.IntegerField()
    thin = serializers.BooleanField(help_text="A must that nobody could take over")


class CoverageChangeOutput(serializers.Serializer[Any]):
    skill = serializers.CharField()
    before = CoverageStandOutput(allow_null=True)
    after = CoverageStandOutput(allow_null=True)


class DifferenceOutput(serializers.Serializer[Any]):
    text = serializers.CharField(help_text="The difference in a sentence")
    joined = PersonOutput(many=True)
    left = PersonOutput(many=True)
    moved = MoveOutput(many=True)
    stayed = serializers.IntegerField(help_text="members who keep their seat")
    value = ValueChangeOutput()
    monthly_cost = CostChangeOutput()
    as_it_was = FormerCellOutput()
    coverage = CoverageChangeOutput(many=True)


class WhatIfProofOutput(serializers.Serializer[Any]):
    """What is proven of the answer, and over what."""

    value = serializers.IntegerField()
    bound = serializers.IntegerField(help_text="no cell under the question's terms is worth more")
    gap = serializers.IntegerField()
    status = serializers.CharField(help_text="optimal, within_gap")
    text = serializers.CharField()
    snapshot_digest = serializers.CharField(help_text="SHA-256 of what the engine was given")
    people = serializers.IntegerField(help_text="people looked at")


class WhatIfOutput(serializers.Serializer[Any]):
    """An answer. It is forgotten at `expires_at` unless it is kept."""

    id = serializers.CharField(source="public_id")
    proposal = IdField(Proposal.prefix, source="proposal_id")
    outcome = serializers.ChoiceField(choices=WhatIfOutcome.choices)
    question = serializers.DictField(help_text="As it was asked")
    members = serializers.SerializerMethodField()
    difference = serializers.SerializerMethodField()
    proof = serializers.SerializerMethodField()
    diagnosis = serializers.SerializerMethodField(help_text="Why there is no such cell, and what would allow one")
    milliseconds = serializers.IntegerField()
    kept_as = serializers.SerializerMethodField(help_text="The revision made of this answer")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()

    def _name(self, person: str) -> str:
        return str(self.context["people"].get(person, ""))

    def _person(self, person: str) -> dict[str, str]:
        return {"professional": person, "name": self._name(person)}

    @extend_schema_field(WhatIfMemberOutput(many=True))
    def get_members(self, row: WhatIf) -> Any:
        if row.difference is None:
            return []
        spoken, joined = get_language() or "en", set(row.difference["joined"])
        titles = {
            identifiers.encode(Seat.prefix, uuid.UUID(seat["id"])): (spoken.startswith("es") and seat["title_es"])
            or seat["title_en"]
            for seat in row.terms["seats"]
        }
        currency = row.proposal.currency
        shown = [
            {
                **member,
                "name": self._name(member["professional"]),
                "seat_title": titles[member["seat"]],
                "joined": member["professional"] in joined,
                "monthly_cost": Money.of(member["monthly_cost"], currency),
            }
            for member in row.difference["members"]
        ]
        return WhatIfMemberOutput(shown, many=True).data

    @extend_schema_field(DifferenceOutput(allow_null=True))
    def get_difference(self, row: WhatIf) -> Any:
        told, currency = row.difference, row.proposal.currency
        if told is None:
            return None
        return DifferenceOutput(
            {
                **told,
                "text": narrative.difference_text(told, currency),
                "joined": [self._person(person) for person in told["joined"]],
                "left": [self._person(person) for person in told["left"]],
                "moved": [
                    {**self._person(move["professional"]), "from_seat": move["from"], "to_seat": move["to"]}
                    for move in told["moved"]
                ],
                "monthly_cost": {when: Money.of(cost, currency) for when, cost in told["monthly_cost"].items()},
            }
        ).data

    @extend_schema_field(WhatIfProofOutput(allow_null=True))
    def get_proof(self, row: WhatIf) -> Any:
        cell = row.cell
        if cell is None:
            return None
        claimed = Proposal(value=cell["value"], bound=cell["bound"], proof_status=cell["status"])
        return {
            "value": cell["value"],
            "bound": cell["bound"],
            "gap": cell["bound"] - cell["value"],
            "status": cell["status"],
            "text": narrative.proof(claimed),
            "snapshot_digest": row.digest,
            "people": row.candidates,
        }

    @extend_schema_field(DiagnosisOutput(allow_null=True))
    def get_diagnosis(self, row: WhatIf) -> Any:
        if row.diagnosis is None:
            return None
        return narrative.diagnosis(row.diagnosis, names.of_terms(row.terms, row.proposal.currency))

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_kept_as(self, row: WhatIf) -> str | None:
        return row.kept_as.public_id if row.kept_as else None
