"""An engineer arrives with a résumé and is found, asked, and at last gone, all by the person's own doing."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.journeys import steps
from tests.journeys.conftest import People
from tests.journeys.service import PASSWORD, Service
from tests.waiting import eventually

pytestmark = pytest.mark.slow


ADDRESS = "ximena.ocampo@people.example"
RESUME = {
    "basics": {
        "name": "Ximena Ocampo Bárcenas",
        "label": "Ingeniera de mainframe",
        "email": ADDRESS,
        "location": {"city": "Guadalajara", "countryCode": "MX"},
    },
    "work": [{"name": "Banco del Bajío (ficticio)", "position": "Programadora COBOL", "startDate": "2016-02"}],
    "skills": [{"name": "COBOL", "level": "Advanced"}, {"name": "conciliación bancaria"}, {"name": "JCL"}],
    "languages": [{"language": "Español", "fluency": "Nativo"}, {"language": "Inglés", "fluency": "C1"}],
}


def test_an_engineer_builds_a_profile_from_a_resume_is_found_and_leaves(service: Service, people: People) -> None:
    # Who signs up is a professional, and nothing else.
    credentials = {"email": ADDRESS, "password": PASSWORD}
    signed_up = httpx.post(f"{service.url}/_allauth/app/v1/auth/signup", json=credentials)
    assert signed_up.status_code == 200, signed_up.text
    me = people[ADDRESS]
    assert me.get("/me")["role"] == "professional"
    me.post("/professionals", {"given_names": "Ximena", "family_names": "Ocampo Bárcenas"}, expect=201)

    # The résumé is read aside; nothing of it counts before she has confirmed it.
    made = me.upload("/professionals/me/imports", json.dumps(RESUME).encode(), "application/json")
    path = f"/professionals/me/imports/{made['id']}"
    read = eventually(lambda: (row := me.get(path))["status"] == "read" and row, what="the résumé is read")
    assert me.get("/professionals/me/skills")["skills"] == []
    assert all(item["source"] for item in read["items"])
    accepted = [item["id"] for item in read["items"] if item["status"] == "proposed"]
    _row, seen = me.seen(path)
    me.post(f"{path}/confirm", {"accept": accepted}, seen=seen)
    skills = {row["skill"] for row in me.get("/professionals/me/skills")["skills"]}
    assert {"cobol", "jcl"} <= skills

    # What is still missing is said, then she is let into the market by a recruiter who has looked.
    _row, seen = me.seen("/professionals/me")
    me.ask(
        "PATCH",
        "/professionals/me",
        {"rate": {"amount": "45.00", "currency": "USD"}, "seniority": "senior", "city": "Guadalajara"},
        seen=seen,
    )
    me.post("/professionals/me/submit")
    mine = me.get("/professionals/me")["id"]
    recruiter = people[steps.RECRUITER]
    steps.act(recruiter, f"/professionals/{mine}", "approve")
    for words in ("mainframe guadalajara", "ingeniera mainframe"):
        eventually(
            lambda words=words: (
                mine in {row["id"] for row in recruiter.all(f"/professionals?q={words}&rate_max=45.00")}
            ),
            what=f"she is found by “{words}”",
        )
    demand = me.get("/professionals/me/demand")
    assert demand["on_the_market"]
    assert 0 <= demand["enters"] <= demand["open_cells"]

    # She asks to be forgotten, and nobody finds her any more.
    request = me.post("/privacy-requests", {"kind": "erasure"}, expect=201)
    operator = people[steps.OPERATOR]
    steps.act(operator, f"/privacy-requests/{request['id']}", "fulfil")
    assert steps.act(operator, f"/privacy-requests/{request['id']}", "fulfil")["status"] == "fulfilled"
    recruiter.ask("GET", f"/professionals/{mine}", expect=404)
    refused = httpx.post(f"{service.url}/_allauth/app/v1/auth/login", json=credentials)
    assert refused.status_code == 400
