"""Ratings by both sides: revealed together, shown in bands, kept as evidence, and read by nothing in matching."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from marketplace.clients.models import Engagement, Placement, RatedSkill, Rating
from marketplace.clients.services import engagements, ratings
from marketplace.delivery.models import Notification
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict
from profiles.levels import Evidence
from profiles.models import Professional, SkillClaim, Verification
from tests.clients.running import WEEK, actor, at, fresh, post, running
from tests.conftest import Cast
from tests.factories import matching as cells
from tests.factories import profiles

Api = Callable[..., APIClient]
RATINGS = "/api/v1/ratings"


def _over(
    cast: Cast, people: list[Professional], monkeypatch: pytest.MonkeyPatch
) -> tuple[Engagement, list[Placement]]:
    """Return an engagement that was completed after twelve weeks of work."""
    engagement, placements = running(cast.organization, people)
    at(monkeypatch, engagement.starts_on + 12 * WEEK)
    row = fresh(engagement)
    engagements.complete(engagement=row, version=row.version, actor=None)
    return fresh(engagement), [fresh(placement) for placement in placements]


@pytest.fixture
def done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[Engagement, list[Placement]]:
    profiles.claim(cast.profile, "cobol", 4)
    profiles.claim(cast.profile, "docker", 3)
    return _over(cast, [cast.profile, profiles.professional()], monkeypatch)


def _by_client(placement: Placement, cast: Cast, overall: int = 5, **skills: int) -> Rating:
    return ratings.rate(placement=placement, overall=overall, communication=4, skills=skills, actor=actor(cast.client))


def _by_professional(placement: Placement, user: Any, overall: int = 4) -> Rating:
    return ratings.rate(placement=placement, overall=overall, communication=5, clarity=3, actor=actor(user))


# -- who, when ---------------------------------------------------------------------------------------------------------
def test_both_sides_rate_and_each_reads_the_other_when_both_have(api: Api, cast: Cast, done: Any) -> None:
    _engagement, (placement, _other) = done
    body = {
        "placement": placement.public_id,
        "overall": 5,
        "communication": 4,
        "skills": [{"skill": "cobol", "score": 5}],
    }
    given = post(api(cast.client), "ratings", body)
    assert (given.status_code, given.json()["skills"]) == (201, [{"skill": "cobol", "score": 5}])
    assert api(cast.professional).get(RATINGS).json()["results"] == []
    assert api(cast.professional).get(f"{RATINGS}/{given.json()['id']}").status_code == 404
    assert api(cast.recruiter).get(RATINGS).json()["results"] == []
    assert [row["side"] for row in api(cast.client).get(RATINGS).json()["results"]] == ["client"]
    answer = {"placement": placement.public_id, "overall": 4, "communication": 5, "clarity": 3}
    assert post(api(cast.professional), "ratings", answer).status_code == 201
    for reader in (cast.client, cast.professional, cast.recruiter):
        shown = api(reader).get(RATINGS).json()["results"]
        assert {row["side"] for row in shown} == {"client", "professional"}
    assert api(cast.rival).get(RATINGS).json()["results"] == []
    told = Notification.objects.filter(kind="rating.revealed").values_list("recipient_id", flat=True)
    assert set(told) == {cast.client.pk, cast.professional.pk}


def test_what_only_one_side_wrote_is_shown_when_the_time_is_over(
    api: Api, cast: Cast, done: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _engagement, (placement, _other) = done
    rating = _by_client(placement, cast)
    at(monkeypatch, rating.closes_at.date() + dt.timedelta(days=1))
    shown = api(cast.professional).get(RATINGS).json()["results"]
    assert [row["id"] for row in shown] == [rating.public_id]
    late = {"placement": placement.public_id, "overall": 1, "communication": 1, "clarity": 1}
    refused = post(api(cast.professional), "ratings", late)
    assert (refused.status_code, refused.json()["code"]) == (409, "rating_closed")


def test_each_side_rates_once(api: Api, cast: Cast, done: Any, nothing_changes: Any) -> None:
    _engagement, (placement, _other) = done
    _by_client(placement, cast)
    with nothing_changes(), pytest.raises(Conflict) as refusal:
        _by_client(placement, cast, overall=1)
    assert refusal.value.code == "already_rated"


def test_nobody_rates_before_the_end_or_what_nobody_worked(
    api: Api, cast: Cast, nothing_changes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement, (placement,) = running(cast.organization, [cast.profile])
    with nothing_changes(), pytest.raises(Conflict) as refusal:
        _by_client(placement, cast)
    assert refusal.value.code == "not_over"
    row = fresh(engagement)
    engagements.terminate(engagement=row, version=row.version, reason_code="budget", actor=None)
    with nothing_changes(), pytest.raises(Conflict) as refusal:
        _by_client(placement, cast)
    assert refusal.value.code == "nothing_worked"
    assert not Notification.objects.filter(kind="rating.open").exists()


def test_nobody_rates_for_others(api: Api, cast: Cast, done: Any, nothing_changes: Any) -> None:
    _engagement, (placement, other) = done
    body = {"overall": 5, "communication": 5, "clarity": 5}
    callers = [
        (api(cast.professional), other, 404),
        (api(cast.rival), placement, 404),
        (api(cast.recruiter), placement, 403),
    ]
    with nothing_changes():
        for client, about, status in callers:
            assert post(client, "ratings", {**body, "placement": about.public_id}).status_code == status


@pytest.mark.parametrize(
    ("fields", "status", "pointer"),
    [
        ({"overall": 6}, 400, "/overall"),
        ({"skills": [{"skill": "docker", "score": 5}]}, 422, "/skills/0/skill"),
        ({"skills": [{"skill": "cobol", "score": 5}, {"skill": "cobol", "score": 1}]}, 400, "/skills"),
        ({"clarity": 4}, 422, "/clarity"),
    ],
)
def test_a_rating_that_makes_no_sense_is_refused_at_its_field(
    api: Api, cast: Cast, done: Any, nothing_changes: Any, fields: dict[str, Any], status: int, pointer: str
) -> None:
    _engagement, (placement, _other) = done
    client = api(cast.client)
    body = {"placement": placement.public_id, "overall": 5, "communication": 4, **fields}
    with nothing_changes():
        refused = post(client, "ratings", body)
        assert refused.status_code == status, refused.json()
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_what_can_still_be_rated_is_listed_with_the_skills_that_were_asked_for(
    api: Api, cast: Cast, done: Any, django_assert_max_num_queries: Any
) -> None:
    engagement, (placement, other) = done
    client = api(cast.client)
    with django_assert_max_num_queries(9):
        shown = client.get(f"{RATINGS}/pending").json()["results"]
    assert {row["placement"]: [skill["code"] for skill in row["skills"]] for row in shown} == {
        placement.public_id: ["cobol"],
        other.public_id: [],
    }
    _by_client(placement, cast)
    left = client.get(f"{RATINGS}/pending").json()["results"]
    assert [row["placement"] for row in left] == [other.public_id]
    mine = api(cast.professional).get(f"{RATINGS}/pending").json()["results"]
    assert [(row["engagement"], row["skills"]) for row in mine] == [(engagement.public_id, [])]


# -- evidence, not the objective ---------------------------------------------------------------------------------------
def test_a_good_score_becomes_dated_evidence_only_when_it_is_revealed(cast: Cast, done: Any) -> None:
    engagement, (placement, _other) = done
    _by_client(placement, cast, cobol=5)
    assert not Verification.objects.exists()
    _by_professional(placement, cast.professional)
    claim = SkillClaim.objects.get(professional=cast.profile, skill__code="cobol")
    seen = Verification.objects.get()
    assert (seen.code, seen.level, seen.evidence) == ("cobol", 4, Evidence.TESTED)
    assert engagement.public_id in seen.source
    assert claim.evidence == Evidence.TESTED
    assert (claim.level, claim.verified_by) == (4, cast.client.public_id)
    last = clock.today() - dt.timedelta(days=1)
    assert claim.evidence_on is not None
    assert last - dt.timedelta(days=3) <= claim.evidence_on <= last
    assert claim.evidence_expires_on is not None
    assert claim.evidence_expires_on.year == claim.evidence_on.year + 2


def test_a_poor_score_is_no_evidence(cast: Cast, done: Any) -> None:
    _engagement, (placement, _other) = done
    _by_client(placement, cast, cobol=3)
    _by_professional(placement, cast.professional)
    assert not Verification.objects.exists()
    assert SkillClaim.objects.get(professional=cast.profile, skill__code="cobol").evidence == Evidence.SELF_DECLARED


def test_what_a_recruiter_verified_is_not_weakened(cast: Cast, done: Any) -> None:
    _engagement, (placement, _other) = done
    claims = SkillClaim.objects.filter(professional=cast.profile, skill__code="cobol")
    claims.update(evidence=Evidence.VERIFIED, verified_by="user_x", evidence_source="interview")
    _by_client(placement, cast, cobol=5)
    _by_professional(placement, cast.professional)
    assert claims.get().evidence_source == "interview"
    assert Verification.objects.get().evidence == Evidence.TESTED


def test_what_only_the_client_said_is_kept_when_the_time_is_over_once(
    cast: Cast, done: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _engagement, (placement, _other) = done
    rating = _by_client(placement, cast, cobol=4)
    assert ratings.keep_due() == 0
    at(monkeypatch, rating.closes_at.date() + dt.timedelta(days=1))
    assert (ratings.keep_due(), ratings.keep_due()) == (1, 0)
    assert Verification.objects.count() == 1


def test_a_closed_profile_takes_no_evidence_and_hinders_nobody(cast: Cast, done: Any) -> None:
    _engagement, (placement, _other) = done
    Professional.objects.filter(pk=cast.profile.pk).update(status="archived")
    _by_client(placement, cast, cobol=5)
    _by_professional(placement, cast.professional)
    assert Rating.objects.filter(both=True).count() == 2
    assert not Verification.objects.exists()


def test_no_code_of_matching_names_a_rating() -> None:
    for path in (Path(settings.BASE_DIR) / "matching").rglob("*.py"):
        assert not re.search(r"\b(Rating|RatedSkill|RatingWindow|ratings)\b", path.read_text()), path


def test_a_match_reads_no_rating_from_the_database(cast: Cast, done: Any) -> None:
    _engagement, (placement, _other) = done
    _by_client(placement, cast, cobol=5)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        run = cells.composed_run(cells.published_project(cast.organization))
    assert run.status == "composed"
    tables = {Rating._meta.db_table, RatedSkill._meta.db_table}
    assert len(queries) > 10
    assert not [query["sql"] for query in queries if any(table in query["sql"] for table in tables)]


# -- bands -------------------------------------------------------------------------------------------------------------
def test_a_band_is_given_from_three_engagements_on(api: Api, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    today = clock.today()
    profiles.claim(cast.profile, "cobol", 4)
    for number in range(3):
        at(monkeypatch, today + number * dt.timedelta(weeks=60))
        _engagement, (placement,) = _over(cast, [cast.profile], monkeypatch)
        _by_client(placement, cast, overall=5 if number else 3, cobol=4)
        _by_professional(placement, cast.professional)
        shown = {row["about"]: row for row in api(cast.professional).get("/api/v1/rating-bands").json()}
        assert shown["overall"]["engagements"] == number + 1
        assert shown["overall"]["band"] == ("good" if number == 2 else None)
    assert shown["skill:cobol"] == {"about": "skill:cobol", "band": "good", "engagements": 3}
    of_client = {row["about"]: row["band"] for row in api(cast.client).get("/api/v1/rating-bands").json()}
    assert of_client == {"overall": "good", "communication": "excellent", "clarity": "mixed"}
    asked = api(cast.recruiter).get("/api/v1/rating-bands", {"professional": cast.profile.public_id})
    assert asked.json()[0]["band"] == "good"


def test_bands_of_others_are_for_recruiters(api: Api, cast: Cast) -> None:
    other = profiles.professional()
    path = "/api/v1/rating-bands"
    assert api(cast.professional).get(path, {"professional": other.public_id}).status_code == 404
    assert api(cast.client).get(path, {"professional": other.public_id}).status_code == 404
    assert api(cast.client).get(path, {"organization": cast.rival_organization.public_id}).status_code == 404
    assert api(cast.professional).get(path, {"organization": cast.organization.public_id}).status_code == 404
    assert api(cast.recruiter).get(path).status_code == 422
