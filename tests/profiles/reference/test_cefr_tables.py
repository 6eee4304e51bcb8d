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
        ("TOEFL ITP", "543", "", NEW, "toefl-itp-ets-2011", one(Cefr.B2)),
        ("TOEFL ITP", "542", "", NEW, "toefl-itp-ets-2011", one(Cefr.B1)),
        ("TOEFL ITP", "627", "", NEW, "toefl-itp-ets-2011", one(Cefr.C1)),
        ("TOEIC", "945", "", NEW, "toeic-lr-ets-2020", one(Cefr.C1)),
        ("TOEIC L&R", "785", "", NEW, "toeic-lr-ets-2020", one(Cefr.B2)),
        ("TOEIC Listening and Reading", "780", "", NEW, "toeic-lr-ets-2020", one(Cefr.B1)),
        ("PTE Academic", "58", "", NEW, "pte-gse", one(Cefr.B1)),
        ("PTE", "76", "", NEW, "pte-gse", one(Cefr.C1)),
        ("Versant English Test", "59", "GSE", NEW, "versant-gse", one(Cefr.B2)),
        ("Linguaskill", "159", "", NEW, "linguaskill-cambridge", one(Cefr.B1)),
        ("Linguaskill Business", "180+", "", NEW, "linguaskill-cambridge", Span(Cefr.C1, Cefr.C2)),
        ("Aptis", "B2", "", NEW, "aptis-report", one(Cefr.B2)),
        ("Aptis ESOL General", "C", "", NEW, "aptis-report", Span(Cefr.C1, Cefr.C2)),
        ("Oxford Test of English", "b1", "", NEW, "oxford-certificate", one(Cefr.B1)),
        ("Certificación Nacional de Nivel de Idioma", "B2", "", NEW, "cenni-document", one(Cefr.B2)),
        ("EXAVER 3", "B2", "", NEW, "exaver-certificate", one(Cefr.B2)),
    ],
)
def test_a_score_is_read_by_the_table_of_its_scale_and_day(test, score, scale, day, table, span):
    assert overall(test, score, scale, day) == (table, span)


@pytest.mark.parametrize(
    ("test", "score", "scale", "day"),
    [
        ("An oral interview", "850", "", NEW),
        ("Versant English Test", "59", "", NEW),
        ("Versant English Test", "59", "20-80", NEW),
        ("Aptis", "42", "", NEW),
        ("CENNI", "12", "", NEW),
        ("EXAVER 1", "C", "", NEW),
        ("TOEFL iBT", "++", "0-120", OLD),
        ("TOEFL iBT", "1e2", "0-120", OLD),
        ("TOEFL iBT", "1_00", "0-120", OLD),
        ("TOEFL iBT", "-5", "0-120", OLD),
        ("TOEFL iBT", "９５", "0-120", OLD),
        ("TOEFL iBT", "9" * 5000, "0-120", OLD),
        ("TOEFL iBT", "95\x00", "0-120", OLD),
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
    assert cefr.derive("TOEIC S&W", "", "", NEW, {"speaking": "160", "writing": "140"}).levels == {
        "speaking": one(Cefr.B2),
        "writing": Span(Cefr.NONE, Cefr.B1),
    }


def test_a_skill_of_ielts_is_told_only_as_far_as_its_partners_say():
    found = cefr.derive("IELTS", "8.5", "", NEW, {"speaking": "8.5", "writing": "6.5"})
    assert found.levels == {OVERALL: one(Cefr.C2), "speaking": Span(Cefr.C1, Cefr.C2), "writing": one(Cefr.B2)}


@pytest.mark.parametrize(
    ("part", "points", "span"),
    [
        ("listening", "8", one(Cefr.A2)),
        ("listening", "9", one(Cefr.B1)),
        ("speaking", "15", one(Cefr.A2)),
        ("speaking", "16", one(Cefr.B1)),
        ("speaking", "11", Span(Cefr.A1, Cefr.A2)),
        ("writing", "6", Span(Cefr.A1, Cefr.A2)),
    ],
)
def test_sections_beside_the_scale_of_2026_are_read_as_their_issuer_says_and_no_further(part, points, span):
    assert cefr.derive("TOEFL iBT", "", "0-120", NEW, {part: points}).levels == {part: span}


def test_an_activity_that_a_test_does_not_have_is_no_score_of_it():
    result = cefr.Result("TOEFL ITP", "543", "", NEW, {"speaking": "60"})
    (fault,) = cefr.faults(result, "en")
    assert (fault.pointer, fault.code) == ("/section_scores/speaking", "score_not_on_scale")
    assert fault.data == {"scales": []}
    assert cefr.derive("TOEFL ITP", "543", "", NEW, {"speaking": "60"}) is None


def test_a_document_of_any_language_is_no_test_of_another_one():
    result = cefr.Result("CENNI", "B2", "", NEW)
    assert (cefr.faults(result, "en"), cefr.faults(result, "es")) == ([], [])


def test_published_tables_that_disagree_are_told_and_those_that_agree_are_not():
    found = cefr.derive("TOEFL iBT", "97", "", OLD)
    assert [(table.version, levels) for table, levels in found.others] == [("toefl-ets-2008", {OVERALL: one(Cefr.B2)})]
    assert cefr.derive("TOEFL iBT", "90", "", OLD).others == ()
    apart = cefr.derive("TOEFL iBT", "", "0-120", NEW, {"listening": "8", "reading": "8"}).others
    assert [(table.version, levels) for table, levels in apart] == [
        ("toefl-prepdrills-2026", {"listening": one(Cefr.B1)})
    ]
    assert [table.version for table, _levels in cefr.derive("TOEFL ITP", "625", "", NEW).others] == [
        "toefl-itp-chun-shin"
    ]
    assert [levels[OVERALL] for _table, levels in cefr.derive("DET", "125", "", NEW).others] == [one(Cefr.B2)]


def test_every_table_is_complete_ascending_and_on_its_scale():
    known = reference_tables()
    scales = {(scale.test, scale.code): scale for scale in known.scales}
    assert len({table.version for table in known.tables}) == len(known.tables)
    assert {test.code for test in known.tests} == {scale.test for scale in known.scales}
    for table in known.tables:
        scale = scales[table.test, table.scale]
        assert table.source.strip(), table.version
        assert table.url.startswith(("https://", "http://")), table.version
        assert table.note_en.strip(), table.version
        assert table.note_es.strip() not in {"", table.note_en}, table.version
        assert table.certainty in {"issuer", "partly", "reproduced"}
        assert (table.certainty == "partly") <= ("as others print" in table.note_en or "follows" in table.note_en)
        assert table.seen_on <= dt.date(2026, 11, 22)
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
            cefr.Result("Duolingo", "120", "", NEW, {"speaking": "112"}),
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
        ("TOEFL ITP", dt.date(2028, 3, 1)),
        ("TOEIC", dt.date(2028, 3, 1)),
        ("TOEIC S&W", dt.date(2028, 3, 1)),
        ("PTE Academic", dt.date(2028, 3, 1)),
        ("Oxford Test of English", None),
        ("CENNI", None),
        ("An interview", None),
    ],
)
def test_results_expire_as_their_issuers_say(test, expected):
    assert cefr.expires_on(test, NEW) == expected


def test_every_test_says_in_both_languages_who_says_how_long_it_holds():
    for test in reference_tables().tests:
        assert test.validity("en").strip(), test.code
        assert test.validity("es-mx") not in {"", test.validity("en")}, test.code
        assert not test.validity_url or test.validity_url.startswith(("https://", "http://"))
        confirmed = "could be confirmed" not in test.validity("en")
        assert confirmed or test.validity_months is None, test.code


def test_scores_rise_with_their_levels_and_every_legal_score_of_a_read_part_has_some():
    for table in reference_tables().tables:
        scale = next(s for s in reference_tables().scales if (s.test, s.code) == (table.test, table.scale))
        for part in table.cuts:
            legal = scale.part(part)
            step = legal.step or 1
            points, read = legal.lowest, []
            while points <= legal.highest:
                read.append(table.read(part, points))
                points += step
            assert None not in read, (table.version, part)
            assert all(one.least <= two.least and one.most <= two.most for one, two in pairwise(read))


def test_the_last_day_still_counts():
    assert holds(dt.date(2027, 6, 30), dt.date(2027, 6, 30))
    assert not holds(dt.date(2027, 6, 30), dt.date(2027, 7, 1))
    assert holds(None, dt.date(2099, 1, 1))
    assert months_after(dt.date(2024, 2, 29), 24) == dt.date(2026, 2, 28)


def test_every_activity_is_a_part():
    assert set(PARTS) == {OVERALL, *Activity.values}
