"""Diagnoses in words: every rule, conflict and repair that the engine can name has a sentence in both languages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from matching import narrative
from matching.engine import repairs as engine_repairs
from matching.narrative.diagnoses import blocked_text, rule_text
from matching.narrative.names import Names
from matching.narrative.names import rule as rule_name
from matching.narrative.repairs import repair_text

ENGLISH = Names("USD", ["Data steward", "Architect"], ["Anti-money laundering"], {"java": "Java programming"})
SPANISH = Names("USD", ["Custodio de datos", "Arquitecta"], ["Prevención de lavado"], {"java": "Programación en Java"})
DAY = dt.date(2027, 1, 11).toordinal()

# One change of each kind, with the numbers that come with it.
CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "budget": ({}, {"before": 20_000, "after": 21_200, "more": 1_200}),
    "language_floor": ({"position": 0, "key": "en.speaking"}, {"before": 5, "after": 4}),
    "language_evidence": ({"position": 0, "key": "en"}, {"before": 2, "after": 1}),
    "client_facing": ({"position": 0}, {"before": True, "after": False}),
    "seniority_floor": ({"position": 0}, {"before": 3, "after": 2}),
    "skill_level": ({"position": 1, "skill": "java"}, {"before": 4, "after": 3}),
    "skill_evidence": ({"position": 1, "skill": "java"}, {"before": 2, "after": 1}),
    "countries": ({"position": 1}, {"before": [0], "after": [0, 1]}),
    "overlap": ({"position": 0}, {"before": 300, "after": 270}),
    "weekly_minutes": ({"position": 0}, {"before": 2400, "after": 2250}),
    "max_rate": ({"position": 0}, {"before": 4000, "after": 4550}),
    "start": ({}, {"before": DAY, "after": DAY + 14}),
    "need_level": ({"position": 0}, {"before": 4, "after": 3}),
    "need_evidence": ({"position": 0}, {"before": 2, "after": 0}),
    "need_count": ({"position": 0}, {"before": 2, "after": 1}),
    "need_dropped": ({"position": 0}, {"before": 1, "after": 0}),
    "bridges": ({}, {"before": 2, "after": 1}),
    "specialists": ({}, {"before": 2, "after": 1}),
    "routes": ({}, {"before": 3, "after": 255}),
    "pin_removed": ({}, {"before": 7, "after": True}),
    "ban_removed": ({}, {"before": 7, "after": True}),
    "in_common": ({}, {"before": 2, "after": 3}),
    "cell_size": ({"field": "least"}, {"before": 5, "after": 4}),
    "seat_optional": ({"position": 1}, {"before": 1, "after": 0}),
}
SEAT_RULES = [
    "banned", "pinned", "function", "country", "route", "rate", "seniority", "available", "free_time", "overlap",
    "language:en.listening", "language:en.speaking", "language:en.reading", "language:en.writing",
    "language:es.listening", "language:es.speaking", "language:es.reading", "language:es.writing",
    "skill:java", "evidence:java", "certificate:java", "seat", "market",
]  # fmt: skip
CONFLICT_RULES = [
    "budget", "bridges", "specialists", "start", "routes", "size", "most", "pin:0", "banned:7", "earlier:0", "need:0",
    "seat:0", "seat:0/seniority", "seat:1/skill:java", "seat:0/language:en.speaking",
]  # fmt: skip


def in_both(tell: Any) -> tuple[str, str]:
    with translation.override("en"):
        english = tell(ENGLISH)
    with translation.override("es-mx"):
        spanish = tell(SPANISH)
    return english, spanish


def test_every_kind_of_change_that_the_engine_knows_has_its_sentence() -> None:
    assert set(CHANGES) == {*engine_repairs.PRICES, "budget"}


@pytest.mark.parametrize("code", CHANGES)
def test_a_repair_reads_as_a_sentence_in_either_language(code: str) -> None:
    change, data = CHANGES[code]
    english, spanish = in_both(lambda names: repair_text(code, change, data, names))
    assert english != spanish
    for text in (english, spanish):
        assert text.endswith(".")
        assert text[0].isupper()
        assert "%(" not in text
        assert "None" not in text


@pytest.mark.parametrize(
    ("code", "english", "spanish"),
    [
        (
            "budget",
            "Raise the monthly cap by $1,200, to $21,200.",
            "Subir el tope mensual en $1,200\N{NO-BREAK SPACE}USD, a $21,200\N{NO-BREAK SPACE}USD.",
        ),
        (
            "language_floor",
            "Accept B2 instead of C1 of spoken English in the seat “Data steward”.",
            "Aceptar B2 en lugar de C1 de inglés hablado en el puesto «Custodio de datos».",
        ),
        ("bridges", "Ask for 1 member instead of 2 who speaks English at C1.", None),
        ("weekly_minutes", "Ask for 37.5 h instead of 40 h a week in the seat “Data steward”.", None),
        ("start", "Start on January 25, 2027 instead of January 11, 2027.", None),
        ("max_rate", "Raise the hourly limit of the seat “Data steward” from $40 to $45.50.", None),
    ],
)
def test_the_numbers_of_a_repair_are_written_for_the_reader(code: str, english: str, spanish: str | None) -> None:
    told = in_both(lambda names: repair_text(code, *CHANGES[code], names))
    assert told[0] == english
    assert spanish is None or told[1] == spanish


def test_a_floor_of_zero_is_told_as_going_away() -> None:
    change, _data = CHANGES["skill_level"]
    with translation.override("en"):
        text = repair_text("skill_level", change, {"before": 3, "after": 0}, ENGLISH)
    assert text == "Do without Java programming in the seat “Architect”."


@pytest.mark.parametrize("code", SEAT_RULES)
def test_a_rule_of_one_person_has_a_name_in_either_language(code: str) -> None:
    english, spanish = in_both(lambda names: rule_name(code, names))
    assert english
    assert english != spanish


@pytest.mark.parametrize("code", CONFLICT_RULES)
def test_a_rule_of_a_conflict_has_a_name_in_either_language(code: str) -> None:
    english, spanish = in_both(lambda names: rule_text(code, names))
    assert english
    assert english != spanish


def test_a_blocked_seat_says_whom_it_lost_last_and_to_what() -> None:
    entry = {
        "kind": "seat",
        "position": 0,
        "last_rule": "language:en.speaking",
        "removed": [["function", 1500], ["skill:java", 410], ["language:en.speaking", 3]],
    }
    english, spanish = in_both(lambda names: blocked_text(entry, names))
    assert english == ("Too few people fit the seat “Data steward”: the last 3 to drop out failed at spoken English.")
    assert spanish == (
        "Muy pocas personas cumplen con el puesto «Custodio de datos»: las últimas 3 quedaron fuera por inglés hablado."
    )


def test_a_blocked_need_that_nobody_was_removed_from_has_its_own_sentence() -> None:
    entry = {"kind": "need", "position": 0, "last_rule": "market", "removed": [["skill:java", 0]]}
    english, spanish = in_both(lambda names: blocked_text(entry, names))
    assert english == "Too few people exist for Anti-money laundering."
    assert english != spanish


def test_a_diagnosis_keeps_its_codes_and_puts_words_beside_them() -> None:
    change, data = CHANGES["budget"]
    content = {
        "proof": "cost",
        "complete": True,
        "blocked": [],
        "conflict": ["budget", "seat:0"],
        "repairs": [
            {"code": "budget", "price": 1200, "change": change, "data": data, "amendment": {"monthly_cap": "21200"}}
        ],
        "combination": [],
    }
    english, spanish = in_both(lambda names: narrative.diagnosis(content, names))
    assert english["text"] == "Proven: no cell exists under these rules. 1 change alone would allow one."
    assert english["text"] != spanish["text"]
    assert english["repairs"][0]["amendment"] == {"monthly_cap": "21200"}
    assert [rule["code"] for rule in english["conflict"]] == ["budget", "seat:0"]


@pytest.mark.parametrize(
    ("repairs", "combination", "complete", "words"),
    [
        (3, 0, True, "Any one of 3 changes"),
        (0, 2, True, "no single change is enough"),
        (0, 0, True, "no small change"),
        (0, 0, False, "Time ran out"),
    ],
)
def test_the_summary_of_a_diagnosis_claims_no_more_than_was_found(
    repairs: int, combination: int, complete: bool, words: str
) -> None:
    change, data = CHANGES["budget"]
    entry = {"code": "budget", "price": 1, "change": change, "data": data, "amendment": {}}
    content = {
        "proof": "cost",
        "complete": complete,
        "blocked": [],
        "conflict": [],
        "repairs": [entry] * repairs,
        "combination": [entry] * combination,
    }
    english, spanish = in_both(lambda names: narrative.diagnosis(content, names)["text"])
    assert words in english
    assert english != spanish
