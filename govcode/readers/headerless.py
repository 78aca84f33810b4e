"""Tables without a header: their first line is a post, and columns are told by what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from govcode.readers.base import Table
from govcode.readers.columns import recognised
from govcode.readers.dates import Dates
from govcode.readers.formats.base import TableFormat
from govcode.records import Excluded, Row

LONG = 40  # characters; no column has such a name


def with_header(table: Table) -> Table:
    """Return a table whose first line is a post with guessed columns; the same table where it has a header.

    The first line is a post where no name in it is known and one cell is a date, a link or longer than
    40 characters. Columns are then `column_1` …; the date is the first cell that is one, the text the
    longest cell, the title the next longest before it.
    """
    if table.format is not None or recognised(table.columns) or not _is_data(table.columns):
        return table
    first = list(table.columns)
    columns = tuple(f"column_{n}" for n in range(1, len(first) + 1))
    fields = {field: columns[place] for field, place in _guessed(first).items()}
    told = ", ".join(f"{field} = {column}" for field, column in fields.items())
    table.notes.append(f"{table.source}: has no header; its first line is read as a post ({told})")
    table.format = TableFormat("headerless", "a table without a header", frozenset(), fields)
    rows = _renamed(iter(table.rows), columns)
    table.rows = chain([Row(1, dict(zip(columns, first, strict=True)))], rows)
    table.columns = columns
    return table


def _is_data(cells: Sequence[str]) -> bool:
    return any(len(cell) > LONG or cell.startswith("http") or _is_date(cell) for cell in cells)


def _is_date(cell: str) -> bool:
    return 6 <= len(cell) <= 30 and Dates().read(cell)[1] == "plain"


def _guessed(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if "published_at" not in found and _is_date(cell):
            found["published_at"] = place
        elif "url" not in found and cell.startswith("http"):
            found["url"] = place
    rest = [place for place in range(len(cells)) if place not in found.values()]
    if rest:
        found["text"] = max(rest, key=lambda place: len(cells[place]))
        before = [place for place in rest if place < found["text"]]
        if before:
            found["title"] = max(before, key=lambda place: len(cells[place]))
    return found


def _renamed(rows: Iterator[Row | Excluded], columns: tuple[str, ...]) -> Iterator[Row | Excluded]:
    for item in rows:
        if isinstance(item, Row):
            values: list[Any] = list(item.values.values())
            yield Row(item.line, dict(zip(columns, values, strict=True)))
        else:
            yield item
