"""Ratings by both sides once an engagement is over: each is shown when both are there, or when the time is over.

They are for people to read, in bands and only when there are enough of them. What they tell about a skill becomes dated
evidence for the person's claim; no score of theirs is read by matching.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Avg, Count, QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.actors import Actor
from marketplace.audit import log as audit
from marketplace.clients.models import (
    Engagement,
    Need,
    Party,
    Placement,
    RatedSkill,
    Rating,
    RatingWindow,
    SeatSkill,
    Side,
)
from marketplace.clients.services import locking, parties
from marketplace.delivery import notifications, outbox
from marketplace.kernel import clock
from marketplace.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotAllowed
from profiles.models import Skill, SkillClaim
from profiles.services import collaborations, observations

WINDOW = dt.timedelta(days=30)
GOOD = 4
# Fewer engagements than this would tell whose judgment it was.
LEAST_ENGAGEMENTS = 3
BANDS = ((4.5, "excellent"), (3.5, "good"), (2.5, "mixed"), (0.0, "poor"))


@dataclass(frozen=True)
class Band:
    """``band`` is None while there are too few engagements to say."""

    about: str
    band: str | None
    engagements: int


def open_window(*, engagement: Engagement) -> RatingWindow:
    """Let both sides of an engagement that is over rate for thirty days; again it changes nothing.

    Within the caller's transaction, the engagement locked.
    """
    window, new = RatingWindow.objects.get_or_create(
        engagement=engagement, defaults={"closes_at": clock.now() + WINDOW}
    )
    worked = _worked(list(engagement.placements.order_by("pk"))) if new else []
    if worked:
        notifications.notify(
            recipients=[*parties.members(engagement.organization_id), *parties.people(worked)],
            kind="rating.open",
            subject=engagement,
            data={"closes_at": window.closes_at},
        )
    return window


@transaction.atomic
def rate(
    *,
    placement: Placement,
    overall: int,
    communication: int,
    clarity: int | None = None,
    skills: Mapping[str, int] | None = None,
    actor: Actor,
) -> Rating:
    """Judge, from 1 to 5: the client the professional of a placement with their skills, or they the client.

    Raises NotAllowed ``not_yours_to_rate``, Conflict ``not_over``, ``rating_closed``, ``nothing_worked`` or
    ``already_rated``, Invalid ``unknown_skill`` with those that can be rated, ``required`` or ``not_asked_for``.
    """
    row = locking.engagement(placement.engagement_id)
    side = _side(placement, actor)
    window = RatingWindow.objects.filter(engagement=row).first()
    if window is None:
        raise Conflict("not_over", _("Both sides rate when the engagement is over."), data={"status": row.status})
    if window.closes_at <= clock.now():
        raise Conflict("rating_closed", _("The time to rate this engagement is over."))
    if not _worked([placement]):
        raise Conflict("nothing_worked", _("Nobody worked in this placement, so there is nothing to rate."))
    scores = _checked(placement, side, clarity, skills or {})
    rating = Rating(
        engagement=row,
        placement=placement,
        side=side,
        rated_by=actor.principal,
        overall=overall,
        communication=communication,
        clarity=clarity,
        closes_at=window.closes_at,
    )
    try:
        with transaction.atomic():
            rating.save(force_insert=True)
    except IntegrityError as error:
        if "rating_once_per_side" not in str(error):
            raise
        raise Conflict("already_rated", _("Your side has rated this placement already.")) from error
    RatedSkill.objects.bulk_create([RatedSkill(rating=rating, skill=skill, score=score) for skill, score in scores])
    # Which side said what is no business of the audit's readers before both have.
    audit.record(subject=row, action="rating.given", actor=actor, placement=placement.public_id)
    other = Rating.objects.filter(placement=placement).exclude(side=side).first()
    if other is not None:
        _reveal(row, rating, other, actor)
    return rating


def keep_due() -> int:
    """Pass on what clients said of skills once the time to rate is over; return how many ratings were looked at."""
    due = Rating.objects.filter(side=Side.CLIENT, evidence_kept=False, closes_at__lte=clock.now())
    keys = list(due.values_list("pk", flat=True))
    for key in keys:
        _keep_one(key)
    return len(keys)


def pending(actor: Actor) -> QuerySet[Placement]:
    """Return the placements that the actor's side can still rate, newest first, in which somebody really worked."""
    side = Side.PROFESSIONAL if parties.side_of(actor) == Party.PROFESSIONAL else Side.CLIENT
    waiting = (
        Placement.objects.visible_to(actor)
        .filter(engagement__rating_window__closes_at__gt=clock.now())
        .exclude(pk__in=Rating.objects.filter(side=side).values("placement_id"))
    )
    worked = {row.pk for row in _worked(list(waiting))}
    shown = waiting.filter(pk__in=worked).select_related("engagement__project", "engagement__rating_window")
    return shown.order_by("-pk")


def rateable(placement: Placement) -> list[Skill]:
    """Return the skills that a client may rate: what the seat or the cell asked for and the person claims."""
    asked = SeatSkill.objects.filter(seat=placement.seat_id).values("skill_id")
    needed = Need.objects.filter(project=placement.engagement.project_id).values("skill_id")
    claimed = SkillClaim.objects.filter(professional=placement.professional_id).values("skill_id")
    wanted = Skill.objects.filter(pk__in=asked) | Skill.objects.filter(pk__in=needed)
    return list(wanted.filter(pk__in=claimed).order_by("code").distinct())


def bands_of_professional(professional_id: uuid.UUID) -> list[Band]:
    """Return how clients found a person, overall, in communication and by skill, as far as enough of them said so."""
    revealed = Rating.objects.revealed().filter(side=Side.CLIENT, placement__professional=professional_id)
    found = [_band(revealed, "overall"), _band(revealed, "communication")]
    by_skill: dict[str, tuple[float, int]] = {
        code: (mean, count)
        for code, mean, count in RatedSkill.objects.filter(rating__in=revealed)
        .order_by("skill__code")
        .values_list("skill__code")
        .annotate(mean=Avg("score"), count=Count("rating__engagement", distinct=True))
    }
    return found + [_named(f"skill:{code}", mean, count) for code, (mean, count) in by_skill.items()]


def bands_of_organization(organization_id: uuid.UUID) -> list[Band]:
    """Return how professionals found a client: overall, in communication, and how clear the work was."""
    revealed = Rating.objects.revealed().filter(side=Side.PROFESSIONAL, engagement__organization=organization_id)
    return [_band(revealed, about) for about in ("overall", "communication", "clarity")]


def _band(rows: QuerySet[Rating], about: str) -> Band:
    result = rows.aggregate(mean=Avg(about), count=Count("engagement", distinct=True))
    return _named(about, result["mean"], result["count"])


def _named(about: str, mean: float | None, count: int) -> Band:
    if mean is None or count < LEAST_ENGAGEMENTS:
        return Band(about, None, count)
    return Band(about, next(name for least, name in BANDS if mean >= least), count)


def _side(placement: Placement, actor: Actor) -> Side:
    party = parties.side_of(actor)
    if party == Party.CLIENT:
        return Side.CLIENT
    if party == Party.PROFESSIONAL and parties.is_own(actor, placement):
        return Side.PROFESSIONAL
    raise NotAllowed("not_yours_to_rate", _("The client rates its people, and they rate the client."))


def _worked(placements: Collection[Placement]) -> list[Placement]:
    """Return the placements in which somebody really worked."""
    weeks = collaborations.worked_weeks([row.pk for row in placements], before=clock.today() + dt.timedelta(days=1))
    return [row for row in placements if row.pk in weeks]


def _checked(
    placement: Placement, side: Side, clarity: int | None, skills: Mapping[str, int]
) -> list[tuple[Skill, int]]:
    errors = []
    known: dict[str, Skill] = {}
    if side == Side.CLIENT:
        known = {skill.code: skill for skill in rateable(placement)}
        if clarity is not None:
            errors.append(
                FieldError("/clarity", "not_asked_for", _("How clear the work was is for its people to say."))
            )
    elif clarity is None:
        errors.append(FieldError("/clarity", "required", _("Say how clear the work was.")))
    errors += [
        FieldError(
            f"/skills/{position}/skill",
            "unknown_skill",
            _("This skill was not asked for here, or the person does not claim it."),
            {"known": sorted(known)},
        )
        for position, code in enumerate(skills)
        if code not in known
    ]
    if errors:
        raise Invalid.several(errors)
    return [(known[code], score) for code, score in skills.items()]


def _reveal(engagement: Engagement, rating: Rating, other: Rating, actor: Actor) -> None:
    for row in (rating, other):
        row.both = True
        row.touch("both")
        if row.side == Side.CLIENT:
            _keep(row, actor)
    outbox.publish(
        kind="rating.revealed",
        subject=rating.placement,
        organization_id=engagement.organization_id,
        engagement=engagement.public_id,
        status=engagement.status,
    )
    notifications.notify(
        recipients=[*parties.members(engagement.organization_id), *parties.people([rating.placement])],
        kind="rating.revealed",
        subject=rating.placement,
        data={"engagement": engagement.public_id},
    )


@transaction.atomic
def _keep_one(key: uuid.UUID) -> None:
    row = Rating.objects.select_for_update(no_key=True, of=("self",)).get(pk=key)
    if not row.evidence_kept:
        _keep(row, None)


def _keep(row: Rating, actor: Actor | None) -> None:
    """Make good scores of skills evidence for the claims, once."""
    placement = Placement.objects.select_related("professional", "engagement").get(pk=row.placement_id)
    last_days = collaborations.worked_weeks([placement.pk], before=clock.today() + dt.timedelta(days=1))
    seen_on = max(last_days.get(placement.pk, {}).values(), default=clock.today())
    for rated in row.skills.select_related("skill").filter(score__gte=GOOD):
        try:
            with transaction.atomic():
                observations.observe(
                    professional=placement.professional,
                    code=rated.skill.code,
                    source=f"client rating, {placement.engagement.public_id}",
                    on=seen_on,
                    observed_by=row.rated_by,
                    actor=actor,
                )
        except DomainError:  # a closed profile takes no more evidence
            continue
    row.evidence_kept = True
    row.touch("evidence_kept")
