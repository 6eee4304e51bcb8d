"""What people do again and again on the way, each as the requests that they would send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from marketplace.local.demo import cast, teller
from marketplace.local.demo.caller import Caller, DemoFault
from tests.journeys.conftest import People

Json = dict[str, Any]
RECRUITER, SECOND, OPERATOR = cast.RECRUITER, cast.SECOND_RECRUITER, cast.OPERATOR


def example(name: str, today: dt.date, **changes: Any) -> Json:
    """Return an example's body with its dates moved to come, and fields replaced."""
    return teller.brief(name, today) | changes


def act(who: Caller, path: str, action: str, body: Json | None = None) -> Json:
    """POST an action on what was just seen, looking again if it has changed in between; return what it became."""
    while True:
        _row, seen = who.seen(path)
        try:
            return who.post(f"{path}/{action}", body, seen=seen)
        except DemoFault as fault:
            if "version_changed" not in str(fault):
                raise


def published(client: Caller, body: Json) -> Json:
    project = client.post("/projects", body, expect=201)
    return client.post(f"/projects/{project['id']}/publish")


def ended_run(client: Caller, project: Json) -> Json:
    """Return the newest run of a project once it has ended."""
    newest = next(iter(client.all(f"/match-runs?project={project['id']}")))
    return client.follow(f"/match-runs/{newest['id']}", lambda run: None)


def best_cell(recruiter: Caller, run: Json) -> str:
    assert run["status"] == "composed", run
    return next(str(row["id"]) for row in recruiter.all(f"/proposals?run={run['id']}") if row["rank"] == 1)


def approved(people: People, cell: str) -> None:
    """Approve a cell as it is, by as many recruiters as it takes."""
    for recruiter in (people[RECRUITER], people[SECOND]):
        row, seen = recruiter.seen(f"/proposals/{cell}")
        if row["status"] == "composed":
            recruiter.post(f"/proposals/{cell}/approve", {"reason_code": "strong_coverage"}, seen=seen)


def offered(people: People, cell: str) -> str:
    """Approve a cell and offer it; return the offer's id."""
    approved(people, cell)
    recruiter = people[RECRUITER]
    _row, seen = recruiter.seen(f"/proposals/{cell}")
    return str(recruiter.post(f"/proposals/{cell}/offer", {}, expect=201, seen=seen)["id"])


def accepted(client: Caller, offer: str) -> str:
    """Accept an offer as it is; return the engagement's id."""
    _row, seen = client.seen(f"/offers/{offer}")
    return str(client.post(f"/offers/{offer}/accept", {}, expect=201, seen=seen)["id"])


def member(people: People, placement: Json) -> Caller:
    """Return the person of a placement."""
    return people[cast.address_of(placement["professional"]["id"])]


def own_invitation(person: Caller, engagement: str) -> str:
    return next(
        str(row["id"])
        for row in person.all("/invitations")
        if row["engagement"] == engagement and row["status"] == "sent"
    )


def says_yes(person: Caller, engagement: str) -> Json:
    invitation = own_invitation(person, engagement)
    return act(person, f"/invitations/{invitation}", "accept")


def says_no(person: Caller, engagement: str, reason_code: str) -> Json:
    invitation = own_invitation(person, engagement)
    return act(person, f"/invitations/{invitation}", "decline", {"reason_code": reason_code})


def all_say_yes(people: People, engagement: str, placements: Iterable[Json]) -> None:
    for placement in placements:
        if placement["status"] == "held":
            says_yes(member(people, placement), engagement)
