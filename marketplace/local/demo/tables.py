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


def heads(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


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


def difference(english: Json, spanish: Json) -> Table:
    """Return what an answer changes: who comes and goes, value, cost, and coverage that differs."""
    told = english["difference"]
    table = Table(box=box.MINIMAL, show_edge=False, pad_edge=False)
    table.add_column("")
    table.add_column("As it is")
    table.add_column("As asked")
    table.add_row("comes", "", ", ".join(row["name"] for row in told["joined"]) or "–")
    table.add_row("goes", ", ".join(row["name"] for row in told["left"]) or "–", "")
    table.add_row("stay", "", f"{told['stayed']} in their seats, {len(told['moved'])} in another")
    table.add_row("value", f"{told['value']['before']:,}", f"{told['value']['after']:,}")
    table.add_row("a month", dollars(told["monthly_cost"]["before"]), dollars(told["monthly_cost"]["after"]))
    for line in told["coverage"]:
        before, after = (_stand(line[side]) for side in ("before", "after"))
        if before != after:
            table.add_row(line["skill"], before, after)
    table.add_section()
    table.add_row("", told["text"], spanish["difference"]["text"])
    return table


def _stand(stand: Json | None) -> str:
    return "–" if stand is None else f"{stand['holders']} hold it, {stand['points']} points"


def augmentation(told: Json) -> Table:
    """Return a cell beside the best single hire for each seat."""
    table = Table(box=box.MINIMAL, show_edge=False, pad_edge=False)
    for name in ("", "Cell", "Best single hires"):
        table.add_column(name)
    sides = (told["cell"], told["single_hires"])
    rows: dict[str, list[str]] = {
        "keeps every rule": ["yes" if side["feasible"] else "no" for side in sides],
        "breaks": ["; ".join(rule["text"] for rule in side["broken_rules"]) or "–" for side in sides],
        "value": [f"{side['value']:,}" for side in sides],
        "a month": [dollars(side["monthly_cost"]) for side in sides],
        "needs covered": [
            f"{sum(line['covered'] for line in side['coverage'])} of {len(side['coverage'])}" for side in sides
        ],
        "regulation": [
            ", ".join(line["skill_name"] for line in side["regulation"] if line["holders"]) or "–" for side in sides
        ],
        "English at C1": [heads(side["bridges"]) for side in sides],
        "shared by all": [f"{hours(side['worst_day_minutes'])} on the worst day" for side in sides],
        "to be managed": [heads(side["points_of_contact"]) for side in sides],
        "landed, before tax": [f"${float(side['landed']['before_tax']):,.0f}" for side in sides],
    }
    for name, (cell, single) in rows.items():
        table.add_row(name, cell, single)
    return table


def replacement(english: Json, spanish: Json) -> Table:
    """Return the options for an empty seat, the least disturbing first, and what is proven of them."""
    table = Table(box=box.MINIMAL, show_edge=False, pad_edge=False)
    for name in ("", "Comes", "Further leave", "Change seat", "A month", "Value"):
        table.add_column(name, justify="left" if name in {"", "Comes"} else "right")
    for number, option in enumerate(english["options"], 1):
        joins = [member for member in option["members"] if member["change"] == "joins"]
        table.add_row(
            f"{number}.",
            ", ".join(f"{member['name']} ({member['seat_title']})" for member in joins),
            str(len(option["further_leave"])),
            str(len(option["change_seat"])),
            dollars(option["monthly_cost"]),
            f"{option['value']:,}",
        )
    best, mejor = english["options"][0], spanish["options"][0]
    table.add_section()
    table.add_row("", f"{best['text']} {best['proof']}")
    table.add_row("", f"{mejor['text']} {mejor['proof']}")
    return table
