"""How recruiters find people: conditions over professionals, forgiving about accents, case, language and spelling."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Lower

from marketplace.kernel import clock
from marketplace.kernel.money import Currency
from profiles.levels import Evidence
from profiles.models import LanguageProficiency, Professional, Skill, SkillAlias, SkillClaim
from profiles.services import exchange, skills
from profiles.taxonomy.text import normalize, strip_accents

_ACCENTED, _PLAIN = "áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc"
MOST_WORDS = 8


def _plain(expression: object) -> Func:
    """Fold case and accents in the database, which has no ``unaccent`` extension."""
    return Func(Lower(expression), Value(_ACCENTED), Value(_PLAIN), function="translate", output_field=CharField())


def _folded(text: str) -> str:
    return strip_accents(text).lower()


def holding(
    people: QuerySet[Professional], skill: Skill, level: int, evidence: int = Evidence.SELF_DECLARED
) -> QuerySet[Professional]:
    """Keep those who claim ``skill`` at ``level`` or above with at least that evidence, not yet expired."""
    claims = SkillClaim.objects.filter(professional=OuterRef("pk"), skill=skill, level__gte=level)
    return people.filter(Exists(_backed(claims, evidence)))


def backed(people: QuerySet[Professional], evidence: int) -> QuerySet[Professional]:
    """Keep those with at least one claim that has such evidence."""
    return people.filter(Exists(_backed(SkillClaim.objects.filter(professional=OuterRef("pk")), evidence)))


def _backed(claims: QuerySet[SkillClaim], evidence: int) -> QuerySet[SkillClaim]:
    if evidence == Evidence.SELF_DECLARED:
        return claims
    lasting = Q(evidence_expires_on__isnull=True) | Q(evidence_expires_on__gt=clock.today())
    return claims.filter(lasting, evidence__gte=evidence)


def speaking(people: QuerySet[Professional], language: str, level: int) -> QuerySet[Professional]:
    """Keep those who speak ``language`` at the CEFR ``level`` or above."""
    spoken = LanguageProficiency.objects.filter(professional=OuterRef("pk"), language=language, speaking__gte=level)
    return people.filter(Exists(spoken))


def available_on(people: QuerySet[Professional], day: dt.date) -> QuerySet[Professional]:
    """Keep those whose dates include ``day``; whether their hours are free is for matching to say."""
    return people.filter(
        Q(available_from__isnull=True) | Q(available_from__lte=day),
        Q(available_until__isnull=True) | Q(available_until__gte=day),
    )


def asking_at_most(people: QuerySet[Professional], dollars: Decimal) -> QuerySet[Professional]:
    """Keep those whose hourly rate is at most ``dollars``, pesos at today's rate; without a rate they drop out."""
    within = Q(rate_currency=Currency.USD, rate_amount__lte=dollars)
    pesos = exchange.rate(Currency.USD, Currency.MXN, clock.today())
    if pesos is not None:
        within |= Q(rate_currency=Currency.MXN, rate_amount__lte=dollars * pesos)
    return people.filter(within)


def based_in(people: QuerySet[Professional], column: str, name: str) -> QuerySet[Professional]:
    """Keep those whose ``city`` or ``cluster`` is called so, whatever the accents."""
    return people.annotate(**{f"plain_{column}": _plain(F(column))}).filter(
        **{f"plain_{column}": _folded(name.strip())}
    )


def saying(people: QuerySet[Professional], text: str) -> QuerySet[Professional]:
    """Keep those who claim a skill of that name or a similar spelling, or have every word in headline or skills."""
    words = _folded(text).split()[:MOST_WORDS]
    each = [Q(plain_headlines__contains=word) | Q(Exists(_claims_named(word))) for word in words]
    named = SkillClaim.objects.filter(professional=OuterRef("pk"), skill__code__in=skills.codes(text))
    headlines = _plain(Concat("headline_en", Value(" "), "headline_es", output_field=CharField()))
    return people.annotate(plain_headlines=headlines).filter(Q(*each) | Q(Exists(named)))


def _claims_named(word: str) -> QuerySet[SkillClaim]:
    aliases = SkillAlias.objects.filter(normalized__contains=normalize(word) or word).values("skill_id")
    return SkillClaim.objects.filter(professional=OuterRef("pk"), skill_id__in=aliases)


def skills_called(found: QuerySet[Skill], text: str) -> QuerySet[Skill]:
    """Keep skills that ``text`` may mean: named so, spelled similarly, or with it inside one of their names."""
    inside = SkillAlias.objects.filter(normalized__contains=normalize(text) or text).values("skill_id")
    return found.filter(Q(code__in=skills.codes(text)) | Q(pk__in=inside) | Q(code=text))
