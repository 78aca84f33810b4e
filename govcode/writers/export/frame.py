"""A coded table as a data frame for the statistics packages: categories as integers, text as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govcode.writers.export.variables import CATEGORY, NUMBER, ExportTable, Variable, cell_text, is_missing

if TYPE_CHECKING:
    import pandas as pd


def data_frame(table: ExportTable, *, text_bytes: int) -> tuple[pd.DataFrame, dict[str, int], int]:
    """Return the frame, how many unknown values each category had, and how many texts were cut.

    Columns carry the ASCII names. Categories and numbers are float64 with NaN for missing (both .dta and
    .sav know no other missing); texts longer than `text_bytes` bytes of UTF-8 are cut at a character.
    """
    import pandas as pd

    columns: dict[str, list[Any]] = {v.name: [] for v in table.variables}
    unknown: dict[str, int] = {}
    lookup = {v.name: {value: number for value, number, _ in v.values} for v in table.variables}
    cut = 0
    for row in table.rows():
        for variable in table.variables:
            value = row.get(variable.column)
            cell, lost = _cell(variable, value, lookup[variable.name], text_bytes)
            cut += lost and variable.kind != CATEGORY
            if lost and variable.kind == CATEGORY:
                unknown[variable.column] = unknown.get(variable.column, 0) + 1
            columns[variable.name].append(cell)
    frame = pd.DataFrame(
        {
            v.name: pd.array(columns[v.name], dtype="float64" if _is_numeric(v) else "object")
            for v in table.variables
        }
    )
    return frame, unknown, cut


def notes_of(unknown: dict[str, int], cut: int, limit: int) -> list[str]:
    """Return what was lost as sentences."""
    notes = [f"{n} values of '{c}' are not in the codebook and became missing." for c, n in unknown.items()]
    if cut:
        notes.append(f"{cut} texts were longer than {limit:,} bytes and were cut.")
    return notes


def _is_numeric(variable: Variable) -> bool:
    return variable.kind in {CATEGORY, NUMBER}


def _cell(variable: Variable, value: Any, lookup: dict[str, int], text_bytes: int) -> tuple[Any, bool]:
    """Return the cell and whether something of it was lost."""
    if variable.kind == CATEGORY:
        number = lookup.get(value) if isinstance(value, str) else None
        return number, number is None and not is_missing(variable.column, value)
    if variable.kind == NUMBER:
        return variable.number(value), False
    text = cell_text(value).replace("\0", "")
    data = text.encode("utf-8")
    if len(data) <= text_bytes:
        return text, False
    return data[:text_bytes].decode("utf-8", "ignore"), True
