"""How a request says who it is: by a session that logging in gave, or by an organization's key."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.contrib.sessions.models import Session

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.kernel import clock
from tests.factories import accounts

ME = "/api/v1/me"
AUTH = "/_allauth/app/v1/auth"
PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _own_counters(settings):
    """The limits of logging in are counted in Redis; every test counts for itself."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid.uuid4().hex}"}}


@pytest.fixture
def person(db):
    return User.objects.create_user("lucia@example.mx", PASSWORD, role=Role.PROFESSIONAL)


def log_in(client, password=PASSWORD):
    return client.post(f"{AUTH}/login", {"email": "lucia@example.mx", "password": password})


def test_logging_in_gives_a_token_that_opens_the_api_until_logging_out(person, api):
    token = log_in(api()).json()["meta"]["session_token"]
    me = api().get(ME, HTTP_X_SESSION_TOKEN=token)
    assert (me.status_code, me.json()["id"], me.json()["role"]) == (200, person.public_id, "professional")
    api().delete(f"{AUTH}/session", HTTP_X_SESSION_TOKEN=token)
    after = api().get(ME, HTTP_X_SESSION_TOKEN=token)
    assert (after.status_code, after.json()["code"]) == (401, "session_ended")


def test_a_wrong_password_gives_no_token(person, api):
    answer = log_in(api(), "wrong")
    assert answer.status_code == 400
    assert "session_token" not in answer.content.decode()


def test_whoever_signs_up_is_a_professional_whatever_they_ask_for(api, db):
    answer = api().post(f"{AUTH}/signup", {"email": "new@example.com", "password": PASSWORD, "role": "operator"})
    assert answer.status_code == 200, answer.json()
    assert User.objects.get(email="new@example.com").role == Role.PROFESSIONAL


@pytest.mark.parametrize("change", ["password", "deactivated", "session deleted", "session expired"])
def test_a_session_ends_at_once_with_what_it_stood_on(change, person, api):
    token = accounts.session_token(person)
    assert api().get(ME, HTTP_X_SESSION_TOKEN=token).status_code == 200
    if change == "password":
        person.set_password("another long password")
        person.save()
    elif change == "deactivated":
        person.is_active = False
        person.save()
    elif change == "session deleted":
        Session.objects.all().delete()
    else:
        Session.objects.update(expire_date=clock.now() - dt.timedelta(seconds=1))
    assert api().get(ME, HTTP_X_SESSION_TOKEN=token).status_code == 401


def test_a_new_role_counts_at_the_next_request(person, api):
    client = api(person)
    assert client.get("/api/v1/professionals").status_code == 403
    User.objects.filter(pk=person.pk).update(role=Role.RECRUITER)
    assert client.get("/api/v1/professionals").status_code == 200


def test_a_key_says_what_it_is_and_may(cast, api):
    key, text = accounts.key(cast.organization.pk, scopes=["projects:read", "self:read"], live=False)
    body = api(text).get(ME).json()
    assert (body["id"], body["kind"], body["live"]) == (key.public_id, "key", False)
    assert body["permissions"] == ["projects:read", "self:read"]
    assert body["email"] is None


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Token abc",
        "Bearer cel_live_x",
        "Bearer cel_prod_a_b",
        "Bearer " + "x" * 5000,
        "cel_live_a_b",
    ],
)
def test_what_is_no_key_is_refused(header, api, db):
    answer = api().get(ME, HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_nobody_at_all_is_asked_who_they_are(api):
    answer = api().get(ME)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_two_ways_in_at_once_cannot_widen_each_other(cast, api):
    _key, text = accounts.key(cast.organization.pk, scopes=["self:read"])
    answer = api(cast.professional).get(ME, HTTP_AUTHORIZATION=f"Bearer {text}")
    assert answer.json()["kind"] == "user", "the person's session is looked at first, and alone"
