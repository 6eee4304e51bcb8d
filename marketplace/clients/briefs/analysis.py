"""A brief read as a whole: everything that it asks for, each with its words and confidence, and what is still open."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.clients.briefs import budget, needs, places, schedule, seat_reading, seats, solutions, spoken
from marketplace.clients.briefs.attitudes import Attitude
from marketplace.clients.briefs.needs import Mention, NeedReading, kind
from marketplace.clients.briefs.passages import Sentence, sentences, unlabeled
from marketplace.clients.briefs.places import Places
from marketplace.clients.briefs.reading import Plain, Reading
from marketplace.clients.briefs.seat_reading import SeatReading
from marketplace.clients.briefs.spoken import LanguageDemand
from marketplace.kernel import amounts
from marketplace.kernel.errors import Invalid
from marketplace.kernel.money import Money
from profiles.levels import SkillKind

LONGEST = 20_000
MOST_NEEDS, MOST_SEATS = 60, 40  # what one project may hold
_SUBJECT = re.compile(r"(?:(?:subject|asunto|re|rv|fw|fwd)\s*:\s*)+")
_NO_TITLE = re.compile(r"[.,;!?]\s*$|^(?:hi|hello|dear|hola|estimad[oa]s?|buen[oa]s|hey|good (?:morning|afternoon))\b")


@dataclass(frozen=True)
class OpenQuestion:
    """Something that the brief leaves open; ``pointer`` is the field of the project that the answer goes to."""

    code: str
    pointer: str
    question: str | Promise


@dataclass(frozen=True)
class Analysis:
    """What a brief says. ``needs`` holds every skill asked for or wished; ``excluded`` those ruled out.

    What only the name of a role says stands with its seat and not among the needs.
    """

    language: str
    title: Reading[str] | None
    solution_type: Reading[str] | None
    seats: tuple[SeatReading, ...]
    needs: tuple[NeedReading, ...]
    excluded: tuple[NeedReading, ...]
    languages: tuple[Reading[LanguageDemand], ...]
    places: Places
    starts_on: Reading[dt.date] | None
    ends_on: Reading[dt.date] | None
    months: Reading[int] | None
    monthly_cap: Reading[Money] | None
    hourly_cap: Reading[Money] | None
    cap_shared_out: bool  # whether ``monthly_cap`` is a total by the months
    open_questions: tuple[OpenQuestion, ...]

    @property
    def regulations(self) -> tuple[NeedReading, ...]:
        """The needs that are laws, rules or supervisors' guidance."""
        return tuple(need for need in self.needs if kind(need.code) == SkillKind.REGULATION)


def analyze(text: str, *, today: dt.date, language: str | None = None) -> Analysis:
    """Read a brief in English or Spanish, or both mixed; the same text and day give the same analysis.

    ``language`` (``en`` or ``es``) overrides the guess; it only decides how dates such as 3/4 are read, and that the
    text is read at all. Raises Invalid ``brief_empty``, ``brief_too_long`` (above 20,000 characters),
    ``brief_says_nothing`` (no words) and ``language_not_supported`` (Portuguese).
    """
    if len(text) > LONGEST:
        raise Invalid.field(
            "/text", "brief_too_long", _("A brief has at most %(most)s characters.") % {"most": LONGEST}, most=LONGEST
        )
    if not text.strip():
        raise Invalid.field("/text", "brief_empty", _("Write what the project is about and who is needed."))
    plain = Plain(text)
    if not re.search(r"[a-z]{2}", plain.text):
        raise Invalid.field("/text", "brief_says_nothing", _("There are no words in this brief."))
    tongue = language or spoken.written_in(plain)
    if tongue == "pt":
        raise Invalid.field(
            "/text",
            "language_not_supported",
            _("This looks like Portuguese. Briefs are read in English and Spanish."),
            languages=["en", "es"],
        )
    return _read(plain, tongue, today)


def _read(plain: Plain, tongue: str, today: dt.date) -> Analysis:
    cut = sentences(plain)
    mentioned = needs.mentions(plain, cut)
    if needs.hardly_any_asked(mentioned):
        cut = unlabeled(cut)
        mentioned = needs.mentions(plain, cut)
    gathered = needs.gathered(mentioned)
    seated = _attitudes_settled(seats.read(plain, cut, mentioned), gathered)
    if len(seated) == 1:
        seated = (_single(seated[0], gathered, mentioned),)
    of_seats = {mention.code for seat in seated for mention in seat.mentions}
    times = schedule.read(plain, today=today, day_first=tongue == "es")
    money = budget.read(plain)
    said = money.monthly or _for_all(money.per_person, seated)
    cap = said or _shared_out(money.total, times)
    found = Analysis(
        language=tongue,
        title=_title(plain, cut),
        solution_type=solutions.read(plain, gathered),
        seats=seated,
        needs=tuple(
            need
            for need in gathered
            if need.attitude in {Attitude.MUST, Attitude.WISH} and not (need.role and need.code in of_seats)
        ),
        excluded=tuple(need for need in gathered if need.attitude is Attitude.EXCLUDED),
        languages=tuple(spoken.demands(plain, cut)),
        places=places.read(plain, [(mention.start, mention.end) for mention in mentioned]),
        starts_on=times.starts_on,
        ends_on=times.ends_on,
        months=times.months,
        monthly_cap=cap,
        hourly_cap=money.hourly,
        cap_shared_out=said is None and cap is not None,
        open_questions=(),
    )
    return replace(found, open_questions=tuple(_questions(found, money.total, times.soon, today)))


def _attitudes_settled(found: Sequence[SeatReading], gathered: Sequence[NeedReading]) -> tuple[SeatReading, ...]:
    """Take out of the seats what the brief as a whole only wishes for or rules out."""
    demanded = {need.code for need in gathered if need.attitude is Attitude.MUST}
    return tuple(
        replace(seat, mentions=tuple(mention for mention in seat.mentions if mention.code in demanded))
        for seat in found
    )


def _single(seat: SeatReading, gathered: Sequence[NeedReading], mentioned: Sequence[Mention]) -> SeatReading:
    """Give the one seat of a job ad all that the ad demands; rules and domains stay with the cell."""
    demanded = {
        need.code
        for need in gathered
        if need.attitude is Attitude.MUST and kind(need.code) in {SkillKind.TECHNOLOGY, SkillKind.METHOD}
    }
    return seat_reading.with_floor(seat, [m for m in mentioned if m.code in demanded and m.attitude is Attitude.MUST])


def _for_all(per_person: Reading[Money] | None, seated: Sequence[SeatReading]) -> Reading[Money] | None:
    people = sum(seat.count for seat in seated)
    if per_person is None or not people:
        return None
    value = Money.of(per_person.value.amount * people, per_person.value.currency)
    return Reading(value, round(per_person.confidence * 0.8, 3), per_person.evidence)


def _shared_out(total: Reading[Money] | None, times: schedule.Schedule) -> Reading[Money] | None:
    months = times.months.value if times.months else 0
    if not months and times.starts_on and times.ends_on:
        months = round((times.ends_on.value - times.starts_on.value).days / Decimal("30.44"))
    if total is None or months < 1:
        return None
    value = Money.of(total.value.amount / months, total.value.currency)
    more = times.months.evidence if times.months else ()
    return Reading(value, round(total.confidence * 0.9, 3), (*total.evidence, *more))


def _title(plain: Plain, cut: Sequence[Sentence]) -> Reading[str] | None:
    """Return the line above the brief; a sentence, a greeting, or a line that is the whole brief is no title."""
    if len(cut) < 2 or not cut[0].heading:
        return None
    start = cut[0].start
    if mail := _SUBJECT.match(plain.text, start, cut[0].end):
        start = mail.end()
    while start < cut[0].end and plain.text[start] in " \t#*_:-\u00a1":
        start += 1
    if start == cut[0].end or _NO_TITLE.search(plain.text, start, cut[0].end):
        return None
    line = plain.evidence(start, cut[0].end)
    return Reading(line.text.strip(" \t#*_:-")[:160], 0.8, (line,))


def _questions(
    found: Analysis, total: Reading[Money] | None, soon: Reading[str] | None, today: dt.date
) -> list[OpenQuestion]:
    questions = []
    if found.title is None and found.solution_type is None:
        questions.append(OpenQuestion("title_missing", "/title", _("What is the project called?")))
    if found.solution_type is None:
        questions.append(OpenQuestion("solution_unclear", "/solution_type", _("What kind of solution is it?")))
    if found.starts_on is None and soon is not None:
        questions.append(OpenQuestion("start_vague", "/starts_on", _("On which day should the cell start?")))
    elif found.starts_on is None:
        questions.append(OpenQuestion("start_missing", "/starts_on", _("When does the project start?")))
    elif found.starts_on.value <= today:
        questions.append(OpenQuestion("start_in_the_past", "/starts_on", _("The start is in the past; is it right?")))
    elif found.starts_on.confidence < 0.7:
        questions.append(
            OpenQuestion(
                "start_ambiguous",
                "/starts_on",
                _("Is the start on %(day)s?") % {"day": amounts.date(found.starts_on.value)},
            )
        )
    if found.ends_on is None and found.months is None:
        questions.append(OpenQuestion("end_missing", "/ends_on", _("When does the project end?")))
    if found.monthly_cap is None and total is not None:
        questions.append(
            OpenQuestion("budget_per_month", "/monthly_cap", _("Over how many months is the budget spread?"))
        )
    elif found.monthly_cap is None:
        questions.append(OpenQuestion("budget_missing", "/monthly_cap", _("What may the cell cost per month?")))
    if not found.seats:
        questions.append(OpenQuestion("seats_missing", "/seats", _("Who is needed: how many people in which roles?")))
    if len(found.needs) > MOST_NEEDS:
        questions.append(
            OpenQuestion("too_many_needs", "/needs", _("The brief names many skills; which of them matter most?"))
        )
    if not found.needs:
        questions.append(OpenQuestion("needs_missing", "/needs", _("Which skills must the cell have?")))
    if found.places.time_zone is None:
        questions.append(
            OpenQuestion("time_zone_missing", "/time_zone", _("In which time zone do the people of the client work?"))
        )
    for demand in found.languages:
        if demand.confidence < 0.7:
            questions.append(
                OpenQuestion("language_level_unclear", "/seats", _("How well must the language be spoken?"))
            )
            break
    return questions
