"""An accepted cell in which somebody says no: who comes for them, whom else it affects, and who has to agree."""

from __future__ import annotations

import time

from marketplace.local.demo import cast, tables
from marketplace.local.demo.caller import PATIENCE_SECONDS, Caller, DemoFault
from marketplace.local.demo.teller import SPANISH, Json, Teller, brief

ROOM = 1.25  # of the brief's cap: in a budget without any room the first no would end it


def a_no_and_its_replacement(teller: Teller, client: Caller) -> None:
    """Have a cell accepted, one member decline, and the least disturbing replacement approved, confirmed and seated."""
    body = brief(cast.ORGANIZATIONS[2].brief, teller.today)
    cap = float(body["monthly_cap"]["amount"]) * ROOM
    roomy = {"title": f"{body['title']} (phase two)", "monthly_cap": {"amount": f"{cap:.2f}", "currency": "USD"}}
    run = teller.follow(client, teller.publish(client, body | roomy))
    if run["status"] != "composed":
        raise DemoFault(f"the run ended as {run['status']}")
    cell = next(row["id"] for row in teller.recruiter.all(f"/proposals?run={run['id']}") if row["rank"] == 1)
    seat = _seat_with_successors(teller, cell)
    engagement = teller.accept(client, teller.offer(cell))
    leaver = next(row for row in engagement["placements"] if row["seat"]["id"] == seat)
    teller.answer(leaver, engagement, no="dates")
    teller.say(f"{_name(leaver)} says no; the client is told that the seat “{leaver['seat']['title']}” is empty")
    for placement in engagement["placements"]:
        if placement is not leaver:
            teller.answer(placement, engagement)
    found = _proposed(teller, engagement)
    teller.out.print(tables.replacement(found, teller.recruiter.get(f"/replacements/{found['id']}", SPANISH)))
    _decide(teller, client, found["id"])
    teller.all_say_yes(client, client.get(f"/engagements/{engagement['id']}"))


def _seat_with_successors(teller: Teller, cell: str) -> str:
    """Return the seat of somebody whom at least one other person could follow."""
    for member in teller.recruiter.get(f"/proposals/{cell}")["members"]:
        if teller.recruiter.get(f"/proposals/{cell}/replacements?seat={member['seat']}")["results"]:
            return str(member["seat"])
    raise DemoFault("nobody in this cell could be followed by anybody")


def _proposed(teller: Teller, engagement: Json) -> Json:
    """Wait for the replacement that a worker looks for by itself."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for row in teller.recruiter.all(f"/replacements?engagement={engagement['id']}"):
            if row["status"] == "proposed":
                return teller.recruiter.get(f"/replacements/{row['id']}")
            if row["status"] not in {"queued", "running", "superseded"}:
                raise DemoFault(f"the search for a replacement ended as {row['status']}")
        time.sleep(0.2)
    raise DemoFault("no replacement was found in time")


def _decide(teller: Teller, client: Caller, key: str) -> None:
    _row, seen = teller.recruiter.seen(f"/replacements/{key}")
    decided = teller.recruiter.post(f"/replacements/{key}/approve", {"reason_code": "least_disturbance"}, seen=seen)
    teller.say(f"{teller.recruiter.email} approved it")
    if decided["status"] == "awaiting_client":
        shown, seen = client.seen(f"/replacements/{key}")
        teller.say(
            "the client is asked, since what it accepted changes: "
            + " ".join(row["text"] for row in shown["asks_client"])
        )
        client.post(f"/replacements/{key}/confirm", seen=seen)
        teller.say("and confirms it")
    if teller.recruiter.get(f"/replacements/{key}")["status"] != "applied":
        raise DemoFault("the replacement was not applied")


def _name(placement: Json) -> str:
    return f"{placement['professional']['given_names']} {placement['professional']['family_names']}"
