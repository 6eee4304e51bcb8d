"""The worker's part: claim, read what is left and the live market, solve, record. The row is the queue."""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.audit import log as audit
from marketplace.clients.models import Project
from marketplace.clients.services import confirmation, locking
from marketplace.delivery import outbox
from marketplace.kernel import clock, events, states
from marketplace.kernel.errors import Conflict, DomainError
from matching import diagnoses, engine, market_copies, notices, snapshots, terms
from matching.engine import disturbance
from matching.events import ReplacementQueued
from matching.models import Replacement
from matching.services.runs import MarketMoved
from matching.services.vacancies import options, requests, standing
from matching.services.vacancies.standing import Standing
from matching.states import ReplacementStatus

logger = logging.getLogger(__name__)

OPTIONS = 4


@dataclass(frozen=True)
class Found:
    """What solving came to: options, best first, or why there is none; ``diagnosis`` also where somebody has to go."""

    options: tuple[dict[str, Any], ...]
    exhausted: bool
    diagnosis: dict[str, Any] | None
    replay: engine.Replay


def execute(replacement_id: uuid.UUID) -> None:
    """Claim, compose, record. Safe to call twice: whoever does not get the claim does nothing."""
    row = claim(replacement_id)
    if row is None:
        return
    token = row.lease_token
    assert token is not None
    try:
        left = standing.of_engagement(row.engagement)
        if not left.vacant:
            raise Conflict("nothing_vacant", _("No seat of this engagement is empty."))
        started = time.monotonic()
        taken, wide, members = _markets(row, left)
        if not connection.in_atomic_block:
            connection.close()  # the solver may take seconds: no connection is held meanwhile
        found = _solved(row, left, taken, wide, members)
        record(row.pk, token, left, taken, found, milliseconds=round(1000 * (time.monotonic() - started)))
    except MarketMoved:
        put_back(row.pk, token, "somebody changed meanwhile", at_once=True)
    except DomainError as refusal:
        _give_up(row.pk, token, refusal.code)
    except Exception as error:
        logger.exception("replacement %s failed", row.public_id)
        put_back(row.pk, token, type(error).__name__)


@transaction.atomic
def claim(replacement_id: uuid.UUID) -> Replacement | None:
    """Take a due replacement, or None when it is taken, done, or not due. The token fences every later write."""
    due = Replacement.objects.due().select_for_update(skip_locked=True, of=("self",)).select_related("engagement")
    row: Replacement | None = due.filter(pk=replacement_id).first()
    if row is None:
        return None
    if row.status == ReplacementStatus.RUNNING:  # its lease has lapsed
        row.status = ReplacementStatus.QUEUED
    if row.attempts >= settings.RUN_ATTEMPTS:
        _end(row, ReplacementStatus.FAILED, row.last_error or "the worker was lost on every attempt")
        return None
    states.move(row, ReplacementStatus.RUNNING)
    now = clock.now()
    row.attempts += 1
    row.lease_token, row.lease_until = uuid.uuid4(), now + dt.timedelta(seconds=settings.RUN_LEASE_SECONDS)
    row.started_at = now
    row.touch("status", "attempts", "lease_token", "lease_until", "started_at")
    return row


def _end(row: Replacement, status: ReplacementStatus, error: str) -> None:
    states.move(row, status)
    row.last_error, row.finished_at, row.lease_token, row.lease_until = error, clock.now(), None, None
    row.touch("status", "last_error", "finished_at", "lease_token", "lease_until")


def _ours(replacement_id: uuid.UUID, token: uuid.UUID) -> Replacement | None:
    """Lock a replacement if the fence is still ours."""
    row: Replacement | None = Replacement.objects.select_for_update().filter(pk=replacement_id).first()
    if row is None or row.status != ReplacementStatus.RUNNING or row.lease_token != token:
        logger.warning("the lease of a replacement was lost before it could be recorded")
        return None
    return row


@transaction.atomic
def put_back(replacement_id: uuid.UUID, token: uuid.UUID, error: str, *, at_once: bool = False) -> None:
    """Return a replacement that could not be finished to the queue, or park it as failed after the last attempt."""
    row = _ours(replacement_id, token)
    if row is None:
        return
    if row.attempts >= settings.RUN_ATTEMPTS:
        _end(row, ReplacementStatus.FAILED, error)
        return
    states.move(row, ReplacementStatus.QUEUED)
    row.last_error, row.lease_token, row.lease_until = error, None, None
    row.next_attempt_at = clock.now() + dt.timedelta(seconds=0 if at_once else 5 * 4 ** (row.attempts - 1))
    row.touch("status", "last_error", "lease_token", "lease_until", "next_attempt_at")
    if at_once:
        events.announce(ReplacementQueued(row.pk))


@transaction.atomic
def _give_up(replacement_id: uuid.UUID, token: uuid.UUID, reason: str) -> None:
    row = _ours(replacement_id, token)
    if row is not None:
        requests.supersede(row, reason)


# -- solving ----------------------------------------------------------------------------------------------------------
def _markets(row: Replacement, left: Standing) -> tuple[snapshots.Taken, snapshots.Taken, list[tuple[int, int]]]:
    """Return everybody whom a seat would take, the whole market, both with those who stay, and where these sit."""
    asked = replace(left.terms, bans=tuple(sorted({*left.terms.bans, *(uuid.UUID(key) for key in row.excluded)})))
    inside = snapshots.take_placed(asked, left.members())
    with snapshots.reading(asked) as everybody:
        # Before anybody is left out: what is asked less for lets others in.
        for change in row.relaxed:
            loosened = engine.apply_repair(everybody.problem, engine.Repair("", _change(change, asked), 0))
            everybody = replace(everybody, problem=loosened)
        taken = market_copies.joined(snapshots.narrowed(everybody), inside)
        wide = market_copies.joined(everybody, inside)
    return taken, wide, _seated(left, taken)


def _change(change: dict[str, Any], asked: terms.Terms) -> dict[str, Any]:
    """A change of a diagnosis with its skill by number, as the engine has it."""
    return {**change, "skill": asked.skills[change["skill"]]} if "skill" in change else change


def _seated(left: Standing, taken: snapshots.Taken) -> list[tuple[int, int]]:
    seated = []
    for placement in left.placed:
        ref = taken.ref(placement.professional_id)
        assert ref is not None
        seated.append((ref, left.seat(placement)))
    return seated


def _solved(
    row: Replacement,
    left: Standing,
    taken: snapshots.Taken,
    wide: snapshots.Taken,
    members: Sequence[tuple[int, int]],
) -> Found:
    """Ask within what the client accepted to pay, then, if somebody would be disturbed by that, within the cap."""
    limits = engine.Limits(OPTIONS, settings.RUN_SECONDS / 3)
    accepted, cap = standing.accepted_cost(left.engagement), taken.problem.budget
    within = replace(taken.problem, budget=min(accepted, cap))
    result = disturbance.least_disturbing(within, members, (), limits)
    found = _told(result, within, members, left, taken)
    if cap > accepted and not any(option["disturbs"] == [0, 0] for option in found):
        dearer = disturbance.least_disturbing(taken.problem, members, (), limits)
        known = {tuple(option["refs"]) for option in found}
        found += [
            option
            for option in _told(dearer, taken.problem, members, left, taken)
            if tuple(option["refs"]) not in known
        ]
        result = dearer if not isinstance(result, disturbance.Replaced) else result
    found.sort(key=lambda option: (*option["disturbs"], option["cost"] > accepted, -option["value"]))
    if not found and not isinstance(result, engine.Infeasible):
        raise TimeoutError("nobody was found in time, and none was proven impossible")
    diagnosis = None
    if not found or found[0]["disturbs"] != [0, 0]:
        diagnosis = _diagnosed(left, wide, members)
    return Found(
        options=tuple(found[:OPTIONS]),
        exhausted=isinstance(result, disturbance.Replaced) and result.exhausted,
        diagnosis=diagnosis,
        replay=result.replay,
    )


def _told(
    result: disturbance.ReplacementResult,
    problem: engine.Problem,
    members: Sequence[tuple[int, int]],
    left: Standing,
    taken: snapshots.Taken,
) -> list[dict[str, Any]]:
    if not isinstance(result, disturbance.Replaced):
        return []
    joins = [option.joins for option in result.options]
    return [
        options.as_json(option, problem, members, left, taken, joins[:number])
        for number, option in enumerate(result.options)
    ]


def _diagnosed(left: Standing, wide: snapshots.Taken, members: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Why nobody fits while everybody else keeps their seat, and what would change that. Dates are not negotiable."""
    in_wide = [(wide.ref(placement.professional_id), seat) for placement, (_r, seat) in _paired(left, members)]
    seated = [(ref, seat) for ref, seat in in_wide if ref is not None]
    limits = engine.Limits(1, settings.RUN_SECONDS / 4)
    found = disturbance.diagnose_replacement(wide.problem, seated, (), limits)
    fixed = tuple(repair for repair in found.repairs if repair.change.get("field") != "starts_on")
    none = engine.Infeasible("replacement", engine.Replay("", "", "", "", 0.0))
    return diagnoses.of_question(left.terms.project, wide, none, replace(found, repairs=fixed))


def _paired(left: Standing, members: Sequence[tuple[int, int]]) -> list[tuple[Any, tuple[int, int]]]:
    return list(zip(left.placed, members, strict=True))


# -- recording --------------------------------------------------------------------------------------------------------
@transaction.atomic
def record(
    replacement_id: uuid.UUID,
    token: uuid.UUID,
    left: Standing,
    taken: snapshots.Taken,
    found: Found,
    *,
    milliseconds: int,
) -> bool:
    """Write the outcome in one short transaction, if the fence is still ours and the engagement is what it was.

    Raises MarketMoved when somebody who would come is no longer what was read.
    """
    Project.objects.select_for_update(no_key=True).get(pk=left.engagement.project_id)
    row = _ours(replacement_id, token)
    if row is None:
        return False
    engagement = locking.engagement(left.engagement.pk)
    now = standing.of_engagement(engagement)
    if engagement.has_lapsed or now.fingerprint() != left.fingerprint():
        requests.supersede(row, "engagement_changed")
        if not engagement.has_lapsed and now.vacant:
            requests.request(engagement=engagement, cause="engagement_changed", actor=None)
        return False
    joining = sorted({ref for option in found.options for ref in option["joining"]})
    if snapshots.changed_members(replace(left.terms, bans=()), taken, joining):
        raise MarketMoved
    options.name_rates(found.options, standing.people_of(joining, taken))
    row.options, row.exhausted, row.diagnosis = list(found.options), found.exhausted, found.diagnosis
    row.starts_on, row.terms = left.starts_on, terms.as_json(left.terms)
    row.current, row.engagement_version = left.fingerprint(), engagement.version
    row.candidates, row.milliseconds, row.index_version = taken.searched, milliseconds, taken.index_version
    row.engine_version, row.solver_version = found.replay.engine_version, found.replay.solver_version
    for name, value in snapshots.packed(taken).items():
        setattr(row, name, value)
    status = ReplacementStatus.PROPOSED if found.options else ReplacementStatus.IMPOSSIBLE
    states.move(row, status)
    row.last_error, row.finished_at, row.lease_token, row.lease_until = "", clock.now(), None, None
    row.touch(
        "status", "options", "exhausted", "diagnosis", "starts_on", "terms", "current", "engagement_version",
        "candidates", "milliseconds", "index_version", "engine_version", "solver_version", "digest", "content",
        "people", "last_error", "finished_at", "lease_token", "lease_until",
    )  # fmt: skip
    audit.record(subject=row, action=f"replacement.{status}", actor=None, digest=row.digest)
    notices.replacement(f"replacement.{status}", row, engagement)
    if status == ReplacementStatus.IMPOSSIBLE:
        outbox.publish(
            kind="replacement.impossible",
            subject=row,
            organization_id=engagement.organization_id,
            engagement=engagement.public_id,
        )
    else:
        for vacancy in left.vacant:
            confirmation.extend(vacancy=vacancy, actor=None)
    return True
