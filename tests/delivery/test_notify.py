"""Telling people: once, only whom it concerns, in the transaction of the effect, by the channel and hour they chose."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
import time_machine
from django.db import connection, transaction

from marketplace.accounts.permissions import Role
from marketplace.delivery import kinds, notifications
from marketplace.delivery.models import Category, EmailCadence, Notification, NotificationPreference
from tests.factories import accounts, clients

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 7, 1, 18, 0, tzinfo=dt.UTC)  # noon in Mexico City
NIGHT = dt.datetime(2026, 7, 1, 5, 0, tzinfo=dt.UTC)  # 23:00 in Mexico City, 01:00 in New York
MORNING = dt.datetime(2026, 7, 1, 14, 0, tzinfo=dt.UTC)  # 08:00 in Mexico City


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds of the test's own, gone afterwards."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    for name, options in {
        "test.invited": {"category": Category.INVITATIONS, "audience": [Role.PROFESSIONAL]},
        "test.digest": {"category": Category.REVIEW, "audience": [Role.RECRUITER]},
        "test.legal": {"category": Category.SYSTEM, "audience": Role.values, "required": True},
    }.items():
        notifications.register(name, title="Title", body="Body of %(state)s", **options)


def tell(*people, kind="test.invited", subject=None, **more):
    return notifications.notify(
        recipients=[person.pk for person in people], kind=kind, subject=subject or people[0], **more
    )


def test_a_notification_belongs_to_a_transaction(transactional_db):
    person = accounts.user()
    with pytest.raises(RuntimeError, match="transaction"):
        tell(person)
    assert not Notification.objects.exists()


def test_it_goes_with_the_transaction_that_is_rolled_back():
    person = accounts.user()
    with transaction.atomic():
        assert tell(person) == 1
        transaction.set_rollback(True)
    assert not Notification.objects.exists()


def test_a_kind_that_nobody_registered_is_a_defect():
    with pytest.raises(LookupError, match=r"test\.nobody"):
        tell(accounts.user(), kind="test.nobody")


def test_a_kind_is_declared_once():
    with pytest.raises(ValueError, match="already"):
        notifications.register("test.legal", category=Category.SYSTEM, title="", body="", audience=[])


def test_only_active_people_of_the_audience_are_told():
    person, idle = accounts.user(), accounts.user(is_active=False)
    client = accounts.user(Role.CLIENT)
    assert tell(person, idle, client) == 1
    assert [row.recipient for row in Notification.objects.all()] == [person]


def test_nobody_is_told_where_a_profile_has_no_user():
    assert notifications.notify(recipients=[None], kind="test.invited", subject=accounts.user()) == 0


def test_a_person_is_told_once_per_occasion():
    person, subject = accounts.user(), clients.organization()
    assert tell(person, subject=subject) == 1
    assert tell(person, subject=subject) == 0
    assert tell(person, subject=subject, occasion="second") == 1
    assert Notification.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_that_tell_the_same_at_once_tell_it_once():
    person, subject = accounts.user(), clients.organization()
    first_has_told, second_is_waiting, told = threading.Event(), threading.Event(), []

    def first():
        with transaction.atomic():
            told.append(tell(person, subject=subject))
            first_has_told.set()
            assert second_is_waiting.wait(10)
        connection.close()

    def second():
        assert first_has_told.wait(10)
        with transaction.atomic():
            second_is_waiting.set()
            told.append(tell(person, subject=subject))
        connection.close()

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 2
    assert Notification.objects.count() == 1


def test_values_become_plain_json():
    person = accounts.user()
    tell(person, data={"expires_at": NOON, "id": uuid.UUID(int=7)})
    assert Notification.objects.get().data == {
        "expires_at": "2026-07-01T18:00:00Z",
        "id": "00000000-0000-0000-0000-000000000007",
    }


# -- when by e-mail ----------------------------------------------------------------------------------------------------


def prefer(person, **fields):
    NotificationPreference.objects.create(user=person, **fields)


def due(now, **more):
    person = more.pop("person", None) or accounts.user(more.pop("role", Role.PROFESSIONAL))
    with time_machine.travel(now, tick=False):
        tell(person, **more)
    found = Notification.objects.filter(recipient=person).first()
    return found and found.email_due_at


def test_by_day_an_e_mail_is_due_at_once():
    assert due(NOON) == NOON


def test_at_night_it_waits_for_the_morning_of_the_reader():
    assert due(NIGHT) == MORNING
    # A client's morning is New York's, where nothing else is known.
    assert due(NIGHT, role=Role.CLIENT, kind="test.legal") == dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)


def test_what_would_lapse_before_the_morning_is_mailed_at_night():
    assert due(NIGHT, urgent_until=MORNING) == NIGHT
    assert due(NIGHT, urgent_until=MORNING + dt.timedelta(minutes=1)) == MORNING


def test_a_digest_waits_for_its_hour():
    assert due(NOON, role=Role.RECRUITER, kind="test.digest") == MORNING + dt.timedelta(days=1)


def test_what_would_lapse_before_the_digest_is_mailed_by_itself():
    wanted = {"role": Role.RECRUITER, "kind": "test.digest"}
    assert due(NOON, urgent_until=NOON + dt.timedelta(hours=3), **wanted) == NOON


def test_who_wants_no_e_mail_gets_none_however_urgent():
    person = accounts.user()
    prefer(person, channels={"invitations": {"email": EmailCadence.OFF}})
    assert due(NIGHT, person=person, urgent_until=MORNING) is None
    assert Notification.objects.filter(recipient=person, in_app=True).count() == 1


def test_who_wants_nothing_of_a_category_is_not_told_at_all():
    person = accounts.user()
    prefer(person, channels={"invitations": {"in_app": False, "email": "off"}})
    assert tell(person) == 0
    assert not Notification.objects.exists()


def test_what_is_required_shows_in_the_app_whatever_was_chosen():
    person = accounts.user()
    prefer(person, channels={"system": {"in_app": False, "email": "off"}})
    assert tell(person, kind="test.legal") == 1
    assert Notification.objects.get().in_app


def test_hours_of_ones_own_are_kept():
    person = accounts.user()
    prefer(person, time_zone="America/Tijuana", quiet_from=0, quiet_until=6 * 60)
    assert due(NIGHT, person=person) == NIGHT  # 22:00 there
    later = NIGHT + dt.timedelta(hours=3)
    assert due(later, person=person, occasion="later") is not None
    assert Notification.objects.get(occasion="later").email_due_at == dt.datetime(2026, 7, 1, 13, 0, tzinfo=dt.UTC)


def test_choices_of_many_people_cost_a_fixed_number_of_queries(django_assert_max_num_queries):
    people = [accounts.user() for _ in range(20)]
    with django_assert_max_num_queries(8):
        assert tell(*people) == 20
