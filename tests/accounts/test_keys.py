"""Keys of an organization: shown once, stored hashed, rotated with overlap, revoked at once, bounded by scopes."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection

from marketplace.accounts import keys
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import ApiKey
from marketplace.accounts.permissions import ROLES, SCOPES, Permission, Role
from marketplace.kernel import clock
from marketplace.kernel.errors import Invalid
from tests.factories import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return accounts.key(uuid.uuid4(), scopes=["projects:read"])


def test_the_text_of_a_key_is_recognized_and_is_nowhere_in_the_table(made):
    key, text = made
    assert keys.recognize(text) == key
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(k)::text FROM accounts_apikey k")
        stored = cursor.fetchone()[0]
    assert text not in stored
    assert text.split("_", 3)[3] not in stored


def test_live_and_test_keys_tell_themselves_apart(made):
    _key, text = made
    assert text.startswith("cel_live_")
    assert keys.recognize(text.replace("cel_live_", "cel_test_")) is None
    _key, trial = accounts.key(uuid.uuid4(), live=False)
    assert trial.startswith("cel_test_")


def test_no_single_changed_character_is_recognized(made):
    _key, text = made
    for position in range(len(text)):
        changed = text[:position] + ("A" if text[position] != "A" else "B") + text[position + 1 :]
        assert keys.recognize(changed) is None, position


@pytest.mark.parametrize("text", ["", "_", "___", "cel_live__", "cel_live_\0_x", "ñ" * 50, "cel_live_" + "x" * 3000])
def test_anything_else_is_nobody(text):
    assert keys.recognize(text.replace("\0", "")) is None


def test_rotation_lets_the_old_key_live_for_a_day(made):
    key, text = made
    successor, new_text = keys.rotate(key=key, actor=None)
    assert (successor.scopes, successor.organization_id, successor.live) == (key.scopes, key.organization_id, key.live)
    assert new_text != text
    assert keys.recognize(text) == key
    assert keys.recognize(new_text) == successor
    with time_machine.travel(clock.now() + keys.ROTATION_OVERLAP + dt.timedelta(seconds=1)):
        assert keys.recognize(text) is None
        assert keys.recognize(new_text) == successor


def test_rotation_never_lengthens_a_life(made):
    key, _text = made
    soon = clock.now() + dt.timedelta(hours=1)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=soon)
    keys.rotate(key=key, actor=None)
    key.refresh_from_db()
    assert key.expires_at == soon


def test_a_revoked_key_ends_at_once_and_cannot_be_rotated_back(made):
    key, text = made
    keys.revoke(key=key)
    assert keys.recognize(text) is None
    with pytest.raises(Invalid) as refusal:
        keys.rotate(key=key, actor=None)
    assert refusal.value.code == "key_not_usable"
    assert ApiKey.objects.count() == 1


def test_revoking_twice_changes_nothing(made):
    key, _text = made
    first = keys.revoke(key=key)
    second = keys.revoke(key=key)
    assert (second.revoked_at, second.version) == (first.revoked_at, first.version)


def test_an_expired_key_is_nobody(made):
    key, text = made
    ApiKey.objects.filter(pk=key.pk).update(expires_at=clock.now() - dt.timedelta(seconds=1))
    assert keys.recognize(text) is None


@pytest.mark.parametrize("scope", ["keys:manage", "supply:read", "proposals:review", "identifiers:read", "all", ""])
def test_a_key_cannot_be_given_more_than_its_organization_may(scope):
    with pytest.raises(Invalid) as refusal:
        accounts.key(uuid.uuid4(), scopes=["projects:read", scope])
    assert refusal.value.errors[0].pointer == "/scopes/1"
    assert not ApiKey.objects.exists()


def test_a_key_that_has_expired_before_it_begins_is_refused():
    with pytest.raises(Invalid) as refusal:
        accounts.key(uuid.uuid4(), expires_at=clock.now() - dt.timedelta(days=1))
    assert refusal.value.errors[0].pointer == "/expires_at"


def test_a_key_may_exactly_what_its_scopes_say(made):
    key, _text = made
    actor = Actor(key=key)
    assert {permission for permission in Permission if actor.may(permission)} == {"projects:read"}
    assert not actor.is_staff_side
    assert actor.organization_id == key.organization_id


def test_use_is_noted_at_most_every_few_minutes(made, django_assert_num_queries):
    _key, text = made
    with django_assert_num_queries(2):
        keys.recognize(text)
    with django_assert_num_queries(1):
        keys.recognize(text)
    assert ApiKey.objects.get().last_used_at is not None


def test_operators_run_the_market_and_do_not_judge_cells():
    assert Permission.REVIEW_PROPOSALS in ROLES[Role.RECRUITER]
    assert Permission.REVIEW_PROPOSALS not in ROLES[Role.OPERATOR]
    assert Permission.READ_IDENTIFIERS in ROLES[Role.OPERATOR]
    assert Permission.READ_IDENTIFIERS not in ROLES[Role.RECRUITER]


def test_only_those_who_work_for_the_marketplace_see_supply():
    assert {role for role in Role if Permission.READ_SUPPLY in ROLES[role]} == {Role.RECRUITER, Role.OPERATOR}
    assert Permission.READ_SUPPLY not in SCOPES
    assert set(ROLES) == set(Role)
