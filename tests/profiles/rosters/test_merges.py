"""Two profiles made one: every part is somewhere, every hour is kept, and the way back leads exactly there."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from allauth.usersessions.models import UserSession

from marketplace.accounts.models import User
from marketplace.accounts.permissions import Role
from marketplace.audit import log
from marketplace.audit.models import AuditEvent
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
from profiles.levels import Cefr, Evidence, Function
from profiles.models import (
    AvailabilityException,
    Booking,
    Collaboration,
    DuplicatePair,
    Experience,
    PersonWeek,
    Professional,
    ProfileMerge,
    ResumeExtras,
    ResumeImport,
    SkillClaim,
    Verification,
)
from profiles.services import (
    bookings,
    duplicate_pairs,
    merges,
    professionals,
    saved_searches,
    talent_lists,
    tax_ids,
)
from profiles.services.merging import memory
from tests.factories import accounts, profiles

pytestmark = pytest.mark.django_db

THERE = "/api/v1/merges"
MONDAY = clock.monday_of(clock.today()) + dt.timedelta(weeks=4)
RFC, CURP = "GODE561231GR8", "BOXW310820HNERXN09"


@pytest.fixture
def recruiter(db):
    return accounts.user(Role.RECRUITER)


@pytest.fixture
def two():
    """A person and the same person again."""
    return profiles.professional(), profiles.professional()


def made_one(survivor: Professional, merged: Professional, recruiter: User, **options) -> ProfileMerge:
    for row in (survivor, merged):
        row.refresh_from_db()
    return merges.merge(
        survivor=merges.Seen(survivor, survivor.version),
        merged=merges.Seen(merged, merged.version),
        actor=accounts.actor(recruiter),
        **options,
    )


def book(person: Professional, minutes: int, weeks: int = 2) -> uuid.UUID:
    placement = uuid.uuid4()
    bookings.reserve(
        [bookings.Reservation(person.pk, placement, MONDAY, MONDAY + dt.timedelta(weeks=weeks, days=-3), minutes)]
    )
    return placement


def ledger(person: Professional) -> dict:
    return {row.week: (row.booked, row.capacity) for row in PersonWeek.objects.filter(professional=person)}


# -- fields -----------------------------------------------------------------------------------------------------------
def test_the_survivor_says_what_counts_and_its_gaps_are_filled(two, recruiter):
    stays, goes = two
    Professional.objects.filter(pk=stays.pk).update(headline_es="", contact_email="", rate_amount=0, rate_floor=0)
    Professional.objects.filter(pk=goes.pk).update(
        headline_en="Other",
        headline_es="Otra",
        rate_amount=Decimal("71"),
        main_function=Function.BUSINESS,
        functions=[0],
    )
    address = goes.contact_email
    done = made_one(stays, goes, recruiter)
    stays.refresh_from_db()
    assert (stays.headline_en, stays.headline_es, stays.contact_email) == ("Mainframe engineer", "Otra", address)
    assert (stays.rate_amount, stays.main_function) == (Decimal("71"), Function.ENGINEERING)
    assert stays.functions == [Function.BUSINESS, Function.ENGINEERING]
    assert set(done.outcome["fields"]) == {"headline_es", "contact_email", "rate"}


def test_chosen_fields_are_the_others_and_identifiers_stay_readable(two, recruiter):
    stays, goes = two
    tax_ids.set_ids(professional=goes, rfc=RFC, actor=None)
    tax_ids.set_ids(professional=stays, curp=CURP, actor=None)
    professionals.update(professional=goes, version=None, actor=None, phone="+523312345678")
    professionals.update(professional=goes, version=None, actor=None, city="Mérida", given_names="Ana")
    made_one(stays, goes, recruiter, choices={"name": "merged", "location": "merged", "curp": "survivor"})
    stays.refresh_from_db()
    goes.refresh_from_db()
    assert (stays.given_names, stays.city) == ("Ana", "Mérida")
    assert professionals.phone(stays) == "+523312345678"
    found = tax_ids.read(professional=stays, actor=None)
    assert (found.rfc, found.curp) == (RFC, CURP)
    assert (goes.rfc_index, goes.curp_index, bytes(goes.phone_encrypted), goes.contact_email) == ("", "", b"", "")


def test_functions_are_added_up_unless_they_are_chosen(recruiter):
    for choices, expected in (({}, [0, 2]), ({"functions": "survivor"}, [2]), ({"functions": "merged"}, [0])):
        stays = profiles.professional(main_function=Function.ENGINEERING, functions=[Function.ENGINEERING])
        goes = profiles.professional(main_function=Function.BUSINESS, functions=[Function.BUSINESS])
        made_one(stays, goes, recruiter, choices=choices)
        stays.refresh_from_db()
        assert stays.functions == expected


# -- parts ------------------------------------------------------------------------------------------------------------
def test_of_two_claims_the_better_evidenced_stays_and_the_other_is_history(two, recruiter):
    stays, goes = two
    profiles.claim(stays, "cobol", 5)
    better = profiles.claim(goes, "cobol", 3, evidence=Evidence.VERIFIED, verified_by="user_x")
    profiles.claim(stays, "jcl", 4)
    lapsed = profiles.claim(
        goes,
        "jcl",
        3,
        evidence=Evidence.VERIFIED,
        verified_by="user_x",
        evidence_expires_on=clock.today() - dt.timedelta(days=1),
    )
    profiles.claim(goes, "db2", 2)
    done = made_one(stays, goes, recruiter)
    claims = {claim.skill.code: claim for claim in SkillClaim.objects.select_related("skill")}
    assert {claim.professional_id for claim in claims.values()} == {stays.pk}
    assert claims["cobol"].pk == better.pk
    assert claims["jcl"].level == 4
    assert done.outcome["parts"]["skills"] == {"moved": 1, "replaced": 1, "not_better": 1}
    kept = {(row["professional_id"], row["level"]) for row in done.past["rows"]["skillclaim"]}
    assert (str(stays.pk), "5") in kept
    assert (str(goes.pk), str(lapsed.level)) in kept


def test_every_other_part_goes_to_the_survivor(two, recruiter):
    stays, goes = two
    third = profiles.professional()
    profiles.speaks(stays, "en", Cefr.B1)
    profiles.speaks(goes, "en", Cefr.C1)
    profiles.speaks(goes, "es", Cefr.C2)
    profiles.certificate(stays, issued_on=dt.date(2020, 1, 1), expires_on=dt.date(2021, 1, 1))
    valid = profiles.certificate(goes)
    for person, title in ((stays, "Engineer"), (goes, "engineer"), (goes, "Architect")):
        Experience.objects.create(
            professional=person, employer="Banco del Bajío", title=title, starts_on=dt.date(2019, 1, 1)
        )
    for person in two:
        AvailabilityException.objects.create(professional=person, starts_on=MONDAY, ends_on=MONDAY)
    Verification.objects.create(
        professional=goes, kind="skill", code="cobol", level=3, evidence=Evidence.VERIFIED, verified_by="user_x"
    )
    ResumeImport.objects.create(professional=goes, media_type="application/pdf", size=1)
    kept = ResumeExtras(professional=goes)
    kept.seal({"basics": {"phone": "1"}})
    kept.save()
    for person, times in ((stays, 1), (goes, 2)):
        first, second = sorted((person.pk, third.pk))
        Collaboration.objects.create(first_id=first, second_id=second, times=times, last_year=2020 + times)
    first, second = sorted((stays.pk, goes.pk))
    Collaboration.objects.create(first_id=first, second_id=second, times=9)
    made_one(stays, goes, recruiter)
    assert {row.language: row.speaking for row in stays.languages.all()} == {"en": Cefr.C1, "es": Cefr.C2}
    assert [row.pk for row in stays.certificates.all()] == [valid.pk]
    assert sorted(row.title for row in stays.experiences.all()) == ["Architect", "Engineer"]
    assert (stays.availability_exceptions.count(), stays.verifications.count()) == (1, 1)
    assert stays.resume_imports.count() == 1
    assert stays.resume_extras.kept == {"basics": {"phone": "1"}}
    together = Collaboration.objects.get()
    assert (together.times, together.last_year, {together.first_id, together.second_id}) == (
        3, 2022, {stays.pk, third.pk},
    )  # fmt: skip


# -- hours ------------------------------------------------------------------------------------------------------------
def test_what_both_booked_stays_booked_and_adds_up(two, recruiter):
    stays, goes = two
    book(stays, 1200)
    placement = book(goes, 600, weeks=3)
    made_one(stays, goes, recruiter)
    weeks = [MONDAY + dt.timedelta(weeks=number) for number in range(3)]
    assert ledger(stays) == {weeks[0]: (1800, 2400), weeks[1]: (1800, 2400), weeks[2]: (600, 2400)}
    assert ledger(goes) == {}
    assert set(Booking.objects.values_list("professional_id", flat=True)) == {stays.pk}
    bookings.release(placement_ids=[placement])
    assert ledger(stays)[weeks[0]] == (1200, 2400)


def test_more_hours_than_one_person_has_are_refused_with_the_weeks(two, recruiter, api, nothing_changes):
    stays, goes = two
    book(stays, 1800)
    book(goes, 900, weeks=3)
    body = {"survivor": stays.public_id, "survivor_version": 1, "merged": goes.public_id, "merged_version": 1}
    client = api(recruiter)
    with nothing_changes():
        refused = client.post(THERE, body, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "merge_overbooks")
    assert refused.json()["data"]["weeks"] == [(MONDAY + dt.timedelta(weeks=number)).isoformat() for number in range(2)]


def test_leave_of_the_other_profile_counts_against_the_hours_of_both(two, recruiter):
    stays, goes = two
    book(stays, 2400, weeks=1)
    AvailabilityException.objects.create(
        professional=goes, starts_on=MONDAY, ends_on=MONDAY + dt.timedelta(days=4), weekly_minutes=1200
    )
    with pytest.raises(Conflict) as refusal:
        made_one(stays, goes, recruiter)
    assert refusal.value.code == "merge_overbooks"


def test_weeks_that_are_over_keep_what_was_booked(two, recruiter):
    stays, goes = two
    past = clock.monday_of(clock.today()) - dt.timedelta(weeks=3)
    for person in two:
        PersonWeek.objects.create(professional=person, week=past, capacity=2400, booked=2000)
    made_one(stays, goes, recruiter)
    assert ledger(stays) == {past: (4000, 4000)}


def test_the_one_with_hours_survives_a_profile_that_cannot_be_booked(recruiter):
    stays, goes = profiles.professional(status="draft"), profiles.professional()
    book(goes, 600)
    with pytest.raises(Conflict) as refusal:
        made_one(stays, goes, recruiter)
    assert refusal.value.code == "survivor_not_active"
    assert made_one(goes, stays, recruiter).survivor_id == goes.pk


# -- logins -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("login", ["survivor", "merged"])
def test_one_login_stays_and_the_other_is_closed_with_its_sessions(two, recruiter, api, login):
    stays, goes = two
    kept, closed = (stays.user, goes.user) if login == "survivor" else (goes.user, stays.user)
    inside = api(closed)
    assert inside.get("/api/v1/professionals/me").status_code == 200
    UserSession.objects.create(user=closed, ip="127.0.0.1", session_key="a" * 32, user_agent="test")
    done = made_one(stays, goes, recruiter, login=login)
    assert inside.get("/api/v1/professionals/me").status_code == 401
    assert not UserSession.objects.filter(user=closed).exists()
    assert done.outcome["login_closed"] == closed.public_id
    mine = api(kept).get("/api/v1/professionals/me")
    assert (mine.status_code, mine.json()["id"]) == (200, stays.public_id)
    assert Professional.objects.get(pk=goes.pk).user_id == closed.pk


def test_the_only_login_goes_to_the_survivor(recruiter, api):
    stays, goes = profiles.professional(), profiles.professional()
    Professional.objects.filter(pk=stays.pk).update(user=None)
    done = made_one(stays, goes, recruiter)
    assert done.outcome["login_closed"] is None
    assert api(goes.user).get("/api/v1/professionals/me").json()["id"] == stays.public_id


# -- aliases ----------------------------------------------------------------------------------------------------------
def test_the_old_id_leads_to_the_survivor_for_reading_only(two, recruiter, api, nothing_changes):
    stays, goes = two
    third = profiles.professional()
    made_one(goes, third, recruiter)
    made_one(stays, goes, recruiter)
    client = api(recruiter)
    for alias in (goes, third):
        answer = client.get(f"/api/v1/professionals/{alias.public_id}")
        assert (answer.status_code, answer.json()["id"]) == (200, stays.public_id)
        assert answer["Content-Location"] == f"/api/v1/professionals/{stays.public_id}"
    with nothing_changes():
        refused = client.post(f"/api/v1/professionals/{goes.public_id}/approve", {}, format="json", HTTP_IF_MATCH='"1"')
    assert (refused.json()["code"], refused.json()["data"]) == ("merged", {"merged_into": stays.public_id})
    assert api(accounts.user(Role.CLIENT)).get(f"/api/v1/professionals/{goes.public_id}").status_code == 403
    listed = client.get("/api/v1/professionals").json()["results"]
    assert [each["id"] for each in listed] == [stays.public_id]


def test_the_audit_of_both_is_kept_whole_and_read_together(two, recruiter, api):
    stays, goes = two
    professionals.pause(professional=goes, actor=None)
    made_one(stays, goes, recruiter)
    events = api(accounts.user(Role.OPERATOR)).get(f"/api/v1/professionals/{stays.public_id}/audits").json()["results"]
    assert {(each["subject"], each["action"]) for each in events} == {
        (goes.public_id, "professional.pause"),
        (goes.public_id, "professional.merged_into"),
        (stays.public_id, "professional.merge"),
    }
    assert {each["actor"] for each in events} == {"system", recruiter.public_id}
    assert log.broken_link(stays.public_id) is None
    assert log.broken_link(goes.public_id) is None
    assert api(recruiter).get(f"/api/v1/professionals/{stays.public_id}/audits").status_code == 403


def test_lists_and_judged_pairs_follow(two, recruiter):
    stays, goes = two
    actor = accounts.actor(recruiter)
    other = profiles.professional()
    both, one = (talent_lists.create(name=name, actor=actor) for name in ("both", "one"))
    talent_lists.add(talent_list=both, professionals=[goes.pk], note="From the other", actor=actor)
    talent_lists.add(talent_list=both, professionals=[stays.pk], note="From the first", actor=actor)
    talent_lists.add(talent_list=one, professionals=[goes.pk], actor=actor)
    told_apart = duplicate_pairs.notice(professional=goes, other=other, reasons={"phone": 70})
    duplicate_pairs.dismiss(pair=told_apart, version=1, note="Sisters", actor=actor)
    pair = duplicate_pairs.notice(professional=goes, other=stays, reasons={"email": 100})
    made_one(stays, goes, recruiter)
    assert [entry.professional_id for entry in one.entries.all()] == [stays.pk]
    (entry,) = both.entries.all()
    assert (entry.professional_id, entry.note) == (stays.pk, "From the first\nFrom the other")
    pair.refresh_from_db()
    assert pair.status == "merged"
    first, second = duplicate_pairs.ordered(stays.pk, other.pk)
    assert DuplicatePair.objects.get(first=first, second=second).status == "dismissed"


def test_whom_a_search_has_told_of_is_not_told_of_under_the_other_id(two, recruiter):
    stays, goes = two
    row = saved_searches.SavedSearch.objects.create(
        owner=recruiter, name="x", epoch=uuid.uuid4(), snapshot="1:1:", next_look_at=clock.now()
    )
    alert = saved_searches.SavedSearchAlert.objects.create(search=row, people=1)
    saved_searches.SavedSearchMatch.objects.create(search=row, alert=alert, professional=goes)
    made_one(stays, goes, recruiter)
    assert list(saved_searches.SavedSearchMatch.objects.values_list("professional_id", flat=True)) == [stays.pk]


# -- the way back -----------------------------------------------------------------------------------------------------
def _plain(rows: memory.Memory) -> memory.Memory:
    """Leave out what may differ afterwards: the version and time of the profiles."""
    kept = {kind: [dict(row) for row in each] for kind, each in rows.items()}
    for row in kept["professionals"]:
        row.pop("version"), row.pop("updated_at")
    return kept


def full(person: Professional, number: str, minutes: int, **ids: str) -> None:
    tax_ids.set_ids(professional=person, actor=None, **ids)
    professionals.update(professional=person, version=None, actor=None, phone=number, summary_es="Ñandú «1»")
    profiles.claim(person, "cobol", 4, evidence_on=dt.date(2026, 1, 2))
    profiles.claim(person, f"skill-{minutes}", 2)
    profiles.speaks(person, "en", Cefr.B2, section_scores={"speaking": "20"})
    profiles.certificate(person)
    Experience.objects.create(professional=person, employer="X", title="Y", starts_on=dt.date(2019, 1, 1))
    AvailabilityException.objects.create(professional=person, starts_on=MONDAY, ends_on=MONDAY, weekly_minutes=2400)
    book(person, minutes)
    extras = ResumeExtras(professional=person)
    extras.seal({"who": number})
    extras.save()
    ResumeImport.objects.create(professional=person, media_type="application/pdf", size=1)


def test_undoing_puts_every_row_back_as_it_was(two, recruiter, api):
    stays, goes = two
    full(stays, "+523311111111", 600, rfc=RFC)
    full(goes, "+523322222222", 1200, curp=CURP)
    people = (stays.pk, goes.pk)
    before = memory.of(people)
    done = made_one(stays, goes, recruiter, login="merged")
    assert _plain(memory.of(people)) != _plain(before)
    answer = api(recruiter).post(f"{THERE}/{done.public_id}/undo", {}, format="json")
    assert (answer.status_code, answer.json()["undone_by"]) == (200, recruiter.public_id)
    assert _plain(memory.of(people)) == _plain(before)
    goes.refresh_from_db()
    assert (goes.status, goes.merged_into, goes.user.is_active) == ("active", None, True)
    assert professionals.phone(goes) == "+523322222222"
    assert goes.version > 1
    assert DuplicatePair.objects.get().status == "dismissed"
    assert bytes(ProfileMerge.objects.get().before) == b""
    assert AuditEvent.objects.filter(action="professional.merge_undone").count() == 2


@pytest.mark.parametrize("change", ["edit", "book", "claim"])
def test_what_has_changed_since_cannot_be_taken_apart(two, recruiter, change, nothing_changes):
    stays, goes = two
    done = made_one(stays, goes, recruiter)
    if change == "edit":
        professionals.update(professional=stays, version=None, actor=None, city="Mérida")
    elif change == "book":
        book(stays, 600)
    else:
        profiles.claim(stays, "jcl", 2)
    with nothing_changes(), pytest.raises(Conflict) as refusal:
        merges.undo(done=done, actor=accounts.actor(recruiter))
    assert refusal.value.code == "changed_since_merge"


def test_a_merge_is_undone_once_and_in_time(two, recruiter, monkeypatch):
    stays, goes = two
    actor = accounts.actor(recruiter)
    done = made_one(stays, goes, recruiter)
    ProfileMerge.objects.update(undo_until=clock.now())
    with pytest.raises(Conflict) as refusal:
        merges.undo(done=done, actor=actor)
    assert refusal.value.code == "too_late_to_undo"
    ProfileMerge.objects.update(undo_until=clock.now() + dt.timedelta(days=1))
    merges.undo(done=done, actor=actor)
    with pytest.raises(Conflict) as refusal:
        merges.undo(done=done, actor=actor)
    assert refusal.value.code == "already_undone"
    # And they may be found to be one again.
    assert made_one(stays, goes, recruiter).pk != done.pk


def test_an_earlier_merge_cannot_be_undone_from_under_a_later_one(two, recruiter):
    stays, goes = two
    third = profiles.professional()
    earlier = made_one(goes, third, recruiter)
    later = made_one(stays, goes, recruiter)
    with pytest.raises(Conflict) as refusal:
        merges.undo(done=earlier, actor=accounts.actor(recruiter))
    assert refusal.value.code == "changed_since_merge"
    merges.undo(done=later, actor=accounts.actor(recruiter))
    assert Professional.objects.get(pk=third.pk).merged_into_id == goes.pk


# -- refusals and lists -----------------------------------------------------------------------------------------------
def test_who_cannot_be_merged_is_refused_and_nothing_changes(two, recruiter, api, nothing_changes):
    stays, goes = two
    client = api(recruiter)
    real = profiles.professional()
    Professional.objects.filter(pk=real.pk).update(synthetic=False)
    gone = profiles.professional(status="blocked")
    gone_into = profiles.professional()
    made_one(stays, gone_into, recruiter)
    stays.refresh_from_db()

    def asked(**changes):
        return client.post(
            THERE,
            {
                "survivor": stays.public_id,
                "survivor_version": stays.version,
                "merged": goes.public_id,
                "merged_version": 1,
                **changes,
            },
            format="json",
        )

    with nothing_changes():
        for answer, status, code in (
            (asked(merged=stays.public_id), 422, "same_profile"),
            (asked(merged="prof_00000000000000000000000000"), 422, "unknown_professional"),
            (asked(merged_version=2), 409, "changed_since_seen"),
            (asked(survivor_version=1), 409, "changed_since_seen"),
            (asked(merged=gone.public_id), 409, "profile_closed"),
            (asked(merged=real.public_id), 409, "synthetic_and_real"),
            (asked(merged=gone_into.public_id, merged_version=2), 409, "already_merged"),
            (asked(survivor=gone_into.public_id, survivor_version=2), 409, "already_merged"),
            (asked(fields={"salary": "merged"}), 400, "invalid_input"),
            (asked(fields={"rate": "both"}), 400, "invalid_input"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content


def test_merges_are_listed_without_what_was_before(two, recruiter, api, django_assert_max_num_queries):
    stays, goes = two
    tax_ids.set_ids(professional=goes, rfc=RFC, actor=None)
    done = made_one(stays, goes, recruiter)
    for _ in range(3):
        made_one(profiles.professional(), profiles.professional(), recruiter)
    client = api(recruiter)
    with django_assert_max_num_queries(4):
        assert len(client.get(THERE).json()["results"]) == 4
    (shown,) = client.get(THERE, {"professional": goes.public_id}).json()["results"]
    assert (shown["id"], shown["can_be_undone"]) == (done.public_id, True)
    assert goes.contact_email not in client.get(f"{THERE}/{done.public_id}").content.decode()
    assert RFC.encode() not in bytes(ProfileMerge.objects.get(pk=done.pk).before)
