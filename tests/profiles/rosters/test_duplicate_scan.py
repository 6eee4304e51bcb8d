"""Duplicates among everybody: each pair once, by keys and not by all pairs, and what was judged stays judged."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
from profiles import feed, traces
from profiles.models import DuplicatePair, DuplicateScan, DuplicateTraces, Experience, Professional
from profiles.services import duplicate_pairs, duplicate_scan, duplicates, experiences, professionals, tax_ids
from tests.factories import accounts, profiles, unguarded

pytestmark = pytest.mark.django_db(transaction=True)

THERE = "/api/v1/duplicates"


def worker(employer: str = "Softtek", **fields) -> Professional:
    person = profiles.professional(**{"given_names": "Ana", "family_names": "López Ruiz", **fields})
    Experience.objects.create(professional=person, employer=employer, title="Engineer", starts_on=dt.date(2019, 1, 1))
    return person


def pairs() -> dict[frozenset, set[str]]:
    return {frozenset((row.first_id, row.second_id)): set(row.reasons) for row in DuplicatePair.objects.all()}


def scan() -> None:
    duplicate_scan.step(seconds=60)


def test_the_first_look_goes_over_everybody_and_finds_each_pair_once():
    one, other = worker(), worker("SOFTTEK, S.A. de C.V.", given_names="ANA", family_names="LOPEZ")
    worker("Oracle")
    scan()
    assert pairs() == {frozenset((one.pk, other.pk)): {"name_and_employer", "name"}}
    assert DuplicateScan.objects.get().reached is None
    assert DuplicateTraces.objects.count() == 3


def test_later_looks_take_up_whoever_changes(monkeypatch):
    one, other = worker(), worker("Oracle")
    scan()
    assert pairs() == {}
    experiences.add(professional=other, employer="Softek", title="Engineer", starts_on=dt.date(2020, 1, 1), actor=None)
    asked = []
    whole = duplicate_scan.look_at
    monkeypatch.setattr(duplicate_scan, "look_at", lambda people: asked.append(list(people)) or whole(people))
    scan()
    assert asked == [[other.pk]]
    assert set(pairs()) == {frozenset((one.pk, other.pk))}


def test_a_pair_that_no_longer_looks_alike_goes_away_by_itself():
    one = worker()
    other = worker()
    scan()
    assert len(pairs()) == 1
    professionals.update(professional=other, version=None, actor=None, given_names="Rosa")
    scan()
    assert pairs() == {}
    assert Professional.objects.filter(pk__in=[one.pk, other.pk]).count() == 2


def test_addresses_and_numbers_give_people_away_under_any_name():
    one = profiles.professional(given_names="Ana", family_names="Uno", contact_email="Ana@Example.mx")
    login = profiles.professional(given_names="Eva", family_names="Dos")
    User.objects.filter(pk=login.user_id).update(email="ana@example.mx")
    called = profiles.professional(given_names="Mia", family_names="Tres")
    caller = profiles.professional(given_names="Zoe", family_names="Cuatro")
    for person, number in ((called, "+523312345678"), (caller, "+5213312345678")):
        professionals.update(professional=person, version=None, actor=None, phone=number)
    scan()
    assert pairs() == {frozenset((one.pk, login.pk)): {"email"}, frozenset((called.pk, caller.pk)): {"phone"}}


def test_what_was_told_apart_is_not_shown_again_however_both_change(api):
    worker()
    other = worker()
    scan()
    pair = DuplicatePair.objects.get()
    recruiter = accounts.user(Role.RECRUITER)
    client = api(recruiter)
    judged = client.post(f"{THERE}/{pair.public_id}/dismiss", {"note": "Cousins"}, format="json", HTTP_IF_MATCH='"1"')
    assert (judged.status_code, judged.json()["status"]) == (200, "dismissed")
    professionals.update(professional=other, version=None, actor=None, contact_email=pair.first.contact_email)
    scan()
    assert client.get(THERE).json()["results"] == []
    (kept,) = client.get(THERE, {"status": "dismissed"}).json()["results"]
    assert (kept["note"], kept["decided_by"]) == ("Cousins", recruiter.public_id)


def test_what_was_told_apart_stays_so_through_looking_different_for_a_while():
    worker()
    other = worker()
    scan()
    recruiter = accounts.actor(accounts.user(Role.RECRUITER))
    judged = duplicate_pairs.dismiss(pair=DuplicatePair.objects.get(), version=1, actor=recruiter)
    for name in ("Rosa", "Ana"):
        professionals.update(professional=other, version=None, actor=None, given_names=name)
        scan()
    duplicate_pairs.notice(professional=judged.first, other=judged.second, reasons={"resume_email": 100})
    kept = DuplicatePair.objects.get()
    assert (kept.pk, kept.status, kept.version, kept.reasons) == (
        judged.pk,
        "dismissed",
        judged.version,
        judged.reasons,
    )


def test_a_refused_identifier_leaves_a_pair_that_no_look_forgets():
    holder, other = profiles.professional(), profiles.professional(given_names="Eva", family_names="Otra")
    tax_ids.set_ids(professional=holder, rfc="GODE561231GR8", actor=None)
    with pytest.raises(Conflict):
        tax_ids.set_ids(professional=other, rfc="gode561231gr8", actor=None)
    professionals.update(professional=other, version=None, actor=None, city="Mérida")
    scan()
    assert pairs() == {frozenset((holder.pk, other.pk)): {"rfc"}}
    assert DuplicatePair.objects.get().score == 100


@pytest.mark.parametrize("status", ["blocked", "erased"])
def test_nobody_who_may_not_be_spoken_of_is_compared_or_kept(status):
    worker()
    gone = worker()
    scan()
    assert len(pairs()) == 1
    unguarded.write(Professional.objects.filter(pk=gone.pk), status=status)
    scan()
    assert pairs() == {}
    assert not DuplicateTraces.objects.filter(professional=gone).exists()


def test_a_key_that_too_many_share_compares_nobody(monkeypatch):
    monkeypatch.setattr(duplicates, "MOST_IN_BLOCK", 2)
    compared = []
    whole = traces.compare
    monkeypatch.setattr(traces, "compare", lambda one, other: compared.append(1) or whole(one, other))
    for _ in range(3):
        worker()
    scan()
    assert compared == []


def test_the_work_grows_with_people_and_not_with_pairs(monkeypatch):
    compared = []
    whole = traces.compare
    monkeypatch.setattr(traces, "compare", lambda one, other: compared.append(1) or whole(one, other))
    for number in range(40):
        worker(f"Employer{'abcdefghijklmnopqrstuvwxyz'[number % 26] * 3}{number}", family_names=f"Apellido{number}")
    scan()
    assert len(compared) < 40


def test_a_feed_that_has_forgotten_makes_the_scan_go_over_everybody_again():
    worker()
    scan()
    worker()
    feed.forget(before=clock.now() + dt.timedelta(minutes=1))
    scan()
    assert len(pairs()) == 1


def test_traces_tell_nothing_without_the_key(settings):
    person = worker(contact_email="ana@example.mx")
    scan()
    row = DuplicateTraces.objects.get()
    settings.BLIND_INDEX_KEY = "b3RoZXIga2V5IG90aGVyIGtleSBvdGhlciBrZXkhISE="
    assert not set(duplicates.traces_of([person.pk])[person.pk].keys()) & set(row.keys)


def test_many_scans_at_once_find_each_pair_once():
    for _ in range(4):
        worker()
    gate = threading.Barrier(5)

    def work(_number: int) -> None:
        gate.wait()
        try:
            scan()
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(work, range(5)))
    assert DuplicatePair.objects.count() == 6


def test_a_pair_is_shown_side_by_side_with_what_differs(api, django_assert_max_num_queries):
    one, other = worker(city="Guadalajara"), worker(city="Mérida")
    for _ in range(3):
        worker()
    scan()
    client = api(accounts.user(Role.OPERATOR))
    with django_assert_max_num_queries(10):
        found = client.get(THERE, {"professional": one.public_id, "score_min": 90}).json()["results"]
    assert len(found) == 4
    pair = DuplicatePair.objects.get(first=one, second=other)
    shown = client.get(f"{THERE}/{pair.public_id}").json()
    assert (shown["first"]["id"], shown["second"]["id"]) == (one.public_id, other.public_id)
    assert {each["by"] for each in shown["reasons"]} == {"name_and_employer", "name"}
    places = next(each for each in shown["differences"] if each["field"] == "location")
    assert places["first"].startswith("Guadalajara, ")
    assert places["second"].startswith("Mérida, ")
    assert (shown["first_version"], shown["second_version"]) == (1, 1)


def test_a_stale_judgment_is_refused(api):
    worker(), worker()
    scan()
    pair = DuplicatePair.objects.get()
    duplicate_pairs.notice(professional=pair.first, other=pair.second, reasons={"resume_email": 100})
    client = api(accounts.user(Role.RECRUITER))
    assert client.post(f"{THERE}/{pair.public_id}/dismiss", {}, format="json").status_code == 428
    stale = client.post(f"{THERE}/{pair.public_id}/dismiss", {}, format="json", HTTP_IF_MATCH='"1"')
    assert (stale.status_code, DuplicatePair.objects.get().status) == (412, "open")
