"""What time alone makes due among rosters is swept by whoever sweeps."""

from __future__ import annotations

import pytest

from marketplace.accounts.permissions import Role
from marketplace.delivery import kinds
from marketplace.delivery.models import Notification
from marketplace.kernel import clock, sweeping
from profiles.api import saved_queries
from profiles.models import DuplicatePair, SavedSearch
from profiles.services import saved_searches
from tests.factories import accounts, profiles

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_sweep_tells_of_new_people_and_notices_duplicates():
    recruiter = accounts.user(Role.RECRUITER)
    saved_searches.create(
        name="Everybody", query={}, read=saved_queries.read, cadence="immediate", actor=accounts.actor(recruiter)
    )
    one = profiles.professional(contact_email="ana@example.mx")
    other = profiles.professional(contact_email="ANA@example.mx")
    SavedSearch.objects.update(next_look_at=clock.now())
    sweeping.sweep()
    assert Notification.objects.get().data == {"search": "Everybody", "people": 2}
    pair = DuplicatePair.objects.get()
    assert {pair.first_id, pair.second_id} == {one.pk, other.pk}


def test_the_alert_can_be_told_to_recruiters_and_operators_only():
    assert kinds.kind_named(saved_searches.TELLING).audience == {Role.RECRUITER, Role.OPERATOR}
