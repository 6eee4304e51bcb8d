"""E-mails: of what is due, once, together, in the language of the reader, at an hour they accept."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import threading

import pytest
import time_machine
from django.core import mail as django_mail
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.delivery import kinds, mail, notifications
from marketplace.delivery.models import Category, EmailMessage, Notification, NotificationPreference
from marketplace.kernel import clock
from tests.delivery.mail_server import mail_server
from tests.factories import accounts, clients

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 7, 1, 18, 0, tzinfo=dt.UTC)  # in Mexico City
NIGHT = dt.datetime(2026, 7, 2, 5, 0, tzinfo=dt.UTC)  # 23:00 there
MORNING = dt.datetime(2026, 7, 2, 14, 0, tzinfo=dt.UTC)  # 08:00 there


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    for name, category in {"test.sent": Category.OFFERS, "test.review": Category.REVIEW}.items():
        # A text that the catalog holds for certain.
        notifications.register(
            name, category=category, title=_("English"), body="About <%(name)s>", audience=Role.values
        )


@pytest.fixture
def person(db):
    return accounts.user(email="ana@example.com")


def tell(*people, kind="test.sent", **more):
    with transaction.atomic():
        notifications.notify(recipients=[each.pk for each in people], kind=kind, subject=clients.organization(), **more)


def at(moment):
    return time_machine.travel(moment, tick=False)


def test_what_is_told_by_day_is_mailed_as_text_and_html(person, settings):
    settings.FRONTEND_URL = "https://app.celula.example"
    with at(NOON):
        tell(person, data={"name": "b&c"})
        assert mail.run() == 1
    (sent,) = django_mail.outbox
    told = Notification.objects.get()
    assert (sent.to, sent.subject) == (["ana@example.com"], "English")
    assert "About <b&c>" in sent.body
    assert f"https://app.celula.example/notifications/{told.public_id}" in sent.body
    (html, kind) = sent.alternatives[0]
    assert kind == "text/html"
    assert "About &lt;b&amp;c&gt;" in html
    row = EmailMessage.objects.get()
    assert (row.status, row.attempts, told.email_id) == ("sent", 1, row.pk)
    assert sent.extra_headers["Message-ID"] == f"<{row.public_id}@celula.example>"
    assert mail.run() == 0


def test_each_reads_it_in_their_language(person):
    User.objects.filter(pk=person.pk).update(language="es-mx")
    with at(NOON):
        tell(person, accounts.user(), data={"name": "x"})
        assert mail.run() == 2
    assert sorted(sent.subject for sent in django_mail.outbox) == ["English", "Inglés"]
    assert {'lang="es-mx"' in sent.alternatives[0][0] for sent in django_mail.outbox} == {True, False}


def test_the_night_is_quiet_and_the_morning_brings_all_of_it_at_once(person):
    with at(NIGHT):
        for name in ("one", "two"):
            tell(person, data={"name": name})
        tell(person, kind="test.review", data={"name": "three"})
        assert mail.run() == 0
    with at(MORNING - dt.timedelta(seconds=1)):
        assert mail.run() == 0
    with at(MORNING):
        assert mail.run() == 1
    (sent,) = django_mail.outbox
    assert "3" in sent.subject
    assert [name in sent.body for name in ("one", "two", "three")] == [True] * 3


def test_what_would_lapse_by_the_morning_is_mailed_at_night_and_alone(person):
    with at(NIGHT):
        tell(person, data={"name": "later"})
        tell(person, data={"name": "urgent"}, urgent_until=MORNING)
        assert mail.run() == 1
    assert "urgent" in django_mail.outbox[0].body
    assert "later" not in django_mail.outbox[0].body


def test_a_digest_holds_what_piled_up_since_the_last_one(person):
    with at(NOON):
        for name in ("one", "two"):
            tell(person, kind="test.review", data={"name": name})
        assert mail.run() == 0
    with at(NOON + dt.timedelta(days=1)):
        tell(person, kind="test.review", data={"name": "three"})
        assert mail.run() == 1
    assert "three" not in django_mail.outbox[0].body
    with at(NOON + dt.timedelta(days=2)):
        assert mail.run() == 1
    assert "three" in django_mail.outbox[1].body


def test_what_was_read_meanwhile_is_not_mailed(person):
    with at(NOON):
        tell(person, data={"name": "seen"})
        tell(person, data={"name": "unseen"})
        mail.collect()
        Notification.objects.filter(data__name="seen").update(read_at=clock.now())
        mail.run()
        assert "unseen" in django_mail.outbox[0].body
        assert "<seen>" not in django_mail.outbox[0].body
        tell(person, data={"name": "also seen"})
        mail.collect()
        Notification.objects.update(read_at=clock.now())
        assert mail.run() == 0
    assert sorted(EmailMessage.objects.values_list("status", flat=True)) == ["dropped", "sent"]
    assert len(django_mail.outbox) == 1


def test_somebody_who_left_is_not_written_to(person):
    with at(NOON):
        tell(person, data={"name": "x"})
        User.objects.update(is_active=False)
        assert mail.run() == 0
    assert EmailMessage.objects.get().status == "dropped"
    assert django_mail.outbox == []


def test_an_e_mail_that_was_held_up_into_the_night_waits_for_the_morning(person):
    with at(NOON):
        tell(person, data={"name": "x"})
        mail.collect()
    with at(NIGHT):
        assert mail.run() == 0
    assert EmailMessage.objects.get().next_attempt_at == MORNING
    with at(MORNING):
        assert mail.run() == 1


def test_ten_thousand_notifications_are_not_all_listed(person, settings):
    NotificationPreference.objects.create(user=person, time_zone="America/Mexico_City")
    with at(NOON):
        tell(person, data={"name": "first"})
        row = Notification.objects.get()
        Notification.objects.bulk_create(
            Notification(
                recipient=person, kind=row.kind, category=row.category, subject=row.subject, occasion=str(number),
                data={"name": f"n{number}"}, email_due_at=row.email_due_at,
            )
            for number in range(200)
        )  # fmt: skip
        assert mail.run() == 1
    assert django_mail.outbox[0].body.count("About") == mail.MOST_LISTED
    assert "151" in django_mail.outbox[0].body


# -- when it does not arrive -------------------------------------------------------------------------------------------


@pytest.fixture
def server(settings):
    with mail_server() as made:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        yield made


def any_hour(person):
    NotificationPreference.objects.create(user=person, quiet_from=0, quiet_until=0)


def let_time_come():
    EmailMessage.objects.filter(status="pending").update(next_attempt_at=clock.now())


def test_a_real_mail_server_gets_a_message_that_can_be_read(person, server):
    any_hour(person)
    tell(person, data={"name": "ñandú"})
    assert mail.run() == 1
    ((recipient, raw),) = server.messages
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert recipient == message["To"] == "ana@example.com"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "About <ñandú>" in message.get_body(("plain",)).get_content()
    assert "ñandú" in message.get_body(("html",)).get_content()


def test_a_server_that_is_busy_is_asked_again_later_with_the_same_message_id(person, server):
    any_hour(person)
    server.data_code = 451
    tell(person, data={"name": "x"})
    assert mail.run() == 1
    row = EmailMessage.objects.get()
    assert (row.status, row.last_error, row.attempts) == ("pending", "SMTPDataError", 1)
    assert row.next_attempt_at > clock.now() + dt.timedelta(seconds=50)
    assert mail.run() == 0
    server.data_code = 250
    let_time_come()
    assert mail.run() == 1
    assert EmailMessage.objects.get().status == "sent"
    assert row.public_id.encode() in server.messages[0][1]


def test_a_server_that_stays_away_is_given_up_in_the_end(person, server, settings):
    any_hour(person)
    server.data_code = 451
    tell(person, data={"name": "x"})
    for _round in range(mail.MOST_ATTEMPTS):
        let_time_come()
        assert mail.run() == 1
    let_time_come()
    assert mail.run() == 0
    row = EmailMessage.objects.get()
    assert (row.status, row.attempts) == ("failed", mail.MOST_ATTEMPTS)


def test_an_address_that_is_refused_for_good_is_not_asked_again(person, server):
    any_hour(person)
    server.recipient_code = 550
    tell(person, data={"name": "x"})
    mail.run()
    row = EmailMessage.objects.get()
    assert (row.status, row.last_error, row.attempts) == ("failed", "recipient_refused", 1)
    assert "ana@example.com" not in row.last_error


def test_a_letter_that_cannot_be_written_does_not_hold_up_the_next_one(person, server, monkeypatch):
    other = accounts.user()
    any_hour(person)
    any_hour(other)
    tell(person, data={"name": "x"})
    tell(other, data={"name": "x"})
    write = mail.written

    def defective(row, who, *more):
        return write(row, None if who == person else who, *more)

    monkeypatch.setattr(mail, "written", defective)
    mail.run()
    states = dict(EmailMessage.objects.values_list("recipient__email", "last_error"))
    assert states == {person.email: "not_writable", other.email: ""}
    assert [recipient for recipient, _raw in server.messages] == [other.email]


def test_an_address_that_no_mail_may_have_is_given_up_at_once(server):
    odd = accounts.user(email="odd@example.com")
    User.objects.filter(pk=odd.pk).update(email="odd@example.com\nBcc: all@example.com")
    any_hour(odd)
    tell(odd, data={"name": "x"})
    mail.run()
    row = EmailMessage.objects.get()
    assert (row.status, row.attempts) == ("failed", 1)
    assert server.messages == []


def test_a_dead_sender_s_e_mail_goes_out_again_and_a_late_one_writes_nothing(person, server):
    any_hour(person)
    tell(person, data={"name": "x"})
    mail.collect()
    late = mail.claim()
    assert mail.claim() is None
    EmailMessage.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    assert mail.run() == 1
    assert not mail.record(late, "SMTPServerDisconnected", again=True)
    row = EmailMessage.objects.get()
    assert (row.status, row.attempts) == ("sent", 2)
    assert len(server.messages) == 1


def test_a_sender_that_wakes_while_another_has_its_e_mail_writes_nothing(person, server):
    any_hour(person)
    tell(person, data={"name": "x"})
    mail.collect()
    late = mail.claim()
    EmailMessage.objects.update(lease_until=clock.now() - dt.timedelta(seconds=1))
    current = mail.claim()
    assert not mail.record(late, "SMTPServerDisconnected", again=True)
    row = EmailMessage.objects.get()
    assert (row.status, row.lease_token) == ("sending", current.lease)
    assert mail.record(current, "", again=False)


@pytest.mark.django_db(transaction=True)
def test_what_another_is_collecting_at_this_moment_is_left_to_it():
    person = accounts.user()
    any_hour(person)
    tell(person, data={"name": "x"})
    collected, done = threading.Event(), threading.Event()

    def collect_slowly():
        with transaction.atomic():
            assert mail.collect() == 1
            collected.set()
            assert done.wait(20)
        connection.close()

    thread = threading.Thread(target=collect_slowly)
    thread.start()
    assert collected.wait(20)
    assert mail.collect() == 0
    done.set()
    thread.join()
    assert EmailMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_several_senders_at_once_send_each_e_mail_once(server):
    people = [accounts.user() for _ in range(12)]
    for each in people:
        any_hour(each)
    tell(*people, data={"name": "x"})
    start = threading.Barrier(3)

    def work():
        start.wait()
        mail.run()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(recipient for recipient, _raw in server.messages) == sorted(each.email for each in people)
    assert EmailMessage.objects.filter(status="sent", attempts=1).count() == 12


def test_neither_address_nor_text_is_kept(person, server):
    any_hour(person)
    tell(person, data={"name": "canary"})
    mail.run()
    kept = str(list(EmailMessage.objects.values()))
    assert "canary" not in kept
    assert "ana@example.com" not in kept


def test_e_mails_are_forgotten_once_their_notifications_are(person):
    with at(NOON):
        tell(person, data={"name": "x"})
        mail.run()
    with at(NOON + dt.timedelta(days=366)):
        assert mail.forget_old() == 0
        Notification.objects.all().delete()
        assert mail.forget_old() == 1
