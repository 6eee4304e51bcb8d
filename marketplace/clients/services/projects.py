"""Projects: written, published, withdrawn, ended."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.blueprints.catalog import Blueprint, blueprints
from marketplace.clients.events import ProjectPublished, ProjectWithdrawn
from marketplace.clients.models import Engagement, Organization, Project
from marketplace.clients.services import project_search, requirements, rules
from marketplace.clients.specification import NeedSpecification, SeatSpecification
from marketplace.clients.states import LIVE_ENGAGEMENT, ProjectStatus
from marketplace.delivery import outbox
from marketplace.kernel import clock, events, states
from marketplace.kernel.errors import Conflict, FieldError, Invalid
from marketplace.kernel.money import Money
from marketplace.rest import etags


class ProjectFields(TypedDict, total=False):
    """What may be written of a project. ``seats`` and ``needs`` replace whole lists; times of day are minutes."""

    title: str
    brief: str
    solution_type: str
    external_id: str
    starts_on: dt.date
    ends_on: dt.date
    monthly_cap: Money
    time_zone: str
    day_starts: int
    day_ends: int
    overlap_minutes: int
    evidence_floor: int
    bridges: int
    us_specialists: int
    size_least: int
    size_most: int
    cost_weight: int
    seats: Sequence[SeatSpecification]
    needs: Sequence[NeedSpecification]


_LISTS = ("seats", "needs")


@transaction.atomic
def create(
    *, organization: Organization, blueprint: str = "", actor: Actor | None, **fields: Unpack[ProjectFields]
) -> Project:
    """Return a new draft; what is not given comes from the blueprint named, if any, then from the defaults.

    Without a blueprint title, solution type, dates and cap must be given; with one, the start and the cap. Raises
    Invalid ``unknown_blueprint``, ``invalid_project`` with every fault, and Conflict ``external_id_taken``.
    """
    given: dict[str, Any] = dict(fields)
    if blueprint:
        given = {**_from_blueprint(_blueprint(blueprint), given["starts_on"]), **given}
    project = Project(organization=organization, time_zone=organization.time_zone)
    _assign(project, given)
    wanted = requirements.check(project, given.get("seats", ()), given.get("needs", ()), today=clock.today())
    _guarded(lambda: project.save(force_insert=True))
    requirements.write(project, wanted)
    project_search.write(project)
    audit.record(subject=project, action="project.created", actor=actor, blueprint=blueprint)
    return project


@transaction.atomic
def update(*, project: Project, version: int, actor: Actor | None, **fields: Unpack[ProjectFields]) -> Project:
    """Change a draft that is still at ``version``.

    Raises PreconditionFailed, Conflict ``not_a_draft`` or ``external_id_taken``, and Invalid ``invalid_project``.
    """
    row = _locked(project.pk)
    etags.require(row, version)
    if row.status != ProjectStatus.DRAFT:
        raise Conflict(
            "not_a_draft",
            _("Only a draft can be edited; withdraw the project first."),
            data={"status": row.status},
        )
    _rewrite(row, dict(fields))
    audit.record(subject=row, action="project.updated", actor=actor, fields=sorted(fields))
    return row


@transaction.atomic
def amend(*, project: Project, changes: dict[str, Any], actor: Actor | None) -> Project:
    """Edit a draft or a published project by a small change, such as a repair that a diagnosis proposes.

    ``changes`` may hold ``monthly_cap`` (a decimal amount), ``overlap_minutes``, ``starts_on``, ``ends_on``,
    ``bridges``, ``us_specialists``, ``evidence_floor``; ``seats``, by position: ``min_seniority``, ``weekly_minutes``,
    ``max_rate`` (Money or None), ``countries``, ``client_facing``, ``least``, ``skills`` (``{code: level}``) and
    ``languages`` (``{"en.speaking": level}``), where a level of 0 drops the floor; ``needs``, by position: ``level``,
    ``count``, ``weight``. A published project is announced again, so that a new run starts.
    Raises Conflict ``not_open`` and Invalid ``unknown_change`` or ``invalid_project``.
    """
    row = _locked(project.pk)
    if row.status not in {ProjectStatus.DRAFT, ProjectStatus.PUBLISHED}:
        raise Conflict("not_open", _("This project is no longer open to changes."), data={"status": row.status})
    published = row.status == ProjectStatus.PUBLISHED
    _rewrite(row, requirements.amended(row, changes), complete=published)
    audit.record(subject=row, action="project.amended", actor=actor, changes=changes)
    if published:
        _tell(row, "project.amended")
        events.announce(ProjectPublished(project_id=row.pk))
    return row


@transaction.atomic
def publish(*, project: Project, version: int | None = None, actor: Actor | None) -> Project:
    """Open a draft to matching, at ``version`` if one is named.

    Raises PreconditionFailed, IllegalTransition, and Invalid ``invalid_project`` with everything that is missing.
    """
    row = _locked(project.pk)
    if version is not None:
        etags.require(row, version)
    states.require(row, ProjectStatus.PUBLISHED, only_from=ProjectStatus.DRAFT)
    seats, needs = requirements.stored(row)
    requirements.check(row, seats, needs, today=clock.today(), complete=True)
    states.move(row, ProjectStatus.PUBLISHED)
    row.published_at = clock.now()
    row.touch("status", "published_at")
    audit.record(subject=row, action="project.published", actor=actor)
    _tell(row, "project.published")
    events.announce(ProjectPublished(project_id=row.pk))
    return row


def withdraw(*, project: Project, actor: Actor | None) -> Project:
    """Take a published project back to draft. Raises IllegalTransition."""
    return _move(project, ProjectStatus.DRAFT, "project.withdrawn", actor=actor, withdrawn=True)


def cancel(*, project: Project, actor: Actor | None) -> Project:
    """Give a project up. Raises IllegalTransition, and Conflict ``engagement_live`` while people are engaged in it."""
    return _move(project, ProjectStatus.CANCELLED, "project.cancelled", actor=actor, withdrawn=True)


def complete(*, project: Project, actor: Actor | None) -> Project:
    """End a staffed project whose engagement is over. Raises IllegalTransition, and Conflict ``engagement_live``."""
    return _move(project, ProjectStatus.COMPLETED, "project.completed", actor=actor)


def mark_staffed(*, project: Project, actor: Actor | None) -> Project:
    """Record that a cell was accepted. Raises IllegalTransition. Who may accept is the caller's question."""
    return _move(project, ProjectStatus.STAFFED, "project.staffed", actor=actor)


def reopen(*, project: Project, actor: Actor | None) -> Project:
    """Offer a staffed project to the market again: its cell did not come about. Raises IllegalTransition.

    Raises Conflict ``engagement_live`` while people are engaged in it.
    """
    return _move(project, ProjectStatus.PUBLISHED, "project.reopened", actor=actor, only_from=ProjectStatus.STAFFED)


def expire(*, project: Project) -> Project:
    """End an open project whose start has passed without a cell. Raises IllegalTransition."""
    return _move(project, ProjectStatus.EXPIRED, "project.expired", actor=None, withdrawn=True)


def expire_overdue() -> int:
    """Expire every published project whose start has passed; return how many. Running it twice changes nothing."""
    overdue = Project.objects.filter(status=ProjectStatus.PUBLISHED, starts_on__lte=clock.today())
    count = 0
    for project in overdue.order_by("pk"):
        try:
            expire(project=project)
            count += 1
        except Conflict:  # accepted or withdrawn a moment ago
            continue
    return count


def warnings(project: Project) -> list[FieldError]:
    """Return what does not forbid publishing but should be looked at. Reads ``seats``, which the caller prefetches."""
    return rules.warnings({seat.function for seat in project.seats.all()})


def _locked(key: uuid.UUID) -> Project:
    # NO KEY: a run that refers to the project may be written while it is being edited.
    row: Project = Project.objects.select_for_update(no_key=True).get(pk=key)
    return row


def _blueprint(code: str) -> Blueprint:
    found = blueprints().get(code)
    if found is None:
        raise Invalid.field(
            "/blueprint", "unknown_blueprint", _("There is no such blueprint."), known=sorted(blueprints())
        )
    return found


def _from_blueprint(blueprint: Blueprint, starts_on: dt.date) -> dict[str, Any]:
    return {
        "title": blueprint.title_en,
        "solution_type": blueprint.code,
        "ends_on": rules.months_later(starts_on, blueprint.months),
        "overlap_minutes": blueprint.overlap_minutes,
        "bridges": blueprint.bridges,
        "us_specialists": blueprint.us_specialists,
        "seats": blueprint.seats,
        "needs": blueprint.all_needs,
    }


def _assign(project: Project, given: dict[str, Any]) -> list[str]:
    """Set the plain fields of ``given`` and return the names of the columns set."""
    columns = {name: value for name, value in given.items() if name not in _LISTS}
    cap: Money | None = columns.pop("monthly_cap", None)
    if cap is not None:
        columns |= {"monthly_cap": cap.amount, "currency": cap.currency}
    for name, value in columns.items():
        setattr(project, name, value)
    return list(columns)


def _rewrite(row: Project, given: dict[str, Any], *, complete: bool = False) -> None:
    """Apply ``given`` to a locked project and check the whole anew."""
    columns = _assign(row, given)
    seats, needs = requirements.stored(row)
    wanted = requirements.check(
        row, given.get("seats", seats), given.get("needs", needs), today=clock.today(), complete=complete
    )
    _guarded(lambda: row.touch(*columns))
    requirements.write(row, wanted)
    project_search.write(row)


def _guarded(save: Callable[[], None]) -> None:
    """Save, and turn a clash of external ids, which two requests may cause at once, into its refusal."""
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        if "project_external_id_once" not in str(error):
            raise
        detail = _("Another project of the organization has this external id.")
        raise Conflict(
            "external_id_taken", detail, errors=[FieldError("/external_id", "external_id_taken", detail)]
        ) from error


@transaction.atomic
def _move(
    project: Project,
    to: str,
    action: str,
    *,
    actor: Actor | None,
    withdrawn: bool = False,
    only_from: str | None = None,
) -> Project:
    row = _locked(project.pk)
    states.require(row, to, only_from=only_from)
    ends = to in {ProjectStatus.CANCELLED, ProjectStatus.COMPLETED}
    reopened = to == ProjectStatus.PUBLISHED
    if (ends or reopened) and Engagement.objects.filter(project=row, status__in=LIVE_ENGAGEMENT).exists():
        raise Conflict("engagement_live", _("People are engaged in this project; end the engagement first."))
    states.move(row, to)
    if to == ProjectStatus.DRAFT:
        row.published_at = None
    row.touch("status", "published_at")
    audit.record(subject=row, action=action, actor=actor)
    _tell(row, action)
    if withdrawn:
        events.announce(ProjectWithdrawn(project_id=row.pk))
    if reopened:
        events.announce(ProjectPublished(project_id=row.pk))
    return row


def _tell(row: Project, kind: str) -> None:
    outbox.publish(
        kind=kind,
        subject=row,
        organization_id=row.organization_id,
        status=row.status,
        **({"external_id": row.external_id} if row.external_id else {}),
    )
