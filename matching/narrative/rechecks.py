"""What came of checking a cell again, line by line, and what no check from stored inputs can see."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from matching import engine
from matching.models import Proposal, Snapshot
from matching.narrative import amounts, names
from matching.narrative.proofs import OPTIMAL
from profiles.models import Skill

CONFIRMED = "confirmed"
UNDECIDED = "undecided"
_SKILL = re.compile(r"(?:skill|evidence|certificate):(\d+)")


@dataclass(frozen=True)
class Line:
    """One thing that was looked at: ``holds`` is None where the check did not come to an end."""

    holds: bool | None
    subject: str
    finding: str


def checked(
    proposal: Proposal, snapshot: Snapshot, verdict: engine.Verdict, certification: engine.Certification
) -> list[Line]:
    """Return what was checked of a cell and what was found, in the order in which one thing rests on the other."""
    return [
        Line(True, _("Stored inputs"), _("They have the SHA-256 %(digest)s.") % {"digest": snapshot.digest}),
        _rules(proposal, verdict),
        _numbers(proposal, verdict),
        _bound(proposal, certification),
    ]


def taken_on_trust(proposal: Proposal, people: int) -> list[tuple[str, str]]:
    """Return (what, why) of everything that the stored inputs cannot show about themselves."""
    run = proposal.run
    market = _(
        "That the stored people were the market on %(date)s. Of %(all)s people, %(kept)s were stored: those whom a "
        "seat would take; that nobody else could sit anywhere was worked out when the run read the market."
    ) % {
        "date": amounts.date(proposal.created_at.date()),
        "all": amounts.number(run.candidates or people),
        "kept": amounts.number(people),
    }
    rows = [
        (_("The market"), market),
        (_("The profiles"), _("That people, tests and certificates say what is true.")),
        (
            _("The objective"),
            _("That the points of policy %(policy)s are what the client wants a cell to be worth.")
            % {"policy": run.policy},
        ),
        (
            _("The judge"),
            _(
                "That the judge and the repricing of the installed version are right. They share no code with the "
                "composer; whom prices cannot exclude is decided by HiGHS."
            ),
        ),
    ]
    if proposal.cohesion:
        rows.append(
            (_("Past collaboration"), _("That no cell equally near to the best one has worked together more often."))
        )
    if proposal.project.version != run.project_version:
        rows.append(
            (
                _("The project"),
                _("It has been changed since; what was checked are the rules that the run was given."),
            )
        )
    return rows


def _rules(proposal: Proposal, verdict: engine.Verdict) -> Line:
    subject = _("Every rule, seat by seat")
    broken = [violation for violation in verdict.violations if violation.rule != "value"]
    if not broken:
        found = ngettext(
            "%(members)s member keeps every rule of the project.",
            "%(members)s members keep every rule of the project.",
            len(verdict.members),
        ) % {"members": amounts.number(len(verdict.members))}
        return Line(True, subject, found)
    known = _rule_names(proposal, broken)
    told = dict.fromkeys(_violation(violation, known) for violation in broken)
    return Line(False, subject, _("Broken: %(rules)s.") % {"rules": amounts.words(list(told))})


def broken_rules(proposal: Proposal, broken: list[engine.Violation]) -> list[str]:
    """Return what each broken rule asks for, in words, in one query at most."""
    known = _rule_names(proposal, broken)
    return [_violation(violation, known) for violation in broken]


def _rule_names(proposal: Proposal, broken: list[engine.Violation]) -> names.Names:
    numbers = {match[1] for violation in broken if (match := _SKILL.match(violation.rule))}
    spoken = get_language() or "en"
    skills = {str(row.pk): row.name(spoken) for row in Skill.objects.filter(pk__in=numbers)} if numbers else {}
    return names.Names(proposal.currency, skills=skills)


def _violation(violation: engine.Violation, known: names.Names) -> str:
    of_cells = {
        "budget": _("the monthly cap"),
        "need": _("a need that too few members hold"),
        "bridges": _("the speakers of the client's language"),
        "specialists": _("the specialists in the United States"),
        "in_common": _("the difference from earlier cells"),
        "seat_count": _("the number of people in a seat"),
        "size": _("the size of the cell"),
        "person_twice": _("one seat for each person"),
        "stranger": _("a member whom the stored market does not know"),
        "no_such_seat": _("a seat that the project does not have"),
    }
    return of_cells.get(violation.rule) or names.rule(violation.rule, known)


def _numbers(proposal: Proposal, verdict: engine.Verdict) -> Line:
    """The stored row must say what the judge counts and what the certificate proves, no more."""
    certificate, subject = proposal.certificate, _("The numbers shown")
    agree = (
        proposal.value == certificate.get("value") == verdict.value
        and proposal.bound == certificate.get("bound")
        and proposal.monthly_cost == verdict.cost
        and (proposal.proof_status != OPTIMAL or certificate.get("best_value") == proposal.bound)
    )
    numbers = {
        "value": amounts.number(verdict.value),
        "bound": amounts.number(certificate.get("bound", 0)),
        "cost": amounts.money(verdict.cost, proposal.currency),
    }
    if agree:
        return Line(
            True, subject, _("Counted again: %(value)s points, %(cost)s a month, bound %(bound)s points.") % numbers
        )
    shown = {
        "shown_value": amounts.number(proposal.value),
        "shown_bound": amounts.number(proposal.bound),
        "shown_cost": amounts.money(proposal.monthly_cost, proposal.currency),
    }
    return Line(
        False,
        subject,
        _(
            "Shown are %(shown_value)s points, %(shown_cost)s and bound %(shown_bound)s; counted again, they are "
            "%(value)s points, %(cost)s and bound %(bound)s."
        )
        % {**numbers, **shown},
    )


def _bound(proposal: Proposal, certification: engine.Certification) -> Line:
    subject = _("No better cell exists")
    numbers = {
        "bound": amounts.number(proposal.certificate.get("bound", 0)),
        "priced": amounts.number(certification.priced),
        "survivors": amounts.number(certification.survivors),
        "better": amounts.number(certification.better or 0),
    }
    if certification.verdict == UNDECIDED:
        return Line(None, subject, _("The time did not suffice to decide about %(survivors)s pairs.") % numbers)
    if certification.verdict == CONFIRMED and certification.code == "by_bound":
        found = _("%(priced)s pairs of person and seat priced again: nothing can be worth more than %(bound)s points.")
        return Line(True, subject, found % numbers)
    if certification.verdict == CONFIRMED:
        found = _(
            "%(priced)s pairs of person and seat priced again; the %(survivors)s that prices could not exclude were "
            "searched: none gives more than %(bound)s points."
        )
        return Line(True, subject, found % numbers)
    if certification.better is not None:
        return Line(False, subject, _("There is a cell worth %(better)s points, above the bound.") % numbers)
    refuted = {
        "another_problem": _("The certificate belongs to other inputs."),
        "cell_breaks_rules": _("The certificate speaks of a cell that breaks rules or is worth something else."),
        "numbers_disagree": _("The certificate contradicts itself."),
        "malformed_prices": _("The prices of the certificate cannot be read."),
    }
    return Line(False, subject, refuted.get(certification.code, certification.code))
