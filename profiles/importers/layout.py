"""The order in which a page is read: columns one after the other, rows from left to right, tables row by row.

A PDF says where each piece of text stands and nothing of what belongs together.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from profiles.importers import tables
from profiles.importers.comparing import plain
from profiles.importers.headings import section_of
from profiles.importers.lines import Line
from profiles.importers.periods import find_period

_PAGE_NUMBER = re.compile(
    r"(?:.{0,60}?[\s|·•–—-])?(?:page|p[áa]gina|p[áa]g\.?|hoja)\s*\d+(?:\s*(?:of|de|/)\s*\d+)?|\d{1,3}\s*(?:/|of|de)\s*\d{1,3}|"
    r"[-–—\s|]*\d{1,2}[-–—\s|]*(?:page|p[áa]gina)?",
    re.IGNORECASE,
)
_OPEN_DATES = re.compile(
    r"\d{4}.*(?:[-–—]|\b(?:a|al|to|hasta|until)\b)\s*(?:[^\W\d]+(?: (?:de|la))?)?\s*$", re.IGNORECASE
)
_DOCUMENT_NAMES = frozenset({"curriculum vitae", "curriculum", "cv", "hoja de vida", "resume"})
_FEWEST_IN_COLUMN = 3
_NARROWEST_COLUMN = 60.0  # points
_MOST_LINES = 1500  # of a page that is arranged: a résumé has a tenth of it


def without_page_numbers(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without page numbers, and without what runs along the top or foot of pages after the first."""
    running = _running(_by_page(lines))
    return [
        line
        for line in lines
        if not _PAGE_NUMBER.fullmatch(line.text)
        and plain(line.text) not in _DOCUMENT_NAMES
        and not (line.page > 1 and _trace(line) in running)
    ]


def arrange(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of all pages in reading order, numbered anew on each page.

    Pieces on one baseline become one line with tabs between, and marks of lists join their items.
    """
    arranged: list[Line] = []
    later: list[Line] = []  # the column that is read second, of all pages that have the same columns
    before = _Page(0.0)
    for found in _by_page(lines).values():
        if len(found) > _MOST_LINES or len({line.y for line in found}) < 2:
            arranged, later, before = [*arranged, *later, *found], [], _Page(0.0)
            continue
        page = _page(_marked(found), before)
        if abs(page.gutter - before.gutter) > 6 or page.right_first != before.right_first:
            arranged, later = [*arranged, *later], []
        number = 0
        for column, kept in ((page.first, arranged), (page.second, later)):
            kept += [replace(line, number=number + place) for place, line in enumerate(column, start=1)]
            number += len(column)
        before = page
    return [*arranged, *later]


@dataclass
class _Page:
    """A page in reading order: what is read ``first``, and the last column, which the next page may go on with."""

    gutter: float
    right_first: bool = False
    first: list[Line] = field(default_factory=list)
    second: list[Line] = field(default_factory=list)


def _by_page(lines: Sequence[Line]) -> dict[int, list[Line]]:
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    return pages


def _trace(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", plain(line.text) or line.text), round(line.y / 6)


def _running(pages: dict[int, list[Line]]) -> set[tuple[str, int]]:
    """Return what stands at the same height of most pages, at their top or foot."""
    if len(pages) < 2:
        return set()
    seen: Counter[tuple[str, int]] = Counter()
    for found in pages.values():
        heights = sorted({line.y for line in found})
        edge = {*heights[:2], *heights[-3:]}
        seen.update({_trace(line) for line in found if line.y in edge})
    return {trace for trace, times in seen.items() if times >= 2 and times * 2 >= len(pages)}


def _marked(lines: Sequence[Line]) -> list[Line]:
    """Join the marks of lists, which many programs write apart, to what stands right of them."""
    marks = [line for line in lines if not any(sign.isalnum() for sign in line.text) and len(line.text) <= 2]
    items = [line for line in lines if line not in marks]
    chosen: set[int] = set()
    for mark in marks:
        near = [
            at
            for at, item in enumerate(items)
            if 0 < item.left - mark.left < 45 and abs(item.y - mark.y) <= 0.6 * max(item.size, mark.size, 6.0)
        ]
        if near:
            chosen.add(min(near, key=lambda at: (abs(items[at].y - mark.y), items[at].left)))
    return [replace(item, bullet=True) if at in chosen else item for at, item in enumerate(items)]


def _page(lines: Sequence[Line], before: _Page) -> _Page:
    """Return a page in reading order; one that stands all in the right column of the page before goes on with that."""
    gutter = _gutter(lines, before.gutter)
    if not gutter:
        if before.gutter and all(line.left >= before.gutter - 6 for line in lines):
            page = _Page(before.gutter, before.right_first)
            (page.first if before.right_first else page.second).extend(_rows(lines))
            return page
        return _Page(0.0, first=_rows(lines))
    crossing = [line for line in lines if line.left < gutter - 4 and line.right > gutter + 6]
    # A line across both columns ends what stands above it: name and headline over the columns, a note below them.
    left = [line for line in lines if line.left < gutter - 4 and line not in crossing]
    right = [line for line in lines if line.left >= gutter - 4]
    page = _Page(gutter, before.right_first)
    for top, bottom in _bands(crossing, lines):
        page.first += [*page.second, *_rows([line for line in crossing if line.y == top])]
        columns = [[line for line in side if bottom < line.y < top] for side in (left, right)]
        # What has no heading of its own above it belongs to the head of the page; names stand there.
        if abs(gutter - before.gutter) > 6:
            page.right_first = not _opens(columns[0]) and _opens(columns[1])
        if page.right_first:
            columns.reverse()
        page.first += _rows(columns[0])
        page.second = _rows(columns[1])
    return page


def _opens(column: Sequence[Line]) -> bool:
    """Tell whether the column holds the largest letters of both at its top, without a heading above them."""
    rows = sorted(column, key=lambda line: -line.y)
    return bool(rows) and not section_of(rows[0].text)


def _bands(crossing: Sequence[Line], lines: Sequence[Line]) -> list[tuple[float, float]]:
    heights = sorted({line.y for line in crossing}, reverse=True)
    top = max(line.y for line in lines) + 1
    edges = [top, *heights, -1e9]
    return [(edges[at], edges[at + 1]) for at in range(len(edges) - 1)]


def _gutter(lines: Sequence[Line], before: float) -> float:
    """Return the left edge of the right column, 0 where the page has one column.

    Columns, unlike the cells of rows, have headings of their own on either side, or are at the place of the page
    before. Lines that run across are few.
    """
    starts = Counter(round(line.left) for line in lines)
    first = min(starts)
    best, most = 0.0, 0
    cells = _cells_of_tables(lines)
    for start, times in starts.items():
        if (
            any(abs(start - edge) < 4 for edge in cells)
            or start < first + _NARROWEST_COLUMN
            or times < _FEWEST_IN_COLUMN
        ):
            continue
        edge = float(start)
        right = [line for line in lines if line.left >= edge - 4]
        left = [line for line in lines if line.left < edge - 4 and line.right <= edge + 6]
        across = len(lines) - len(right) - len(left)
        if len(left) < _FEWEST_IN_COLUMN or across > 0.12 * len(lines) + 2:
            continue
        if not (_has_heading(left) and _has_heading(right)) and abs(edge - before) > 6:
            continue
        weight = (
            min(len(left), len(right))
            - 2 * across
            + (4 if _has_heading([line for line in right if abs(line.left - edge) < 6]) else 0)
        )
        if weight > most:
            best, most = edge, weight
    return best


def _cells_of_tables(lines: Sequence[Line]) -> list[float]:
    """Return where cells begin, but the first of a row, under rows that say what the columns of a table hold.

    What such a cell says may read like a heading. Two cells may as well be two columns on one baseline.
    """
    rows: dict[float, list[Line]] = defaultdict(list)
    for line in lines:
        rows[line.y].append(line)
    edges: list[float] = []
    for row in rows.values():
        row.sort(key=lambda line: line.left)
        texts = [cell.text for cell in row]
        if len(row) > 2 and tables.labels(texts) and not all(map(section_of, texts)):
            edges += [cell.left for cell in row[1:]]
    return edges


def _has_heading(lines: Iterable[Line]) -> bool:
    """Tell whether there is a heading over something: a column of headings alone is the margin of one column."""
    found = list(lines)
    headings = [line for line in found if not line.bullet and section_of(line.text)]
    return bool(headings) and len(headings) < len(found)


def _rows(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a column from top to bottom, pieces on one baseline joined."""
    rows: list[list[Line]] = []
    edge = max((line.right for line in lines), default=0.0)
    for line in sorted(lines, key=lambda line: (-line.y, line.left)):
        if rows and abs(rows[-1][0].y - line.y) <= 0.3 * max(line.size, rows[-1][0].size, 4.0):
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.left)
    rows = _with_headings_apart(_with_dates_whole(rows))
    return [replace(line, edge=edge) for line in _with_tables(rows)]


def _with_headings_apart(rows: Sequence[list[Line]]) -> list[list[Line]]:
    """Put a heading that stands in the margin, beside what it opens, on a line of its own."""
    apart: list[list[Line]] = []
    columns: list[float] = []  # of the table that the row may be in
    for row in rows:
        labeled = len(row) > 1 and bool(tables.labels([cell.text for cell in row]))
        inside = columns and all(min(abs(cell.left - edge) for edge in columns) < 3 for cell in row)
        columns = [cell.left for cell in row] if labeled else columns if inside else []
        alone = len(row) > 1 and not labeled and not inside and section_of(row[0].text)
        apart += [row[:1], row[1:]] if alone else [row]
    return apart


def _with_dates_whole(rows: Sequence[list[Line]]) -> list[list[Line]]:
    """Join dates that a narrow column broke: ``Marzo 2015 – Diciembre`` beside a title, ``2019`` beside an employer."""
    whole: list[list[Line]] = []
    for row in rows:
        above = whole[-1] if whole else []
        if len(above) > 1 and abs(above[0].left - row[0].left) < 3 and _OPEN_DATES.search(above[0].text):
            joined = f"{above[0].text} {row[0].text}"
            found = find_period(joined)
            if found and found.span[1] > len(above[0].text) and len(joined) - found.span[1] < 2:
                above[0] = replace(above[0], text=joined)
                if len(row) > 1:
                    whole.append(row[1:])
                continue
        whole.append(row)
    return whole


def _with_tables(rows: Sequence[Sequence[Line]]) -> list[Line]:
    read: list[Line] = []
    at = 0
    while at < len(rows):
        names = tables.labels([cell.text for cell in rows[at]]) if len(rows[at]) > 1 else ()
        end = _table_end(rows, at) if names else at
        if end > at + 1:
            read += _records(rows[at:end], names)
            at = end
        else:
            read.append(_joined(rows[at]))
            at += 1
    return read


def _table_end(rows: Sequence[Sequence[Line]], start: int) -> int:
    """Return where the table under a row of labels ends: at a heading, or where nothing stands under a column."""
    edges = _edges(rows, start)
    end = start + 1
    while end < len(rows):
        row = rows[end]
        usual = rows[start + 1][0]
        looks_other = end > start + 1 and (row[0].bold > usual.bold or row[0].size > 1.05 * usual.size)
        if len(row) == 1 and (looks_other or section_of(row[0].text)):
            break
        # Centered cells stand under no edge, but there are as many as columns.
        if any(min(abs(cell.left - edge) for edge in edges) > 12 for cell in row) and len(row) != len(edges):
            break
        end += 1
    return end


def _edges(rows: Sequence[Sequence[Line]], start: int) -> list[float]:
    """Return the left edges of the columns, by the first full row below the labels: those are often centered."""
    below = next((row for row in rows[start + 1 : start + 3] if len(row) == len(rows[start])), rows[start])
    return [cell.left for cell in below]


def _stands_wide(rows: Sequence[Sequence[Line]]) -> bool:
    """Tell whether records stand farther apart than the lines within them; only then does the space tell them apart."""
    heights = [above[0].y - below[0].y for above, below in pairwise(rows)]
    return bool(heights) and min(heights) > 0 and max(heights) > 1.4 * min(heights)


def _records(rows: Sequence[Sequence[Line]], names: Sequence[str]) -> list[Line]:
    """Return one line per record; a row without its first cell goes on with the record above."""
    edges = _edges(rows, 0)
    heights = [above[0].y - below[0].y for above, below in pairwise(rows[1:])]
    usual = min((height for height in heights if height > 0), default=0.0)
    apart = _stands_wide(rows[1:])
    records: list[tuple[Line, list[list[str]]]] = []
    for number, row in enumerate(rows[1:], start=1):
        places = [min(range(len(edges)), key=lambda at, cell=cell: abs(edges[at] - cell.left)) for cell in row]  # type: ignore[misc]
        if len(row) == len(edges):
            places = list(range(len(edges)))
        wide = rows[number - 1][0].y - row[0].y > 1.25 * usual if usual else True
        if not records or (wide and (0 in places or apart)) or (0 in places and len(places) > 1 and not apart):
            records.append((row[0], [[] for _edge in edges]))
        for place, cell in zip(places, row, strict=True):
            records[-1][1][place].append(cell.text)
    return [
        replace(line, text="\t".join(filter(None, cells)), cells=tables.row(names, cells), bullet=False)
        for line, cells in ((line, [" ".join(cell) for cell in parts]) for line, parts in records)
    ]


def _joined(row: Sequence[Line]) -> Line:
    """Return the pieces of a row as one line, a tab where a gap is wide."""
    text, end = row[0].text, row[0].right
    for piece in row[1:]:
        wide = piece.left - end > 0.9 * median((piece.size, row[0].size))
        close = piece.left - end < 0.12 * piece.size and piece.size != row[0].size
        text += ("\t" if wide else "" if close else " ") + piece.text
        end = piece.right
    first = max(row, key=lambda line: len(line.text)) if not row[0].text else row[0]
    return replace(first, text=text, bold=all(piece.bold for piece in row), hidden=any(piece.hidden for piece in row))
