"""``Idempotency-Key``: one effect per key, the same reply again, and both commit together."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter

import psycopg
import pytest
import time_machine
from django.db import connection
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from marketplace.accounts.actors import Actor
from marketplace.accounts.permissions import Role
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rest import idempotency
from marketplace.rest.models import IdempotentReply
from marketplace.rest.renderers import JSONRenderer
from profiles.models import Experience, Professional, Skill
from tests.factories import accounts, profiles

EXPERIENCES = "/api/v1/professionals/me/experiences"
POSITION = {"employer": "Banco Ejemplo", "title": "Desarrolladora COBOL", "starts_on": "2019-03-01"}


@pytest.fixture
def mine(cast, api):
    return api(cast.professional, idempotency_key="order-1")


def test_the_same_key_and_body_give_the_same_reply_and_one_effect(mine):
    first, again = mine.post(EXPERIENCES, POSITION), mine.post(EXPERIENCES, POSITION)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for header in ("Content-Type", "ETag", "Content-Language"):
        assert again[header] == first[header], header
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Experience.objects.count() == 1


def test_the_same_key_with_another_body_or_path_is_refused(mine, nothing_changes):
    mine.post(EXPERIENCES, POSITION)
    with nothing_changes():
        for path, body in (
            (EXPERIENCES, {**POSITION, "title": "Other"}),
            (f"{EXPERIENCES}?format=json", POSITION),
            ("/api/v1/professionals/me/languages", {"language": "en", "speaking": "c1"}),
        ):
            answer = mine.post(path, body)
            assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")


def test_a_key_of_one_caller_says_nothing_to_another(mine, api):
    mine.post(EXPERIENCES, POSITION)
    second = accounts.user()
    profiles.professional(second)
    answer = api(second, idempotency_key="order-1").post(EXPERIENCES, POSITION)
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer
    assert Experience.objects.count() == 2


def test_without_a_key_each_request_has_its_effect(cast, api):
    client = api(cast.professional)
    client.post(EXPERIENCES, POSITION)
    client.post(EXPERIENCES, POSITION)
    assert Experience.objects.count() == 2
    assert not IdempotentReply.objects.exists()


def test_a_refusal_is_kept_as_well(mine, cast):
    faulty = {**POSITION, "ends_on": "2010-01-01"}
    first = mine.post(EXPERIENCES, faulty)
    again = mine.post(EXPERIENCES, faulty)
    assert (first.status_code, again.status_code) == (422, 422)
    assert again.content == first.content
    assert again["Content-Type"] == "application/problem+json"
    assert again["Idempotent-Replayed"] == "true"


def test_a_request_without_credentials_keeps_nothing(api, db):
    assert api(idempotency_key="order-1").post(EXPERIENCES, POSITION).status_code == 401
    assert not IdempotentReply.objects.exists()


@pytest.mark.parametrize("key", ["x" * 256, "tab\there"])
def test_a_key_that_cannot_be_one_is_refused(key, cast, api, nothing_changes):
    with nothing_changes():
        answer = api(cast.professional, idempotency_key=key).post(EXPERIENCES, POSITION)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_idempotency_key")


def test_a_key_is_free_again_after_a_day(mine):
    start = dt.datetime.now(dt.UTC)
    mine.post(EXPERIENCES, POSITION)
    with time_machine.travel(start + idempotency.RETENTION + dt.timedelta(minutes=1)):
        answer = mine.post(EXPERIENCES, {**POSITION, "title": "Other"})
        assert answer.status_code == 201
        assert idempotency.forget_expired() == 0, "the new reply took the place of the old one"
    with time_machine.travel(start + 3 * idempotency.RETENTION):
        assert idempotency.forget_expired() == 1


def test_kept_replies_cannot_be_read_in_the_table(mine):
    mine.post(EXPERIENCES, POSITION)
    stored = bytes(IdempotentReply.objects.get().content)
    assert b"Banco Ejemplo" not in stored


@pytest.mark.django_db(transaction=True)
def test_when_the_reply_cannot_be_kept_the_effect_is_gone_too_and_a_retry_works(cast, api, settings):
    mine = api(cast.professional, idempotency_key="order-1")
    keys, settings.FIELD_KEYS = settings.FIELD_KEYS, []
    failed = mine.post(EXPERIENCES, POSITION)
    assert failed.status_code == 500
    assert not Experience.objects.exists()
    assert Professional.objects.get(pk=cast.profile.pk).version == 1
    settings.FIELD_KEYS = keys
    assert mine.post(EXPERIENCES, POSITION).status_code == 201
    assert Experience.objects.count() == 1


@pytest.mark.parametrize(("status", "kept"), [(503, 0), (409, 1), (201, 1)])
def test_a_reply_that_says_try_again_takes_its_effect_back_and_is_not_kept(status, kept, cast):
    raw = APIRequestFactory().post("/api/v1/anything", {}, headers={"Idempotency-Key": "order-1"})
    request = Request(raw)
    request.user = Actor(user=cast.professional)

    def perform():
        profiles.skill("cobol")
        answer = Response({"a": 1}, status=status)
        answer.accepted_renderer, answer.accepted_media_type = JSONRenderer(), "application/json"
        answer.renderer_context = {}
        return answer

    assert idempotency.once(request, perform).status_code == status
    assert IdempotentReply.objects.count() == Skill.objects.count() == kept


@pytest.mark.django_db(transaction=True)
def test_while_a_request_with_the_key_is_being_answered_another_is_refused_at_once(cast, api, nothing_changes):
    bound_to = f"{cast.professional.public_id}/order-1/reply"
    mine = api(cast.professional, idempotency_key="order-1")
    options = connection.get_connection_params()
    wanted = {name: options[name] for name in ("dbname", "user", "password", "host", "port")}
    with psycopg.connect(**wanted) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [bound_to])
        with nothing_changes():
            answer = mine.post(EXPERIENCES, POSITION)
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_flight")
        other.rollback()
    assert mine.post(EXPERIENCES, POSITION).status_code == 201, "the refusal itself is not kept"


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_have_one_effect(api):
    newcomer = accounts.user(Role.PROFESSIONAL)
    token = accounts.session_token(newcomer)
    body = {"given_names": "Lucía", "family_names": "Ibáñez"}
    barrier, answers = threading.Barrier(8), []

    def call():
        client = api(idempotency_key="order-1")
        barrier.wait()
        try:
            answer = client.post("/api/v1/professionals", body, HTTP_X_SESSION_TOKEN=token)
            answers.append((answer.status_code, answer.json().get("code")))
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Professional.objects.filter(user=newcomer).count() == 1
    counts = Counter(answers)
    assert set(counts) <= {(201, None), (409, "idempotency_in_flight")}
    assert counts[201, None] >= 1
    assert sum(counts.values()) == 8


# -- aside: work of seconds, outside of any transaction ---------------------------------------------------------------
def asking(cast, body=None) -> Request:
    raw = APIRequestFactory().post("/api/v1/anything", body or {}, headers={"Idempotency-Key": "order-1"})
    request = Request(raw)
    request.user = Actor(user=cast.professional)
    return request


def working(status: int, done: list[int]):
    def perform() -> Response:
        done.append(status)
        answer = Response({"n": len(done)}, status=status)
        answer.accepted_renderer, answer.accepted_media_type = JSONRenderer(), "application/json"
        answer.renderer_context = {}
        return answer

    return perform


def test_what_runs_aside_is_done_once_per_key_and_its_reply_given_again(cast):
    done: list[int] = []
    first = idempotency.aside(asking(cast), working(201, done))
    again = idempotency.aside(asking(cast), working(201, done))
    assert again.rendered_content == first.rendered_content
    assert again["Idempotent-Replayed"] == "true"
    assert done == [201]
    with pytest.raises(Invalid) as refusal:
        idempotency.aside(asking(cast, {"other": "body"}), working(201, done))
    assert refusal.value.code == "idempotency_mismatch"


@pytest.mark.django_db(transaction=True)
def test_what_runs_aside_holds_no_transaction_and_refuses_a_second_one_meanwhile(cast):
    refused: list[str] = []

    def perform() -> Response:
        assert not connection.in_atomic_block
        with pytest.raises(Conflict) as refusal:
            idempotency.aside(asking(cast), working(201, []))
        refused.append(refusal.value.code)
        return working(201, [])()

    assert idempotency.aside(asking(cast), perform).status_code == 201
    assert refused == ["idempotency_in_flight"]
    assert IdempotentReply.objects.get().status == 201


@pytest.mark.parametrize("status", [500, 503])
def test_what_failed_aside_may_be_tried_again(cast, status):
    done: list[int] = []
    idempotency.aside(asking(cast), working(status, done))
    assert not IdempotentReply.objects.exists()
    assert idempotency.aside(asking(cast), working(201, done)).status_code == 201
    assert done == [status, 201]


def test_an_error_aside_frees_the_key(cast):
    def broken() -> Response:
        raise RuntimeError("no market")

    with pytest.raises(RuntimeError):
        idempotency.aside(asking(cast), broken)
    assert not IdempotentReply.objects.exists()


def test_the_reservation_of_one_who_died_lapses(cast):
    start = dt.datetime.now(dt.UTC)
    done: list[int] = []

    def dies() -> Response:
        # What a process leaves behind that is gone before it can clean up.
        with time_machine.travel(start + idempotency.RESERVED + dt.timedelta(seconds=1)):
            idempotency.aside(asking(cast), working(201, done))
        return working(202, [])()

    assert idempotency.aside(asking(cast), dies).status_code == 202
    assert IdempotentReply.objects.get().status == 201, "the one who came later keeps the key"
    assert done == [201]
