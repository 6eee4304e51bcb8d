"""Three briefs from posting to booked cells, one that cannot be met, and a second acceptance that is refused."""

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
REASONS_OF_THE_BEST, REASONS_OF_OTHERS = 12, 3
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


class Story:
    """The demo as its people live it; every step is a request that anybody could send."""

    def __init__(self, base_url: str, password: str, console: Console, today: dt.date) -> None:
        self._base_url, self._password, self._out, self._today = base_url, password, console, today
        self._stack = ExitStack()

    def tell(self) -> None:
        """Play it from the first brief to the last booking. Raises DemoFault when the service does otherwise."""
        with self._stack:
            recruiter = self._login(cast.RECRUITER)
            clients = [self._login(organization.admin) for organization in cast.ORGANIZATIONS]
            best = []
            for organization, client in zip(cast.ORGANIZATIONS[:3], clients, strict=False):
                self._title(f"{organization.name}, {organization.city}: {organization.brief}")
                project = self._publish(client, brief(organization.brief, self._today))
                run = self._follow(client, project)
                best.append(self._show_cells(recruiter, client, project, run))
            self._title(f"{cast.ORGANIZATIONS[3].name}: a brief that cannot be met")
            self._repair(clients[3], brief(cast.ORGANIZATIONS[3].brief, self._today))
            self._title("One cell, two clients: accepted once")
            self._accept_once(recruiter, clients[0], best[0])

    def _login(self, email: str) -> Caller:
        return self._stack.enter_context(Caller(self._base_url, email, self._password))

    def _title(self, text: str) -> None:
        self._out.print()
        self._out.print(Rule(f"[bold]{text}", align="left"))

    def _say(self, text: str) -> None:
        self._out.print(f"  · {text}")

    def _publish(self, client: Caller, body: Json) -> Json:
        project = client.post("/projects", body, expect=201)
        client.post(f"/projects/{project['id']}/publish", seen=None)
        self._say(
            f"{client.email} posted and published “{project['title']}”: {len(project['seats'])} seats, "
            f"{len(project['needs'])} needs, at most {tables.dollars(project['monthly_cap'])} a month"
        )
        return project

    def _follow(self, client: Caller, project: Json) -> Json:
        newest = next(iter(client.all(f"/match-runs?project={project['id']}")), None)
        if newest is None:
            raise DemoFault("publishing asked for no run")
        with Status("", console=self._out) as status:

            def watch(run: Json) -> None:
                known = f", best {run['value']} of at most {run['bound']}" if run["value"] is not None else ""
                status.update(f"{run['status']} {run['stage']} {run['share']} %{known}")

            run = client.follow(f"/match-runs/{newest['id']}", watch)
        self._say(
            f"run {run['status']} over {run['candidates']:,} people in {run['solve_milliseconds']:,} ms "
            f"({run['engine_version']}, {run['solver_version']})"
        )
        return run

    def _show_cells(self, recruiter: Caller, client: Caller, project: Json, run: Json) -> str:
        """Print every cell of a run as the recruiter sees it; return the id of the best."""
        if run["status"] != "composed":
            raise DemoFault(f"the run ended as {run['status']}: {run.get('text', '')}")
        needs = {need["id"]: need["name"] for need in project["needs"]}
        listed = sorted(recruiter.all(f"/proposals?run={run['id']}"), key=lambda row: int(row["rank"]))
        for row in listed:
            english = recruiter.get(f"/proposals/{row['id']}")
            spanish = recruiter.get(f"/proposals/{row['id']}", SPANISH)
            self._out.print(tables.cell(english, needs))
            most = REASONS_OF_THE_BEST if row["rank"] == 1 else REASONS_OF_OTHERS
            self._out.print(tables.reasons(english, spanish, most))
            for text in (english["proof"], english["difference"], spanish["proof"], spanish["difference"]):
                if text:
                    self._out.print(f"  {text}", style="dim")
        return str(listed[0]["id"])

    def _repair(self, client: Caller, body: Json) -> None:
        """Show why no cell exists, apply the cheapest repair, and show that it works."""
        project = self._publish(client, body)
        run = self._follow(client, project)
        if run["status"] != "infeasible":
            raise DemoFault(f"the impossible brief ended as {run['status']}")
        spanish = client.get(f"/match-runs/{run['id']}", SPANISH)
        self._out.print(tables.diagnosis(run["diagnosis"], spanish["diagnosis"]))
        chosen = run["diagnosis"]["repairs"][0]
        applied = client.post(f"/match-runs/{run['id']}/apply-repair", {"repair": chosen["index"]}, expect=202)
        self._say(f"applied: {chosen['text']}")
        again = self._follow(client, {"id": applied["project"]})
        if again["status"] != "composed":
            raise DemoFault(f"after the repair the run ended as {again['status']}")
        self._say(f"now there is a cell worth {again['value']}, proven: none is worth more than {again['bound']}")

    def _accept_once(self, recruiter: Caller, client: Caller, first_cell: str) -> None:
        """Offer the same people in two projects; the first acceptance books them, the second is refused."""
        body = brief(cast.ORGANIZATIONS[0].brief, self._today)
        twin = self._publish(client, body | {"title": f"{body['title']} (second site)"})
        run = self._follow(client, twin)
        second_cell = next(row["id"] for row in recruiter.all(f"/proposals?run={run['id']}") if row["rank"] == 1)
        offers = [self._offer(recruiter, cell) for cell in (first_cell, second_cell)]
        shown = client.get(f"/proposals/{first_cell}")
        self._say("before acceptance the client sees " + ", ".join(m["pseudonym"] for m in shown["members"]))

        _offer, seen = client.seen(f"/offers/{offers[0]}")
        accepted = client.post(f"/offers/{offers[0]}/accept", expect=201, seen=seen)
        engagement = client.get(f"/engagements/{accepted['id']}")
        self._out.print(tables.placements(engagement))
        self._say(
            f"everybody is asked and has until {engagement['confirm_by']} to answer; until then their hours are held"
        )

        _offer, seen = client.seen(f"/offers/{offers[1]}")
        refusal = client.post(f"/offers/{offers[1]}/accept", expect=409, seen=seen)
        self._say(f"the second acceptance is refused: 409 {refusal['code']} – {refusal['detail']}")
        self._say(f"{len(refusal['data']['people'])} people are taken; the market is asked again")
        self._all_say_yes(recruiter, client, engagement)
        fresh = self._follow(client, twin)
        if fresh["status"] == "composed":
            cells = recruiter.all(f"/proposals?run={fresh['id']}")
            best = next(row["id"] for row in cells if row["rank"] == 1)
            members = {m["professional"] for m in recruiter.get(f"/proposals/{best}")["members"]}
            taken = {m["professional"] for m in recruiter.get(f"/proposals/{first_cell}")["members"]}
            self._say(f"a fresh cell stands ready; it shares {len(members & taken)} of {len(taken)} people")
        else:
            spanish = client.get(f"/match-runs/{fresh['id']}", SPANISH)
            self._say("without them these rules allow no cell; what would:")
            self._out.print(tables.diagnosis(fresh["diagnosis"], spanish["diagnosis"]))

    def _all_say_yes(self, recruiter: Caller, client: Caller, engagement: Json) -> None:
        """Have a recruiter record every yes, one invitation after the other; the last opens the engagement."""
        for row in list(recruiter.all(f"/invitations?engagement={engagement['id']}&status=sent")):
            _invitation, seen = recruiter.seen(f"/invitations/{row['id']}")
            recruiter.post(f"/invitations/{row['id']}/accept", {}, seen=seen)
        opened = client.get(f"/engagements/{engagement['id']}")
        if opened["status"] != "active":
            raise DemoFault(f"everybody has said yes, and the engagement is {opened['status']}")
        self._say(f"{opened['answers']['accepted']} people have said yes: the engagement is open")
        self._out.print(tables.placements(opened))

    def _offer(self, recruiter: Caller, cell: str) -> str:
        """Approve a cell with a recorded reason and send it; return the offer's id."""
        _cell, seen = recruiter.seen(f"/proposals/{cell}")
        judged = recruiter.post(f"/proposals/{cell}/approve", {"reason_code": "best_value"}, seen=seen)
        if judged["second_for"]:
            second = self._login(cast.SECOND_RECRUITER)
            second.post(f"/proposals/{cell}/approve", {"reason_code": "best_value"}, seen=seen)
            self._say(f"{second.email} approved it as well: two people look at {', '.join(judged['second_for'])}")
        _cell, seen = recruiter.seen(f"/proposals/{cell}")
        offer = recruiter.post(f"/proposals/{cell}/offer", {}, expect=201, seen=seen)
        self._say(f"{recruiter.email} approved and offered cell {cell}")
        return str(offer["id"])
