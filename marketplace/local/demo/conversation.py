"""What a recruiter does with a cell before it is offered: asks what if, and shows it beside single hires."""

from __future__ import annotations

from marketplace.local.demo import tables
from marketplace.local.demo.caller import Caller, DemoFault
from marketplace.local.demo.teller import SPANISH, Json, Teller

SCENARIOS = "agency_margin,employer_of_record"


def what_if(teller: Teller, cell: str) -> str:
    """Ask for the cell without its dearest member, show the difference, and keep the answer; return what was kept."""
    recruiter = teller.recruiter
    shown = recruiter.get(f"/proposals/{cell}")
    dearest = max(shown["members"], key=lambda member: float(member["monthly_cost"]["amount"]))
    question: Json = {"bans": [dearest["professional"]]}
    teller.say(f"what if {dearest['name']} ({tables.dollars(dearest['monthly_cost'])} a month) were not to be had?")
    answer = recruiter.post(f"/proposals/{cell}/what-ifs", question, expect=201)
    if answer["outcome"] == "infeasible":
        spanish = recruiter.get(f"/what-ifs/{answer['id']}", SPANISH)
        teller.out.print(tables.diagnosis(answer["diagnosis"], spanish["diagnosis"]))
        cap = next(row["data"]["after"] for row in answer["diagnosis"]["repairs"] if row["code"] == "budget")
        question["monthly_cap"] = {"amount": f"{cap}.00", "currency": "USD"}
        teller.say(f"and with {tables.dollars(question['monthly_cap'])} a month?")
        answer = recruiter.post(f"/proposals/{cell}/what-ifs", question, expect=201)
    if answer["outcome"] != "composed":
        raise DemoFault(f"the question ended as {answer['outcome']}")
    spanish = recruiter.get(f"/what-ifs/{answer['id']}", SPANISH)
    teller.out.print(tables.difference(answer, spanish))
    teller.say(f"answered in {answer['milliseconds']:,} ms: {answer['proof']['text']}")
    kept = recruiter.post(
        f"/what-ifs/{answer['id']}/keep", {"reason": "Wanted for another project from March on."}, expect=201
    )
    teller.say(f"kept as revision {kept['revision']} with the reason; what the engine had composed stays as it was")
    return str(kept["id"])


def beside_augmentation(teller: Teller, client: Caller, cell: str) -> None:
    """Show a cell beside the best single hire for each seat, with landed costs under two scenarios."""
    told = teller.recruiter.get(f"/proposals/{cell}/augmentation?scenarios={SCENARIOS}")
    teller.out.print(tables.augmentation(told))
    for scenario in told["scenarios"]:
        if scenario["on"]:
            teller.say(
                f"{scenario['title']}: {scenario['source']} ({scenario['source_date']}, {scenario['confidence']})"
            )
    teller.say(told["notice"]["en"])
    teller.say(told["notice"]["es"])
