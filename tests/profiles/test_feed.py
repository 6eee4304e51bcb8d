"""Whoever changes supply, and however, the feed tells it: once, and to every reader, whatever order commits come in."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.db import DataError, connection, transaction

from marketplace.kernel import clock
from profiles import feed
from profiles.models import (
    AvailabilityException,
    Certificate,
    Collaboration,
    Experience,
    LanguageProficiency,
    PersonWeek,
    Professional,
    SkillClaim,
    SupplyChange,
    SupplyFeed,
)
from profiles.synthetic.copying import copy_rows
from tests.factories import profiles

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = dt.date(2027, 1, 4)
NEXT = dt.timedelta(weeks=1)


@pytest.fixture
def person() -> Professional:
    made = profiles.professional()
    profiles.claim(made)
    profiles.speaks(made)
    profiles.certificate(made)
    AvailabilityException.objects.create(professional=made, starts_on=MONDAY, ends_on=MONDAY)
    PersonWeek.objects.create(professional=made, week=MONDAY, capacity=2400, booked=1200)
    return made


@pytest.fixture
def start(person: Professional) -> feed.Position:
    feed.open_feed()
    return position()


def position() -> feed.Position:
    with connection.cursor() as cursor:
        return feed.here(cursor)


def told(seen: feed.Position) -> list[uuid.UUID]:
    return feed.since(seen)[1]


@contextmanager
def another_connection() -> Iterator[psycopg.Connection[Any]]:
    made = connection.settings_dict
    with psycopg.connect(
        host=made["HOST"], port=made["PORT"], user=made["USER"], password=made["PASSWORD"], dbname=made["NAME"]
    ) as other:
        yield other


def raw(statement: str) -> Callable[[Professional], None]:
    def run(person: Professional) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [person.pk])

    return run


WRITES: dict[str, Callable[[Professional], object]] = {
    "a person is touched": lambda p: p.touch("seniority"),
    "people are updated in bulk": lambda p: Professional.objects.update(seniority=4),
    "a claim is made": lambda p: profiles.claim(p, "java"),
    "a claim is changed by plain SQL": raw("UPDATE profiles_skillclaim SET level = 5 WHERE professional_id = %s"),
    "claims are deleted": lambda p: SkillClaim.objects.filter(professional=p).delete(),
    "a language is learned": lambda p: profiles.speaks(p, "es"),
    "a language gets better": lambda p: LanguageProficiency.objects.filter(professional=p).update(speaking=6),
    "a language is taken back": lambda p: LanguageProficiency.objects.filter(professional=p).delete(),
    "a certificate is won": lambda p: profiles.certificate(p, "cert-itil"),
    "a certificate expires earlier": lambda p: Certificate.objects.update(expires_on=dt.date(2027, 1, 1)),
    "a certificate is withdrawn": lambda p: Certificate.objects.filter(professional=p).delete(),
    "leave is announced": lambda p: AvailabilityException.objects.create(
        professional=p, starts_on=MONDAY + NEXT, ends_on=MONDAY + NEXT
    ),
    "leave is moved": lambda p: AvailabilityException.objects.update(ends_on=MONDAY + NEXT),
    "leave is canceled": lambda p: AvailabilityException.objects.all().delete(),
    "a week is opened": lambda p: PersonWeek.objects.create(professional=p, week=MONDAY + NEXT, capacity=2400),
    "a week is booked": lambda p: PersonWeek.objects.update(booked=2400),
    "weeks are forgotten": lambda p: PersonWeek.objects.all().delete(),
    "rows are copied in": lambda p: copy_rows(
        SkillClaim, ("id", "professional", "skill", "level"), [(uuid.uuid4(), p.pk, profiles.skill("jcl").pk, 2)]
    ),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_every_way_of_writing_tells_the_person_once(
    person: Professional, start: feed.Position, write: Callable[[Professional], object]
) -> None:
    write(person)
    now, people = feed.since(start)
    assert people == [person.pk]
    assert told(now) == []


def test_a_collaboration_tells_both_and_so_does_its_end(start: feed.Position) -> None:
    first, second = sorted((profiles.professional(), profiles.professional()), key=lambda each: each.pk)
    seen = position()
    Collaboration.objects.create(first=first, second=second)
    assert set(told(seen)) == {first.pk, second.pk}
    seen = position()
    Collaboration.objects.all().delete()
    assert set(told(seen)) == {first.pk, second.pk}


def test_a_claim_that_moves_to_another_person_tells_both(person: Professional, start: feed.Position) -> None:
    other = profiles.professional()
    seen = position()
    SkillClaim.objects.filter(professional=person).update(professional=other)
    assert set(told(seen)) == {person.pk, other.pk}


def test_what_matching_does_not_read_is_not_told(person: Professional, start: feed.Position) -> None:
    Experience.objects.create(professional=person, employer="Bank", title="Engineer", starts_on=dt.date(2020, 1, 1))
    assert told(start) == []


def test_one_statement_over_many_rows_writes_each_person_once(person: Professional, start: feed.Position) -> None:
    others = [profiles.professional() for _ in range(5)]
    for other in others:
        profiles.claim(other, "java")
        profiles.claim(other, "cobol")
    before = SupplyChange.objects.count()
    SkillClaim.objects.update(level=5)
    assert SupplyChange.objects.count() - before == 6


def test_transactions_that_commit_in_reverse_order_are_both_told(person: Professional, start: feed.Position) -> None:
    other = profiles.professional()
    seen = position()
    change = "UPDATE profiles_professional SET seniority = 5 WHERE id = %s"
    with another_connection() as early, another_connection() as late:
        early.execute(change, [person.pk])
        late.execute(change, [other.pk])
        late.commit()
        # The one that began first is still open: it neither hides the other nor is passed over afterwards.
        seen, people = feed.since(seen)
        assert people == [other.pk]
        assert told(seen) == []
        early.commit()
        seen, people = feed.since(seen)
        assert people == [person.pk]
    assert told(seen) == []


def test_forgetting_while_a_transaction_is_open_costs_later_readers_nothing(
    person: Professional, start: feed.Position
) -> None:
    elsewhere = profiles.professional()
    with another_connection() as other:
        other.execute("UPDATE profiles_professional SET seniority = 5 WHERE id = %s", [elsewhere.pk])
        profiles.claim(person, "java")
        assert feed.forget(before=clock.now() + dt.timedelta(minutes=1)) >= 1
        seen, people = feed.since(position())
        assert people == []
        other.commit()
    assert told(seen) == [elsewhere.pk]


def test_what_is_rolled_back_is_not_told(person: Professional, start: feed.Position) -> None:
    with another_connection() as other:
        other.execute("DELETE FROM profiles_skillclaim")
        other.rollback()
    assert told(start) == []


def test_a_reader_that_is_older_than_what_was_forgotten_meets_a_gap(person: Professional, start: feed.Position) -> None:
    person.touch("seniority")
    assert feed.forget(before=clock.now() + dt.timedelta(minutes=1)) >= 1
    after = position()
    with pytest.raises(feed.Gap, match="forgotten"):
        feed.since(start)
    profiles.claim(person, "java")
    assert told(after) == [person.pk]


def test_forgetting_leaves_what_is_young(person: Professional, start: feed.Position) -> None:
    person.touch("seniority")
    assert feed.forget(before=clock.now() - dt.timedelta(days=1)) == 0
    assert told(start) == [person.pk]


def test_a_load_with_the_feed_suspended_writes_no_rows_and_begins_a_new_epoch(
    person: Professional, start: feed.Position
) -> None:
    before = SupplyChange.objects.count()
    with transaction.atomic(), feed.suspended():
        person.touch("seniority")
    assert SupplyChange.objects.count() == before
    with pytest.raises(feed.Gap, match="replaced"):
        feed.since(start)
    seen = position()
    person.touch("seniority")  # after the load the feed is written again
    assert told(seen) == [person.pk]


def test_a_suspended_load_that_fails_leaves_the_feed_as_it_was(person: Professional, start: feed.Position) -> None:
    with pytest.raises(DataError), transaction.atomic(), feed.suspended():
        Professional.objects.filter(pk=person.pk).update(time_zone="x" * 49)
    assert told(start) == []
    person.touch("seniority")
    assert told(start) == [person.pk]


def test_the_feed_is_not_suspended_outside_a_transaction(start: feed.Position) -> None:
    with pytest.raises(RuntimeError), feed.suspended():
        pass
    assert told(start) == []


def test_truncating_supply_begins_a_new_epoch(person: Professional, start: feed.Position) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE profiles_collaboration")
    with pytest.raises(feed.Gap, match="replaced"):
        feed.since(start)


def test_without_its_row_the_feed_is_a_gap_until_it_is_opened_with_a_new_epoch(start: feed.Position) -> None:
    SupplyFeed.objects.all().delete()
    with pytest.raises(feed.Gap, match="no feed"):
        feed.since(start)
    feed.open_feed()
    assert position().epoch != start.epoch


def test_a_position_from_the_future_means_that_the_database_was_put_back(start: feed.Position) -> None:
    oldest, _colon, _rest = start.snapshot.partition(":")
    ahead = replace(start, snapshot=f"{oldest}:{start.horizon + 1_000_000}:")
    with pytest.raises(feed.Gap, match="put back"):
        feed.since(ahead)
