"""What a recruiter reads when judging a cell: the decisions so far, and the proof checked again."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from matching.models.review import Decision


class DecisionOutput(serializers.Serializer[Any]):
    """A recorded human decision, and the version of the cell that it was taken on."""

    id = serializers.CharField(source="public_id")
    decision = serializers.ChoiceField(choices=Decision.choices)
    reason_code = serializers.CharField()
    comment = serializers.CharField()
    decided_by = serializers.CharField()
    seen_version = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class DecisionsOutput(serializers.Serializer[Any]):
    results = DecisionOutput(many=True)


class ViolationOutput(serializers.Serializer[Any]):
    """A rule that the cell breaks: what is asked, and what was found."""

    rule = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]


class VerdictOutput(serializers.Serializer[Any]):
    """The cell judged rule by rule, its numbers counted again."""

    holds = serializers.BooleanField()
    violations = ViolationOutput(many=True)
    value = serializers.IntegerField()
    cost = serializers.IntegerField(help_text="whole units of the project's currency a month")
    cohesion = serializers.IntegerField()


class CertificationOutput(serializers.Serializer[Any]):
    """The bound, recomputed over everybody from the certified prices."""

    verdict = serializers.CharField(help_text="confirmed, refuted, undecided")
    code = serializers.CharField(help_text="by_bound, by_search, better_cell, another_problem, …")
    priced = serializers.IntegerField(help_text="pairs of person and seat that were priced again")
    survivors = serializers.IntegerField(help_text="of them, those that prices alone could not exclude")
    better = serializers.IntegerField(allow_null=True, help_text="value of a cell that refutes the bound")


class ProofOutput(serializers.Serializer[Any]):
    """What was checked again, and what came of it."""

    holds = serializers.BooleanField(help_text="every rule is kept and the bound is confirmed")
    snapshot_digest = serializers.CharField(help_text="SHA-256 of what the engine was given")
    people = serializers.IntegerField(help_text="people in the snapshot")
    verdict = VerdictOutput()
    certification = CertificationOutput()
    checked_at = serializers.DateTimeField()
