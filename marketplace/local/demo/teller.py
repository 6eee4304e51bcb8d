"""Who tells the demo: logs people in, says what happens, and does what every chapter needs."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.rule import Rule
from rich.status import Status

from marketplace.local.demo import cast, tables
from marketplace.local.demo.caller import Caller, DemoFault

Json = dict[str, Any]
EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
SPANISH = "es-MX"
LEAD = dt.timedelta(weeks=3)


def brief(name: str, today: dt.date) -> Json:
    """Return an example's body, moved by whole weeks so that it starts at least three weeks from now."""
    body: Json = json.loads((EXAMPLES / name).read_text())
    starts, ends = (dt.date.fromisoformat(body[field]) for field in ("starts_on", "ends_on"))
    late = max(dt.timedelta(0), today + LEAD - starts)
    shift = dt.timedelta(weeks=-(-late.days // 7))
    # The client's own number is unique, and the demo may be told twice on the same servers.
    moved = {"starts_on": (starts + shift).isoformat(), "ends_on": (ends + shift).isoformat()}
    return body | moved | {"external_id": ""}


class Teller:
    """``out`` is the terminal, ``today`` the day of the demo. A context manager: leaving it logs everybody out."""

    def __init__(self, base_url: str, password: str, console: Console, today: dt.date) -> None:
        self.out, self.today = console, today
        self._base_url, self._password = base_url, password
        self._callers: dict[str, Caller] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Teller:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._stack.close()

    def as_(self, email: str) -> Caller:
        """Return somebody logged in."""
        if email not in self._callers:
            self._callers[email] = self._stack.enter_context(Caller(self._base_url, email, self._password))
        return self._callers[email]

    @property
    def recruiter(self) -> Caller:
        return self.as_(cast.RECRUITER)

    def title(self, text: str) -> None:
        """Begin a chapter."""
        self.out.print()
        self.out.print(Rule(f"[bold]{text}", align="left"))

    def say(self, text: str) -> None:
        """Tell one thing."""
        self.out.print(f"  · {text}")

    def publish(self, client: Caller, body: Json) -> Json:
        """Post a project and open it to matching; return it."""
        project = client.post("/projects", body, expect=201)
        client.post(f"/projects/{project['id']}/publish", seen=None)
        self.say(
            f"{client.email} posted and published “{project['title']}”: {len(project['seats'])} seats, "
            f"{len(project['needs'])} needs, at most {tables.dollars(project['monthly_cap'])} a month"
        )
        return project

    def follow(self, client: Caller, project: Json) -> Json:
        """Watch the newest run of a project to its end; return it."""
        newest = next(iter(client.all(f"/match-runs?project={project['id']}")), None)
        if newest is None:
            raise DemoFault("publishing asked for no run")
        with Status("", console=self.out) as status:

            def watch(run: Json) -> None:
                known = f", best {run['value']} of at most {run['bound']}" if run["value"] is not None else ""
                status.update(f"{run['status']} {run['stage']} {run['share']} %{known}")

            run = client.follow(f"/match-runs/{newest['id']}", watch)
        self.say(
            f"run {run['status']} over {run['candidates']:,} people in {run['solve_milliseconds']:,} ms "
            f"({run['engine_version']}, {run['solver_version']})"
        )
        return run

    def offer(self, cell: str) -> str:
        """Have a cell approved with a recorded reason and sent; return the offer's id."""
        _cell, seen = self.recruiter.seen(f"/proposals/{cell}")
        judged = self.recruiter.post(f"/proposals/{cell}/approve", {"reason_code": "best_value"}, seen=seen)
        if judged["second_for"]:
            second = self.as_(cast.SECOND_RECRUITER)
            second.post(f"/proposals/{cell}/approve", {"reason_code": "best_value"}, seen=seen)
            self.say(f"{second.email} approved it as well: two people look at {', '.join(judged['second_for'])}")
        _cell, seen = self.recruiter.seen(f"/proposals/{cell}")
        offer = self.recruiter.post(f"/proposals/{cell}/offer", {}, expect=201, seen=seen)
        self.say(f"{self.recruiter.email} approved and offered cell {cell}")
        return str(offer["id"])

    def accept(self, client: Caller, offer: str) -> Json:
        """Accept an offer as it is; return the engagement, which waits for everybody's yes."""
        _offer, seen = client.seen(f"/offers/{offer}")
        accepted = client.post(f"/offers/{offer}/accept", expect=201, seen=seen)
        engagement = client.get(f"/engagements/{accepted['id']}")
        self.out.print(tables.placements(engagement))
        self.say(
            f"everybody is asked and has until {engagement['confirm_by']} to answer; until then their hours are held"
        )
        return engagement

    def answer(self, placement: Json, engagement: Json, *, no: str = "") -> None:
        """Have the person of a placement log in and say yes, or no with a reason."""
        person = self.as_(cast.address_of(placement["professional"]["id"]))
        asked = next(
            row["id"] for row in person.all("/invitations?status=sent") if row["engagement"] == engagement["id"]
        )
        body = {"reason_code": no} if no else {}
        while True:
            # The time to answer may be lengthened at any moment, and then it is another version that is answered.
            _invitation, seen = person.seen(f"/invitations/{asked}")
            path = f"/invitations/{asked}/{'decline' if no else 'accept'}"
            if person.tried(path, body, seen=seen):
                return

    def all_say_yes(self, client: Caller, engagement: Json) -> None:
        """Have everybody who is still asked say yes; the last yes opens the engagement."""
        for placement in engagement["placements"]:
            if placement["status"] == "held":
                self.answer(placement, engagement)
        opened = client.get(f"/engagements/{engagement['id']}")
        if opened["status"] != "active":
            raise DemoFault(f"everybody has said yes, and the engagement is {opened['status']}")
        self.say(f"{opened['answers']['accepted']} people have logged in and said yes: the engagement is open")
        self.out.print(tables.placements(opened))
