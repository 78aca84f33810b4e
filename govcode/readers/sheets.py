"""The sheets of a workbook that hold posts, each a table of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from govcode.readers.base import Table
from govcode.readers.columns import is_posts_table
from govcode.readers.headerless import with_header
from govcode.readers.source import Source
from govcode.readers.workbook import sheets
from govcode.records import Excluded, Row

SHEET = "sheet"


def with_posts(source: Source, wanted: Sequence[str], no_posts: Callable[[Table], str]) -> list[Table]:
    """Open the sheets that hold posts; the others (notes, lists of codes) are told in a note.

    `no_posts` says why a sheet is none of posts, or ''. Sheets that were asked for are read whatever they
    hold, and so is the only one. Where several are read, a column `sheet` holds the name.
    """
    found = [t if is_posts_table(t.columns) else with_header(t) for t in sheets(source, wanted)]
    if wanted or len(found) == 1:
        return list(map(_named, found)) if len(found) > 1 else found
    told = {table.sheet: no_posts(table) for table in found}
    kept = [table for table in found if not told[table.sheet]]
    if not kept:
        return found[:1]
    notes = [note for table in found if told[table.sheet] for note in table.notes]
    notes += [f"{source.name}: sheet '{sheet}' is not read: {why}" for sheet, why in told.items() if why]
    kept[0].notes[:0] = notes
    return list(map(_named, kept)) if len(kept) > 1 else kept


def _named(table: Table) -> Table:
    """Name the sheet of a table in its source and in a column of its rows."""
    table.source = f"{table.source} [{table.sheet}]"
    if SHEET not in table.columns:
        table.columns = (*table.columns, SHEET)
        table.rows = _with_sheet(table.rows, table.sheet)
    return table


def _with_sheet(rows: Iterable[Row | Excluded], sheet: str) -> Iterator[Row | Excluded]:
    for row in rows:
        if isinstance(row, Row):
            row.values[SHEET] = sheet
        yield row
