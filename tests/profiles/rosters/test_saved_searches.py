"""Saved searches: kept by the filters of the search, told of new people once, and nothing of anybody else's."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from marketplace.accounts.permissions import Role
from marketplace.delivery.models import Notification
from marketplace.kernel import clock
from profiles import feed
from profiles.api import saved_queries
from profiles.models import ExchangeRate, Professional, SavedSearch, SavedSearchAlert, SavedSearchMatch
from profiles.services import saved_searches
from tests.factories import accounts, profiles
from tests.factories.taxonomy import load_taxonomy

pytestmark = pytest.mark.django_db(transaction=True)

THERE = "/api/v1/saved-searches"
COBOL = {"skill": ["cobol:4"]}


@pytest.fixture
def recruiter():
    load_taxonomy()
    return accounts.user(Role.RECRUITER)


def holder(level: int = 4, code: str = "cobol", **fields) -> Professional:
    person = profiles.professional(**fields)
    profiles.claim(person, code, level)
    return person


def keep(owner, query=None, **options) -> SavedSearch:
    return saved_searches.create(
        name=options.pop("name", "COBOL"),
        query=COBOL if query is None else query,
        read=saved_queries.read,
        actor=accounts.actor(owner),
        **options,
    )


def look(saved: SavedSearch) -> set:
    """Look now; return the people of the alert, an empty set without one."""
    alert = saved_searches.look(saved=saved, read=saved_queries.read, actor=accounts.actor(saved.owner))
    if alert is None:
        return set()
    people = set(SavedSearchMatch.objects.filter(alert=alert).values_list("professional_id", flat=True))
    assert alert.people == len(people)
    return people


# -- who is new -------------------------------------------------------------------------------------------------------
def test_whoever_matches_when_the_search_is_kept_is_not_new_however_they_change(recruiter):
    there = holder()
    saved = keep(recruiter)
    Professional.objects.filter(pk=there.pk).update(headline_en="Something else")
    assert look(saved) == set()


def test_a_newcomer_and_somebody_who_comes_to_match_are_told_of_once(recruiter):
    nearly = holder(level=3)
    saved = keep(recruiter)
    newcomer, other = holder(), holder(code="jcl")
    nearly.claims.update(level=5)
    assert look(saved) == {newcomer.pk, nearly.pk}
    Professional.objects.filter(pk__in=[newcomer.pk, other.pk]).update(headline_en="Changed")
    assert look(saved) == set()


def test_somebody_who_leaves_and_matches_again_is_not_new(recruiter):
    saved = keep(recruiter)
    person = holder()
    assert look(saved) == {person.pk}
    person.claims.update(level=1)
    assert look(saved) == set()
    person.claims.update(level=5)
    assert look(saved) == set()


def test_people_out_of_sight_are_not_told_of(recruiter):
    saved = keep(recruiter)
    for status in ("archived", "blocked", "erased"):
        holder(status=status)
    paused = holder(status="paused")
    assert look(saved) == {paused.pk}
    assert look(keep(recruiter, {"status": ["archived"]}, name="closed")) == set()


def test_another_query_begins_anew_and_a_new_name_does_not(recruiter):
    saved = keep(recruiter)
    actor = accounts.actor(recruiter)
    person = holder()
    saved = saved_searches.update(saved=saved, version=1, read=saved_queries.read, actor=actor, name="Mainframe")
    assert look(saved) == {person.pk}
    holder()
    saved = saved_searches.update(
        saved=saved, version=2, read=saved_queries.read, actor=actor, query={"skill": ["cobol:3"]}
    )
    assert look(saved) == set()


def test_alerts_switched_on_later_tell_nobody_who_was_there(recruiter):
    saved = keep(recruiter, cadence="off")
    holder()
    saved = saved_searches.update(
        saved=saved, version=1, read=saved_queries.read, actor=accounts.actor(recruiter), cadence="weekly"
    )
    assert look(saved) == set()
    assert SavedSearch.objects.get().next_look_at > clock.now() + dt.timedelta(days=6)


def test_a_feed_that_has_forgotten_loses_nobody_and_tells_nobody_twice(recruiter):
    known = holder()
    saved = keep(recruiter)
    told, unseen = holder(), None
    assert look(saved) == {told.pk}
    unseen = holder()
    Professional.objects.filter(pk=known.pk).update(headline_en="Changed")
    feed.forget(before=clock.now() + dt.timedelta(minutes=1))
    assert look(saved) == {unseen.pk}


def test_a_new_exchange_rate_brings_people_within_a_limit_in_dollars(recruiter):
    ExchangeRate.objects.create(
        currency="MXN", quote="USD", rate=Decimal("0.06"), on=dt.date(2026, 1, 1), source="fixture"
    )
    person = holder(rate_currency="MXN", rate_amount=Decimal("800"), rate_floor=Decimal("700"))
    saved = keep(recruiter, {**COBOL, "rate_max": ["45"]})
    assert look(saved) == set()
    ExchangeRate.objects.create(
        currency="MXN", quote="USD", rate=Decimal("0.05"), on=dt.date(2026, 1, 2), source="fixture"
    )
    assert look(saved) == {person.pk}


def test_only_people_who_changed_are_looked_at(recruiter, monkeypatch):
    for _ in range(5):
        holder()
    saved = keep(recruiter)
    asked = []
    whole = saved_searches.matching
    monkeypatch.setattr(
        saved_searches, "matching", lambda criteria, among=None: asked.append(among) or whole(criteria, among)
    )
    newcomer = holder()
    assert look(saved) == {newcomer.pk}
    assert asked == [[newcomer.pk]]


def test_of_a_search_that_suddenly_finds_more_than_an_alert_names_the_others_count_as_known(recruiter, monkeypatch):
    monkeypatch.setattr(saved_searches, "MOST_TOLD", 2)
    saved = keep(recruiter)
    for _ in range(3):
        holder()
    alert = saved_searches.look(saved=saved, read=saved_queries.read, actor=accounts.actor(recruiter))
    assert (alert.people, SavedSearchMatch.objects.count()) == (3, 2)
    Professional.objects.update(headline_en="Changed")
    assert look(saved) == set()


# -- when -------------------------------------------------------------------------------------------------------------
def test_the_sweep_does_what_is_due_and_tells_the_owner(recruiter):
    saved = keep(recruiter, cadence="immediate")
    off = keep(recruiter, cadence="off", name="off")
    later = keep(recruiter, name="later")
    holder()
    assert saved_searches.look_due(saved_queries.read) == 0
    SavedSearch.objects.filter(pk=saved.pk).update(next_look_at=clock.now())
    assert saved_searches.look_due(saved_queries.read) == 1
    told = Notification.objects.get()
    assert (told.recipient_id, told.kind, told.subject) == (recruiter.pk, "saved_search.matches", saved.public_id)
    assert told.data == {"search": "COBOL", "people": 1}
    assert not SavedSearchAlert.objects.filter(search__in=[off, later]).exists()


def test_a_query_that_can_no_longer_be_read_waits_and_says_why(recruiter):
    saved = keep(recruiter)
    SavedSearch.objects.filter(pk=saved.pk).update(query={"skill": ["no-such-skill"]}, next_look_at=clock.now())
    assert saved_searches.look_due(saved_queries.read) == 0
    saved.refresh_from_db()
    assert (saved.last_error, saved.failures, saved.lease_token) == ("unknown_skill", 1, None)
    assert saved.next_look_at > clock.now()


def test_nobody_is_told_who_may_no_longer_search(recruiter):
    saved = keep(recruiter)
    SavedSearch.objects.filter(pk=saved.pk).update(next_look_at=clock.now())
    type(recruiter).objects.filter(pk=recruiter.pk).update(role=Role.CLIENT)
    holder()
    assert saved_searches.look_due(saved_queries.read) == 0


def test_many_sweepers_at_once_tell_of_each_person_once(recruiter):
    saved = keep(recruiter)
    people = {holder().pk for _ in range(3)}
    SavedSearch.objects.filter(pk=saved.pk).update(next_look_at=clock.now())
    gate = threading.Barrier(6)

    def sweep(_number: int) -> int:
        gate.wait()
        try:
            return saved_searches.look_due(saved_queries.read)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(sweep, range(6))) == 1
    assert set(SavedSearchMatch.objects.values_list("professional_id", flat=True)) == people
    assert (SavedSearchAlert.objects.count(), Notification.objects.count()) == (1, 1)


def test_a_look_whose_search_was_changed_meanwhile_writes_nothing(recruiter, monkeypatch):
    saved = keep(recruiter)
    holder()
    whole = saved_searches.matching

    def changed_meanwhile(criteria, among=None):
        monkeypatch.setattr(saved_searches, "matching", whole)
        saved_searches.update(
            saved=saved, version=1, read=saved_queries.read, actor=accounts.actor(recruiter), query={"q": "java"}
        )
        return whole(criteria, among)

    monkeypatch.setattr(saved_searches, "matching", changed_meanwhile)
    assert saved_searches.look(saved=saved, read=saved_queries.read, actor=accounts.actor(recruiter)) is None
    assert not SavedSearchAlert.objects.exists()


# -- over HTTP --------------------------------------------------------------------------------------------------------
def test_a_search_is_kept_read_changed_and_forgotten(api, recruiter):
    client = api(recruiter)
    made = client.post(
        THERE, {"name": "Mainframe", "query": {"skill": ["COBOL:4", "jcl"], "rate_max": 60}}, format="json"
    )
    assert made.status_code == 201, made.content
    assert made.json()["query"] == {"skill": ["COBOL:4", "jcl"], "rate_max": ["60"]}
    assert made.json()["cadence"] == "daily"
    there = made["Location"]
    assert client.patch(there, {"shared": True}, format="json").status_code == 428
    changed = client.patch(there, {"shared": True}, format="json", HTTP_IF_MATCH=made["ETag"])
    assert (changed.status_code, changed.json()["shared"]) == (200, True)
    assert client.patch(there, {"name": "x"}, format="json", HTTP_IF_MATCH=made["ETag"]).status_code == 412
    assert client.delete(there).status_code == 204
    assert client.get(there).status_code == 404


@pytest.mark.parametrize(
    ("query", "pointer", "code", "status"),
    [
        ({"skil": "cobol"}, "/query/skil", "unknown_filter", 400),
        ({"page_size": "10"}, "/query/page_size", "unknown_filter", 400),
        ({"q": {"text": "java"}}, "/query/q", "invalid_value", 400),
        ({"skill": ["nothing-of-the-kind"]}, "/query/skill", "unknown_skill", 422),
        ({"country": "FR"}, "/query/country", "invalid_choice", 422),
        ("skill=cobol", "/query", "not_an_object", 400),
    ],
)
def test_a_query_that_the_search_would_refuse_is_refused_when_kept(
    api, recruiter, nothing_changes, query, pointer, code, status
):
    client = api(recruiter)
    with nothing_changes():
        refused = client.post(THERE, {"name": "Wrong", "query": query}, format="json")
    assert refused.status_code == status
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [(pointer, code)]


def test_a_name_is_taken_once_and_a_search_for_everybody_is_not_followed(api, recruiter, monkeypatch):
    client = api(recruiter)
    keep(recruiter)
    assert client.post(THERE, {"name": "COBOL", "query": {}}, format="json").json()["code"] == "name_taken"
    monkeypatch.setattr(saved_searches, "MOST_FOLLOWED", 1)
    holder(), holder()
    assert client.post(THERE, {"name": "All", "query": {}}, format="json").json()["code"] == "too_broad"
    assert client.post(THERE, {"name": "All", "query": {}, "cadence": "off"}, format="json").status_code == 201


def test_what_is_shared_is_seen_and_run_by_others_and_changed_by_nobody_else(api, recruiter, nothing_changes):
    private, shared = keep(recruiter, name="private"), keep(recruiter, name="shared", shared=True)
    person = holder()
    other = api(accounts.user(Role.RECRUITER))
    assert [each["id"] for each in other.get(THERE).json()["results"]] == [shared.public_id]
    assert other.get(THERE, {"mine": "true"}).json()["results"] == []
    found = other.get(f"{THERE}/{shared.public_id}/professionals").json()["results"]
    assert [each["id"] for each in found] == [person.public_id]
    with nothing_changes():
        assert other.get(f"{THERE}/{private.public_id}").status_code == 404
        assert other.get(f"{THERE}/{private.public_id}/matches").status_code == 404
        for answer in (
            other.patch(f"{THERE}/{shared.public_id}", {"name": "mine"}, format="json", HTTP_IF_MATCH='"1"'),
            other.delete(f"{THERE}/{shared.public_id}"),
            other.post(f"{THERE}/{shared.public_id}/run", {}, format="json"),
            other.post(f"{THERE}/{shared.public_id}/seen", {}, format="json"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "owner_only")


def test_alerts_are_listed_with_their_people_and_marked_as_seen(api, recruiter):
    saved = keep(recruiter)
    person, gone = holder(), holder()
    client = api(recruiter)
    there = f"{THERE}/{saved.public_id}"
    alert = client.post(f"{there}/run", {}, format="json").json()["alert"]
    assert alert["people"] == 2
    assert client.post(f"{there}/run", {}, format="json").json() == {"alert": None}
    assert client.get(there).json()["unseen"] == 1
    Professional.objects.filter(pk=gone.pk).update(status="archived")
    told = client.get(f"{there}/matches", {"alert": alert["id"]}).json()["results"]
    assert [each["professional"]["id"] for each in told] == [person.public_id]
    assert client.post(f"{there}/seen", {"alerts": [alert["id"]]}, format="json").json() == {"marked": 1}
    assert client.get(f"{there}/alerts").json()["results"][0]["seen_at"] is not None
    assert client.get(there).json()["unseen"] == 0


def test_lists_take_the_same_queries_however_long_they_are(api, recruiter, django_assert_max_num_queries):
    saved = keep(recruiter)
    for number in range(4):
        keep(recruiter, name=f"other {number}")
        holder()
    client = api(recruiter)
    client.post(f"{THERE}/{saved.public_id}/run", {}, format="json")
    for path, most in ((THERE, 4), (f"{THERE}/{saved.public_id}/matches", 8), (f"{THERE}/{saved.public_id}/alerts", 5)):
        with django_assert_max_num_queries(most):
            assert client.get(path).json()["results"]
