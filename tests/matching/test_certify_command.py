"""``./market certify`` checks a stored cell and says what it checked, what it took on trust, and whether it holds."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from matching.models import Proposal, ProposalMember, Snapshot
from tests.factories import matching as cells

pytestmark = pytest.mark.django_db


@pytest.fixture
def best() -> Proposal:
    return cells.composed_run().proposals.get(rank=1)


def certify(cell: Proposal | str, language: str = "en") -> tuple[bool, str]:
    """Return whether the command ended well, and what it printed, with its lines joined."""
    out = io.StringIO()
    try:
        call_command("certify", cell if isinstance(cell, str) else cell.public_id, language=language, stdout=out)
    except CommandError as error:
        return False, " ".join(f"{out.getvalue()} {error}".split())
    return True, " ".join(out.getvalue().split())


def test_a_cell_that_holds_is_told_with_what_was_checked_and_what_was_trusted(best: Proposal) -> None:
    holds, text = certify(best)
    assert holds
    assert best.run.snapshot.digest in text
    assert "3 members keep every rule of the project." in text
    assert f"Counted again: {best.value:,} points, ${int(best.monthly_cost):,} a month" in text
    assert f"nothing can be worth more than {best.bound:,} points" in text or "were searched" in text
    assert "Taken on trust" in text
    assert "That the stored people were the market on" in text
    assert "✗" not in text


def test_an_alternative_says_among_which_cells_it_is_the_best(best: Proposal) -> None:
    holds, text = certify(best.run.proposals.get(rank=2))
    assert holds
    assert "The best among cells that share at most 1 member" in text


def test_the_report_can_be_read_in_spanish(best: Proposal) -> None:
    holds, text = certify(best, "es")
    assert holds
    assert "Se da por cierto" in text
    assert "Taken on trust" not in text


def test_a_value_that_was_raised_in_the_table_is_noticed(best: Proposal) -> None:
    Proposal.objects.filter(pk=best.pk).update(value=best.value + 1, bound=best.bound + 1)
    holds, text = certify(best)
    assert not holds
    assert f"Shown are {best.value + 1:,} points" in text
    assert "The cell does not stand as it is stored." in text


def test_a_bound_that_was_moved_in_the_table_is_noticed(best: Proposal) -> None:
    Proposal.objects.filter(pk=best.pk).update(bound=best.bound + 1, proof_status="within_gap")
    holds, text = certify(best)
    assert not holds
    assert f"bound {best.bound + 1:,}; counted again" in text


def test_a_cost_that_was_lowered_in_the_table_is_noticed(best: Proposal) -> None:
    Proposal.objects.filter(pk=best.pk).update(monthly_cost=best.monthly_cost - Decimal(500))
    holds, text = certify(best)
    assert (holds, "✗ The numbers shown" in text) == (False, True)


def test_a_forged_certificate_is_refuted_by_a_better_cell(best: Proposal) -> None:
    worse = best.run.proposals.filter(value__lt=best.value).first()
    assert worse is not None
    Proposal.objects.filter(pk=worse.pk).update(certificate={**worse.certificate, "earlier": []})
    holds, text = certify(worse)
    assert not holds
    assert f"There is a cell worth {best.value:,} points, above the bound." in text


def test_a_member_who_was_exchanged_in_the_table_is_noticed(best: Proposal) -> None:
    member = best.members.order_by("pk").first()
    assert member is not None
    taken = best.members.values_list("professional_id", flat=True)
    other = ProposalMember.objects.filter(proposal__run=best.run).exclude(professional_id__in=taken).first()
    assert other is not None
    ProposalMember.objects.filter(pk=member.pk).update(professional=other.professional)
    holds, text = certify(best)
    assert not holds
    assert "✗" in text


def test_inputs_that_no_longer_have_their_digest_are_refused(best: Proposal) -> None:
    Snapshot.objects.filter(run=best.run).update(digest="0" * 64)
    assert certify(best) == (False, "The stored inputs of this cell cannot be read.")


@pytest.mark.parametrize("name", ["cell_00000000000000000000000000", "proj_1", "42"])
def test_an_unknown_cell_is_said_to_be_unknown(name: str) -> None:
    assert certify(name) == (False, f"There is no cell {name} in this database.")


@pytest.mark.parametrize(
    ("environment", "spanish"),
    [
        ({"LANG": "es_MX.UTF-8"}, True),
        ({"LC_ALL": "C", "LANG": "es_MX.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8"}, False),
    ],
)
def test_the_language_is_that_of_the_terminal(
    best: Proposal, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], spanish: bool
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = io.StringIO()
    call_command("certify", best.public_id, stdout=out)
    assert ("Comprobado" in out.getvalue()) is spanish
