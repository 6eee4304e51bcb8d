"""Runs, and why one found no cell."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.clients.models import Project
from marketplace.rest.fields import IdField
from matching import narrative
from matching.models import MatchRun
from matching.narrative import names
from matching.states import MatchRunStatus


class RepairAppliedOutput(serializers.Serializer[Any]):
    """The changed project and, where it is published, the run that composes for it anew."""

    project = serializers.CharField()
    run = serializers.CharField(allow_null=True)


class BlockedOutput(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="seat, need")
    id = serializers.CharField(help_text="The seat or need that too few people can fill")
    position = serializers.IntegerField(help_text="Its position in the project, from 0")
    last_rule = serializers.CharField(help_text="Stable code of the rule that removed the last ones")
    removed = serializers.ListField(
        child=serializers.ListField(child=serializers.JSONField(), min_length=2, max_length=2),
        help_text="Rules in the order in which they were applied, each with how many people it removed",
    )
    text = serializers.CharField()


class RuleOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class RepairOutput(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    code = serializers.CharField()
    data = serializers.DictField(help_text="before, after, and what else the change is about")  # type: ignore[assignment]
    amendment = serializers.DictField(help_text="What it edits in the project")
    text = serializers.CharField()


class DiagnosisOutput(serializers.Serializer[Any]):
    """Why no cell exists, and what would allow one. Each repair alone suffices, the cheapest first."""

    proof = serializers.CharField(help_text="eligibility, relaxation, cost, search")
    text = serializers.CharField(help_text="The diagnosis in one sentence")
    blocked = BlockedOutput(many=True)
    conflict = RuleOutput(many=True, help_text="Rules that cannot hold together; without any one of them they can")
    repairs = RepairOutput(many=True)
    combination = RepairOutput(many=True, help_text="When no single repair suffices: the fewest that do together")
    complete = serializers.BooleanField(help_text="False when time ran out before every kind of repair was tried")


class MatchRunOutput(serializers.Serializer[Any]):
    """A run. While it is live, `share`, `value` and `bound` improve."""

    id = serializers.CharField(source="public_id")
    project = IdField(Project.prefix, source="project_id")
    project_version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=MatchRunStatus.choices)
    cause = serializers.CharField(help_text="published, requested, repaired, swept, people_not_free, …")
    text = serializers.SerializerMethodField(help_text="Where the run stands, in a sentence")
    stage = serializers.CharField(help_text="snapshot, features, bound, search, cohesion, done; empty while queued")
    share = serializers.IntegerField(min_value=0, max_value=100, help_text="percent done")
    value = serializers.IntegerField(source="best_value", allow_null=True, help_text="points of the best cell so far")
    bound = serializers.IntegerField(source="best_bound", allow_null=True, help_text="no cell is worth more")
    gap = serializers.SerializerMethodField()
    exhausted = serializers.BooleanField(help_text="True when no further different cell exists")
    candidates = serializers.IntegerField(allow_null=True, help_text="people looked at")
    solve_milliseconds = serializers.IntegerField(allow_null=True)
    policy = serializers.CharField()
    engine_version = serializers.CharField()
    solver_version = serializers.CharField()
    attempts = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_text(self, run: MatchRun) -> str:
        return narrative.run_text(run)

    def get_gap(self, run: MatchRun) -> int | None:
        return None if run.best_value is None or run.best_bound is None else run.best_bound - run.best_value


class MatchRunDetailOutput(MatchRunOutput):
    """A run with its diagnosis where no cell exists."""

    diagnosis = serializers.SerializerMethodField()

    @extend_schema_field(DiagnosisOutput(allow_null=True))
    def get_diagnosis(self, run: MatchRun) -> Any:
        return None if run.diagnosis is None else narrative.diagnosis(run.diagnosis, names.of_run(run))
