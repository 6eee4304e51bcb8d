"""Questions about a cell over HTTP: what would come of them, why there is none, and what is kept."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from marketplace.audit.models import AuditEvent
from marketplace.clients.models import Need, Project, Seat
from matching import engine, snapshots
from matching.models import MatchRun, Proposal, ProposalMember, ReviewDecision, WhatIf
from profiles.models import Professional
from tests.factories import profiles

pytestmark = pytest.mark.django_db

EN = {"accept_language": "en"}


@pytest.fixture
def ask(api, cast, story):
    """Return a function that asks a question about the best cell."""

    def asked(expect=201, language="en", **question):
        answer = api(cast.recruiter, accept_language=language).post(f"{story.cell}/what-ifs", question)
        assert answer.status_code == expect, answer.content
        return answer.json()

    return asked


def members(cell: Proposal) -> dict[int, ProposalMember]:
    return {row.seat.position: row for row in cell.members.select_related("seat", "professional")}


def outsider(cell: Proposal, position: int) -> Professional:
    """Return somebody of the seat's function who is not in the cell."""
    inside = cell.members.values_list("professional_id", flat=True)
    function = members(cell)[position].seat.function
    return Professional.objects.filter(main_function=function, claims__level=3).exclude(pk__in=inside).first()


def test_a_question_that_changes_nothing_finds_the_same_cell(ask, story):
    answer = ask()
    assert answer["outcome"] == "composed"
    told = answer["difference"]
    assert (told["joined"], told["left"], told["moved"], told["stayed"]) == ([], [], [], 3)
    assert told["value"] == {"before": story.best.value, "after": story.best.value}
    assert told["as_it_was"] == {"holds": True, "value": story.best.value, "violations": []}
    assert told["text"] == "Against the cell as it is: the same people, as many points, and at the same cost."
    assert answer["proof"]["gap"] == 0
    assert answer["proof"]["bound"] == story.best.bound


def test_a_banned_member_goes_and_the_difference_says_who_comes_and_what_it_costs(ask, story):
    out = members(story.best)[1].professional
    answer = ask(bans=[out.public_id])
    told = answer["difference"]
    gone = {row["professional"]: row["name"] for row in told["left"]}
    assert gone[out.public_id] == f"{out.given_names} {out.family_names}"
    assert len(told["joined"]) == len(told["left"])
    assert told["value"]["after"] <= story.best.value
    assert told["as_it_was"]["holds"] is False
    assert [row["rule"] for row in told["as_it_was"]["violations"]] == ["banned"]
    new = [row for row in answer["members"] if row["joined"]]
    assert {row["professional"] for row in new} == {row["professional"] for row in told["joined"]}
    assert sum(float(row["monthly_cost"]["amount"]) for row in answer["members"]) == float(
        told["monthly_cost"]["after"]["amount"]
    )
    assert "new" in told["text"]
    assert {row["skill"] for row in told["coverage"]} == {"kyc", "cobol"}


def test_a_pinned_outsider_comes_and_the_value_is_the_best_with_them(ask, story):
    who = outsider(story.best, 1)
    seat = members(story.best)[1].seat
    answer = ask(pins=[{"professional": who.public_id, "seat": seat.public_id}])
    assert who.public_id in [row["professional"] for row in answer["difference"]["joined"]]
    taken = snapshots.take(story.project)
    best = engine.solve(replace(taken.problem, pins=(engine.Pin(taken.ref(who.pk), 1),)), engine.Limits(cells=1))
    assert isinstance(best, engine.Composed)
    assert answer["proof"]["value"] == best.cells[0].value < story.best.value


def test_a_swap_puts_one_in_the_seat_of_another_and_can_leave_the_others_alone(ask, story):
    before, who = members(story.best), outsider(story.best, 2)
    answer = ask(
        swaps=[{"leaves": before[2].professional.public_id, "comes": who.public_id}],
        keep_others=True,
    )
    told = answer["difference"]
    assert [row["professional"] for row in told["joined"]] == [who.public_id]
    assert [row["professional"] for row in told["left"]] == [before[2].professional.public_id]
    assert (told["stayed"], told["moved"]) == (2, [])
    assert {row["seat"]: row["professional"] for row in answer["members"]}[before[2].seat.public_id] == who.public_id


def test_a_changed_floor_is_kept_by_everybody_who_sits_there(ask, story):
    seat = members(story.best)[0].seat
    answer = ask(
        seats=[{"id": seat.public_id, "languages": [{"language": "en", "activity": "speaking", "level": "c1"}]}]
    )
    by_title = {row["seat_title"]: row for row in answer["members"]}
    assert by_title["Seat 0"]["english"] == "c1"
    assert by_title["Seat 0"]["seat"] != seat.public_id  # what is asked there is no longer what that row says


def test_a_dropped_seat_an_added_one_and_an_added_need_are_composed_for(ask, story):
    profiles.skill("jcl")
    for person in Professional.objects.filter(given_names__startswith="Xóchitl"):
        profiles.claim(person, "jcl", 3)
    dropped = members(story.best)[2].seat
    answer = ask(
        drop_seats=[dropped.public_id],
        add_seats=[
            {"title_en": "Second engineer", "function": "engineering", "skills": [{"skill": "jcl", "level": 2}]}
        ],
        add_needs=[{"skill": "jcl", "level": 3, "count": 2}],
    )
    assert sorted(row["seat_title"] for row in answer["members"]) == ["Seat 0", "Seat 1", "Second engineer"]
    line = next(row for row in answer["difference"]["coverage"] if row["skill"] == "jcl")
    assert line["before"] is None
    assert line["after"]["holders"] >= 2


def test_dates_cap_and_weight_change_the_terms_of_the_question_only(ask, story):
    later = story.project.ends_on.replace(day=1)
    answer = ask(
        ends_on=later.isoformat(), monthly_cap={"amount": "30000.00", "currency": "USD"}, cost_weight=200, bridges=0
    )
    assert float(answer["difference"]["monthly_cost"]["after"]["amount"]) <= 30_000
    story.project.refresh_from_db()
    assert story.project.cost_weight == 50
    assert WhatIf.objects.get().policy == "2026-11/cost-200"


# -- no such cell -----------------------------------------------------------------------------------------------------
def test_a_pin_that_makes_the_cell_impossible_says_why_and_the_cheapest_way_out(ask, cast, story):
    nobody = profiles.professional(given_names="Sin", family_names="COBOL")
    answer = ask(pins=[{"professional": nobody.public_id, "seat": members(story.best)[1].seat.public_id}])
    assert (answer["outcome"], answer["members"], answer["difference"], answer["proof"]) == (
        "infeasible", [], None, None,
    )  # fmt: skip
    diagnosis = answer["diagnosis"]
    assert diagnosis["blocked"][0]["position"] == 1
    let_go = next(row for row in diagnosis["repairs"] if row["code"] == "pin_removed")
    assert let_go["text"] == "Let go of a pinned member."
    assert let_go["data"]["before"] == nobody.public_id
    without = ask(pins=[])
    assert without["outcome"] == "composed"


def test_a_cap_below_the_cheapest_cell_says_how_much_is_missing(ask):
    answer = ask(monthly_cap={"amount": "9000.00", "currency": "USD"}, language="es-MX")
    raise_cap = next(row for row in answer["diagnosis"]["repairs"] if row["code"] == "budget")
    enough = raise_cap["data"]["after"]
    assert enough > 9000
    assert ask(monthly_cap={"amount": f"{enough}.00", "currency": "USD"})["outcome"] == "composed"
    assert ask(monthly_cap={"amount": f"{enough - 1}.00", "currency": "USD"})["outcome"] == "infeasible"


# -- questions that are none ------------------------------------------------------------------------------------------
def test_every_fault_of_a_question_is_told_with_its_place(ask, story, nothing_changes):
    stranger = "prof_00000000000000000000000001"
    inside = members(story.best)[0].professional.public_id
    with nothing_changes():
        refusal = ask(
            422,
            swaps=[{"leaves": stranger, "comes": inside}],
            bans=[inside],
            drop_needs=["need_00000000000000000000000001"],
            monthly_cap={"amount": "1.00", "currency": "MXN"},
            starts_on="2020-01-06",
            add_needs=[{"skill": "no such thing"}],
        )
    assert refusal["code"] == "invalid_question"
    told = {(row["pointer"], row["code"]) for row in refusal["errors"]}
    assert {
        ("/drop_needs/0", "unknown_need"),
        ("/monthly_cap/currency", "other_currency"),
        ("/starts_on", "in_the_past"),
        ("/add_needs/0/skill", "unknown_skill"),
    } <= told


def test_people_are_spoken_of_once_and_swapped_out_only_of_their_own_cell(ask, story, nothing_changes):
    who, inside = outsider(story.best, 1).public_id, members(story.best)[0].professional.public_id
    with nothing_changes():
        refusal = ask(422, swaps=[{"leaves": who, "comes": inside}], bans=[inside])
    assert {(row["pointer"], row["code"]) for row in refusal["errors"]} == {
        ("/swaps/0/leaves", "not_a_member"),
        ("/swaps/0/comes", "person_twice"),
    }


def test_somebody_who_left_the_market_cannot_be_pinned(ask, story, nothing_changes):
    who = outsider(story.best, 1)
    Professional.objects.filter(pk=who.pk).update(status="paused")
    with nothing_changes():
        refusal = ask(422, pins=[{"professional": who.public_id}])
    assert [(row["pointer"], row["code"]) for row in refusal["errors"]] == [
        ("/pins/0/professional", "not_on_the_market")
    ]


@pytest.mark.parametrize("question", [{"pin": []}, {"pins": [{"person": "x"}]}, {"bridges": -1}, {"bans": ["x"]}])
def test_a_malformed_question_is_400(ask, question, nothing_changes):
    with nothing_changes():
        assert ask(400, **question)["code"] == "invalid_input"


def test_a_cell_of_an_earlier_version_of_the_project_is_not_asked_about(ask, story):
    Project.objects.get(pk=story.project.pk).touch()
    assert ask(409)["code"] == "project_changed"
    assert not WhatIf.objects.exists()


# -- keeping ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def keep(api, cast):
    def kept(answer, expect=201, reason="The client wants Chihuahua."):
        made = api(cast.recruiter).post(f"/api/v1/what-ifs/{answer['id']}/keep", {"reason": reason})
        assert made.status_code == expect, made.content
        return made.json()

    return kept


def test_nothing_is_written_but_the_answer_until_it_is_kept(ask, story):
    before = list(Proposal.objects.order_by("pk").values())
    runs = MatchRun.objects.count()
    ask(bans=[members(story.best)[0].professional.public_id])
    assert list(Proposal.objects.order_by("pk").values()) == before
    assert MatchRun.objects.count() == runs
    assert not ReviewDecision.objects.exists()


def test_a_kept_answer_is_a_revision_with_its_reason_and_the_machines_cell_stays_as_it_was(api, cast, ask, keep, story):
    gone = members(story.best)[0].professional.public_id
    answer = ask(bans=[gone])
    listed = keep(answer)
    assert (listed["revision"], listed["rank"], listed["status"]) == (2, 1, "composed")
    assert listed["value"] == answer["proof"]["value"]
    revised = api(cast.recruiter).get(f"/api/v1/proposals/{listed['id']}").json()
    assert {row["professional"] for row in revised["members"]} == {row["professional"] for row in answer["members"]}
    assert revised["origin"] == "recruiter"
    decisions = api(cast.recruiter).get(f"/api/v1/proposals/{listed['id']}/decisions").json()["results"]
    assert [(row["decision"], row["comment"], row["decided_by"]) for row in decisions] == [
        ("revise", "The client wants Chihuahua.", cast.recruiter.public_id)
    ]
    first = Proposal.objects.get(pk=story.best.pk)
    assert (first.status, first.status_reason, first.value) == ("superseded", "revised", story.best.value)
    assert gone in {row.professional.public_id for row in first.members.all()}
    assert api(cast.recruiter).get(f"/api/v1/what-ifs/{answer['id']}").json()["kept_as"] == listed["id"]
    assert AuditEvent.objects.filter(subject=listed["id"], action="proposal.revised").count() == 1


def test_a_revision_is_proven_from_its_own_stored_inputs(api, cast, ask, keep, story):
    seat = members(story.best)[0].seat
    listed = keep(
        ask(
            bans=[members(story.best)[1].professional.public_id],
            seats=[{"id": seat.public_id, "weekly_minutes": 1200}],
            drop_needs=[Need.objects.get(project=story.project, skill__code="kyc").public_id],
        )
    )
    proof = api(cast.recruiter).get(f"/api/v1/proposals/{listed['id']}/proof").json()
    assert proof["holds"] is True
    assert proof["certification"]["verdict"] == "confirmed"
    assert proof["snapshot_digest"] == WhatIf.objects.get().digest
    revised = Proposal.objects.get(what_if__isnull=False)
    assert [row.need.skill.code for row in revised.coverage.all()] == ["cobol"]
    assert members(revised)[0].weekly_minutes == 1200
    seat.refresh_from_db()
    assert (seat.project_id, seat.weekly_minutes) == (story.project.pk, 2400)
    assert Seat.objects.get(pk=members(revised)[0].seat_id).project_id is None


def test_a_revision_goes_the_way_of_any_cell_and_its_own_terms_are_offered(api, cast, ask, keep, story):
    until = story.project.ends_on.replace(day=1).isoformat()
    listed = keep(ask(ends_on=until, monthly_cap={"amount": "70000.00", "currency": "USD"}))
    where = f"/api/v1/proposals/{listed['id']}"
    Proposal.objects.filter(revision=2).update(status="approved", approved_by="user_x", approved_at="2026-01-01T00:00Z")
    tag = f'"{Proposal.objects.get(revision=2).version}"'
    offer = api(cast.recruiter, if_match=tag).post(f"{where}/offer", {}).json()
    assert offer["terms"]["ends_on"] == until
    accepted = api(cast.client, if_match='"1"').post(f"/api/v1/offers/{offer['id']}/accept", {})
    assert accepted.status_code == 201, accepted.content
    assert accepted.json()["ends_on"] == until


def test_a_question_about_a_revision_starts_from_the_revisions_own_terms(api, cast, ask, keep, story):
    gone = members(story.best)[1].professional
    listed = keep(ask(bans=[gone.public_id], cost_weight=100))
    again = api(cast.recruiter).post(f"/api/v1/proposals/{listed['id']}/what-ifs", {}).json()
    assert again["difference"]["stayed"] == 3
    assert gone.public_id not in [row["professional"] for row in again["members"]]
    assert WhatIf.objects.order_by("-pk").first().policy == "2026-11/cost-100"
    back = api(cast.recruiter).post(
        f"/api/v1/proposals/{listed['id']}/what-ifs", {"pins": [{"professional": gone.public_id}]}
    )
    assert gone.public_id in [row["professional"] for row in back.json()["members"]]


def test_an_answer_is_kept_once(ask, keep, story, nothing_changes):
    answer = ask(bans=[members(story.best)[0].professional.public_id])
    keep(answer)
    with nothing_changes():
        assert keep(answer, 409)["code"] == "already_kept"


def test_of_two_answers_about_one_cell_the_second_is_asked_anew(ask, keep, story, nothing_changes):
    one = ask(bans=[members(story.best)[0].professional.public_id])
    other = ask(bans=[members(story.best)[1].professional.public_id])
    keep(one)
    with nothing_changes():
        assert keep(other, 409)["code"] == "proposal_changed"


def test_a_member_who_changed_meanwhile_is_named_and_nothing_is_kept(ask, keep, story, nothing_changes):
    answer = ask(bans=[members(story.best)[0].professional.public_id])
    who = answer["members"][0]["professional"]
    person = next(row for row in Professional.objects.all() if row.public_id == who)
    Professional.objects.filter(pk=person.pk).update(rate_amount=person.rate_amount + 1)
    with nothing_changes():
        refusal = keep(answer, 409)
    assert (refusal["code"], refusal["data"]["people"]) == ("members_changed", [who])


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda story: Project.objects.get(pk=story.project.pk).touch(), "project_changed"),
        (lambda story: Project.objects.filter(pk=story.project.pk).update(status="draft"), "project_not_published"),
        (lambda story: Proposal.objects.get(pk=story.best.pk).touch(), "proposal_changed"),
        (lambda story: WhatIf.objects.update(expires_at="2026-01-01T00:00Z"), "what_if_expired"),
        (lambda story: story.offered(), "proposal_offered"),
    ],
)
def test_an_answer_that_is_no_longer_about_what_is_there_is_not_kept(ask, keep, story, spoil, code, nothing_changes):
    answer = ask(bans=[members(story.best)[0].professional.public_id])
    spoil(story)
    with nothing_changes():
        assert keep(answer, 409)["code"] == code


def test_no_cell_is_not_kept(ask, keep, nothing_changes):
    answer = ask(monthly_cap={"amount": "9000.00", "currency": "USD"})
    with nothing_changes():
        assert keep(answer, 409)["code"] == "nothing_to_keep"


def test_keeping_wants_a_reason(ask, keep, nothing_changes):
    answer = ask()
    with nothing_changes():
        assert keep(answer, 400, reason="")["code"] == "invalid_input"


def test_clients_see_nothing_of_what_was_asked_or_kept(api, cast, ask, keep, story):
    answer = ask(bans=[members(story.best)[0].professional.public_id])
    keep(answer)
    assert api(cast.client).get(f"/api/v1/what-ifs/{answer['id']}").status_code == 403
    assert api(cast.client).post(f"{story.cell}/what-ifs", {}).status_code == 403
    runs = api(cast.client).get("/api/v1/match-runs").json()["results"]
    assert [row["cause"] for row in runs] == ["requested"]
    assert {row["cause"] for row in api(cast.recruiter).get("/api/v1/match-runs").json()["results"]} == {
        "requested", "what_if",
    }  # fmt: skip


def test_an_answer_names_people_in_one_query_however_many(api, cast, ask, story, django_assert_max_num_queries):
    answer = ask(bans=[members(story.best)[0].professional.public_id])
    caller = api(cast.recruiter)
    with django_assert_max_num_queries(6):
        shown = caller.get(f"/api/v1/what-ifs/{answer['id']}").json()
    assert shown == {**answer, "kept_as": None}
    assert json.dumps(shown).count("Xóchitl") or "Zamarripa" in json.dumps(shown)


def test_a_repeated_question_with_its_key_gets_the_same_answer(api, cast, story):
    caller = api(cast.recruiter, idempotency_key="what-1")
    first = caller.post(f"{story.cell}/what-ifs", {})
    again = caller.post(f"{story.cell}/what-ifs", {})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert WhatIf.objects.count() == 1
    other = caller.post(f"{story.cell}/what-ifs", {"keep_others": True})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
