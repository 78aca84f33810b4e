"""A coded table as data frames for the statistics packages: categories as integers, text as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from govcode.writers.export.variables import CATEGORY, NUMBER, ExportTable, Variable, cell_text, is_missing

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Extent:
    """How long the texts of one variable are, in bytes of UTF-8."""

    longest: int = 0
    total: int = 0
    filled: int = 0


@dataclass
class Measured:
    """What a first look at a table finds, before any of it is written.

    `unknown` counts the values of each category that it does not have, `cut` the texts that are too long.
    """

    rows: int = 0
    texts: dict[str, Extent] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    cut: int = 0

    def notes(self, limit: int) -> list[str]:
        """Return what is lost as sentences; texts are cut at `limit` bytes."""
        lost = self.unknown.items()
        notes = [f"{n} values of '{c}' are not in the codebook and became missing." for c, n in lost]
        if self.cut:
            notes.append(f"{self.cut} texts were longer than {limit:,} bytes and were cut.")
        return notes


def is_numeric(variable: Variable) -> bool:
    """Say whether the packages hold the variable as a number."""
    return variable.kind in {CATEGORY, NUMBER}


def measure(table: ExportTable, *, text_bytes: int) -> Measured:
    """Read the table once and return its extents."""
    found = Measured(texts={v.name: Extent() for v in table.variables if not is_numeric(v)})
    for row in table.rows():
        found.rows += 1
        for variable in table.variables:
            value = row.get(variable.column)
            if variable.kind == CATEGORY:
                if variable.integer(value) is None and not is_missing(variable.column, value):
                    found.unknown[variable.column] = found.unknown.get(variable.column, 0) + 1
            elif not is_numeric(variable):
                text, lost = _text(value, text_bytes)
                extent, size = found.texts[variable.name], len(text.encode("utf-8"))
                found.cut += lost
                extent.longest = max(extent.longest, size)
                extent.total += size
                extent.filled += size > 0
    return found


def frames(table: ExportTable, *, text_bytes: int, rows: int) -> Iterator[pd.DataFrame]:
    """Yield the table in frames of that many rows.

    Columns carry the ASCII names. Categories and numbers are float64 with NaN for missing (both .dta and
    .sav know no other missing); texts longer than `text_bytes` bytes of UTF-8 are cut at a character.
    """
    rest = iter(table.rows())
    while piece := list(islice(rest, max(1, rows))):
        yield frame_of(
            table, {v.name: [_cell(v, r.get(v.column), text_bytes) for r in piece] for v in table.variables}
        )


def frame_of(table: ExportTable, columns: dict[str, list[Any]]) -> pd.DataFrame:
    """Return a frame of these cells with the types of the table's variables."""
    import pandas as pd

    return pd.DataFrame(
        {
            v.name: pd.array(columns[v.name], dtype="float64" if is_numeric(v) else "object")
            for v in table.variables
        }
    )


def pattern_row(table: ExportTable, found: Measured, limit: int | None = None) -> dict[str, Any]:
    """Return one row as wide as the widest: number 1, texts of the longest length (at most `limit`)."""
    return {
        v.name: 1.0 if is_numeric(v) else "x" * max(1, min(found.texts[v.name].longest, limit or 1 << 31))
        for v in table.variables
    }


def _cell(variable: Variable, value: Any, text_bytes: int) -> Any:
    if variable.kind == CATEGORY:
        return variable.integer(value)
    if variable.kind == NUMBER:
        return variable.number(value)
    return _text(value, text_bytes)[0]


def _text(value: Any, text_bytes: int) -> tuple[str, bool]:
    """Return the cell as text and whether it had to be cut."""
    text = cell_text(value).replace("\0", "")
    if len(text) * 4 <= text_bytes:
        return text, False
    data = text.encode("utf-8")
    if len(data) <= text_bytes:
        return text, False
    return data[:text_bytes].decode("utf-8", "ignore"), True
