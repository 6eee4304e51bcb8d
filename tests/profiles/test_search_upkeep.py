"""Whatever changes supply, and however, the search tables say at once what a rebuild from nothing would say."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from marketplace.kernel import clock
from profiles import feed, search, search_upkeep
from profiles.levels import Cefr, Evidence, Seniority
from profiles.models import (
    Certificate,
    LanguageProficiency,
    Professional,
    SearchClaim,
    SearchRow,
    SearchText,
    SkillClaim,
)
from profiles.services import professionals
from tests.factories import profiles, unguarded

TABLES = (SearchRow, SearchClaim, SearchText)


def tables():
    return [sorted(model.objects.values_list(), key=repr) for model in TABLES]


def rows_of(person):
    return [model.objects.filter(professional_id=person.pk).count() for model in TABLES]


def found(skill="cobol", **limits):
    criteria = search.Criteria(skills=((profiles.skill(skill).pk, 1),), **limits)
    return [hit.id for hit in search.page(criteria, limit=10)]


@pytest.fixture
def rosa(db):
    person = profiles.professional(city="Mérida")
    profiles.claim(person, "cobol", 3)
    profiles.claim(person, "jcl", 2)
    profiles.speaks(person, "en", Cefr.B1)
    profiles.certificate(person, "cert-cism")
    profiles.claim(profiles.professional(), "cobol", 2)
    return person


def by_sql(statement):
    def change(person):
        with connection.cursor() as cursor:
            cursor.execute(statement, [person.pk])

    return change


CHANGES = {
    "a claim is made": lambda person: profiles.claim(person, "java", 4),
    "claims are made in bulk": lambda person: SkillClaim.objects.bulk_create(
        SkillClaim(professional=person, skill=profiles.skill(code), level=3) for code in ("java", "kafka")
    ),
    "a claim is changed": lambda person: person.claims.filter(level=3).update(level=5),
    "a claim moves to another person": lambda person: (
        person.claims.update(
            professional=Professional.objects.exclude(pk=person.pk).get(), skill=profiles.skill("rust")
        )
        if person.claims.filter(level=2).delete()
        else None
    ),
    "a claim is taken back": lambda person: person.claims.filter(level=2).delete(),
    "evidence is found": lambda person: person.claims.update(evidence=Evidence.VERIFIED, verified_by="user_x"),
    "a language is learned": lambda person: profiles.speaks(person, "es", Cefr.C2),
    "English gets better": lambda person: LanguageProficiency.objects.update(speaking=Cefr.C2),
    "a language is taken back": lambda person: person.languages.all().delete(),
    "a certificate is earned": lambda person: profiles.certificate(person, "cert-cissp"),
    "a certificate runs out": lambda person: Certificate.objects.update(expires_on=dt.date(2025, 4, 4)),
    "a claim says more than the certificate": lambda person: profiles.claim(person, "cert-cism", 2),
    "the person moves": lambda person: person.touch(*[setattr(person, "city", "Cancún") or "city"]),
    "the rate changes": by_sql("UPDATE profiles_professional SET rate_amount = 99.99 WHERE id = %s"),
    "the headline changes": by_sql("UPDATE profiles_professional SET headline_es = 'Compiladores' WHERE id = %s"),
    "dates and hours change": by_sql(
        "UPDATE profiles_professional SET available_from = '2030-01-01', weekly_minutes = 600 WHERE id = %s"
    ),
    "seniority rises": by_sql("UPDATE profiles_professional SET seniority = 5, functions = '{0,3}' WHERE id = %s"),
    "the profile is archived": lambda person: professionals.archive(professional=person, actor=None),
    "the person is erased": lambda person: unguarded.write(Professional.objects.filter(pk=person.pk), status="erased"),
    "the person is deleted": lambda person: person.delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_after_any_change_the_tables_say_what_a_rebuild_says(change, rosa):
    before = tables()
    change(rosa)
    after = tables()
    assert after != before
    search_upkeep.rebuild()
    assert tables() == after


def test_a_change_that_nobody_searches_by_rewrites_no_skill(rosa):
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid FROM profiles_searchclaim ORDER BY 1")
        before = cursor.fetchall()
        rosa.given_names = "Rosa"
        rosa.touch("given_names")
        cursor.execute("SELECT ctid FROM profiles_searchclaim ORDER BY 1")
        assert cursor.fetchall() == before


@pytest.mark.parametrize("status", ["erased", "archived", "blocked"])
def test_only_the_erased_leave_the_tables(status, rosa):
    unguarded.write(Professional.objects.filter(pk=rosa.pk), status=status)
    assert rows_of(rosa) == ([0, 0, 0] if status == "erased" else [1, 3, 1])


def test_what_is_rolled_back_is_not_found(rosa):
    with transaction.atomic():
        profiles.claim(rosa, "java", 5)
        assert found("java") == [rosa.pk]
        transaction.set_rollback(True)
    assert found("java") == []


def test_a_new_exchange_rate_holds_without_any_write(rosa):
    Professional.objects.filter(pk=rosa.pk).update(rate_currency="MXN", rate_amount=Decimal("900"), rate_floor=0)
    profiles.pesos_rate("0.05", dt.date(2026, 1, 5))
    before = tables()
    assert rosa.pk in found(dollars=Decimal("45"))
    profiles.pesos_rate("0.06", dt.date(2026, 1, 6))
    assert rosa.pk not in found(dollars=Decimal("45"))
    assert rosa.pk in found(dollars=Decimal("54"))
    assert tables() == before


def test_a_load_without_triggers_is_caught_up_with(rosa):
    with feed.suspended():
        late = profiles.professional()
        profiles.claim(late, "cobol", 5)
    assert rows_of(late) == [0, 0, 0]
    assert search_upkeep.catch_up(1) == 1
    assert found()[0] == late.pk
    assert search_upkeep.fill() == 0


def test_evidence_that_lapses_with_time_loses_its_points_once(rosa):
    yesterday = clock.today() - dt.timedelta(days=1)
    person = profiles.professional()
    claim = profiles.claim(person, "cobol", 3, evidence=Evidence.VERIFIED, verified_by="user_x")
    fresh = SearchClaim.objects.get(professional_id=person.pk).score
    with feed.suspended():
        # The day after the last day: nothing was written, time has passed.
        SkillClaim.objects.filter(pk=claim.pk).update(evidence_expires_on=yesterday)
        Certificate.objects.update(expires_on=yesterday)
    SearchClaim.objects.filter(professional_id=person.pk).update(evidence_until=yesterday)
    SearchClaim.objects.filter(skill_id=profiles.skill("cert-cism").pk).update(
        evidence_until=yesterday, valid_until=yesterday
    )
    assert found("cert-cism") == []
    assert found(evidence=Evidence.TESTED) == []
    assert search_upkeep.lapse() == 2
    row = SearchClaim.objects.get(professional_id=person.pk)
    assert (row.score, row.evidence) == (fresh - 120, 0)
    assert SearchRow.objects.get(pk=person.pk).score == row.score
    assert rows_of(rosa) == [1, 2, 1]
    assert search_upkeep.lapse() == 0


@pytest.mark.django_db(transaction=True)
def test_two_transactions_that_change_one_person_do_not_forget_each_other():
    person = profiles.professional()
    profiles.claim(person, "cobol", 3)
    java = profiles.skill("java")
    waiting, done = threading.Event(), threading.Event()

    def claim_java():
        try:
            waiting.set()
            SkillClaim.objects.create(professional=person, skill=java, level=4)
        finally:
            connections.close_all()
            done.set()

    with transaction.atomic():
        Professional.objects.filter(pk=person.pk).update(seniority=Seniority.PRINCIPAL)
        other = threading.Thread(target=claim_java)
        other.start()
        waiting.wait(5)
        # The other one cannot finish before this one has committed; without the lock it would, with the old seniority.
        assert not done.wait(0.3)
    other.join(10)
    after = tables()
    assert set(SearchClaim.objects.values_list("skill_id", "seniority")) == {
        (profiles.skill("cobol").pk, Seniority.PRINCIPAL),
        (java.pk, Seniority.PRINCIPAL),
    }
    search_upkeep.rebuild()
    assert tables() == after


@pytest.fixture
def apart():
    """Run work in a thread with a connection of its own and return how to wait for it."""
    threads: list[threading.Thread] = []

    def run(work):
        failed: list[Exception] = []

        def guarded():
            try:
                work()
            except Exception as error:
                failed.append(error)
            finally:
                connections.close_all()

        threads.append(threading.Thread(target=guarded))
        threads[-1].start()

        def finish():
            threads[-1].join(30)
            assert not threads[-1].is_alive()
            assert failed == []

        return finish

    yield run
    for thread in threads:
        thread.join(30)


def _until_somebody_waits_for_a_lock():
    with connection.cursor() as cursor:
        for _ in range(1_000):
            cursor.execute(
                "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database"
                " WHERE d.datname = current_database() AND l.locktype = 'relation' AND NOT l.granted"
            )
            if cursor.fetchone()[0]:
                return
            threading.Event().wait(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_what_changes_while_the_tables_are_written_anew_is_in_them(apart):
    person, gone, other = (profiles.professional() for _ in range(3))
    for each in (person, gone, other):
        profiles.claim(each, "cobol", 3)
    with transaction.atomic():
        SkillClaim.objects.filter(professional=person).update(level=5)
        unguarded.write(Professional.objects.filter(pk=gone.pk), status="erased", headline_en="Nobody")
        rebuilt = apart(search_upkeep.rebuild)
        # It has written what was committed before, and waits for this transaction to take the tables.
        _until_somebody_waits_for_a_lock()
        newcomer = profiles.professional(headline_en="Welder")
        profiles.claim(newcomer, "cobol", 4)
    rebuilt()
    assert found("cobol") == [person.pk, newcomer.pk, other.pk]
    after = tables()
    search_upkeep.rebuild()
    assert tables() == after


@pytest.mark.django_db(transaction=True)
def test_searches_go_on_while_the_tables_are_written_anew(apart):
    person = profiles.professional()
    profiles.claim(person, "cobol", 3)
    done = threading.Event()
    seen = []

    def look():
        while not done.is_set():
            seen.append(found("cobol"))

    looked = apart(look)
    try:
        with transaction.atomic():
            Professional.objects.filter(pk=person.pk).update(weekly_minutes=600)
            rebuilding = threading.Thread(target=lambda: (search_upkeep.rebuild(), connections.close_all()))
            rebuilding.start()
            _until_somebody_waits_for_a_lock()
            before = len(seen)
            for _ in range(200):
                if len(seen) > before + 3:
                    break
                threading.Event().wait(0.02)
            assert len(seen) > before + 3
        rebuilding.join(30)
    finally:
        done.set()
    looked()
    assert set(map(tuple, seen)) == {(person.pk,)}


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_for_the_new_tables_writes_into_them(apart):
    person = profiles.professional()
    profiles.claim(person, "cobol", 3)
    profiles.skill("java")
    with transaction.atomic():
        search_upkeep.rebuild()
        written = apart(lambda: profiles.claim(person, "java", 4))
        _until_somebody_waits_for_a_lock()
    written()
    assert found("java") == [person.pk]
    after = tables()
    search_upkeep.rebuild()
    assert tables() == after


def test_a_rebuild_leaves_indexes_names_and_statistics_as_they_were(db):
    def shape():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename, indexname, indexdef FROM pg_indexes"
                " WHERE tablename LIKE 'profiles_search%' ORDER BY 2"
            )
            indexes = cursor.fetchall()
            cursor.execute(
                "SELECT c.conrelid::regclass::text, c.conname, c.contype FROM pg_constraint AS c"
                " WHERE c.conrelid::regclass::text LIKE 'profiles_search%' ORDER BY 1, 2"
            )
            constraints = cursor.fetchall()
            cursor.execute(
                "SELECT attrelid::regclass::text AS of, attname, attnotnull, attstattarget FROM pg_attribute"
                " WHERE attrelid::regclass::text LIKE 'profiles_search%' AND attnum > 0 AND NOT attisdropped"
                " ORDER BY 1, 2"
            )
            return indexes, constraints, cursor.fetchall()

    before = shape()
    assert len(before[0]) > 8
    search_upkeep.rebuild()
    assert shape() == before
