"""Routes of this room, below ``api/v1/``."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from marketplace.clients.api.views.blueprints import BlueprintViewSet
from marketplace.clients.api.views.changes import EngagementChangeViewSet, EngagementPauseViewSet, LeaveViewSet
from marketplace.clients.api.views.documents import DocumentRuleViewSet, EngagementDocumentViewSet
from marketplace.clients.api.views.engagements import EngagementViewSet
from marketplace.clients.api.views.events import EventViewSet
from marketplace.clients.api.views.invitations import InvitationViewSet
from marketplace.clients.api.views.milestones import MilestoneViewSet
from marketplace.clients.api.views.organizations import (
    ORGANIZATION_PATH,
    OrganizationKeyViewSet,
    OrganizationMemberViewSet,
    OrganizationViewSet,
)
from marketplace.clients.api.views.projects import ProjectViewSet
from marketplace.clients.api.views.ratings import RatingBandViewSet, RatingViewSet
from marketplace.clients.api.views.webhooks import (
    DELIVERIES_PATH,
    FactKindViewSet,
    WebhookDeliveryViewSet,
    WebhookViewSet,
)

router = SimpleRouter(trailing_slash=False)
router.register("blueprints", BlueprintViewSet, basename="blueprint")
router.register("organizations", OrganizationViewSet, basename="organization")
router.register(rf"{ORGANIZATION_PATH}/keys", OrganizationKeyViewSet, basename="organization-key")
router.register(rf"{ORGANIZATION_PATH}/members", OrganizationMemberViewSet, basename="organization-member")
router.register(rf"{ORGANIZATION_PATH}/webhooks", WebhookViewSet, basename="webhook")
router.register(DELIVERIES_PATH, WebhookDeliveryViewSet, basename="webhook-delivery")
router.register("webhook-event-kinds", FactKindViewSet, basename="webhook-event-kind")
router.register("projects", ProjectViewSet, basename="project")
router.register("engagements", EngagementViewSet, basename="engagement")
router.register("engagements", EngagementPauseViewSet, basename="engagement-pause")
router.register("engagement-changes", EngagementChangeViewSet, basename="engagement-change")
router.register("leaves", LeaveViewSet, basename="leave")
router.register("milestones", MilestoneViewSet, basename="milestone")
router.register("engagement-documents", EngagementDocumentViewSet, basename="engagement-document")
router.register("document-rules", DocumentRuleViewSet, basename="document-rule")
router.register("ratings", RatingViewSet, basename="rating")
router.register("rating-bands", RatingBandViewSet, basename="rating-band")
router.register("invitations", InvitationViewSet, basename="invitation")
router.register("events", EventViewSet, basename="event")

urlpatterns = router.urls
