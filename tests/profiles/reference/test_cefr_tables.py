"""Reading scores in CEFR levels: by a named, dated table, or not at all."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from profiles.levels import Activity, Cefr
from profiles.reference import cefr
from profiles.reference.tables import OVERALL, PARTS, PointRange, Span, reference_tables
from profiles.reference.validity import holds, months_after

OLD, NEW = dt.date(2025, 5, 10), dt.date(2026, 3, 1)


def overall(test, score, scale="", day=NEW):
    found = cefr.derive(test, score, scale, day)
    return None if found is None else (found.table.version, found.levels[OVERALL])


def one(level):
    return Span(level, level)


@pytest.mark.parametrize(
    ("test", "score", "scale", "day", "table", "span"),
    [
        ("TOEFL iBT", "71", "0-120", OLD, "toefl-ets-2015", one(Cefr.B1)),
        ("TOEFL iBT", "72", "0-120", OLD, "toefl-ets-2015", one(Cefr.B2)),
        ("TOEFL iBT", "94", "0-120", OLD, "toefl-ets-2015", one(Cefr.B2)),
        ("TOEFL iBT", "95", "0-120", OLD, "toefl-ets-2015", Span(Cefr.C1, Cefr.C2)),
        ("TOEFL iBT", "43", "0-120", OLD, "toefl-ets-2015", one(Cefr.B1)),
        ("TOEFL iBT", "43", "0-120", NEW, "toefl-ets-2026-total", one(Cefr.A2)),
        ("TOEFL iBT", "114", "0-120", NEW, "toefl-ets-2026-total", one(Cefr.C2)),
        ("TOEFL iBT", "3.5", "1-6", NEW, "toefl-ets-2026", one(Cefr.B1)),
        ("TOEFL iBT", "4", "1-6", NEW, "toefl-ets-2026", one(Cefr.B2)),
        ("TOEFL iBT", "5.5", "1–6", NEW, "toefl-ets-2026", one(Cefr.C1)),
        ("TOEFL iBT", "6.0", "1-6 (2026)", NEW, "toefl-ets-2026", one(Cefr.C2)),
        ("IELTS", "5.0", "", NEW, "ielts-partners", one(Cefr.B1)),
        ("IELTS", "5,5", "", NEW, "ielts-partners", one(Cefr.B2)),
        ("IELTS Academic", "7", "", NEW, "ielts-partners", one(Cefr.C1)),
        ("IELTS", "8.5", "", NEW, "ielts-partners", one(Cefr.C2)),
        ("Duolingo English Test", "85", "", NEW, "duolingo-2019", one(Cefr.B1)),
        ("DET", "90", "", NEW, "duolingo-2019", one(Cefr.B2)),
        ("C1 Advanced", "179", "", NEW, "cambridge-scale-2015", one(Cefr.B2)),
        ("Cambridge English", "200", "", NEW, "cambridge-scale-2015", one(Cefr.C2)),
        ("DELE", "b2", "", dt.date(2009, 5, 1), "dele-certificate", one(Cefr.B2)),
        ("SIELE", "C1", "", NEW, "siele-certificate", one(Cefr.C1)),
    ],
)
def test_a_score_is_read_by_the_table_of_its_scale_and_day(test, score, scale, day, table, span):
    assert overall(test, score, scale, day) == (table, span)


@pytest.mark.parametrize(
    ("test", "score", "scale", "day"),
    [
        ("TOEIC", "850", "", NEW),
        ("TOEFL iBT", "121", "0-120", OLD),
        ("TOEFL iBT", "4.2", "1-6", NEW),
        ("TOEFL iBT", "five", "1-6", NEW),
        ("TOEFL iBT", "NaN", "0-120", OLD),
        ("TOEFL iBT", "1e1", "1-9", NEW),
        ("SIELE", "850", "", NEW),
        ("SIELE", "C2", "", NEW),
        ("DELE", "none", "", NEW),
        ("IELTS", "", "", NEW),
    ],
)
def test_what_no_table_reads_is_not_converted(test, score, scale, day):
    assert cefr.derive(test, score, scale, day) is None


def test_a_score_that_could_be_on_two_scales_is_not_guessed():
    assert overall("TOEFL iBT", "5", "", NEW) is None
    assert overall("TOEFL iBT", "5", "", OLD) == ("toefl-ets-2015", Span(Cefr.NONE, Cefr.A2))
    assert overall("TOEFL iBT", "97", "", NEW)[0] == "toefl-ets-2026-total"


def test_activities_are_read_one_by_one():
    found = cefr.derive("TOEFL iBT", "", "0-120", OLD, {"listening": "22", "speaking": "19", "reading": "3"})
    assert found.levels == {
        "listening": Span(Cefr.C1, Cefr.C2),
        "speaking": one(Cefr.B1),
        "reading": Span(Cefr.NONE, Cefr.A2),
    }
    assert cefr.derive("SIELE", "", "", NEW, {"speaking": "B2", "reading": "C1"}).levels["speaking"] == one(Cefr.B2)


def test_published_tables_that_disagree_are_told_and_those_that_agree_are_not():
    found = cefr.derive("TOEFL iBT", "97", "", OLD)
    assert [(table.version, levels) for table, levels in found.others] == [
        ("toefl-fluentmood-2026", {OVERALL: one(Cefr.B2)})
    ]
    assert cefr.derive("TOEFL iBT", "80", "", OLD).others == ()
    assert [levels[OVERALL] for _table, levels in cefr.derive("DET", "125", "", NEW).others] == [one(Cefr.B2)]


def test_every_table_is_complete_ascending_and_on_its_scale():
    known = reference_tables()
    scales = {(scale.test, scale.code): scale for scale in known.scales}
    assert len({table.version for table in known.tables}) == len(known.tables)
    assert {test.code for test in known.tests} == {scale.test for scale in known.scales}
    for table in known.tables:
        scale = scales[table.test, table.scale]
        assert table.source.strip(), table.version
        assert table.url.startswith("https://"), table.version
        assert table.note_en.strip(), table.version
        assert table.note_es.strip() not in {"", table.note_en}, table.version
        assert table.certainty in {"issuer", "reproduced"}
        assert bool(table.cuts) != bool(scale.levels), table.version
        for part, cuts in table.cuts.items():
            legal = scale.part(part)
            assert part in PARTS
            assert isinstance(legal, PointRange)
            assert cuts[0][0] == legal.lowest, (table.version, part)
            points = [least for least, _span in cuts]
            assert points == sorted(set(points))
            assert all(legal.holds(least) for least in points), (table.version, part)
            spans = [span for _least, span in cuts]
            assert all(one.most <= two.least for one, two in pairwise(spans))
            assert all(span.least <= span.most for span in spans)


def test_on_every_day_a_scale_has_at_most_one_table_in_use():
    tables = [table for table in reference_tables().tables if table.used]
    for one_table in tables:
        for other in tables:
            if one_table is not other and (one_table.test, one_table.scale) == (other.test, other.scale):
                assert one_table.last_day < other.first_day or other.last_day < one_table.first_day


def test_names_of_tests_and_scales_belong_to_one_only():
    names = [name for test in reference_tables().tests for name in {test.code, test.name.casefold(), *test.also}]
    assert len(names) == len(set(names))
    assert cefr.find_test("toefl IBT").code == "toefl-ibt"
    assert cefr.find_test("Diploma de Español como Lengua Extranjera").code == "dele"
    assert cefr.find_test("an oral interview") is None


@pytest.mark.parametrize(
    ("result", "language", "expected"),
    [
        (cefr.Result("DELE", "B2", "", NEW), "en", ("/test", "test_of_other_language")),
        (cefr.Result("TOEFL iBT", "5", "1-9", NEW), "en", ("/scale_version", "unknown_scale")),
        (cefr.Result("TOEFL iBT", "5", "1-6", OLD), "en", ("/scale_version", "scale_not_in_use")),
        (cefr.Result("TOEFL iBT", "6.5", "1-6", NEW), "en", ("/raw_score", "score_not_on_scale")),
        (cefr.Result("IELTS", "6.3", "", NEW), "en", ("/raw_score", "score_not_on_scale")),
        (cefr.Result("Duolingo", "121", "", NEW), "en", ("/raw_score", "score_not_on_scale")),
        (
            cefr.Result("Duolingo", "120", "", NEW, {"speaking": "110"}),
            "en",
            ("/section_scores/speaking", "score_not_on_scale"),
        ),
        (
            cefr.Result("TOEFL iBT", "97", "0-120", OLD, {"reading": "31"}),
            "en",
            ("/section_scores/reading", "score_not_on_scale"),
        ),
    ],
)
def test_what_cannot_be_is_named(result, language, expected):
    assert [(fault.pointer, fault.code) for fault in cefr.faults(result, language)] == [expected]


def test_what_can_be_has_no_fault_even_without_a_scale():
    assert cefr.faults(cefr.Result("TOEFL iBT", "5", "", NEW), "en") == []
    assert cefr.faults(cefr.Result("An interview", "brilliant", "own", NEW), "en") == []
    assert cefr.faults(cefr.Result("SIELE", "812.5", "0-1000", NEW), "es") == []


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("TOEFL iBT", dt.date(2028, 3, 1)),
        ("IELTS", dt.date(2028, 3, 1)),
        ("DET", dt.date(2028, 3, 1)),
        ("Cambridge", None),
        ("DELE", None),
        ("SIELE", dt.date(2031, 3, 1)),
        ("An interview", None),
    ],
)
def test_results_expire_as_their_issuers_say(test, expected):
    assert cefr.expires_on(test, NEW) == expected


def test_the_last_day_still_counts():
    assert holds(dt.date(2027, 6, 30), dt.date(2027, 6, 30))
    assert not holds(dt.date(2027, 6, 30), dt.date(2027, 7, 1))
    assert holds(None, dt.date(2099, 1, 1))
    assert months_after(dt.date(2024, 2, 29), 24) == dt.date(2026, 2, 28)


def test_every_activity_is_a_part():
    assert set(PARTS) == {OVERALL, *Activity.values}
