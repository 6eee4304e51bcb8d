"""What the demo prints: cells, diagnoses and bookings as tables that fit a terminal."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

Json = dict[str, Any]


def console() -> Console:
    """Return the terminal, or 110 columns where the output is not one."""
    terminal = Console(highlight=False)
    return terminal if terminal.is_terminal else Console(width=110, highlight=False)


def dollars(money: Json) -> str:
    return f"${float(money['amount']):,.0f}"


def hours(minutes: int) -> str:
    return f"{minutes / 60:g} h"


def cell(proposal: Json, needs: dict[str, str]) -> Table:
    """Return a cell: who in which seat, responsible for what, level, English, cost, shared hours on the worst day."""
    table = Table(
        title=f"Cell {proposal['rank']} · {dollars(proposal['monthly_cost'])} a month · value {proposal['value']}"
        f" · bound {proposal['bound']} · {proposal['proof_status']}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for name in ("Seat", "Who", "Responsible for", "Level", "Eng.", "At", "Cost", "Shared"):
        table.add_column(name, justify="right" if name in {"Cost", "Shared"} else "left", overflow="fold")
    for member in proposal["members"]:
        table.add_row(
            member["seat_title"],
            member["name"] or member["pseudonym"],
            ", ".join(needs.get(need, need) for need in member["responsible_for"]) or "–",
            member["seniority"],
            member["english"].upper(),
            member["country"],
            dollars(member["monthly_cost"]),
            hours(member["overlap_minutes"]),
        )
    return table


def reasons(english: Json, spanish: Json, most: int) -> Table:
    """Return the first ``most`` reasons in both languages, side by side."""
    table = Table(box=box.MINIMAL, show_edge=False, pad_edge=False)
    table.add_column("Why", ratio=1)
    table.add_column("Por qué", ratio=1)
    pairs = list(zip(english["reasons"], spanish["reasons"], strict=True))
    for left, right in pairs[:most]:
        table.add_row(left["text"], right["text"])
    if len(pairs) > most:
        table.add_row(Text(f"… and {len(pairs) - most} more", "dim"), Text(f"… y {len(pairs) - most} más", "dim"))
    return table


def diagnosis(english: Json, spanish: Json) -> Table:
    """Return what stands in the way and what would mend it, in both languages."""
    table = Table(box=box.MINIMAL, show_edge=False, pad_edge=False)
    table.add_column("")
    table.add_column("What stands in the way", ratio=1)
    table.add_column("Qué lo impide", ratio=1)
    table.add_row("", english["text"], spanish["text"])
    for part, mark in (("blocked", "✗"), ("conflict", "✗")):
        for left, right in zip(english[part], spanish[part], strict=True):
            table.add_row(mark, left["text"], right["text"])
    table.add_section()
    for left, right in list(zip(english["repairs"], spanish["repairs"], strict=True))[:5]:
        table.add_row(f"{left['index'] + 1}.", left["text"], right["text"])
    return table


def placements(engagement: Json) -> Table:
    """Return who is booked, when, for how many hours a week."""
    table = Table(
        title=f"Engagement {engagement['status']} · {dollars(engagement['monthly_cost'])} a month",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for name in ("Who", "Seat", "From", "To", "Weekly", "Status"):
        table.add_column(name, justify="right" if name == "Weekly" else "left")
    for row in engagement["placements"]:
        who = f"{row['professional']['given_names']} {row['professional']['family_names']}"
        table.add_row(
            who, row["seat"]["title"], row["starts_on"], row["ends_on"], hours(row["weekly_minutes"]), row["status"]
        )
    return table
