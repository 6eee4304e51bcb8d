"""Three briefs from posting to booked cells, one that cannot be met, and what people make of the answers."""

from __future__ import annotations

from marketplace.local.demo import cast, conversation, departure, tables
from marketplace.local.demo.caller import Caller, DemoFault
from marketplace.local.demo.teller import SPANISH, Json, Teller, brief

REASONS_OF_THE_BEST, REASONS_OF_OTHERS = 12, 3


def tell(teller: Teller) -> None:
    """Play the demo from the first brief to the last booking. Raises DemoFault when the service does otherwise."""
    clients = [teller.as_(organization.admin) for organization in cast.ORGANIZATIONS]
    best = []
    for organization, client in zip(cast.ORGANIZATIONS[:3], clients, strict=False):
        teller.title(f"{organization.name}, {organization.city}: {organization.brief}")
        project = teller.publish(client, brief(organization.brief, teller.today))
        best.append(_show_cells(teller, project, teller.follow(client, project)))
    teller.title(f"{cast.ORGANIZATIONS[3].name}: a brief that cannot be met")
    _repair(teller, clients[3], brief(cast.ORGANIZATIONS[3].brief, teller.today))
    teller.title("What if? A recruiter questions a cell and changes it")
    conversation.what_if(teller, best[1])
    teller.title("A cell beside staff augmentation, out of the same people")
    conversation.beside_augmentation(teller, clients[2], best[2])
    teller.title("One cell, two clients: accepted once")
    _accept_once(teller, clients[0], best[0])
    teller.title("Somebody says no: the replacement that disturbs least")
    departure.a_no_and_its_replacement(teller, clients[2])


def _show_cells(teller: Teller, project: Json, run: Json) -> str:
    """Print every cell of a run as the recruiter sees it; return the id of the best."""
    if run["status"] != "composed":
        raise DemoFault(f"the run ended as {run['status']}: {run.get('text', '')}")
    recruiter, out = teller.recruiter, teller.out
    needs = {need["id"]: need["name"] for need in project["needs"]}
    listed = sorted(recruiter.all(f"/proposals?run={run['id']}"), key=lambda row: int(row["rank"]))
    for row in listed:
        english = recruiter.get(f"/proposals/{row['id']}")
        spanish = recruiter.get(f"/proposals/{row['id']}", SPANISH)
        out.print(tables.cell(english, needs))
        most = REASONS_OF_THE_BEST if row["rank"] == 1 else REASONS_OF_OTHERS
        out.print(tables.reasons(english, spanish, most))
        for text in (english["proof"], english["difference"], spanish["proof"], spanish["difference"]):
            if text:
                out.print(f"  {text}", style="dim")
    return str(listed[0]["id"])


def _repair(teller: Teller, client: Caller, body: Json) -> None:
    """Show why no cell exists, apply the cheapest repair, and show that it works."""
    project = teller.publish(client, body)
    run = teller.follow(client, project)
    if run["status"] != "infeasible":
        raise DemoFault(f"the impossible brief ended as {run['status']}")
    spanish = client.get(f"/match-runs/{run['id']}", SPANISH)
    teller.out.print(tables.diagnosis(run["diagnosis"], spanish["diagnosis"]))
    chosen = run["diagnosis"]["repairs"][0]
    applied = client.post(f"/match-runs/{run['id']}/apply-repair", {"repair": chosen["index"]}, expect=202)
    teller.say(f"applied: {chosen['text']}")
    again = teller.follow(client, {"id": applied["project"]})
    if again["status"] != "composed":
        raise DemoFault(f"after the repair the run ended as {again['status']}")
    teller.say(f"now there is a cell worth {again['value']}, proven: none is worth more than {again['bound']}")


def _accept_once(teller: Teller, client: Caller, first_cell: str) -> None:
    """Offer the same people in two projects; the first acceptance books them, the second is refused."""
    recruiter = teller.recruiter
    body = brief(cast.ORGANIZATIONS[0].brief, teller.today)
    twin = teller.publish(client, body | {"title": f"{body['title']} (second site)"})
    run = teller.follow(client, twin)
    second_cell = next(row["id"] for row in recruiter.all(f"/proposals?run={run['id']}") if row["rank"] == 1)
    offers = [teller.offer(cell) for cell in (first_cell, second_cell)]
    shown = client.get(f"/proposals/{first_cell}")
    teller.say("before acceptance the client sees " + ", ".join(m["pseudonym"] for m in shown["members"]))
    engagement = teller.accept(client, offers[0])

    _offer, seen = client.seen(f"/offers/{offers[1]}")
    refusal = client.post(f"/offers/{offers[1]}/accept", expect=409, seen=seen)
    teller.say(f"the second acceptance is refused: 409 {refusal['code']} – {refusal['detail']}")
    teller.say(f"{len(refusal['data']['people'])} people are taken; the market is asked again")
    teller.all_say_yes(client, engagement)
    fresh = teller.follow(client, twin)
    if fresh["status"] == "composed":
        cells = recruiter.all(f"/proposals?run={fresh['id']}")
        best = next(row["id"] for row in cells if row["rank"] == 1)
        members = {m["professional"] for m in recruiter.get(f"/proposals/{best}")["members"]}
        taken = {m["professional"] for m in recruiter.get(f"/proposals/{first_cell}")["members"]}
        teller.say(f"a fresh cell stands ready; it shares {len(members & taken)} of {len(taken)} people")
    else:
        spanish = client.get(f"/match-runs/{fresh['id']}", SPANISH)
        teller.say("without them these rules allow no cell; what would:")
        teller.out.print(tables.diagnosis(fresh["diagnosis"], spanish["diagnosis"]))
