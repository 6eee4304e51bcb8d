"""Facts are told after commit, to each subscriber, whatever the others do."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction

from marketplace.kernel import events


@dataclass(frozen=True)
class Rang(events.Fact):
    bell: int


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setitem(events._subscribers, Rang, [])
    rung = []
    events.subscribe(Rang, rung.append)
    return rung


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_told_after_commit_and_not_before(heard):
    with transaction.atomic():
        events.announce(Rang(1))
        assert heard == []
    assert heard == [Rang(1)]


@pytest.mark.django_db(transaction=True)
def test_a_fact_of_a_transaction_that_rolled_back_is_never_told(heard):
    with transaction.atomic():
        events.announce(Rang(1))
        transaction.set_rollback(True)
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_that_fails_harms_nobody(heard, caplog):
    def fails(fact):
        raise RuntimeError("broken bell")

    events._subscribers[Rang].insert(0, fails)
    with transaction.atomic():
        events.announce(Rang(2))
    assert heard == [Rang(2)]
    assert "a subscriber of Rang failed" in caplog.text


def test_subscribing_twice_is_hearing_once(heard):
    def listener(fact):
        heard.append(fact)

    events.subscribe(Rang, listener)
    events.subscribe(Rang, listener)
    assert events._subscribers[Rang].count(listener) == 1
