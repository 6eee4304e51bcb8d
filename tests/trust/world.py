"""A client's business as it stands in the middle of things: one row of each kind that routes are about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from marketplace.clients.models import Invitation
from matching.models import Offer, Replacement
from matching.services import offers
from tests.conftest import Cast
from tests.factories import accounts
from tests.factories import delivery as endpoints
from tests.factories import matching as cells


@dataclass
class World:
    """A client's organization with a project, a run, an offered cell, an accepted one's engagement, and a key."""

    cast: Cast
    ids: dict[str, str]
    hidden: set[str]

    def path(self, template: str) -> str:
        kind = template.split("/")[1]
        values = {
            "pk": self.ids.get(self._kind(template), "none_00000000000000000000000000"),
            "organization": self.ids["organizations"],
            "webhook": self.ids["webhook"],
            "user": self.cast.client.public_id,
            "code": "cobol" if kind == "skills" else "onboarding_kyc",
            "part": self._part(template),
        }
        return "/api/v1" + re.sub(r"{(\w+)}", lambda found: values[found[1]], template)

    def _kind(self, template: str) -> str:
        nested = {"/keys/": "key", "/deliveries/": "webhook-delivery", "/webhooks/": "webhook"}
        return next((kind for part, kind in nested.items() if part in template), template.split("/")[1])

    def _part(self, template: str) -> str:
        if "/languages/" in template:
            return "en"
        return "cobol" if "/skills/" in template else "cert_00000000000000000000000000"


def of(cast: Cast) -> World:
    """Return the world of the client of the cast."""
    endpoint = endpoints.endpoint(cast.organization.pk)
    accepted = cells.offer_for(cells.composed_run(cells.published_project(cast.organization)).proposals.get(rank=1))
    engagement = offers.accept(offer=accepted, seen_version=1, actor=accounts.actor(cast.client))
    run = cells.composed_run(cells.published_project(cast.organization, with_market=False))
    offer: Offer = cells.offer_for(run.proposals.get(rank=1))
    key, _text = accounts.key(cast.organization.pk)
    searched = Replacement.objects.create(engagement=engagement, cause="recruiter", status="impossible")
    ids = {
        "professionals": cast.profile.public_id,
        "organizations": cast.organization.public_id,
        "projects": run.project.public_id,
        "match-runs": run.public_id,
        "proposals": offer.proposal.public_id,
        "offers": offer.public_id,
        "engagements": engagement.public_id,
        "invitations": Invitation.objects.filter(placement__engagement=engagement).first().public_id,
        "replacements": searched.public_id,
        "key": key.public_id,
        "webhook": endpoint.public_id,
        "webhook-delivery": endpoint.deliveries.first().public_id,
    }
    return World(cast, ids, set(ids.values()) - {cast.profile.public_id})
