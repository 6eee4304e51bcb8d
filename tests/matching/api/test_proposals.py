"""Cells over HTTP: what each reader may see of them, and how a recruiter judges them."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from marketplace.kernel import clock
from matching.models import Offer, Proposal, ProposalMember, ReviewDecision, Snapshot
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db

PROPOSALS = "/api/v1/proposals"
APPROVE = {"reason_code": "strong_coverage"}
REJECT = {"reason_code": "cost"}


def tag(proposal: Proposal) -> str:
    return f'"{Proposal.objects.get(pk=proposal.pk).version}"'


def names_of(proposal: Proposal) -> set[str]:
    """Return every word that would tell who a member is."""
    words: set[str] = set()
    for member in ProposalMember.objects.filter(proposal=proposal).select_related("professional"):
        person = member.professional
        words |= {person.given_names, person.family_names, person.public_id, person.contact_email, str(person.pk)}
        words |= {person.city, person.cluster, str(person.rate_amount)}
    return words


# -- what a recruiter sees --------------------------------------------------------------------------------------------
def test_a_recruiter_sees_who_sits_where_and_for_how_much(api, cast, story):
    body = api(cast.recruiter, accept_language="en").get(story.cell).json()
    members = list(story.best.members.select_related("professional", "seat"))
    assert [row["professional"] for row in body["members"]] == [m.professional.public_id for m in members]
    first = body["members"][0]
    assert first["name"] == f"{members[0].professional.given_names} {members[0].professional.family_names}"
    assert first["rate"] == {"amount": str(members[0].rate_amount), "currency": "USD"}
    assert (first["seat_title"], first["function"], first["country"]) == ("Seat 0", "business", "MX")
    assert first["english"] in {"b2", "c1"}
    assert first["seniority"] == "senior"
    assert first["weekly_minutes"] == 2400
    assert first["overlap_minutes"] >= 240
    assert (body["value"], body["bound"], body["gap"]) == (story.best.value, story.best.bound, 0)
    assert body["gap_percent"] == 0
    assert body["proof"].startswith("Proven: no cell of these people under these rules is worth more than")
    assert body["difference"] is None


def test_every_need_says_who_is_responsible_and_whether_it_hangs_by_a_thread(api, cast, story):
    body = api(cast.recruiter).get(story.cell).json()
    by_skill = {line["skill"]: line for line in body["coverage"]}
    assert set(by_skill) == {"kyc", "cobol"}
    seen = {row["pseudonym"]: row for row in body["members"]}
    for line in body["coverage"]:
        assert line["need"] in seen[line["responsible"]]["responsible_for"]
        assert line["thin"] == (line["backup"] is None)
        if line["backup"]:
            assert line["need"] in seen[line["backup"]]["backs_up"]
    assert by_skill["cobol"]["holders"] >= by_skill["cobol"]["count"] == 2


def test_an_alternative_says_among_which_cells_it_is_the_best(api, cast, story):
    second = story.run.proposals.get(rank=2)
    body = api(cast.recruiter, accept_language="en").get(f"{PROPOSALS}/{second.public_id}").json()
    assert body["difference"].startswith("The best among cells that share at most 1 member with each earlier one")


def test_reasons_are_told_with_names_and_numbers_in_the_readers_language(api, cast, story):
    english = api(cast.recruiter, accept_language="en").get(story.cell).json()["reasons"]
    spanish = api(cast.recruiter, accept_language="es-MX").get(story.cell).json()["reasons"]
    assert [row["code"] for row in english] == [row["code"] for row in spanish]
    assert len(english) == story.best.reasons.count() > 5
    for one, other in zip(english, spanish, strict=True):
        assert one["text"] != other["text"]
        assert "ref" not in one["data"]
    answers = next(row for row in english if row["code"] == "covers_need")
    responsible = next(row for row in story.best.coverage.all() if row.need.public_id == answers["need"]).responsible
    assert responsible.professional.family_names in answers["text"]


def test_an_etag_names_the_version_of_the_cell(api, cast, story):
    assert api(cast.recruiter).get(story.cell)["ETag"] == tag(story.best)


def test_cells_are_filtered_by_run_project_status_and_ids(api, cast, story):
    caller = api(cast.recruiter)

    def ids(query: str) -> set[str]:
        return {row["id"] for row in caller.get(f"{PROPOSALS}?{query}").json()["results"]}

    everything = {row.public_id for row in story.run.proposals.all()}
    assert ids(f"run={story.run.public_id}") == everything
    assert ids(f"project={story.project.public_id}") == everything
    assert ids("status=approved") == set()
    assert ids(f"ids={story.best.public_id}") == {story.best.public_id}
    assert caller.get(f"{PROPOSALS}?rate_amount=40").status_code == 400


def test_a_list_of_cells_costs_the_same_whatever_its_length(api, cast, story, django_assert_max_num_queries):
    assert story.run.proposals.count() > 1
    caller = api(cast.recruiter)
    with django_assert_max_num_queries(7):
        assert len(caller.get(PROPOSALS).json()["results"]) == story.run.proposals.count()


def test_a_cell_with_all_its_reasons_is_read_with_few_queries(api, cast, story, django_assert_max_num_queries):
    caller = api(cast.recruiter)
    with django_assert_max_num_queries(11):
        assert caller.get(story.cell).json()["reasons"]


# -- what a client sees -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", ["composed", "approved", "rejected"])
def test_a_client_sees_no_cell_before_a_recruiter_has_offered_it(api, cast, story, status):
    if status != "composed":
        body = APPROVE if status == "approved" else REJECT
        verb = "approve" if status == "approved" else "reject"
        api(cast.recruiter, if_match=tag(story.best)).post(f"{story.cell}/{verb}", body)
    assert Proposal.objects.get(pk=story.best.pk).status == status
    assert api(cast.client).get(story.cell).status_code == 404
    assert api(cast.client).get(PROPOSALS).json()["results"] == []


def test_before_acceptance_a_client_reads_pseudonyms_and_nothing_that_names_anybody(api, cast, story):
    story.offered()
    for language in ("en", "es-MX"):
        answer = api(cast.client, accept_language=language).get(story.cell)
        assert answer.status_code == 200
        text = json.dumps(answer.json(), ensure_ascii=False)
        assert [word for word in names_of(story.best) if word in text] == []
    body = answer.json()
    assert all(row["name"] is None and row["professional"] is None for row in body["members"])
    assert all("rate" not in row and "points" not in row for row in body["members"])
    assert all("points" not in line for line in body["coverage"])
    assert not {"origin", "approved_by", "approved_at", "status_reason"} & body.keys()
    pseudonyms = {row["pseudonym"] for row in body["members"]}
    answers = next(row for row in body["reasons"] if row["code"] == "covers_need")
    assert answers["member"] in pseudonyms
    assert answers["member"] in answers["text"]


def test_a_client_is_not_told_about_people_outside_the_cell(api, cast, story):
    story.offered()
    recruiters = {row["code"] for row in api(cast.recruiter).get(story.cell).json()["reasons"]}
    clients = {row["code"] for row in api(cast.client).get(story.cell).json()["reasons"]}
    assert recruiters & {"runner_up", "no_runner_up"}
    assert not clients & {"runner_up", "no_runner_up", "pinned"}


def test_the_offer_of_a_cell_and_its_list_name_nobody_either(api, cast, story):
    offer = story.offered()
    caller = api(cast.client)
    assert caller.get(story.cell).json()["offer"] == offer.public_id
    for where in (PROPOSALS, "/api/v1/offers", f"/api/v1/offers/{offer.public_id}"):
        text = json.dumps(caller.get(where).json(), ensure_ascii=False)
        assert [word for word in names_of(story.best) if word in text] == []


def test_after_acceptance_the_client_reads_who_they_are(api, cast, story):
    offer = story.offered()
    caller = api(cast.client, if_match=f'"{offer.version}"')
    assert caller.post(f"/api/v1/offers/{offer.public_id}/accept").status_code == 201
    body = api(cast.client).get(story.cell).json()
    members = list(story.best.members.select_related("professional"))
    assert [row["professional"] for row in body["members"]] == [m.professional.public_id for m in members]
    assert all(m.professional.given_names in row["name"] for m, row in zip(members, body["members"], strict=True))
    assert all("rate" not in row for row in body["members"])


def test_a_pseudonym_is_the_same_in_every_cell_of_a_project_and_another_elsewhere(story, cast):
    other = cells.composed_run(cells.published_project(cast.organization, with_market=False))
    known: dict[object, str] = {}
    for member in ProposalMember.objects.filter(proposal__run=story.run):
        assert known.setdefault(member.professional_id, member.pseudonym) == member.pseudonym
    shared = [m for m in ProposalMember.objects.filter(proposal__run=other) if m.professional_id in known]
    assert shared
    assert all(known[member.professional_id] != member.pseudonym for member in shared)


# -- who may ----------------------------------------------------------------------------------------------------------
ROUTES = [
    ("get", ""),
    ("get", "/proof"),
    ("get", "/decisions"),
    ("post", "/approve"),
    ("post", "/reject"),
    ("post", "/offer"),
]
FOR_CLIENTS = {("get", "")}


def call(api, user, story, method, tail):
    body = {"/approve": APPROVE, "/reject": REJECT, "/offer": {}}.get(tail)
    return getattr(api(user, if_match=tag(story.best)), method)(f"{story.cell}{tail}", body)


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_to_a_rival_an_offered_cell_does_not_exist(api, cast, story, method, tail):
    story.offered()
    answer = call(api, cast.rival, story, method, tail)
    assert answer.status_code == (404 if (method, tail) in FOR_CLIENTS else 403)
    assert Proposal.objects.get(pk=story.best.pk).status == "offered"
    assert api(cast.rival).get(PROPOSALS).json()["results"] == []


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_professionals_have_no_business_with_cells(api, cast, story, method, tail):
    assert call(api, cast.professional, story, method, tail).status_code == 403
    assert Proposal.objects.get(pk=story.best.pk).status == "composed"


@pytest.mark.parametrize(("method", "tail"), [route for route in ROUTES if route not in FOR_CLIENTS])
def test_a_client_neither_judges_a_cell_nor_reads_what_was_said_of_it(api, cast, story, method, tail):
    story.offered()
    assert call(api, cast.client, story, method, tail).status_code == 403
    assert Proposal.objects.get(pk=story.best.pk).status == "offered"


@pytest.mark.parametrize(("method", "tail"), [("post", "/approve"), ("post", "/reject"), ("post", "/offer")])
def test_an_operator_reads_cells_and_does_not_judge_them(api, cast, story, method, tail):
    assert api(cast.operator).get(story.cell).status_code == 200
    assert call(api, cast.operator, story, method, tail).status_code == 403
    assert Proposal.objects.get(pk=story.best.pk).status == "composed"


# -- judging ----------------------------------------------------------------------------------------------------------
def test_a_recruiter_approves_what_was_seen_and_the_decision_is_kept(api, cast, story):
    caller = api(cast.recruiter, if_match=tag(story.best))
    answer = caller.post(f"{story.cell}/approve", {**APPROVE, "comment": "Cubre todo."})
    assert answer.status_code == 200
    assert answer.json()["status"] == "approved"
    assert answer.json()["approved_by"] == cast.recruiter.public_id
    assert answer["ETag"] == tag(story.best) != f'"{story.best.version}"'
    decisions = api(cast.recruiter).get(f"{story.cell}/decisions").json()["results"]
    assert [(row["decision"], row["reason_code"], row["comment"]) for row in decisions] == [
        ("approve", "strong_coverage", "Cubre todo.")
    ]
    assert decisions[0]["seen_version"] == story.best.version


def test_a_decision_on_an_older_version_is_412(api, cast, story):
    Proposal.objects.get(pk=story.best.pk).touch()
    answer = api(cast.recruiter, if_match=f'"{story.best.version}"').post(f"{story.cell}/approve", APPROVE)
    assert (answer.status_code, answer.json()["code"]) == (412, "version_changed")
    assert Proposal.objects.get(pk=story.best.pk).status == "composed"
    assert not ReviewDecision.objects.exists()


@pytest.mark.parametrize(("verb", "body"), [("approve", APPROVE), ("reject", REJECT), ("offer", {})])
def test_a_decision_that_names_no_version_is_428(api, cast, story, verb, body):
    answer = api(cast.recruiter).post(f"{story.cell}/{verb}", body)
    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required")
    assert Proposal.objects.get(pk=story.best.pk).status == "composed"


def test_a_cell_is_judged_once(api, cast, story):
    api(cast.recruiter, if_match=tag(story.best)).post(f"{story.cell}/reject", REJECT)
    answer = api(cast.recruiter, if_match=tag(story.best)).post(f"{story.cell}/approve", APPROVE)
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert Proposal.objects.get(pk=story.best.pk).status == "rejected"
    assert ReviewDecision.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid_input"),
        ({"reason_code": "because"}, 422, "unknown_reason"),
        ({"reason_code": "other"}, 422, "comment_required"),
        ({"reason_code": "cost", "severity": 3}, 400, "invalid_input"),
    ],
)
def test_a_decision_without_a_known_reason_changes_nothing(api, cast, story, body, status, code):
    answer = api(cast.recruiter, if_match=tag(story.best)).post(f"{story.cell}/reject", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Proposal.objects.get(pk=story.best.pk).status == "composed"
    assert not ReviewDecision.objects.exists()


def test_an_approved_cell_is_put_before_the_client(api, cast, story):
    api(cast.recruiter, if_match=tag(story.best)).post(f"{story.cell}/approve", APPROVE)
    until = (clock.now() + dt.timedelta(days=7)).replace(microsecond=0)
    answer = api(cast.recruiter, if_match=tag(story.best)).post(f"{story.cell}/offer", {"expires_at": until})
    assert answer.status_code == 201
    offer = Offer.objects.get()
    assert answer["Location"] == f"/api/v1/offers/{offer.public_id}"
    assert offer.expires_at == until
    assert api(cast.client).get(answer["Location"]).json()["terms"] == answer.json()["terms"]


def test_a_cell_that_nobody_approved_is_not_offered(api, cast, story):
    answer = api(cast.recruiter, if_match=tag(story.best)).post(f"{story.cell}/offer", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert not Offer.objects.exists()


@pytest.mark.parametrize("days", [-1, 91])
def test_an_offer_lapses_within_ninety_days(api, cast, story, days):
    api(cast.recruiter, if_match=tag(story.best)).post(f"{story.cell}/approve", APPROVE)
    until = clock.now() + dt.timedelta(days=days)
    answer = api(cast.recruiter, if_match=tag(story.best)).post(f"{story.cell}/offer", {"expires_at": until})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/expires_at")
    assert Proposal.objects.get(pk=story.best.pk).status == "approved"
    assert not Offer.objects.exists()


# -- proof ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rank", [1, 2])
def test_the_proof_of_a_cell_is_checked_again_from_what_was_stored(api, cast, story, rank):
    cell = story.run.proposals.get(rank=rank)
    body = api(cast.recruiter).get(f"{PROPOSALS}/{cell.public_id}/proof").json()
    assert body["holds"] is True
    assert body["verdict"]["holds"] is True
    assert body["verdict"]["violations"] == []
    assert (body["verdict"]["value"], body["verdict"]["cost"]) == (cell.value, int(cell.monthly_cost))
    assert body["certification"]["verdict"] == "confirmed"
    assert body["certification"]["priced"] > 0
    assert body["people"] == 12  # the thirteenth could sit in no seat and was not stored
    assert body["snapshot_digest"] == story.run.snapshot.digest


def test_a_cell_whose_value_was_tampered_with_does_not_hold(api, cast, story):
    Proposal.objects.filter(pk=story.best.pk).update(value=story.best.value - 1)
    body = api(cast.recruiter).get(f"{story.cell}/proof").json()
    assert body["holds"] is False
    assert [row["rule"] for row in body["verdict"]["violations"]] == ["value"]


def test_a_forged_bound_is_refuted(api, cast, story):
    forged = {**story.best.certificate, "bound": story.best.bound - 1, "best_value": story.best.bound - 1}
    forged["value"] = story.best.value - 1
    Proposal.objects.filter(pk=story.best.pk).update(certificate=forged)
    body = api(cast.recruiter).get(f"{story.cell}/proof").json()
    assert (body["holds"], body["certification"]["verdict"]) == (False, "refuted")


def test_a_member_who_was_exchanged_in_the_table_is_noticed(api, cast, story):
    member = story.best.members.order_by("pk").first()
    taken = story.best.members.values_list("professional_id", flat=True)
    other = ProposalMember.objects.filter(proposal__run=story.run).exclude(professional_id__in=taken).first()
    ProposalMember.objects.filter(pk=member.pk).update(professional_id=other.professional_id)
    assert api(cast.recruiter).get(f"{story.cell}/proof").json()["holds"] is False


def test_a_snapshot_that_lost_its_digest_proves_nothing(api, cast, story):
    Snapshot.objects.filter(run=story.run).update(digest="0" * 64)
    answer = api(cast.recruiter).get(f"{story.cell}/proof")
    assert (answer.status_code, answer.json()["code"]) == (409, "snapshot_unreadable")
