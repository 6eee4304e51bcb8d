"""A steady rate per caller, counted in Redis; without Redis requests pass."""

from __future__ import annotations

import uuid

import pytest
import redis

from marketplace.rest import throttling

ME = "/api/v1/me"


@pytest.fixture(autouse=True)
def _limits(settings, monkeypatch):
    """Ten at once, then one every two seconds; counters of this test only."""
    settings.THROTTLE = True
    settings.REDIS_PREFIX = f"test-{uuid.uuid4().hex}"
    monkeypatch.setattr(throttling.SteadyRate, "per_minute", 30)
    monkeypatch.setattr(throttling.SteadyRate, "anonymous_per_minute", 30)


def test_a_burst_passes_and_the_next_request_is_told_when_to_come_back(cast, api):
    client = api(cast.professional)
    answers = [client.get(ME) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    refused = answers[-1]
    assert refused.json()["code"] == "too_many_requests"
    assert 1 <= int(refused["Retry-After"]) <= 3
    assert refused["RateLimit-Limit"] == "30"
    assert refused["RateLimit-Remaining"] == "0"
    remaining = [int(answer["RateLimit-Remaining"]) for answer in answers]
    assert remaining == sorted(remaining, reverse=True)


def test_one_caller_does_not_use_up_anothers_rate(cast, api):
    client = api(cast.professional)
    for _ in range(11):
        client.get(ME)
    assert api(cast.recruiter).get(ME).status_code == 200


def test_a_refused_write_has_no_effect(cast, api, nothing_changes):
    client = api(cast.professional)
    for _ in range(10):
        client.get(ME)
    with nothing_changes():
        assert client.post("/api/v1/professionals/me/pause").status_code == 429


def test_guesses_at_keys_are_limited_by_address_and_a_forged_header_earns_nothing(api):
    answers = [
        api(f"cel_live_000000000000_{number}").get(ME, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}").status_code
        for number in range(11)
    ]
    assert answers == [401] * 10 + [429]


def test_callers_without_credentials_are_limited_too(api):
    assert [api().get(ME).status_code for _ in range(11)] == [401] * 10 + [429]


def test_forbidden_requests_count(cast, api):
    client = api(cast.client)
    assert [client.get("/api/v1/professionals").status_code for _ in range(11)] == [403] * 10 + [429]


def test_behind_a_proxy_of_ours_the_address_before_it_counts(api, settings):
    settings.TRUSTED_PROXIES = 1
    first = [api().get(ME, HTTP_X_FORWARDED_FOR="198.51.100.9, 203.0.113.1").status_code for _ in range(11)]
    assert first[-1] == 429
    assert api().get(ME, HTTP_X_FORWARDED_FOR="198.51.100.9, 203.0.113.2").status_code == 401


def test_redis_away_lets_requests_pass(cast, api, monkeypatch):
    nobody = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    monkeypatch.setattr(throttling, "connection", lambda: nobody)
    client = api(cast.professional)
    answers = [client.get(ME) for _ in range(12)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit-Limit" not in answers[0]
