"""A member says no, another leaves later: each time the fewest others change, and the work goes on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from marketplace.local.demo import cast
from tests.journeys import steps
from tests.journeys.conftest import People
from tests.journeys.service import Service
from tests.waiting import eventually

pytestmark = pytest.mark.slow


Json = dict[str, Any]


def proposed(people: People, engagement: str) -> Json:
    """Return the replacement that was looked for by itself, once it is there."""
    recruiter = people[steps.RECRUITER]

    def ready() -> str | None:
        rows = recruiter.all(f"/replacements?engagement={engagement}&status=proposed")
        return next((str(row["id"]) for row in rows), None)

    found = eventually(ready, what="a replacement is proposed")
    return recruiter.get(f"/replacements/{found}")


def taken(people: People, client: str, engagement: str) -> Json:
    """Have the first option approved, and confirmed by the client where it is asked; return what came of it."""
    recruiter, row = people[steps.RECRUITER], proposed(people, engagement)
    path = f"/replacements/{row['id']}"
    decided = steps.act(recruiter, path, "approve", {"reason_code": "least_disturbance"})
    if decided["status"] == "awaiting_client":
        shown = people[client].get(path)
        names = {member["name"] for option in row["options"] for member in option["members"]}
        assert not any(name in str(shown) for name in names)
        steps.act(people[client], path, "confirm")
    return recruiter.get(path)


def live(client: Any, engagement: str) -> list[Json]:
    rows = client.get(f"/engagements/{engagement}")["placements"]
    return [row for row in rows if row["status"] in {"held", "confirmed", "active"}]


def test_a_no_and_a_departure_are_each_followed_by_the_least_disturbing_replacement(
    service: Service, people: People
) -> None:
    address = cast.ORGANIZATIONS[1].admin
    client, recruiter = people[address], people[steps.RECRUITER]
    roomy = {"monthly_cap": {"amount": "110000.00", "currency": "USD"}}
    project = steps.published(client, steps.example("2-data-governance.json", service.today, **roomy))
    cell = steps.best_cell(recruiter, steps.ended_run(client, project))
    # Which seats somebody else could take, should it come to that, is known before.
    seats = [member["seat"] for member in recruiter.get(f"/proposals/{cell}")["members"]]
    easy = [seat for seat in seats if recruiter.get(f"/proposals/{cell}/replacements?seat={seat}")["results"]]
    assert len(easy) >= 2, "the market is too small for this story"
    engagement = steps.accepted(client, steps.offered(people, cell))
    placements = client.get(f"/engagements/{engagement}")["placements"]
    first, tired = (next(row for row in placements if row["seat"]["id"] == seat) for seat in easy[:2])
    others = [row for row in placements if row is not first]

    # One says no; the others' yes stands, and one person comes for the one who went.
    steps.says_no(steps.member(people, first), engagement, "dates")
    steps.all_say_yes(people, engagement, others)
    found = proposed(people, engagement)
    best = found["options"][0]
    assert best["proven"]
    assert (best["further_leave"], best["change_seat"]) == ([], [])
    assert [member["change"] for member in best["members"]].count("joins") == 1
    gone = steps.member(people, first)
    assert "internal" not in str(gone.get("/invitations"))
    assert taken(people, address, engagement)["status"] == "applied"
    newcomer = next(row for row in live(client, engagement) if row["status"] == "held")
    assert newcomer["professional"]["id"] != first["professional"]["id"]
    steps.all_say_yes(people, engagement, [newcomer])
    assert client.get(f"/engagements/{engagement}")["status"] == "active"
    assert {row["professional"]["id"] for row in others} <= {
        row["professional"]["id"] for row in live(client, engagement)
    }

    # Weeks into the work somebody is away for long; the seat is taken over from that day.
    starts_on = dt.date.fromisoformat(project["starts_on"])
    service.travel_to(starts_on)
    eventually(lambda: {row["status"] for row in live(client, engagement)} == {"active"}, what="everybody works")
    away = starts_on + dt.timedelta(weeks=4)
    leave = steps.member(people, tired).post(
        "/leaves",
        {
            "placement": tired["id"],
            "starts_on": away.isoformat(),
            "ends_on": (away + dt.timedelta(weeks=8, days=-3)).isoformat(),
            "reason_kind": "parental",
        },
        expect=201,
    )
    steps.act(recruiter, f"/leaves/{leave['id']}", "vacate")
    assert taken(people, address, engagement)["status"] == "applied"
    second = next(row for row in live(client, engagement) if row["status"] == "held")
    assert second["starts_on"] >= away.isoformat()
    steps.all_say_yes(people, engagement, [second])
    service.travel_to(away + dt.timedelta(weeks=1))
    eventually(
        lambda: (
            tired["id"] not in {row["id"] for row in live(client, engagement)}
            and len(live(client, engagement)) == len(others) + 1
        ),
        what="the seat is handed over",
    )
    assert steps.act(client, f"/engagements/{engagement}", "complete")["status"] == "completed"
