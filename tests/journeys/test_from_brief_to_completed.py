"""From a plain brief to a completed engagement, as its client, its recruiters and its people live it."""

from __future__ import annotations

import datetime as dt

import pytest

from marketplace.local.demo import cast
from tests.journeys import steps
from tests.journeys.conftest import People
from tests.journeys.service import Service
from tests.waiting import eventually

pytestmark = pytest.mark.slow


BRIEF = (
    "We are a bank in New York and open accounts online. We need a KYC business lead who speaks English with our "
    "compliance officers, a solution architect and two senior Java developers with Spring Boot, from January 2027 for "
    "six months, for at most $78k per month. Knowledge of BSA/AML is a must; Kafka is a plus."
)


def test_a_client_gets_a_cell_from_a_paragraph_and_the_work_is_done(service: Service, people: People) -> None:
    client, recruiter = people[cast.ORGANIZATIONS[0].admin], people[steps.RECRUITER]

    # The client writes a paragraph, corrects what was read, and publishes it.
    read = client.post("/projects/analyze", {"text": BRIEF})["project"]
    assert read["solution_type"] == "onboarding_kyc"
    assert read["monthly_cap"]["amount"] == "78000.00"
    corrected = steps.example("1-onboarding-kyc.json", service.today, brief=BRIEF, title="Accounts opened online")
    project = steps.published(client, corrected)
    run = steps.ended_run(client, project)

    # Before anybody has decided the client sees no cell, and afterwards no name.
    assert list(client.all(f"/proposals?project={project['id']}")) == []
    cell = steps.best_cell(recruiter, run)
    offer = steps.offered(people, cell)
    shown = client.get(f"/proposals/{cell}")
    names = {member["name"] for member in recruiter.get(f"/proposals/{cell}")["members"]}
    assert all(names)
    assert not any(name in str(shown) for name in names)

    # Accepted: everybody is asked, and only the last yes opens the engagement.
    engagement = steps.accepted(client, offer)
    state = client.get(f"/engagements/{engagement}")
    *others, last = state["placements"]
    steps.all_say_yes(people, engagement, others)
    assert client.get(f"/engagements/{engagement}")["status"] == "confirming"
    steps.all_say_yes(people, engagement, [last])
    assert client.get(f"/engagements/{engagement}")["status"] == "active"

    # The first day comes, and the work begins by itself.
    service.travel_to(dt.date.fromisoformat(state["starts_on"]))
    eventually(
        lambda: {row["status"] for row in client.get(f"/engagements/{engagement}")["placements"]} == {"active"},
        what="everybody works",
    )

    # A member delivers what was agreed, the client accepts it at the second try.
    milestone = client.post(
        "/milestones",
        {
            "engagement": engagement,
            "title": "First account opened online",
            "acceptance_criteria": "A test customer is identified, screened and rated while waiting.",
            "due_on": (service.today + dt.timedelta(weeks=12)).isoformat(),
        },
        expect=201,
    )["id"]
    person = steps.member(people, last)
    steps.act(person, f"/milestones/{milestone}", "deliver", {"note": "Shown on the test system."})
    steps.act(client, f"/milestones/{milestone}", "reject", {"reason": "The screening list was of last year."})
    steps.act(person, f"/milestones/{milestone}", "deliver", {"note": "With this morning's list."})
    assert steps.act(client, f"/milestones/{milestone}", "accept")["status"] == "accepted"

    # The papers: what rules ask for is listed; one is provided by its owner and verified by the recruiter.
    listed = list(recruiter.all(f"/engagement-documents?engagement={engagement}"))
    nda = next(row for row in listed if row["kind"] == "nda" and row["placement"] in {None, last["id"]})
    holder = person if nda["placement"] else recruiter
    steps.act(holder, f"/engagement-documents/{nda['id']}", "provide", {"reference": "Folder 12, sheet 3"})
    assert steps.act(recruiter, f"/engagement-documents/{nda['id']}", "verify")["status"] == "verified"

    # The work ends as done after ten weeks. Neither side sees the other's word before giving its own.
    service.travel_to(service.today + dt.timedelta(weeks=10))
    assert steps.act(client, f"/engagements/{engagement}", "complete")["status"] == "completed"
    assert client.get(f"/projects/{project['id']}")["status"] == "completed"
    client.post("/ratings", {"placement": last["id"], "overall": 5, "communication": 4}, expect=201)
    assert list(person.all(f"/ratings?engagement={engagement}")) == []
    person.post("/ratings", {"placement": last["id"], "overall": 4, "communication": 5, "clarity": 4}, expect=201)
    seen_by_both = [list(who.all(f"/ratings?engagement={engagement}")) for who in (client, person)]
    assert [len(rows) for rows in seen_by_both] == [2, 2]


def test_what_cannot_be_is_explained_and_the_cheapest_repair_gives_a_cell_that_is_staffed(
    service: Service, people: People
) -> None:
    client, recruiter = people[cast.ORGANIZATIONS[3].admin], people[steps.RECRUITER]
    project = steps.published(client, steps.example("4-impossible.json", service.today))
    run = steps.ended_run(client, project)
    assert run["status"] == "infeasible"
    spanish = client.get(f"/match-runs/{run['id']}", "es-MX")["diagnosis"]
    assert spanish["text"] != run["diagnosis"]["text"]
    assert run["diagnosis"]["blocked"] or run["diagnosis"]["conflict"]
    first = run["diagnosis"]["repairs"][0]
    client.post(f"/match-runs/{run['id']}/apply-repair", {"repair": first["index"]}, expect=202)
    again = steps.ended_run(client, project)
    engagement = steps.accepted(client, steps.offered(people, steps.best_cell(recruiter, again)))
    steps.all_say_yes(people, engagement, client.get(f"/engagements/{engagement}")["placements"])
    steps.act(client, f"/engagements/{engagement}", "start")
    assert steps.act(client, f"/engagements/{engagement}", "complete")["status"] == "completed"
