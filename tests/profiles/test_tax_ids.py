"""RFC and CURP: kept with a warning where the check digit fails, encrypted in the table, read with a trace."""

from __future__ import annotations

import pytest
from django.db import connection

from marketplace.audit.models import AuditEvent
from marketplace.kernel import crypto
from profiles.models import Professional
from profiles.services import tax_ids
from tests.factories import accounts, profiles

THERE = "/api/v1/professionals/me/tax-ids"
# Examples of python-stdnum's documentation: nobody's that we know.
RFC, RFC_WRONG_DIGIT = "GODE561231GR8", "VACE460910SX6"
CURP, CURP_WRONG_DIGIT = "BOXW310820HNERXN09", "BOXW310820HNERXN08"


@pytest.fixture
def mine(cast, api):
    return api(cast.professional)


def table(professional):
    """Read the columns as somebody with the database, and not the keys, would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM profiles_professional p WHERE id = %s", [professional.pk])
        return cursor.fetchone()[0]


def test_both_are_stored_encrypted_and_read_back_by_their_owner(mine, cast):
    answer = mine.post(THERE, {"rfc": "gode 561231 gr8", "curp": CURP})
    assert answer.status_code == 200
    assert answer.json() == {"has_rfc": True, "has_curp": True, "warnings": []}
    text = table(cast.profile)
    stored = bytes(Professional.objects.get(pk=cast.profile.pk).rfc_encrypted)
    assert stored
    assert RFC not in text
    assert RFC.encode() not in stored
    assert RFC.encode().hex() not in text, "nor in the hexadecimal that PostgreSQL prints bytes in"
    assert CURP.encode().hex() not in text
    read = mine.get(THERE)
    assert read.json() == {"rfc": RFC, "curp": CURP}
    assert read["Cache-Control"] == "no-store"


def test_a_failing_check_digit_is_kept_with_a_warning(mine):
    answer = mine.post(THERE, {"rfc": RFC_WRONG_DIGIT, "curp": CURP_WRONG_DIGIT})
    assert answer.status_code == 200
    assert [(each["pointer"], each["code"]) for each in answer.json()["warnings"]] == [
        ("/rfc", "rfc_check_digit"),
        ("/curp", "curp_check_digit"),
    ]
    assert mine.get(THERE).json() == {"rfc": RFC_WRONG_DIGIT, "curp": CURP_WRONG_DIGIT}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"rfc": "GODE56123"}, "invalid_rfc"),
        ({"rfc": "GODE561331GR8"}, "invalid_rfc"),
        ({"rfc": "MAB9307148T4"}, "invalid_rfc"),  # a company's
        ({"rfc": "XAXX010101000"}, "invalid_rfc"),  # the general public's
        ({"rfc": "XEXX010101000"}, "invalid_rfc"),  # a foreigner's
        ({"curp": "BOXW310820XNERXN09"}, "invalid_curp"),
        ({"curp": "1' OR '1'='1"}, "invalid_curp"),
    ],
)
def test_a_wrong_format_is_refused_and_nothing_is_stored(body, code, mine, nothing_changes):
    with nothing_changes():
        answer = mine.post(THERE, body)
    assert (answer.status_code, [e["code"] for e in answer.json()["errors"]]) == (422, [code])


def test_one_wrong_identifier_leaves_the_right_one_unwritten(mine, nothing_changes):
    with nothing_changes():
        answer = mine.post(THERE, {"rfc": RFC, "curp": "x"})
    assert answer.status_code == 422


def test_an_identifier_belongs_to_one_profile(mine, api, nothing_changes):
    second = accounts.user()
    profiles.professional(second)
    assert api(second).post(THERE, {"rfc": RFC}).status_code == 200
    # What the first refusal leaves behind (that the two may be one person) is there by the second.
    mine.post(THERE, {"rfc": RFC.lower(), "curp": CURP})
    with nothing_changes():
        answer = mine.post(THERE, {"rfc": RFC.lower(), "curp": CURP})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_registered")
    assert mine.get(THERE).json() == {"rfc": "", "curp": ""}


def test_an_empty_text_removes_and_an_absent_one_leaves(mine, cast):
    mine.post(THERE, {"rfc": RFC, "curp": CURP})
    assert mine.post(THERE, {"rfc": ""}).json() == {"has_rfc": False, "has_curp": True, "warnings": []}
    assert mine.get(THERE).json() == {"rfc": "", "curp": CURP}
    assert Professional.objects.get(pk=cast.profile.pk).rfc_index == ""


def test_a_body_without_either_is_refused(mine, nothing_changes):
    with nothing_changes():
        assert mine.post(THERE, {}).status_code == 400


def test_every_reading_is_written_down_with_its_reader_and_without_its_content(mine, cast, api):
    mine.post(THERE, {"rfc": RFC})
    mine.get(THERE)
    api(cast.operator).get(f"/api/v1/professionals/{cast.profile.public_id}/tax-ids")
    events = AuditEvent.objects.filter(subject=cast.profile.public_id, action="tax_ids.read").order_by("sequence")
    assert [event.actor for event in events] == [cast.professional.public_id, cast.operator.public_id]
    assert RFC not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("who", ["recruiter", "client", "rival", "professional"])
def test_nobody_but_owner_and_operator_reads_them(who, cast, api, nothing_changes):
    there = f"/api/v1/professionals/{cast.profile.public_id}/tax-ids"
    with nothing_changes():
        assert api(getattr(cast, who)).get(there).status_code == 403


def test_profiles_never_show_them(mine, cast, api):
    mine.post(THERE, {"rfc": RFC, "curp": CURP})
    for client in (mine, api(cast.recruiter), api(cast.operator)):
        for path in ("/api/v1/professionals/me", f"/api/v1/professionals/{cast.profile.public_id}"):
            answer = client.get(path)
            assert RFC not in answer.content.decode()
            assert CURP not in answer.content.decode()


def test_a_ciphertext_moved_to_another_person_cannot_be_read(mine, cast):
    mine.post(THERE, {"rfc": RFC})
    thief = profiles.professional()
    thief.rfc_encrypted = Professional.objects.get(pk=cast.profile.pk).rfc_encrypted
    thief.save()
    with pytest.raises(crypto.Undecipherable):
        tax_ids.read(professional=thief, actor=None)


def test_clear_identifiers_do_not_show_in_a_repr():
    assert RFC not in repr(tax_ids.TaxIds(rfc=RFC, curp=""))
