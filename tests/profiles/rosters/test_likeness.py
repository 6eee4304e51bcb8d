"""Names as people write them: which are of one person, and which are not."""

from __future__ import annotations

import pytest

from profiles import likeness, traces
from profiles.likeness import Name
from profiles.traces import Traces


def alike(one: tuple[str, str], other: tuple[str, str]) -> int:
    score = likeness.alike(Name.of(*one), Name.of(*other))
    assert score == likeness.alike(Name.of(*other), Name.of(*one)), "the order of two people must not count"
    return score


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("María José", "Hernández Núñez"), ("MARIA JOSE", "HERNANDEZ NUNEZ")),
        (("José Luis", "González Pérez"), ("Jose Luis", "Gonzales Peres")),
        (("Guadalupe", "Ximénez Vázquez"), ("Guadalupe", "Jiménez Vásquez")),
        (("Ana", "de la Torre García"), ("Ana", "Torre García")),
        (("Ana", "López Ruiz"), ("Ana", "Ruiz López")),
        (("Ana", "López Ruiz"), ("Ana", "López")),
        (("Ana", "López Ruiz"), ("Ana", "López R.")),
        (("José Carlos", "Medina Soto"), ("J. Carlos", "Medina Soto")),
        (("José Antonio", "Medina Soto"), ("José", "Medina Soto")),
        (("Francisco", "Medina Soto"), ("Paco", "Medina Soto")),
        (("María Guadalupe", "Medina Soto"), ("Ma. Lupita", "Medina Soto")),
        (("William", "Carter"), ("Bill", "Carter")),
        (("Ing. Rubén", "Ochoa Lara"), ("Ruben", "Ochoa Lara")),
        (("Monserrat", "Ibarra Cruz"), ("Montserrat", "Ibarra Cruz")),
        # American forms take the last word for the family name.
        (("Ana", "López Ruiz"), ("Ana", "Ruiz")),
    ],
)
def test_two_writings_of_one_name_are_alike(one, other):
    assert alike(one, other) >= traces.SAME_NAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Ana", "López Ruiz"), ("Ana", "López Gómez")),
        (("Ana", "López Ruiz"), ("Rosa", "López Ruiz")),
        (("Ana", "López Ruiz"), ("Ana", "Pérez Ruiz")),
        (("Daniel", "Medina Soto"), ("Francisco", "Medina Soto")),
        (("Ana", ""), ("Ana", "")),
        (("", "López Ruiz"), ("", "López Ruiz")),
        (("Juan Pablo", "Medina Soto"), ("Juan Carlos", "Medina Soto")),
    ],
)
def test_two_names_are_not_alike(one, other):
    assert alike(one, other) < traces.SAME_NAME


@pytest.mark.parametrize("text", ["Ana Lopez Ruiz", "Ruiz López, Ana", "López Ruiz Ana", "Ana López"])
def test_a_full_name_is_read_whichever_way_round_it_was_written(text):
    person = Name.of("Ana", "López Ruiz")
    assert max(likeness.alike(person, reading) for reading in likeness.readings(text)) >= traces.SAME_NAME


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Banco del Bajío, S.A.", "Banco del Bajio SA", True),
        ("Grupo Financiero Banorte", "BANORTE S.A. de C.V.", True),
        ("Softtek", "Softek", True),
        ("Tata Consultancy Services", "Tata Consultancy Services México", True),
        ("Banco Azteca", "Banco del Bajío", False),
        ("IBM de México", "Oracle de México", False),
        ("Servicios de Consultoría", "Servicios de Software", False),
        ("", "Softtek", False),
    ],
)
def test_employers_are_the_same_whatever_their_legal_form(one, other, same):
    assert (likeness.alike_employers(one, other) >= traces.SAME_EMPLOYER) is same


def person(given="Ana", family="López Ruiz", **told) -> Traces:
    return Traces(names=(Name.of(given, family),), **{key: frozenset(value) for key, value in told.items()})


@pytest.mark.parametrize(
    ("one", "other", "by", "score"),
    [
        (person(emails=["ana@x.mx"]), person("Eva", "Paz", emails=["ana@x.mx"]), {"email"}, 100),
        (person(emails=["a.na@gmail.com"]), person("Eva", "Paz", emails=["ana+it@gmail.com"]), {"email_like"}, 60),
        (person(emails=["a.na@x.mx"]), person(emails=["ana@x.mx"]), set(), 0),
        (person(emails=["ana+it@x.mx"]), person(emails=["ana@x.mx"]), {"email_like", "name"}, 95),
        (person(phones=["3312345678"]), person("Eva", "Paz", phones=["3312345678"]), {"phone"}, 70),
        (person(phones=["3312345678"]), person(phones=["3312345678"]), {"phone", "name"}, 95),
        (person(), person(), set(), 0),
        (person(emails=[""]), person(emails=["x@x.mx"]), set(), 0),
    ],
)
def test_each_reason_weighs_what_the_table_says(one, other, by, score):
    reasons = traces.compare(one, other)
    assert (set(reasons), traces.score(reasons)) == (by, score)


def test_a_name_counts_with_an_employer_only():
    one = Traces(names=(Name.of("Ana", "López Ruiz"),), employers=("banco del bajio",))
    other = Traces(names=(Name.of("Ana", "Lopez R"),), employers=("softtek", "banbajio", "banco del bajio sa"))
    assert set(traces.compare(one, other)) == {"name_and_employer", "name"}
    assert one.keys() & other.keys()


def test_numbers_are_compared_by_their_last_ten_digits():
    assert traces.phone_digits("+52 1 33 1234 5678") == traces.phone_digits("(33) 1234-5678")
    assert traces.phone_digits("12345") == frozenset()
