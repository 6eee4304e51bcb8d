"""Filters of runs, proposals and offers."""

from __future__ import annotations

from django_filters import rest_framework as filters

from marketplace.clients.models import Project
from marketplace.rest.filters import IdFilter, IdsFilter, RecordFilterSet
from matching.models import MatchRun, Offer, Proposal
from matching.states import MatchRunStatus, OfferStatus, ProposalStatus


class MatchRunFilterSet(RecordFilterSet):
    ids = IdsFilter(MatchRun.prefix)
    project = IdFilter(Project.prefix, field_name="project_id", label="Runs for this project")
    status = filters.MultipleChoiceFilter(choices=MatchRunStatus.choices, label="Any of these states; repeatable")


class ProposalFilterSet(RecordFilterSet):
    ids = IdsFilter(Proposal.prefix)
    project = IdFilter(Project.prefix, field_name="project_id", label="Cells for this project")
    run = IdFilter(MatchRun.prefix, field_name="run_id", label="Cells of this run")
    status = filters.MultipleChoiceFilter(choices=ProposalStatus.choices, label="Any of these states; repeatable")


class OfferFilterSet(RecordFilterSet):
    ids = IdsFilter(Offer.prefix)
    project = IdFilter(Project.prefix, field_name="proposal__project_id", label="Offers for this project")
    proposal = IdFilter(Proposal.prefix, field_name="proposal_id", label="The offer of this cell")
    status = filters.MultipleChoiceFilter(choices=OfferStatus.choices, label="Any of these states; repeatable")
