"""Webhooks as administrators of an organization manage them over the API."""

from __future__ import annotations

import datetime as dt

import pytest
import standardwebhooks
from django.db import transaction

from marketplace.audit.models import AuditEvent
from marketplace.delivery import facts, outbox, relay, webhooks
from marketplace.delivery.models import WebhookDelivery, WebhookEndpoint
from marketplace.kernel import clock
from tests.delivery import receiver as receivers
from tests.factories import clients
from tests.factories import delivery as endpoints

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(cast):
    return f"/api/v1/organizations/{cast.organization.public_id}/webhooks"


def happens(cast, kind="project.published", **data):
    with transaction.atomic():
        return outbox.publish(kind=kind, subject=cast.organization, organization_id=cast.organization.pk, **data)


def change(client, path, shown, version, **body):
    return client.patch(f"{path}/{shown['id']}", body, headers={"If-Match": f'"{version}"'})


def test_from_the_first_call_to_a_verified_message(cast, api, path, listen):
    at = listen()
    client = api(cast.client)
    made = client.post(path, {"url": at.url(), "description": "ATS", "kinds": ["offer.sent", "offer.sent"]})
    assert made.status_code == 201
    shown, secret = made.json()["webhook"], made.json()["secret"]
    assert made["ETag"] == '"1"'
    assert (shown["url"], shown["kinds"], shown["status"]) == (at.url(), ["offer.sent"], "enabled")
    assert "secret" not in client.get(f"{path}/{shown['id']}").json()

    tested = client.post(f"{path}/{shown['id']}/test")
    assert tested.status_code == 202
    assert (tested.json()["kind"], tested.json()["status"]) == ("webhook.test", "pending")
    relay.run()
    body = standardwebhooks.Webhook(secret).verify(at.received[0].body, at.received[0].headers)
    assert (body["type"], body["data"]["subject"]) == ("webhook.test", shown["id"])

    listed = client.get(f"{path}/{shown['id']}/deliveries").json()["results"]
    assert [(row["status"], row["response_status"], row["event"]) for row in listed] == [("delivered", 200, body["id"])]
    detail = client.get(f"{path}/{shown['id']}/deliveries/{listed[0]['id']}").json()
    assert detail["payload"] == body
    assert [attempt["response_status"] for attempt in detail["attempt_log"]] == [200]


def test_the_secret_is_in_no_answer_but_the_first(cast, api, path, listen):
    client = api(cast.client)
    made = client.post(path, {"url": listen().url()}).json()
    key = made["webhook"]["id"]
    texts = [client.get(where).content.decode() for where in (path, f"{path}/{key}", f"{path}/{key}/deliveries")]
    changed = change(client, path, made["webhook"], 1, description="x")
    assert not any(made["secret"] in text for text in [*texts, changed.content.decode()])
    rotated = client.post(f"{path}/{key}/rotate-secret").json()
    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != made["secret"]
    assert rotated["webhook"]["previous_secret_until"] is not None
    audit = AuditEvent.objects.filter(subject=key)
    assert list(audit.order_by("sequence").values_list("action", flat=True)) == [
        "webhook.created",
        "webhook.updated",
        "webhook.secret_rotated",
    ]
    assert not any("whsec_" in str(event.data) for event in audit)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.bank.example/", "url_not_https"),
        ("https://10.0.0.7/", "url_host_is_an_address"),
        ("https://localhost/", "url_host_not_public"),
        ("https://user@hooks.bank.example/", "url_malformed"),
        ("https://hooks.bank.example:25/", "url_port_not_allowed"),
        ("https://no-such-name.bank.example/", "url_not_resolvable"),
    ],
)
def test_a_url_that_must_not_be_sent_to_is_refused_when_it_is_saved(cast, api, path, nothing_changes, url, code):
    client = api(cast.client)
    row = endpoints.endpoint(cast.organization.pk)
    with nothing_changes():
        made = client.post(path, {"url": url})
        changed = client.patch(f"{path}/{row.public_id}", {"url": url}, headers={"If-Match": '"1"'})
    for answer in (made, changed):
        assert answer.status_code == 422
        assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/url", code)]


def test_unknown_kinds_are_refused_all_at_once(cast, api, path, listen, nothing_changes):
    with nothing_changes():
        answer = api(cast.client).post(path, {"url": listen().url(), "kinds": ["x.y", "offer.sent", "z"]})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/kinds/0", "/kinds/2"]


def test_members_who_do_not_administer_and_rivals_are_refused(cast, api, path, listen, nothing_changes):
    row = endpoints.endpoint(cast.organization.pk)
    member = clients.member(cast.organization, role="member")
    calls = [
        ("get", path),
        ("post", path),
        ("get", f"{path}/{row.public_id}"),
        ("patch", f"{path}/{row.public_id}"),
        ("delete", f"{path}/{row.public_id}"),
        ("post", f"{path}/{row.public_id}/test"),
        ("get", f"{path}/{row.public_id}/deliveries"),
        ("post", f"{path}/{row.public_id}/recover"),
    ]
    with nothing_changes():
        for method, where in calls:
            assert getattr(api(member), method)(where).status_code == 403, where
            assert getattr(api(cast.rival), method)(where).status_code == 404, where


def test_an_endpoint_of_another_organization_is_absent_under_ones_own(cast, api, nothing_changes):
    row = endpoints.endpoint(cast.organization.pk)
    happens(cast)
    delivery = WebhookDelivery.objects.get()
    own = f"/api/v1/organizations/{cast.rival_organization.public_id}/webhooks/{row.public_id}"
    with nothing_changes():
        for where in (own, f"{own}/deliveries", f"{own}/deliveries/{delivery.public_id}"):
            assert api(cast.rival).get(where).status_code == 404
        for where in (f"{own}/test", f"{own}/rotate-secret", f"{own}/deliveries/{delivery.public_id}/redeliver"):
            assert api(cast.rival).post(where).status_code == 404


def test_a_change_names_the_version_it_saw(cast, api, path):
    row = endpoints.endpoint(cast.organization.pk)
    client = api(cast.client)
    shown = {"id": row.public_id}
    assert client.patch(f"{path}/{row.public_id}", {"description": "x"}).status_code == 428
    assert change(client, path, shown, 1, description="first").json()["description"] == "first"
    assert change(client, path, shown, 1, description="second").status_code == 412
    row.refresh_from_db()
    assert row.description == "first"


def test_a_disabled_endpoint_gets_nothing_until_it_recovers_what_it_missed(cast, api, path, listen):
    at = listen()
    client = api(cast.client)
    began = clock.now()
    before = happens(cast, "project.published")
    shown = client.post(path, {"url": at.url(), "kinds": ["project.published", "offer.sent"]}).json()["webhook"]
    waiting = happens(cast, "offer.sent")
    disabled = change(client, path, shown, 1, enabled=False).json()
    assert (disabled["status"], disabled["status_reason"]) == ("disabled", "by_administrator")
    assert list(WebhookDelivery.objects.values_list("status", "error")) == [("failed", "endpoint_disabled")]
    missed = happens(cast, "offer.sent")
    happens(cast, "run.composed")
    relay.run()
    assert at.received == []
    for refused in ("test", "recover"):
        answer = client.post(
            f"{path}/{shown['id']}/{refused}", {"since": began.isoformat()} if refused != "test" else {}
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "endpoint_disabled")

    assert change(client, path, disabled, 2, enabled=True).json()["status_reason"] is None
    recovered = client.post(f"{path}/{shown['id']}/recover", {"since": began.isoformat()})
    assert (recovered.status_code, recovered.json()) == (202, {"queued": 3})
    relay.run()
    assert sorted(request.message_id for request in at.received) == sorted(
        event.public_id for event in (before, waiting, missed)
    )
    again = client.post(f"{path}/{shown['id']}/recover", {"since": began.isoformat()})
    assert again.json() == {"queued": 0}


def test_what_is_older_than_the_log_cannot_be_recovered(cast, api, path, nothing_changes):
    row = endpoints.endpoint(cast.organization.pk)
    since = clock.now() - dt.timedelta(days=31)
    with nothing_changes():
        answer = api(cast.client).post(f"{path}/{row.public_id}/recover", {"since": since.isoformat()})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_long_ago")


def test_a_message_is_sent_once_more_under_its_id(cast, api, path, listen):
    at = listen(receivers.one_after_another(receivers.always(410), receivers.ok))
    client = api(cast.client)
    shown = client.post(path, {"url": at.url()}).json()["webhook"]
    event = happens(cast)
    relay.run()
    where = f"{path}/{shown['id']}/deliveries"
    (row,) = client.get(where).json()["results"]
    assert row["status"] == "failed"
    assert client.post(f"{where}/{row['id']}/redeliver").json()["code"] == "endpoint_disabled"
    version = WebhookEndpoint.objects.get().version
    assert change(client, path, shown, version, enabled=True).status_code == 200
    again = client.post(f"{where}/{row['id']}/redeliver")
    assert (again.status_code, again.json()["status"], again.json()["attempts"]) == (202, "pending", 0)
    relay.run()
    assert [request.message_id for request in at.received] == [event.public_id] * 2
    detail = client.get(f"{where}/{row['id']}").json()
    assert (detail["status"], len(detail["attempt_log"])) == ("delivered", 2)


def test_a_deleted_endpoint_is_gone_with_its_secret_and_what_waits_for_it(cast, api, path, listen):
    at = listen()
    client = api(cast.client)
    shown = client.post(path, {"url": at.url()}).json()["webhook"]
    happens(cast)
    assert client.delete(f"{path}/{shown['id']}").status_code == 204
    relay.run()
    assert at.received == []
    assert client.get(f"{path}/{shown['id']}").status_code == 404
    assert client.get(path).json()["results"] == []
    assert client.delete(f"{path}/{shown['id']}").status_code == 404
    row = WebhookEndpoint.objects.get()
    assert bytes(row.secret_encrypted) == b""
    assert list(row.deliveries.values_list("status", "error")) == [("failed", "endpoint_deleted")]


def test_there_is_a_limit_of_endpoints_and_deleted_ones_do_not_count(cast, api, path, listen, nothing_changes):
    at = listen()
    client = api(cast.client)
    rows = [endpoints.endpoint(cast.organization.pk) for _ in range(webhooks.MOST_ENDPOINTS)]
    with nothing_changes():
        answer = client.post(path, {"url": at.url()})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_endpoints")
    client.delete(f"{path}/{rows[0].public_id}")
    assert client.post(path, {"url": at.url()}).status_code == 201


def test_deliveries_are_filtered(cast, api, path, listen):
    at = listen(receivers.one_after_another(receivers.always(500), receivers.ok))
    client = api(cast.client)
    shown = client.post(path, {"url": at.url()}).json()["webhook"]
    first = happens(cast, "offer.sent")
    relay.run()
    happens(cast, "offer.accepted")
    relay.run()
    where = f"{path}/{shown['id']}/deliveries"

    def kinds(query):
        answer = client.get(f"{where}?{query}")
        assert answer.status_code == 200, answer.content
        return [row["kind"] for row in answer.json()["results"]]

    assert kinds("") == ["offer.accepted", "offer.sent"]
    assert kinds("status=pending") == ["offer.sent"]
    assert kinds("status=pending&status=delivered") == ["offer.accepted", "offer.sent"]
    assert kinds("kind=offer.accepted") == ["offer.accepted"]
    assert kinds(f"event={first.public_id}") == ["offer.sent"]
    assert client.get(f"{where}?endpoint=x").status_code == 400


def test_a_page_of_deliveries_costs_a_fixed_number_of_queries(cast, api, path, django_assert_max_num_queries):
    row = endpoints.endpoint(cast.organization.pk)
    for _ in range(20):
        happens(cast)
    client = api(cast.client)
    with django_assert_max_num_queries(12):
        assert len(client.get(f"{path}/{row.public_id}/deliveries").json()["results"]) == 20


def test_the_kinds_of_facts_are_listed_in_the_language_of_the_reader(cast, api):
    english = api(cast.client, accept_language="en").get("/api/v1/webhook-event-kinds").json()
    assert [row["kind"] for row in english] == [fact.kind for fact in facts.every_fact()]
    assert english[0]["description"] == "The project is open, and a cell is looked for."
    assert api(cast.professional).get("/api/v1/webhook-event-kinds").status_code == 200


def test_an_idempotent_creation_gives_the_same_secret_and_one_endpoint(cast, api, path, listen):
    body = {"url": listen().url()}
    client = api(cast.client)
    answers = [client.post(path, body, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert WebhookEndpoint.objects.count() == 1
