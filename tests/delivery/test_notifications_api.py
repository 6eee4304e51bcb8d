"""What people see of their notifications, and how they choose."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import transaction

from marketplace.accounts.permissions import Role
from marketplace.delivery import inbox, kinds, notifications
from marketplace.delivery.models import Category, Notification, NotificationPreference
from marketplace.kernel import clock
from profiles.models import Professional
from tests.factories import accounts, clients

pytestmark = pytest.mark.django_db

PATH = "/api/v1/notifications"
CHOICES = f"{PATH}/preferences"


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    for name, category in {"test.offer": Category.OFFERS, "test.review": Category.REVIEW}.items():
        notifications.register(
            name,
            category=category,
            title="Offer %(number)s",
            body="Until %(expires_at)s, from %(starts_on)s, for %(cost)s.",
            audience=Role.values,
        )


def tell(*people, kind="test.offer", **more):
    subject = more.pop("subject", None) or clients.organization()
    with transaction.atomic():
        notifications.notify(recipients=[person.pk for person in people], kind=kind, subject=subject, **more)
    return subject


DATA = {
    "number": 7,
    "expires_at": dt.datetime(2026, 12, 1, 1, 30, tzinfo=dt.UTC),
    "starts_on": dt.date(2027, 1, 11),
    "cost": {"amount": "81500.00", "currency": "USD"},
}


def test_texts_speak_the_language_and_the_clock_of_the_reader(cast, api):
    tell(cast.client, cast.professional, data=DATA)
    english = api(cast.client, accept_language="en").get(PATH).json()["results"][0]
    assert english["title"] == "Offer 7"
    assert english["body"].replace("\N{NARROW NO-BREAK SPACE}", " ") == (
        "Until November 30, 2026, 8:30 PM (New York), from January 11, 2027, for $81,500."
    )
    spanish = api(cast.professional, accept_language="es-MX").get(PATH).json()["results"][0]
    assert "30 de noviembre de 2026" in spanish["body"]
    assert "Ciudad de México" in spanish["body"]
    assert "11 de enero de 2027" in spanish["body"]
    assert "$81,500\N{NO-BREAK SPACE}USD" in spanish["body"]


def test_the_data_is_there_as_it_was_given(cast, api):
    subject = tell(cast.client, data=DATA)
    (shown,) = api(cast.client).get(PATH).json()["results"]
    assert shown["subject"] == subject.public_id
    assert shown["data"]["cost"] == {"amount": "81500.00", "currency": "USD"}
    assert (shown["kind"], shown["category"], shown["read_at"]) == ("test.offer", "offers", None)


def test_a_text_whose_data_is_missing_or_whose_kind_is_gone_is_still_shown(cast, api):
    tell(cast.client, data={"expires_at": "soon"})
    Notification.objects.create(recipient=cast.client, kind="gone.kind", category="system", subject="x", occasion="1")
    titles = {row["title"]: row["body"] for row in api(cast.client).get(PATH).json()["results"]}
    assert titles == {"Offer –": "Until soon, from –, for –.", "gone.kind": ""}


def test_a_text_that_cannot_be_filled_in_does_not_break_the_list(cast, api):
    notifications.register(
        "test.counted", category=Category.SYSTEM, title="%(count)d new", body="%(count)d", audience=Role.values
    )
    tell(cast.client, kind="test.counted")
    tell(cast.client, kind="test.counted", data={"count": 3})
    shown = {(row["title"], row["body"]) for row in api(cast.client).get(PATH).json()["results"]}
    assert shown == {("test.counted", ""), ("3 new", "3")}


def test_nobody_sees_what_others_were_told(cast, api, nothing_changes):
    tell(cast.client)
    row = Notification.objects.get()
    with nothing_changes():
        for other in (cast.rival, cast.recruiter, cast.professional, cast.operator):
            assert api(other).get(PATH).json()["results"] == []
            assert api(other).get(f"{PATH}/{row.public_id}").status_code == 404
            assert api(other).post(f"{PATH}/{row.public_id}/read").status_code == 404
        assert api(accounts.key(cast.organization.pk)[1]).get(PATH).status_code == 403


def test_reading_one_takes_it_out_of_what_is_unread_and_of_the_mail(cast, api):
    tell(cast.client)
    tell(cast.client, kind="test.review")
    client = api(cast.client)
    assert client.get(f"{PATH}/unread-count").json() == {"unread": 2, "by_category": {"offers": 1, "review": 1}}
    row = Notification.objects.get(kind="test.offer")
    assert row in Notification.objects.waiting_for_email()
    first = client.post(f"{PATH}/{row.public_id}/read").json()
    assert first["read_at"] is not None
    assert client.post(f"{PATH}/{row.public_id}/read").json()["read_at"] == first["read_at"]
    assert row not in Notification.objects.waiting_for_email()
    assert client.get(f"{PATH}/unread-count").json() == {"unread": 1, "by_category": {"review": 1}}


def test_all_are_read_up_to_what_was_shown(cast, api):
    tell(cast.client)
    shown = api(cast.client).get(PATH).json()["results"][0]["created_at"]
    tell(cast.client)
    tell(cast.rival)
    assert api(cast.client).post(f"{PATH}/read-all", {"up_to": shown}).json() == {"marked": 1}
    assert Notification.objects.unread().filter(recipient=cast.client).count() == 1
    assert api(cast.client).post(f"{PATH}/read-all", {"category": "review"}).json() == {"marked": 0}
    assert api(cast.client).post(f"{PATH}/read-all").json() == {"marked": 1}
    assert Notification.objects.unread().filter(recipient=cast.rival).count() == 1


def test_the_list_is_filtered(cast, api):
    one = tell(cast.client)
    tell(cast.client, kind="test.review")
    client = api(cast.client)
    client.post(f"{PATH}/{Notification.objects.get(kind='test.offer').public_id}/read")

    def listed(query):
        return [row["kind"] for row in client.get(f"{PATH}?{query}").json()["results"]]

    assert listed("") == ["test.review", "test.offer"]
    assert listed("unread=true") == ["test.review"]
    assert listed("unread=false") == ["test.offer"]
    assert listed("category=offers") == ["test.offer"]
    assert listed("category=offers&category=review") == ["test.review", "test.offer"]
    assert listed(f"subject={one.public_id}") == ["test.offer"]
    assert listed("kind=test.review") == ["test.review"]
    assert client.get(f"{PATH}?recipient=x").status_code == 400


def test_a_page_costs_a_fixed_number_of_queries(cast, api, django_assert_max_num_queries):
    subjects = [clients.organization() for _ in range(20)]
    for subject in subjects:
        tell(cast.client, subject=subject, data=DATA)
    client = api(cast.client)
    with django_assert_max_num_queries(12):
        assert len(client.get(PATH).json()["results"]) == 20


def test_what_is_a_year_old_is_forgotten(cast):
    tell(cast.client)
    old = Notification.objects.get()
    assert inbox.forget_old() == 0
    with time_machine.travel(clock.now() + dt.timedelta(days=366)):
        tell(cast.client)
        assert inbox.forget_old() == 1
    assert Notification.objects.exclude(pk=old.pk).count() == Notification.objects.count() == 1


# -- preferences -------------------------------------------------------------------------------------------------------


def choose(client, version, **body):
    return client.patch(CHOICES, body, headers={"If-Match": f'"{version}"'})


def test_without_a_choice_the_defaults_are_shown_in_the_zone_where_the_person_lives(cast, api):
    Professional.objects.filter(user=cast.professional).update(time_zone="America/Hermosillo")
    answer = api(cast.professional).get(CHOICES)
    shown = answer.json()
    assert answer["ETag"] == '"1"'
    assert (shown["time_zone"], shown["effective_time_zone"]) == (None, "America/Hermosillo")
    assert shown["quiet_hours"] == {"from": "21:00", "until": "08:00"}
    assert shown["channels"]["offers"] == {"in_app": True, "email": "immediate"}
    assert shown["channels"]["alerts"] == {"in_app": True, "email": "digest"}
    assert not NotificationPreference.objects.exists()
    cast.organization.time_zone = "America/Chicago"
    cast.organization.save()
    assert api(cast.client).get(CHOICES).json()["effective_time_zone"] == "America/Chicago"


def test_a_choice_changes_what_it_names_and_nothing_else(cast, api):
    client = api(cast.client)
    first = choose(
        client,
        1,
        time_zone="America/Tijuana",
        quiet_hours={"from": "22:30", "until": "06:15"},
        digest_at="07:00",
        language="es-mx",
        channels={"offers": {"email": "digest"}},
    )
    assert first.status_code == 200, first.content
    second = choose(client, 2, channels={"offers": {"in_app": False}, "alerts": {"email": "off"}}).json()
    assert second == {
        "time_zone": "America/Tijuana",
        "effective_time_zone": "America/Tijuana",
        "quiet_hours": {"from": "22:30", "until": "06:15"},
        "digest_at": "07:00",
        "language": "es-mx",
        "channels": {
            **{name: {"in_app": True, "email": "immediate"} for name in ("invitations", "engagements", "system")},
            "offers": {"in_app": False, "email": "digest"},
            "review": {"in_app": True, "email": "digest"},
            "alerts": {"in_app": True, "email": "off"},
        },
    }
    assert client.get(CHOICES).json() == second
    cast.client.refresh_from_db()
    assert cast.client.language == "es-mx"
    assert choose(client, 3, time_zone="").json()["effective_time_zone"] == "America/New_York"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"time_zone": "America/Guadalajara"}, 422),
        ({"time_zone": "../etc/passwd"}, 422),
        ({"quiet_hours": {"from": "21:00"}}, 400),
        ({"quiet_hours": {"from": "21:00", "until": "24:00"}}, 400),
        ({"digest_at": "25:00"}, 400),
        ({"language": "fr"}, 400),
        ({"channels": {"offers": {"email": "weekly"}}}, 400),
        ({"channels": {"sales": {"email": "off"}}}, 400),
        ({"channels": {"offers": {"sms": True}}}, 400),
        ({"volume": 11}, 400),
    ],
)
def test_a_choice_that_is_none_is_refused(cast, api, nothing_changes, body, status):
    with nothing_changes():
        assert choose(api(cast.client), 1, **body).status_code == status


def test_a_choice_names_the_version_it_saw_and_an_empty_one_changes_nothing(cast, api, nothing_changes):
    client = api(cast.client)
    with nothing_changes():
        assert client.patch(CHOICES, {"digest_at": "07:00"}).status_code == 428
        assert choose(client, 2, digest_at="07:00").status_code == 412
        assert choose(client, 1).status_code == 200
    assert choose(client, 1, digest_at="07:00").status_code == 200
    assert choose(client, 1, digest_at="08:00").status_code == 412


def test_what_waits_to_be_mailed_follows_a_new_choice(cast, api):
    tell(cast.client)
    tell(cast.client, kind="test.review")
    client = api(cast.client)
    choose(
        client,
        1,
        channels={"offers": {"email": "off"}, "review": {"email": "immediate"}},
        quiet_hours={"from": "00:00", "until": "00:00"},
    )
    assert Notification.objects.get(kind="test.offer").email_due_at is None
    assert Notification.objects.get(kind="test.review").email_due_at <= clock.now()
