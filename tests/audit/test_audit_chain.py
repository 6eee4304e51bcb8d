"""The audit log: appended in the transaction of what it records, chained, and refused every change by the database."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from marketplace.accounts.actors import Actor
from marketplace.audit import log
from marketplace.audit.models import AuditEvent
from tests.factories import accounts, profiles


@pytest.fixture
def chain(db):
    """A person with three events."""
    row = profiles.professional()
    for number in range(3):
        log.record(subject=row, action="thing.happen", actor=None, number=number, share=0.25, day="2026-11-22")
    return row


def tamper(statement, values):
    """Do what only the owner of the table could: switch the guard off first."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_append_only")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER audit_append_only")


def test_events_of_a_subject_form_a_chain_that_holds(chain):
    events = list(AuditEvent.objects.filter(subject=chain.public_id).order_by("sequence"))
    assert [event.sequence for event in events] == [1, 2, 3]
    assert events[0].previous_hash == ""
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    assert log.broken_link(chain.public_id) is None


def test_the_actor_is_named_and_the_system_when_there_is_none(chain):
    user = accounts.user()
    event = log.record(subject=chain, action="thing.happen", actor=Actor(user=user))
    assert event.actor == user.public_id
    assert AuditEvent.objects.get(subject=chain.public_id, sequence=1).actor == log.SYSTEM


@pytest.mark.parametrize(
    "change",
    [lambda event: event.save(), lambda event: event.delete(), lambda event: AuditEvent.objects.all().delete()],
    ids=["update", "delete", "bulk delete"],
)
def test_the_database_refuses_to_change_or_delete_an_event(change, chain):
    event = AuditEvent.objects.get(subject=chain.public_id, sequence=2)
    event.action = "thing.never"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(event)
    assert AuditEvent.objects.filter(subject=chain.public_id).count() == 3
    assert log.broken_link(chain.public_id) is None


@pytest.mark.parametrize(
    "assignment",
    [
        "action = 'thing.never'",
        "actor = 'user_somebody'",
        """data = '{"number": 7}'""",
        "created_at = created_at + interval '1 second'",
        "previous_hash = ''",
        "hash = repeat('0', 64)",
    ],
)
def test_an_edit_behind_the_guards_back_shows(assignment, chain):
    tamper(f"UPDATE audit_auditevent SET {assignment} WHERE subject = %s AND sequence = 2", [chain.public_id])
    assert log.broken_link(chain.public_id) == 2


def test_a_gap_shows(chain):
    tamper("DELETE FROM audit_auditevent WHERE subject = %s AND sequence = 2", [chain.public_id])
    assert log.broken_link(chain.public_id) == 2


def test_a_missing_beginning_shows(chain):
    tamper("DELETE FROM audit_auditevent WHERE subject = %s AND sequence = 1", [chain.public_id])
    assert log.broken_link(chain.public_id) == 1


def test_an_event_goes_with_what_it_records(chain):
    with transaction.atomic():
        log.record(subject=chain, action="thing.undo", actor=None)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.filter(action="thing.undo").exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_a_defect():
    row = profiles.professional()
    with pytest.raises(RuntimeError, match="belongs to the transaction"):
        log.record(subject=row, action="thing.happen", actor=None)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_chain_do_not_fork_it():
    row, barrier = profiles.professional(), threading.Barrier(4)

    def write():
        try:
            barrier.wait()
            for _ in range(10):
                with transaction.atomic():
                    log.record(subject=row, action="thing.happen", actor=None)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuditEvent.objects.filter(subject=row.public_id).count() == 40
    assert log.broken_link(row.public_id) is None


def test_nobody_sees_the_log_without_the_permission(chain):
    assert not AuditEvent.objects.visible_to(Actor(user=accounts.user("client"))).exists()
    assert not AuditEvent.objects.visible_to(None).exists()
    assert AuditEvent.objects.visible_to(Actor(user=accounts.user("operator"))).count() == 3
