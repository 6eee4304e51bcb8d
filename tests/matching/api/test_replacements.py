"""The list of those who could take a seat: exact, in order, with what each gains and loses."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from matching import engine, snapshots
from matching.models import Proposal
from profiles.models import Collaboration, Professional
from tests.factories import matching as cells
from tests.factories import profiles

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(api, cast, story):
    def read(query, expect=200):
        answer = api(cast.recruiter, accept_language="en").get(f"{story.cell}/replacements?{query}")
        assert answer.status_code == expect, answer.content
        return answer.json()

    return read


def at(cell: Proposal, position: int):
    return cell.members.select_related("seat", "professional").get(seat__position=position)


def everyone_tried(story, leaving) -> list[tuple[int, str]]:
    """Return (value, id) of every person who could take the seat, best first: each put there and judged by rule."""
    taken = snapshots.take(story.project)
    others = [
        (taken.ref(row.professional_id), row.seat.position)
        for row in story.best.members.select_related("seat")
        if row.pk != leaving.pk
    ]
    found = []
    for ref in range(len(taken.people)):
        if ref in {other for other, _seat in others} or taken.person(ref) == leaving.professional_id:
            continue
        verdict = engine.verify(taken.problem, [*others, (ref, leaving.seat.position)])
        if verdict.holds:
            found.append((verdict.value, Professional(pk=taken.person(ref)).public_id))
    return sorted(found, key=lambda pair: -pair[0])


@pytest.mark.parametrize("position", [0, 1, 2])
def test_the_list_is_what_trying_everybody_gives(listed, story, position):
    leaving = at(story.best, position)
    body = listed(f"seat={leaving.seat.public_id}")
    expected = everyone_tried(story, leaving)
    assert expected
    assert [row["value"] for row in body["results"]] == [value for value, _who in expected]
    assert {row["professional"] for row in body["results"]} == {who for _value, who in expected}
    assert (body["proven"], body["exhausted"], body["diagnosis"]) == (True, True, None)
    assert body["value"] == story.best.value
    assert all(row["value_change"] == row["value"] - story.best.value <= 0 for row in body["results"])


def test_at_most_ten_are_listed_and_they_are_the_best_ten(listed, story):
    for _ in range(4):
        cells.market()
    leaving = at(story.best, 1)
    body = listed(f"member={leaving.professional.public_id}")
    expected = everyone_tried(story, leaving)
    assert len(expected) > 10 == len(body["results"])
    assert body["exhausted"] is False
    assert [row["value"] for row in body["results"]] == [value for value, _who in expected[:10]]


def test_each_says_what_would_be_gained_and_lost(listed, story):
    leaving = at(story.best, 2)
    body = listed(f"seat={leaving.seat.public_id}")
    for row in body["results"]:
        told = {fact["code"]: fact for fact in row["gained"] + row["lost"]}
        cost = float(row["monthly_cost"]["amount"]) - float(story.best.monthly_cost)
        if cost:
            kind = "lost" if cost > 0 else "gained"
            assert "monthly_cost" in [fact["code"] for fact in row[kind]]
            assert f"${abs(cost):,.0f} a month {'more' if cost > 0 else 'less'}." == told["monthly_cost"]["text"]
    texts = [fact["text"] for row in body["results"] for fact in row["gained"] + row["lost"]]
    assert any("COBOL" in text or "KYC" in text for text in texts)
    assert all(fact["data"]["before"] != fact["data"]["after"] for row in body["results"] for fact in row["lost"])


def test_where_nobody_fits_beside_the_others_the_list_is_empty_and_says_why(listed, story):
    leaving = at(story.best, 1)
    others = Professional.objects.filter(main_function=leaving.seat.function).exclude(pk=leaving.professional_id)
    others.update(status="paused")
    body = listed(f"seat={leaving.seat.public_id}")
    assert body["results"] == []
    assert body["exhausted"] is True
    assert body["diagnosis"]["blocked"][0]["position"] == 1


def test_a_member_who_should_stay_but_left_the_market_is_named(listed, story):
    gone = at(story.best, 0).professional
    Professional.objects.filter(pk=gone.pk).update(status="paused")
    refusal = listed(f"seat={at(story.best, 1).seat.public_id}", 409)
    assert (refusal["code"], refusal["data"]["people"]) == ("members_changed", [gone.public_id])


def test_somebody_who_left_can_still_be_replaced(listed, story):
    gone = at(story.best, 1)
    Professional.objects.filter(pk=gone.professional_id).update(status="paused")
    assert listed(f"seat={gone.seat.public_id}")["results"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 422, "no_such_seat"),
        ("seat=seat_00000000000000000000000001", 422, "no_such_seat"),
        ("seat=prof_00000000000000000000000001", 400, "invalid_input"),
        ("chair=1", 400, "invalid_input"),
    ],
)
def test_a_list_for_no_seat_is_refused(listed, query, status, code):
    assert listed(query, status)["code"] == code


def test_the_first_of_the_list_is_the_optimum_with_the_others_pinned(listed, story):
    leaving = at(story.best, 0)
    taken = snapshots.take(story.project)
    pins = tuple(
        engine.Pin(taken.ref(row.professional_id), row.seat.position)
        for row in story.best.members.select_related("seat")
        if row.pk != leaving.pk
    )
    problem = replace(taken.problem, pins=pins, banned=(taken.ref(leaving.professional_id),))
    best = engine.solve(problem, engine.Limits(cells=1))
    assert isinstance(best, engine.Composed)
    assert listed(f"seat={leaving.seat.public_id}")["results"][0]["value"] == best.cells[0].best_value


def test_who_has_worked_with_whom_does_not_change_the_order(listed, story):
    """Within one percent of the value a run prefers acquaintances; a list of the best by value must not."""
    leaving = at(story.best, 1)
    first = listed(f"seat={leaving.seat.public_id}")["results"][0]
    best = next(row for row in Professional.objects.all() if row.public_id == first["professional"])
    twin = profiles.professional(
        main_function=best.main_function,
        functions=best.functions,
        seniority=best.seniority,
        rate_amount=best.rate_amount + Decimal("0.50"),
    )
    for claim in best.claims.select_related("skill"):
        profiles.claim(twin, claim.skill.code, claim.level)
    profiles.speaks(twin, "en", best.languages.get(language="en").speaking)
    friend = at(story.best, 0).professional
    one, other = sorted([twin, friend], key=lambda row: row.pk)
    Collaboration.objects.create(first=one, second=other, times=3)
    found = listed(f"seat={leaving.seat.public_id}")["results"]
    assert [row["professional"] for row in found[:2]] == [best.public_id, twin.public_id]
    assert 0 < found[0]["value"] - found[1]["value"] < found[0]["value"] / 100
