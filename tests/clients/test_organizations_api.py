"""Organizations, their keys and their members over HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.accounts.models import ApiKey, User
from marketplace.accounts.permissions import Role
from marketplace.audit.models import AuditEvent
from marketplace.clients.models import Membership, Organization
from marketplace.clients.models.organization import MemberRole
from marketplace.clients.services import organizations
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict, Invalid
from tests.conftest import Cast
from tests.factories import accounts, clients

ORGANIZATIONS = "/api/v1/organizations"
Api = Callable[..., APIClient]


def _url(organization: Organization, *parts: str) -> str:
    return "/".join([ORGANIZATIONS, organization.public_id, *parts])


def _key_body(**fields: Any) -> dict[str, Any]:
    return {"name": "Procurement sync", "scopes": ["projects:read", "events:read"], **fields}


def test_a_client_sees_their_own_organizations_and_a_recruiter_all(api: Api, cast: Cast) -> None:
    def listed(user: User) -> set[str]:
        return {row["id"] for row in api(user).get(ORGANIZATIONS).json()["results"]}

    both = {cast.organization.public_id, cast.rival_organization.public_id}
    assert listed(cast.client) == {cast.organization.public_id}
    assert listed(cast.recruiter) == both
    assert api(cast.rival).get(_url(cast.organization)).status_code == 404
    assert api(cast.client).get(_url(cast.organization)).json()["name"] == cast.organization.name
    assert api(cast.professional).get(ORGANIZATIONS).status_code == 403


# -- keys -------------------------------------------------------------------------------------------------------------
def test_a_new_key_is_shown_once_and_opens_the_door(api: Api, cast: Cast) -> None:
    administrator = api(cast.client)
    made = administrator.post(_url(cast.organization, "keys"), _key_body())
    assert made.status_code == 201, made.json()
    secret = made.json()["secret"]
    assert secret.startswith(made.json()["key"]["begins_with"])
    assert api(secret).get("/api/v1/projects").status_code == 200
    listed = administrator.get(_url(cast.organization, "keys"))
    assert [row["id"] for row in listed.json()["results"]] == [made.json()["key"]["id"]]
    # The secret itself, behind the kind and the look-up part, may hold the sign that stands between them.
    assert secret.split("_", 3)[3] not in listed.content.decode()
    assert AuditEvent.objects.get(subject=cast.organization.public_id).data["key"] == made.json()["key"]["id"]


def test_a_repeated_request_gets_the_same_key_again(api: Api, cast: Cast) -> None:
    client = api(cast.client, idempotency_key="one-key-please")
    first, again = (client.post(_url(cast.organization, "keys"), _key_body()) for _ in range(2))
    assert first.json()["secret"] == again.json()["secret"]
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status", "pointer", "code"),
    [
        ({"scopes": ["projects:read", "world:rule"]}, 422, "/scopes/1", "unknown_scope"),
        ({"scopes": ["keys:manage"]}, 422, "/scopes/0", "unknown_scope"),
        ({"scopes": ["members:manage"]}, 422, "/scopes/0", "unknown_scope"),
        ({"expires_at": "2020-01-06T00:00:00Z"}, 422, "/expires_at", "in_the_past"),
        ({"live": False}, 422, "/live", "test_key_needs_demo"),
        ({"scopes": []}, 400, "/scopes", "min_length"),
    ],
)
def test_a_key_that_may_not_be_is_refused(
    api: Api, cast: Cast, fields: dict[str, Any], status: int, pointer: str, code: str
) -> None:
    refused = api(cast.client).post(_url(cast.organization, "keys"), _key_body(**fields))
    assert refused.status_code == status, refused.json()
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [(pointer, code)]
    assert not ApiKey.objects.exists()


def test_the_demo_organization_has_test_keys(api: Api, cast: Cast) -> None:
    Organization.objects.filter(pk=cast.organization.pk).update(demo=True)
    made = api(cast.client).post(_url(cast.organization, "keys"), _key_body(live=False))
    assert made.json()["secret"].startswith("cel_test_")
    assert api(made.json()["secret"]).get("/api/v1/projects").status_code == 200


def test_a_rotated_key_works_beside_its_successor(api: Api, cast: Cast) -> None:
    key, old = accounts.key(cast.organization.pk)
    made = api(cast.client).post(_url(cast.organization, "keys", key.public_id, "rotate"))
    assert made.status_code == 201, made.json()
    assert made.json()["key"]["scopes"] == key.scopes
    for text in (old, made.json()["secret"]):
        assert api(text).get("/api/v1/projects").status_code == 200
    key.refresh_from_db()
    assert key.expires_at <= clock.now() + dt.timedelta(hours=24)


def test_a_revoked_key_is_over_at_once(api: Api, cast: Cast) -> None:
    key, text = accounts.key(cast.organization.pk)
    assert api(cast.client).post(_url(cast.organization, "keys", key.public_id, "revoke")).status_code == 200
    assert api(text).get("/api/v1/projects").status_code == 401


def test_only_administrators_of_the_organization_touch_its_keys(api: Api, cast: Cast) -> None:
    member = clients.member(cast.organization, MemberRole.MEMBER)
    key, text = accounts.key(cast.organization.pk)
    for caller, status in [(member, 403), (cast.rival, 404), (cast.recruiter, 403), (cast.operator, 403), (text, 403)]:
        client = api(caller)
        assert client.get(_url(cast.organization, "keys")).status_code == status
        assert client.post(_url(cast.organization, "keys"), _key_body()).status_code == status
        for step in ("rotate", "revoke"):
            assert client.post(_url(cast.organization, "keys", key.public_id, step)).status_code == status
    assert ApiKey.objects.count() == 1
    key.refresh_from_db()
    assert (key.revoked_at, key.expires_at) == (None, None)


def test_a_key_of_others_is_not_found_under_ones_own_organization(api: Api, cast: Cast) -> None:
    key, _text = accounts.key(cast.rival_organization.pk)
    answer = api(cast.client).post(_url(cast.organization, "keys", key.public_id, "revoke"))
    assert answer.status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None


# -- members ----------------------------------------------------------------------------------------------------------
def test_members_see_each_other_and_others_do_not(api: Api, cast: Cast) -> None:
    member = clients.member(cast.organization, MemberRole.MEMBER)
    rows = api(member).get(_url(cast.organization, "members")).json()["results"]
    assert [(row["email"], row["role"]) for row in rows] == [(cast.client.email, "admin"), (member.email, "member")]
    assert api(cast.rival).get(_url(cast.organization, "members")).status_code == 404
    assert api(cast.recruiter).get(_url(cast.organization, "members")).status_code == 403


def test_an_administrator_adds_a_member_who_has_no_account_yet(api: Api, cast: Cast) -> None:
    made = api(cast.client).post(_url(cast.organization, "members"), {"email": "Pat@Bank.example"})
    assert made.status_code == 201, made.json()
    user = User.objects.get(email="pat@bank.example")
    assert (user.role, user.has_usable_password()) == (Role.CLIENT, False)
    assert api(user).get(_url(cast.organization)).status_code == 200


def test_the_account_of_somebody_who_is_no_client_is_not_taken(api: Api, cast: Cast) -> None:
    refused = api(cast.client).post(_url(cast.organization, "members"), {"email": cast.professional.email})
    assert (refused.status_code, refused.json()["code"]) == (409, "account_has_another_role")
    assert Membership.objects.filter(organization=cast.organization).count() == 1


def test_the_last_administrator_stays(api: Api, cast: Cast) -> None:
    client = api(cast.client)
    removed = client.delete(_url(cast.organization, "members", cast.client.public_id))
    assert (removed.status_code, removed.json()["code"]) == (409, "last_administrator")
    demoted = client.post(_url(cast.organization, "members"), {"email": cast.client.email, "role": "member"})
    assert (demoted.status_code, demoted.json()["code"]) == (409, "last_administrator")
    assert Membership.objects.get(user=cast.client).role == MemberRole.ADMIN


def test_a_removed_member_sees_nothing_any_more(api: Api, cast: Cast) -> None:
    member = clients.member(cast.organization, MemberRole.MEMBER)
    client = api(member)
    assert api(cast.client).delete(_url(cast.organization, "members", member.public_id)).status_code == 204
    assert client.get(_url(cast.organization)).status_code == 404


def test_only_administrators_decide_who_is_a_member(api: Api, cast: Cast) -> None:
    member = clients.member(cast.organization, MemberRole.MEMBER)
    for caller, status in [(member, 403), (cast.rival, 404)]:
        client = api(caller)
        url = _url(cast.organization, "members")
        assert client.post(url, {"email": caller.email, "role": "admin"}).status_code == status
        assert client.delete(f"{url}/{cast.client.public_id}").status_code == status
    assert set(Membership.objects.filter(organization=cast.organization).values_list("user_id", "role")) == {
        (cast.client.pk, "admin"),
        (member.pk, "member"),
    }


# -- services ---------------------------------------------------------------------------------------------------------
def test_an_organization_has_a_known_zone_and_a_short_name_of_its_own(cast: Cast) -> None:
    made = organizations.create(name="First Bank", slug="first-bank", time_zone="America/Chicago", actor=None)
    assert made.time_zone == "America/Chicago"
    with pytest.raises(Conflict) as taken:
        organizations.create(name="Another", slug="first-bank", actor=None)
    assert taken.value.code == "slug_taken"
    with pytest.raises(Invalid) as unknown:
        organizations.create(name="Another", slug="another", time_zone="Chicago", actor=None)
    assert unknown.value.code == "unknown_time_zone"
    assert Organization.objects.filter(name="Another").count() == 0
