"""Cells side by side: what they share and what sets them apart, told to each reader as far as it may know."""

from __future__ import annotations

import json

import pytest

from marketplace.clients.models import Seat
from matching import engine
from matching.models import Proposal
from profiles.models import Professional, Skill
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db


def path(*proposals) -> str:
    return "/api/v1/proposals/compare?ids=" + ",".join(row.public_id for row in proposals)


@pytest.fixture
def pair(story):
    return [story.run.proposals.get(rank=rank) for rank in (1, 2)]


def test_members_in_common_and_seats_are_what_the_cells_hold(api, cast, story, pair):
    body = api(cast.recruiter).get(path(*pair)).json()
    sets = [set(row.members.values_list("pseudonym", flat=True)) for row in pair]
    assert body["project"] == story.project.public_id
    assert set(body["common"][0]["members"]) == sets[0] & sets[1] == set(body["in_all"])
    assert (body["common"][0]["first"], body["common"][0]["second"]) == tuple(row.public_id for row in pair)
    assert [row["position"] for row in body["seats"]] == [0, 1, 2]
    for row in body["seats"]:
        for column, cell in zip(row["cells"], pair, strict=True):
            there = cell.members.filter(seat__position=row["position"]).values_list("pseudonym", flat=True)
            assert column == {"proposal": cell.public_id, "members": list(there)}


def test_each_need_shows_its_first_and_second_holder_and_what_hangs_by_one(api, cast, pair):
    Skill.objects.filter(code="kyc").update(kind="regulation")
    body = api(cast.recruiter).get(path(*pair)).json()
    for side, cell in zip(body["proposals"], pair, strict=True):
        lines = {line.need.skill.code: line for line in cell.coverage.all()}
        for row in side["coverage"]:
            line = lines[row["skill"]]
            assert row["first"].endswith(line.responsible.professional.family_names)
            assert (row["second"] is None) == (line.backup is None)
        thin = {code for code, line in lines.items() if line.need.count and line.backup is None}
        assert {row["skill"] for row in side["single_points_of_failure"]} == thin
        assert [row["skill"] for row in side["regulation"]] == ["kyc"]


def test_distance_english_and_shared_hours_are_told(api, cast, story, pair):
    body = api(cast.recruiter).get(path(*pair)).json()
    assert [side["distance"] for side in body["proposals"]] == [0, pair[0].value - pair[1].value]
    for side, cell in zip(body["proposals"], pair, strict=True):
        english = [row.english_speaking for row in cell.members.all()]
        assert side["english"]["bridges"] == sum(level >= 5 for level in english)
        assert side["english"]["asked"] == story.project.bridges
        assert side["english"]["lowest_facing"] in {"b2", "c1"}
        assert side["worst_day_minutes"] == min(row["least"] for row in side["shared_by_month"])
        assert side["worst_day_minutes"] == min(cell.members.values_list("overlap_minutes", flat=True))


def test_the_months_are_those_of_the_member_who_shares_least(api, cast, story, pair):
    person = pair[0].members.first().professional
    Professional.objects.filter(pk=person.pk).update(time_zone="America/Tijuana")
    side = api(cast.recruiter).get(path(*pair)).json()["proposals"][0]
    expected = engine.shared_minutes_by_month(
        "America/Tijuana", 540, 1080, "America/New_York", 540, 1080, pair[0].starts_on, pair[0].ends_on
    )
    assert [(row["year"], row["month"], row["least"]) for row in side["shared_by_month"]] == [
        (month.year, month.month, month.least) for month in expected
    ]


def test_a_client_compares_offered_cells_without_learning_any_name(api, cast, story, pair):
    for row in pair:
        cells.offer_for(row)
    answer = api(cast.client).get(path(*pair))
    assert answer.status_code == 200
    text = json.dumps(answer.json(), ensure_ascii=False)
    for row in pair:
        for member in row.members.select_related("professional"):
            assert member.professional.family_names not in text
            assert member.professional.public_id not in text
    holder = answer.json()["proposals"][0]["coverage"][0]["first"]
    assert holder in {member["pseudonym"] for member in answer.json()["proposals"][0]["members"]}


def test_a_cell_that_is_not_offered_is_absent_from_a_clients_comparison(api, cast, pair):
    cells.offer_for(pair[0])
    assert api(cast.client).get(path(*pair)).status_code == 404
    assert api(cast.rival).get(path(*pair)).status_code == 404


def test_cells_of_two_projects_are_not_compared(api, cast, story):
    other = cells.composed_run(cells.published_project(cast.organization, with_market=False)).proposals.get(rank=1)
    answer = api(cast.recruiter).get(path(story.best, other))
    assert (answer.status_code, answer.json()["code"]) == (422, "different_projects")


@pytest.mark.parametrize(
    ("query", "status"), [("", 400), ("?ids=", 400), ("?ids=cell_1", 400), ("?ids=x&y=1", 400), ("?cursor=1", 400)]
)
def test_a_malformed_comparison_is_400(api, cast, query, status):
    assert api(cast.recruiter).get(f"/api/v1/proposals/compare{query}").status_code == status


def test_one_cell_is_no_comparison_and_seven_are_too_many(api, cast, story, pair):
    one = api(cast.recruiter).get(path(pair[0], pair[0]))
    assert (one.status_code, one.json()["code"]) == (422, "too_few")
    many = [Proposal.objects.get(pk=pair[0].pk) for _ in range(6)]
    for number, row in enumerate(many):
        row.pk, row.rank, row._state.adding = Seat().pk, 50 + number, True
        row.save()
    answer = api(cast.recruiter).get(path(pair[0], *many))
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many")


def test_a_comparison_costs_the_same_whatever_its_width(api, cast, story, django_assert_max_num_queries):
    caller = api(cast.recruiter)
    rows = list(story.run.proposals.order_by("rank"))
    assert len(rows) >= 3
    for some in (rows[:2], rows[:6]):
        with django_assert_max_num_queries(7):
            assert caller.get(path(*some)).status_code == 200


def test_a_recruiter_compares_without_names_until_every_cell_is_decided_on(api, cast, pair):
    def told() -> str:
        return json.dumps(api(cast.recruiter).get(path(*pair) + "&blind=true").json())

    names = set(Professional.objects.filter(given_names__startswith="Xóchitl").values_list("family_names", flat=True))

    def named() -> bool:
        return any(name in told() for name in names)

    assert not named()
    for cell, still_blind in zip(pair, (True, False), strict=True):
        body = {"reason_code": "cost"}
        answer = api(cast.recruiter, if_match=f'"{cell.version}"').post(
            f"/api/v1/proposals/{cell.public_id}/reject", body
        )
        assert answer.status_code == 200
        assert named() is not still_blind
