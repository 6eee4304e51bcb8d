"""Cells: compare, judge, offer, and check the proof again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.permissions import Permission
from marketplace.kernel.errors import NotFound
from marketplace.rest import etags
from marketplace.rest.viewsets import ScopedViewSet
from matching import terms
from matching.api.filters import ProposalFilterSet
from matching.api.inputs import ApprovalInput, OfferInput, RejectionInput
from matching.api.outputs.augmentation import AugmentationOutput
from matching.api.outputs.comparisons import ComparisonOutput
from matching.api.outputs.counterfactuals import CounterfactualsOutput
from matching.api.outputs.offers import OfferOutput
from matching.api.outputs.proposals import ClientProposalOutput, ProposalSummaryOutput, RecruiterProposalOutput
from matching.api.outputs.replacements import ReplacementsOutput
from matching.api.outputs.reviews import DecisionsOutput, ProofOutput
from matching.api.outputs.what_ifs import WhatIfOutput
from matching.api.questions import BlindQuery, ComparisonQuery, ReplacementQuery, ScenarioQuery, WhatIfInput
from matching.api.what_ifs import show_answer
from matching.models import Coverage, Proposal, ProposalMember, Reason, ReviewDecision
from matching.narrative import names
from matching.narrative.names import skills_mentioned
from matching.services import augmentation, comparisons, counterfactuals, offers, proofs, replacements, reviews, whatifs

IF_MATCH = {"x-if-match": True}
_MEMBERS = Prefetch("members", ProposalMember.objects.select_related("seat", "professional"))
_COVERAGE = Prefetch("coverage", Coverage.objects.select_related("need__skill", "responsible", "backup"))
_REASONS = Prefetch("reasons", Reason.objects.select_related("member__seat", "member__professional", "need__skill"))


class Proposals(ScopedViewSet):
    model = Proposal
    filterset_class = ProposalFilterSet
    schema_tags = ("proposals",)
    permissions = {
        "list": Permission.READ_PROPOSALS,
        "retrieve": Permission.READ_PROPOSALS,
        "approve": Permission.REVIEW_PROPOSALS,
        "reject": Permission.REVIEW_PROPOSALS,
        "offer": Permission.REVIEW_PROPOSALS,
        # Both name people or what was said of them: for those who may see supply.
        "proof": Permission.READ_SUPPLY,
        "decisions": Permission.READ_SUPPLY,
        "augmentation": Permission.READ_PROPOSALS,
        "compare": Permission.READ_PROPOSALS,
        "counterfactuals": Permission.READ_PROPOSALS,
        "what_ifs": Permission.REVIEW_PROPOSALS,
        "replacements": Permission.READ_SUPPLY,
    }
    action_parameters = {
        "retrieve": frozenset({"blind"}),
        "augmentation": frozenset({"scenarios"}),
        "compare": frozenset({"ids", "blind"}),
        "replacements": frozenset({"seat", "member"}),
    }
    aside = frozenset({"what_ifs"})

    _skill_names: Mapping[int, str] = {}
    _blind = False

    def _whole(self) -> QuerySet[Any]:
        return self.get_queryset().prefetch_related(_MEMBERS, _COVERAGE, _REASONS, "offers")

    @extend_schema(
        operation_id="proposals_list",
        summary="List cells, newest first",
        description="A client sees the cells that were offered to it; recruiters see all.",
        responses=ProposalSummaryOutput(many=True),
    )
    def list(self, request: Request) -> Response:
        return self.show_page(ProposalSummaryOutput, self.get_queryset().prefetch_related("members"))

    @extend_schema(
        operation_id="proposals_retrieve",
        summary="See a cell: members, coverage, cost, proof, and the reasons in words",
        description=(
            "To a client members are pseudonyms until the cell is accepted; to a recruiter with `blind=true` until "
            "that recruiter's own decision is recorded."
        ),
        responses=RecruiterProposalOutput,
        parameters=[OpenApiParameter("blind", OpenApiTypes.BOOL, description="Judge without names")],
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        query = BlindQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        proposal = self.get_object()
        decided = proposal.decisions.filter(decided_by=self.actor.principal)
        self._blind = query.validated_data["blind"] and not decided.exists()
        return self._show(proposal)

    @extend_schema(
        operation_id="proposals_approve",
        summary="Approve a cell as it was seen",
        request=ApprovalInput,
        responses=RecruiterProposalOutput,
        examples=[OpenApiExample("Approve", {"reason_code": "strong_coverage", "comment": ""}, request_only=True)],
        extensions=IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        proposal = self.get_object()
        body = self.read(ApprovalInput)
        reviews.approve(proposal=proposal, seen_version=etags.expected_version(request), actor=self.actor, **body)
        return self._show(self.get_object())

    @extend_schema(
        operation_id="proposals_reject",
        summary="Reject a cell as it was seen",
        request=RejectionInput,
        responses=RecruiterProposalOutput,
        examples=[OpenApiExample("Reject", {"reason_code": "thin_coverage", "comment": ""}, request_only=True)],
        extensions=IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: str) -> Response:
        proposal = self.get_object()
        body = self.read(RejectionInput)
        reviews.reject(proposal=proposal, seen_version=etags.expected_version(request), actor=self.actor, **body)
        return self._show(self.get_object())

    @extend_schema(
        operation_id="proposals_offer",
        summary="Put an approved cell before the client",
        request=OfferInput,
        responses={201: OfferOutput},
        parameters=[
            OpenApiParameter(
                "Location", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The offer", response=[201]
            )
        ],
        examples=[OpenApiExample("For a week", {"expires_at": "2027-01-08T18:00:00Z"}, request_only=True)],
        extensions=IF_MATCH,
    )
    @action(detail=True, methods=["post"])
    def offer(self, request: Request, pk: str) -> Response:
        proposal = self.get_object()
        body = self.read(OfferInput)
        sent = offers.send(proposal=proposal, seen_version=etags.expected_version(request), actor=self.actor, **body)
        where = f"/api/v1/offers/{sent.public_id}"
        return self.show(OfferOutput, sent, status=201, location=where)

    @extend_schema(
        operation_id="proposals_proof",
        summary="Check the proof again, from the stored inputs",
        description=(
            "The cell is judged rule by rule and its bound recomputed over everybody, from the snapshot that the run "
            "was given, by code that shares no judgment with the composer."
        ),
        responses={200: ProofOutput, (409, "application/problem+json"): {"$ref": "#/components/schemas/Problem"}},
    )
    @action(detail=True, methods=["get"])
    def proof(self, request: Request, pk: str) -> Response:
        return self.show(ProofOutput, proofs.recheck(proposal=self.get_object()))

    @extend_schema(
        operation_id="proposals_decisions",
        summary="The decisions that were taken on a cell, oldest first",
        responses=DecisionsOutput,
    )
    @action(detail=True, methods=["get"])
    def decisions(self, request: Request, pk: str) -> Response:
        return self.show(DecisionsOutput, {"results": self.get_object().decisions.all()})

    @extend_schema(
        operation_id="proposals_compare",
        summary="Two to six cells of one project side by side",
        description="Seats, members in common, coverage with first and second holder, English, shared hours by month.",
        responses=ComparisonOutput,
        parameters=[
            OpenApiParameter("ids", OpenApiTypes.STR, required=True, description="With commas between them"),
            OpenApiParameter("blind", OpenApiTypes.BOOL, description="Without names, until one has decided on all"),
        ],
        filters=False,
    )
    @action(detail=False, methods=["get"], filterset_class=None, pagination_class=None)
    def compare(self, request: Request) -> Response:
        query = ComparisonQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        keys = list(dict.fromkeys(query.validated_data["ids"]))
        rows = {row.pk: row for row in self._compared().filter(pk__in=keys)}
        if len(rows) < len(keys):
            raise NotFound("not_found", _("Some of these are not there, or not yours to see."))
        found = comparisons.compare(proposals=[rows[key] for key in keys])
        blind = query.validated_data["blind"] and self._undecided(keys)
        context = {**self.get_serializer_context(), "names": self.actor.may(Permission.READ_SUPPLY) and not blind}
        return Response(ComparisonOutput(found, context=context).data)

    def _undecided(self, keys: Collection[Any]) -> bool:
        """Whether the caller has not decided on every one of these yet."""
        decided = ReviewDecision.objects.filter(proposal__in=keys, decided_by=self.actor.principal)
        return decided.values("proposal").distinct().count() < len(keys)

    def _compared(self) -> QuerySet[Any]:
        return self.get_queryset().select_related("project", "run").prefetch_related(_MEMBERS, _COVERAGE)

    @extend_schema(
        operation_id="proposals_augmentation",
        summary="The cell beside the best single hire per seat",
        description=(
            "Chosen one by one out of the same people at the same moment, and judged by the same rules. Landed costs "
            "follow the scenarios switched on; they are a sketch for comparison, not tax advice."
        ),
        responses=AugmentationOutput,
        parameters=[
            OpenApiParameter(
                "scenarios",
                OpenApiTypes.STR,
                description="Codes with commas between them: agency_margin, employer_of_record, section_174, hire_act",
            )
        ],
    )
    @action(detail=True, methods=["get"])
    def augmentation(self, request: Request, pk: str) -> Response:
        query = ScenarioQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        proposal = self._compared().get(pk=self.get_object().pk)
        found = augmentation.against(proposal=proposal, switches=query.validated_data["scenarios"])
        context = {**self.get_serializer_context(), "names": self.actor.may(Permission.READ_SUPPLY)}
        return Response(AugmentationOutput(found, context=context).data)

    @extend_schema(
        operation_id="proposals_counterfactuals",
        summary="What one change of a rule would allow a better cell",
        description="Exact, over the market as it is: each rule by itself at its mildest change, within seconds.",
        responses=CounterfactualsOutput,
    )
    @action(detail=True, methods=["get"])
    def counterfactuals(self, request: Request, pk: str) -> Response:
        found = counterfactuals.for_client(proposal=self.get_object())
        spoken = names.of_terms(terms.as_json(found.terms), found.terms.project.currency)
        context = {**self.get_serializer_context(), "names": spoken}
        return Response(CounterfactualsOutput(found, context=context).data)

    @extend_schema(
        operation_id="proposals_what_ifs_create",
        summary="Ask what the cell would be if somebody or some rule were different",
        description=(
            "Composed anew over the market as it is, within five seconds, with its own proof; where no such cell "
            "exists, why, and the cheapest way out. Nothing is kept until `POST /what-ifs/{id}/keep`."
        ),
        request=WhatIfInput,
        responses={201: WhatIfOutput},
        parameters=[
            OpenApiParameter(
                "Location", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The answer", response=[201]
            )
        ],
        examples=[
            OpenApiExample(
                "Without somebody, for less",
                {
                    "bans": ["prof_01jd9zt8e5f0h4m2q6r8s0v2x4"],
                    "monthly_cap": {"amount": "18000.00", "currency": "USD"},
                },
                request_only=True,
            )
        ],
    )
    @action(detail=True, methods=["post"], url_path="what-ifs")
    def what_ifs(self, request: Request, pk: str) -> Response:
        proposal = self.get_object()
        body = self.read(WhatIfInput)
        answer = whatifs.ask(proposal=proposal, said=request.data, actor=self.actor, **body)
        return show_answer(self, answer, status=201)

    @extend_schema(
        operation_id="proposals_replacements",
        summary="The best ten for one seat while everybody else stays",
        description="Exact, over the market as it is: each is the best of those who are left, with gains and losses.",
        responses=ReplacementsOutput,
        parameters=[
            OpenApiParameter("seat", OpenApiTypes.STR, description="A seat of the cell, `seat_…`"),
            OpenApiParameter("member", OpenApiTypes.STR, description="Who would leave, where several share a seat"),
        ],
    )
    @action(detail=True, methods=["get"])
    def replacements(self, request: Request, pk: str) -> Response:
        query = ReplacementQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        found = replacements.best(proposal=self.get_object(), **query.validated_data)
        spoken = names.of_terms(terms.as_json(found.terms), found.terms.project.currency)
        context = {**self.get_serializer_context(), "names": spoken}
        return Response(ReplacementsOutput(found, context=context).data)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "skill_names": self._skill_names, "blind": self._blind}

    def _show(self, proposal: Proposal) -> Response:
        whole = self._whole().get(pk=proposal.pk)
        self._skill_names = skills_mentioned(row.data for row in whole.reasons.all())
        shape = RecruiterProposalOutput if self.actor.may(Permission.READ_SUPPLY) else ClientProposalOutput
        return self.show(shape, whole)
