"""Health, as those who run the service ask for it."""

from __future__ import annotations

import pytest
import redis
from django.conf import settings
from django.db.utils import ConnectionHandler

from marketplace.rest import health, throttling


def test_the_process_says_that_it_lives_without_asking_anybody(client):
    answer = client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_ready_names_the_database_the_migrations_and_redis(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    checks = answer.json()["checks"]
    assert checks["database"]["ok"]
    assert checks["migrations"] == {"ok": True, "pending": 0}


@pytest.mark.django_db
def test_redis_away_is_degraded_and_not_down(client, monkeypatch):
    nobody = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    monkeypatch.setattr(throttling, "connection", lambda: nobody)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["redis"] == {"ok": False}


@pytest.mark.django_db
def test_a_room_that_is_unwell_shows_as_degraded(client, monkeypatch):
    monkeypatch.setitem(health._checks, "sweeper", lambda: {"ok": False, "age_seconds": 900})
    answer = client.get("/readyz").json()
    assert answer["status"] == "degraded"
    assert answer["checks"]["sweeper"]["age_seconds"] == 900


@pytest.mark.django_db
def test_the_database_away_is_down(client, monkeypatch):
    nowhere = {**settings.DATABASES["default"], "HOST": "127.0.0.1", "PORT": "1"}
    monkeypatch.setattr(health, "connection", ConnectionHandler({"default": nowhere})["default"])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "down")
    assert answer.json()["checks"]["database"] == {"ok": False, "error": "OperationalError"}
