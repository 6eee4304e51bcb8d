"""From the fact to the receiver: signed, at least once, under one id, whatever happens on the way."""

from __future__ import annotations

import datetime as dt
import json
import threading

import orjson
import pytest
import standardwebhooks
import time_machine
from django.db import connection, transaction

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.audit.models import AuditEvent
from marketplace.delivery import outbound, outbox, relay, webhooks
from marketplace.delivery.models import (
    Notification,
    OutboxEvent,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from marketplace.kernel import clock
from tests.delivery import receiver as receivers
from tests.factories import accounts, clients

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization(db):
    return clients.organization()


def happens(organization, kind="project.published", **data):
    with transaction.atomic():
        return outbox.publish(kind=kind, subject=organization, organization_id=organization.pk, **data)


def let_time_come():
    """The next attempt is a column: let its time come instead of waiting for it."""
    WebhookDelivery.objects.filter(status="pending").update(next_attempt_at=clock.now())
    WebhookEndpoint.objects.update(resting_until=None)


def the_delivery():
    return WebhookDelivery.objects.get()


def verified(secret, request):
    """Return the payload as the reference library of the specification accepts it."""
    return standardwebhooks.Webhook(secret).verify(request.body, request.headers)


# -- what arrives ------------------------------------------------------------------------------------------------------


def test_a_fact_arrives_signed_as_the_reference_library_wants_it(organization, listen, endpoint_at):
    at = listen()
    _endpoint, secret = endpoint_at(organization, at)
    event = happens(organization, status="published")
    assert relay.run() == 1
    (request,) = at.received
    assert verified(secret, request) == {
        "id": event.public_id,
        "type": "project.published",
        "timestamp": event.created_at.isoformat().replace("+00:00", "Z"),
        "data": {"subject": organization.public_id, "status": "published"},
    }
    assert request.message_id == event.public_id
    assert request.headers["content-type"] == "application/json"
    row = the_delivery()
    assert (row.status, row.attempts, row.response_status, row.error) == ("delivered", 1, 200, "")
    assert row.finished_at is not None


def test_a_body_that_was_changed_on_the_way_is_not_accepted(organization, listen, endpoint_at):
    at = listen()
    _endpoint, secret = endpoint_at(organization, at)
    happens(organization)
    relay.run()
    (request,) = at.received
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(secret).verify(request.body + b" ", request.headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(webhooks.signatures.new_secret()).verify(request.body, request.headers)


def test_for_a_day_after_a_rotation_both_secrets_verify_and_then_only_the_new_one(organization, listen, endpoint_at):
    at = listen()
    endpoint, old = endpoint_at(organization, at)
    _endpoint, new = webhooks.rotate_secret(endpoint=endpoint, actor=Actor(user=accounts.user(Role.CLIENT)))
    assert old != new
    happens(organization)
    relay.run()
    assert verified(old, at.received[0]) == verified(new, at.received[0])
    WebhookEndpoint.objects.update(previous_until=clock.now())
    happens(organization)
    relay.run()
    verified(new, at.received[1])
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verified(old, at.received[1])


def test_the_secret_is_not_in_the_database_in_the_clear_and_cannot_be_moved(organization, listen, endpoint_at):
    endpoint, secret = endpoint_at(organization, listen())
    other, _secret = endpoint_at(organization, listen())
    stored = bytes(WebhookEndpoint.objects.get(pk=endpoint.pk).secret_encrypted)
    assert secret.encode() not in stored
    assert secret.removeprefix("whsec_").encode() not in stored
    WebhookEndpoint.objects.filter(pk=other.pk).update(secret_encrypted=stored)
    happens(organization)
    relay.run()
    errors = dict(WebhookDelivery.objects.values_list("endpoint_id", "error"))
    assert errors == {endpoint.pk: "", other.pk: "secret_unreadable"}


def test_only_the_kinds_that_were_asked_for_arrive(organization, listen, endpoint_at):
    at = listen()
    endpoint_at(organization, at, kinds=["offer.sent", "run.composed"])
    for kind in ("project.published", "offer.sent", "run.infeasible", "run.composed"):
        happens(organization, kind)
    relay.run()
    assert sorted(json.loads(request.body)["type"] for request in at.received) == ["offer.sent", "run.composed"]


def test_no_other_organization_hears_of_it(organization, listen, endpoint_at):
    own, others = listen(), listen()
    endpoint_at(organization, own)
    endpoint_at(clients.organization(), others)
    happens(organization)
    with transaction.atomic():
        outbox.publish(kind="project.published", subject=organization, organization_id=None)
    relay.run()
    assert (len(own.received), len(others.received)) == (1, 0)


def test_a_fact_that_is_rolled_back_is_never_sent(organization, listen, endpoint_at):
    at = listen()
    endpoint_at(organization, at)
    with transaction.atomic():
        outbox.publish(kind="project.published", subject=organization, organization_id=organization.pk)
        transaction.set_rollback(True)
    relay.run()
    assert at.received == []
    assert not WebhookDelivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_fact_whose_transaction_ends_after_later_ones_were_sent_is_not_missed(organization, listen, endpoint_at):
    """What a reader that follows the ids of the outbox would step over."""
    at = listen()
    endpoint_at(organization, at)
    written, later_sent = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            outbox.publish(kind="offer.sent", subject=organization, organization_id=organization.pk)
            written.set()
            assert later_sent.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    happens(organization, "offer.accepted")
    assert relay.run() == 1
    later_sent.set()
    thread.join()
    assert relay.run() == 1
    assert [json.loads(request.body)["type"] for request in at.received] == ["offer.accepted", "offer.sent"]


def test_every_fact_reaches_every_live_endpoint_once_signed(organization, listen, endpoint_at):
    """HOOK: fifty facts, two endpoints, one of which fails every third time at first."""
    turns = iter(range(10_000))

    def flaky(handler, _request):
        handler.answer(503 if next(turns) % 3 == 0 else 204)

    at = [listen(), listen(flaky)]
    secrets = [endpoint_at(organization, each)[1] for each in at]
    facts = [happens(organization, "offer.sent", number=number) for number in range(50)]
    rounds = 0
    while WebhookDelivery.objects.filter(status="pending").exists():
        let_time_come()
        relay.run()
        rounds += 1
        assert rounds < 12
    for each, secret in zip(at, secrets, strict=True):
        assert {request.message_id for request in each.received} == {fact.public_id for fact in facts}
        for request in each.received:
            assert verified(secret, request)["id"] == request.message_id
    assert len(at[0].received) == 50
    assert WebhookDelivery.objects.filter(status="delivered").count() == 100
    assert WebhookAttempt.objects.count() == len(at[0].received) + len(at[1].received)
    retried = [request for request in at[1].received if request.message_id == at[1].received[0].message_id]
    assert len(retried) > 1
    assert len({request.body for request in retried}) == 1


# -- when it does not arrive -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 400, 401, 404, 429, 500, 503])
def test_every_answer_but_a_2xx_is_tried_again_later_under_the_same_id(organization, listen, endpoint_at, status):
    at = listen(receivers.one_after_another(receivers.always(status), receivers.ok))
    _endpoint, secret = endpoint_at(organization, at)
    happens(organization)
    before = clock.now()
    assert relay.run() == 1
    row = the_delivery()
    assert (row.status, row.response_status) == ("pending", status)
    assert dt.timedelta(seconds=4) < row.next_attempt_at - before < dt.timedelta(seconds=15)
    assert relay.run() == 0
    let_time_come()
    assert relay.run() == 1
    first, second = at.received
    assert first.message_id == second.message_id
    assert first.body == second.body
    verified(secret, second)
    assert the_delivery().status == "delivered"


def test_the_pauses_are_those_of_the_specification_and_then_it_is_given_up(organization, listen, endpoint_at):
    at = listen(receivers.always(500))
    endpoint_at(organization, at)
    happens(organization)
    pauses = []
    while the_delivery().status == "pending":
        let_time_come()
        started = clock.now()
        assert relay.run() == 1
        due = the_delivery().next_attempt_at
        pauses += [(due - started).total_seconds()] if due else []
    assert len(at.received) == relay.MOST_ATTEMPTS == 8
    assert len(pauses) == 7
    for pause, wanted in zip(pauses, (5, 300, 1800, 7200, 18000, 36000, 36000), strict=True):
        assert 0.89 * wanted < pause < 1.11 * wanted + 5
    row = the_delivery()
    assert (row.status, row.response_status, row.error) == ("failed", 500, "status")
    assert WebhookAttempt.objects.filter(delivery=row).count() == 8


def test_a_receiver_may_ask_for_a_longer_pause_but_for_no_shorter_one(organization, listen, endpoint_at):
    at = listen(
        receivers.one_after_another(
            receivers.always(429, Retry_After="3600"), receivers.always(503, Retry_After="1"), receivers.ok
        )
    )
    endpoint_at(organization, at)
    happens(organization)
    relay.run()
    assert the_delivery().next_attempt_at > clock.now() + dt.timedelta(minutes=59)
    let_time_come()
    relay.run()
    assert the_delivery().next_attempt_at > clock.now() + dt.timedelta(minutes=4)


def test_an_endpoint_that_is_down_is_tried_again(organization, listen, endpoint_at, settings):
    with receivers.receiver(None) as gone:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"localhost:{gone.port}"]
        endpoint_at(organization, gone)
    happens(organization)
    assert relay.run() == 1
    row = the_delivery()
    assert (row.status, row.error, row.response_status) == ("pending", "connect", None)


def test_gone_disables_the_endpoint_and_tells_its_administrators(organization, listen, endpoint_at):
    at = listen(receivers.always(410))
    admin = clients.member(organization)
    member = clients.member(organization, role="member")
    endpoint, _secret = endpoint_at(organization, at, description="Procurement sync")
    second, _secret = endpoint_at(organization, listen())
    happens(organization)
    relay.run()
    endpoint.refresh_from_db()
    assert (endpoint.status, endpoint.status_reason) == ("disabled", "gone")
    assert list(endpoint.deliveries.values_list("status", "error")) == [("failed", "status")]
    told = Notification.objects.get()
    assert (told.recipient, told.kind) == (admin, "webhook.gone")
    assert member != admin
    assert AuditEvent.objects.filter(subject=endpoint.public_id, action="webhook.disabled", actor="system").count() == 1
    happens(organization)
    relay.run()
    assert len(at.received) == 1
    assert second.deliveries.filter(event__kind="webhook.disabled", status="delivered").count() == 1


def test_an_endpoint_that_fails_for_days_is_disabled_and_a_success_in_between_saves_it(
    organization, listen, endpoint_at
):
    at = listen(receivers.one_after_another(receivers.always(500), receivers.ok, receivers.always(500)))
    admin = clients.member(organization)
    endpoint, _secret = endpoint_at(organization, at)

    def again():
        happens(organization)
        relay.run()
        endpoint.refresh_from_db()

    again()
    assert endpoint.failing_since is not None
    WebhookEndpoint.objects.update(failing_since=clock.now() - relay.FAILING_FOR)
    again()
    assert (endpoint.status, endpoint.failing_since) == ("enabled", None)
    again()
    WebhookEndpoint.objects.update(failing_since=clock.now() - relay.FAILING_FOR + dt.timedelta(hours=1))
    again()
    assert endpoint.status == "enabled"
    WebhookEndpoint.objects.update(failing_since=clock.now() - relay.FAILING_FOR)
    again()
    assert (endpoint.status, endpoint.status_reason) == ("disabled", "failing")
    assert not endpoint.deliveries.filter(status="pending").exists()
    assert Notification.objects.get().recipient == admin


@pytest.mark.parametrize(
    ("behavior", "error"),
    [(lambda handler, _request: handler.wfile.write(b"nonsense\r\n\r\n"), "protocol"), (receivers.ok, "tls")],
)
def test_what_goes_wrong_on_the_way_is_in_the_log(organization, listen, endpoint_at, settings, behavior, error):
    at = listen(behavior)
    endpoint_at(organization, at)
    if error == "tls":
        settings.OUTBOUND_CA_FILE = ""
    happens(organization)
    relay.run()
    assert list(WebhookAttempt.objects.values_list("error", "response_status")) == [(error, None)]
    assert the_delivery().error == error


def test_an_endpoint_whose_name_leads_inside_by_now_gets_nothing(organization, listen, endpoint_at, settings):
    at = listen()
    endpoint_at(organization, at)
    settings.OUTBOUND_ALLOWED_HOSTS = []
    happens(organization)
    relay.run()
    assert at.connections == 0
    assert the_delivery().error == "url_host_not_public"


# -- many at once ------------------------------------------------------------------------------------------------------


def test_a_slow_endpoint_does_not_hold_up_the_others(organization, listen, endpoint_at, settings):
    slow = listen(lambda handler, _request: handler.hang())
    quick = listen()
    slow_one, _secret = endpoint_at(organization, slow)
    for _ in range(30):
        happens(organization)
    endpoint_at(organization, quick)
    for _ in range(30):
        happens(organization)
    client = outbound.Client(
        allowed=settings.OUTBOUND_ALLOWED_HOSTS, authorities=settings.OUTBOUND_CA_FILE, total_seconds=1.0
    )
    relay.run(client=client)
    assert len(quick.received) == 30
    # A few were tried, they timed out, and the endpoint rests.
    assert len(slow.received) <= relay.PER_ENDPOINT
    slow_one.refresh_from_db()
    assert slow_one.resting_until > clock.now()
    assert not relay.anything_due()


def test_one_endpoint_is_never_given_more_than_its_share_at_once(organization, listen, endpoint_at):
    endpoint_at(organization, listen())
    for _ in range(20):
        happens(organization)
    assert len(relay.claim(100)) == relay.PER_ENDPOINT
    assert relay.claim(100) == []


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_send_each_message_once(organization, listen, endpoint_at):
    at = [listen(), listen(), listen()]
    for each in at:
        endpoint_at(organization, each)
    for _ in range(20):
        happens(organization)
    start = threading.Barrier(3)

    def work():
        start.wait()
        relay.run()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in at:
        assert len(each.received) == 20
        assert len({request.message_id for request in each.received}) == 20
    assert WebhookAttempt.objects.count() == 60


@pytest.mark.django_db(transaction=True)
def test_what_another_sender_is_claiming_at_this_moment_is_stepped_over(organization, listen, endpoint_at):
    endpoint_at(organization, listen())
    for _ in range(6):
        happens(organization)
    claiming, done = threading.Event(), threading.Event()
    theirs = []

    def claim_slowly():
        with transaction.atomic():
            theirs.extend(relay.claim(2))
            claiming.set()
            assert done.wait(20)
        connection.close()

    thread = threading.Thread(target=claim_slowly)
    thread.start()
    assert claiming.wait(20)
    ours = relay.claim(relay.THREADS)
    done.set()
    thread.join()
    assert len(theirs) == 2
    assert len(ours) == 2  # of the four that one endpoint may have at once, two are locked
    assert not {message.delivery_id for message in ours} & {message.delivery_id for message in theirs}


def test_a_defect_in_sending_one_message_does_not_keep_the_others_from_going_out(
    organization, listen, endpoint_at, settings
):
    at = [listen(), listen()]
    for each in at:
        endpoint_at(organization, each)
    happens(organization)

    class Defective(outbound.Client):
        def post(self, url, **more):
            if url == at[0].url():
                raise ZeroDivisionError
            return super().post(url, **more)

    client = Defective(allowed=settings.OUTBOUND_ALLOWED_HOSTS, authorities=settings.OUTBOUND_CA_FILE)
    assert relay.run(client=client) == 2
    assert sorted(WebhookDelivery.objects.values_list("status", "error")) == [
        ("delivered", ""),
        ("pending", "internal"),
    ]


@pytest.mark.django_db(transaction=True)
def test_an_endpoint_switched_off_and_on_while_its_messages_go_out_neither_deadlocks_nor_loses_any(
    organization, listen, endpoint_at
):
    at = listen()
    endpoint, _secret = endpoint_at(organization, at)
    facts = [happens(organization) for _ in range(40)]
    actor = Actor(user=accounts.user(Role.CLIENT))
    faults = []

    def send():
        try:
            relay.run()
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for enabled in [False, True] * 5:
        version = WebhookEndpoint.objects.get(pk=endpoint.pk).version
        webhooks.update(endpoint=endpoint, version=version, enabled=enabled, actor=actor)
    for sender in senders:
        sender.join()
    assert faults == []
    webhooks.recover(endpoint=endpoint, since=facts[0].created_at, actor=actor)
    relay.run()
    assert {request.message_id for request in at.received} == {fact.public_id for fact in facts}
    assert WebhookDelivery.objects.filter(status="delivered").count() == 40


# -- senders that die --------------------------------------------------------------------------------------------------


def test_what_a_dead_sender_had_claimed_goes_out_again_under_the_same_id(organization, listen, endpoint_at):
    at = listen()
    endpoint_at(organization, at)
    event = happens(organization)
    (lost,) = relay.claim(1)
    relay.send(lost, outbound.client())  # and then its process was killed
    assert relay.run() == 0
    WebhookDelivery.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    assert relay.run() == 1
    assert [request.message_id for request in at.received] == [event.public_id] * 2
    assert the_delivery().attempts == 2


def test_a_sender_that_wakes_after_its_lease_writes_nothing(organization, listen, endpoint_at):
    endpoint_at(organization, listen())
    happens(organization)
    (late,) = relay.claim(1)
    WebhookDelivery.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    (current,) = relay.claim(1)
    assert not relay.record(late, relay.Outcome(500, "status", 1))
    assert not WebhookAttempt.objects.exists()
    assert the_delivery().lease_token == current.lease
    assert relay.record(current, relay.Outcome(200, "", 1))
    assert not relay.record(current, relay.Outcome(500, "status", 1))
    assert the_delivery().status == "delivered"


def test_a_message_that_takes_every_sender_with_it_is_given_up(organization, listen, endpoint_at):
    endpoint_at(organization, listen())
    happens(organization)
    for _ in range(relay.MOST_ATTEMPTS):
        assert len(relay.claim(1)) == 1
        WebhookDelivery.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    assert relay.claim(1) == []
    assert relay.give_up_lost() == 1
    assert (the_delivery().status, the_delivery().error) == ("failed", "sender_lost")


def test_what_is_old_and_over_is_forgotten_and_what_waits_is_not(organization, listen, endpoint_at):
    endpoint_at(organization, listen())
    happens(organization)
    happens(organization)
    relay.run()
    over, waiting = WebhookDelivery.objects.order_by("pk")
    WebhookDelivery.objects.filter(pk=waiting.pk).update(
        status="pending", finished_at=None, next_attempt_at=clock.now()
    )
    assert relay.forget_old() == 0
    with time_machine.travel(clock.now() + dt.timedelta(days=webhooks.LOG_DAYS + 1)):
        assert relay.forget_old() == 1
    assert list(WebhookDelivery.objects.all()) == [waiting]
    assert over.pk != waiting.pk
    assert OutboxEvent.objects.count() == 2


def test_the_same_fact_is_the_same_bytes(organization):
    event = happens(organization, b=1, a="á")
    body = relay.payload(OutboxEvent.objects.get(pk=event.pk))
    assert body == relay.payload(event)
    assert orjson.loads(body)["data"] == {"a": "á", "b": 1, "subject": organization.public_id}
