"""``If-Match``: needed where something newer could be overwritten, and held against the locked row."""

from __future__ import annotations

import pytest

from marketplace.kernel.errors import PreconditionFailed, PreconditionRequired
from marketplace.rest import etags
from tests.factories import profiles


@pytest.mark.parametrize(("given", "version"), [('"1"', 1), ('W/"12"', 12), (' "7" ', 7)])
def test_a_tag_that_was_given_is_read(given, version, rf):
    assert etags.expected_version(rf.patch("/", headers={"If-Match": given})) == version


@pytest.mark.parametrize("given", ["*", "1", '"x"', '"1", "2"', '"-1"', '"1234567890"', '""'])
def test_a_tag_that_was_not_given_here_fails_the_precondition(given, rf):
    with pytest.raises(PreconditionFailed):
        etags.expected_version(rf.patch("/", headers={"If-Match": given}))


def test_no_tag_is_asked_for(rf):
    with pytest.raises(PreconditionRequired):
        etags.expected_version(rf.patch("/"))


@pytest.mark.django_db
def test_a_row_at_another_version_fails_and_says_which_it_is_at():
    row = profiles.professional()
    etags.require(row, 1)
    assert etags.tag(row) == '"1"'
    row.touch()
    with pytest.raises(PreconditionFailed) as refusal:
        etags.require(row, 1)
    assert refusal.value.data == {"current_version": 2}
