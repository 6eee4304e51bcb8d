"""What every table of ours has: an opaque id, a version that rises, and nobody who sees it by default."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from marketplace.accounts.actors import Actor
from marketplace.kernel.models import ScopedQuerySet
from profiles.models import Professional
from tests.factories import accounts, profiles

pytestmark = pytest.mark.django_db


def test_touching_saves_the_named_fields_only_with_a_new_version_and_time():
    row = profiles.professional(city="León")
    row.city, row.region = "Mérida", "Yucatán"
    with time_machine.travel(dt.datetime(2030, 1, 1, tzinfo=dt.UTC), tick=False):
        row.touch("city")
    stored = Professional.objects.get(pk=row.pk)
    assert (stored.city, stored.region, stored.version) == ("Mérida", "", 2)
    assert stored.updated_at == dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


def test_nothing_is_visible_unless_a_rule_says_so():
    profiles.professional()
    actor = Actor(user=accounts.user("operator"))
    assert not ScopedQuerySet(Professional).visible_to(actor).exists()


def test_public_ids_carry_the_kind():
    assert profiles.professional().public_id.startswith("prof_")


def test_a_person_prints_without_personal_data():
    row = profiles.professional(given_names="Guadalupe")
    assert "Guadalupe" not in f"{row} {row!r}"
