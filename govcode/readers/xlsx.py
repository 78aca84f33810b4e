"""Excel workbooks: the first sheet that holds anything, read row by row."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import chain, zip_longest
from typing import IO, Any, cast

from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from govcode.errors import InputError
from govcode.readers.base import Table
from govcode.readers.columns import recognised
from govcode.readers.delimited import names
from govcode.readers.source import Source
from govcode.records import Excluded, Row

LARGEST_UNPACKED = 4 << 30
LARGEST_RATIO = 500


def read(source: Source, encoding: str | None = None) -> Table:
    """Open a workbook; formulas stay text, dates become ISO 8601, whole numbers integers.

    Raises InputError for what is no workbook, is protected by a password, or unpacks beyond measure.
    """
    source.keep(seekable=True)
    table = Table(source.name, source.form, (), ())
    rows = _rows(source, table)
    table.columns = cast("tuple[str, ...]", next(rows))
    table.rows = cast("Iterator[Row | Excluded]", rows)
    return table


def _rows(source: Source, table: Table) -> Iterator[tuple[str, ...] | Row | Excluded]:
    handle = source.open()
    try:
        check_zip(handle, source.name)
        book = _workbook(handle, source.name)
        try:
            yield from _sheet_rows(book, table)
        except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, SyntaxError, TypeError) as error:
            raise InputError(f"{source.name}: is a damaged .xlsx workbook ({_one_line(error)}).") from error
        finally:
            book.close()
    finally:
        source.close(handle)


def _workbook(handle: IO[bytes], name: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that no reader of text needs
            return load_workbook(handle, read_only=True, data_only=False, keep_links=False)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, TypeError) as error:
        raise InputError(f"{name}: is not a readable .xlsx workbook ({_one_line(error)}).") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _sheet_rows(book: Any, table: Table) -> Iterator[tuple[str, ...] | Row | Excluded]:
    sheets = list(book.worksheets)
    for position, sheet in enumerate(sheets):
        sheet.reset_dimensions()  # some programs write a wrong size, and rows would be lost
        numbered = enumerate(sheet.iter_rows(values_only=True), 1)
        filled: Iterator[tuple[int, Any]] = (
            (n, cells) for n, cells in numbered if any(c is not None for c in cells)
        )
        header = next(filled, None)
        if header is None:
            continue
        if _width(header[1]) == 1 and (second := next(filled, None)) is not None:
            if _width(second[1]) > 1:  # a heading over the whole table
                table.notes.append(f"{table.source}: line {header[0]} is a heading, not the column names")
                header = second
            else:
                filled = chain([second], filled)
        header, filled = _lowest(header, filled, table)
        others = [s.title for s in sheets[position + 1 :]]
        if others:
            table.notes.append(f"{table.source}: sheet '{sheet.title}' is read, not {', '.join(others)}")
        columns = names(_trimmed(header[1]), table)
        yield columns
        yield from _body(filled, columns, table)
        return
    raise InputError(f"{table.source}: is an empty workbook.", hint="The first row must hold column names.")


def _lowest(
    header: tuple[int, Any], filled: Iterator[tuple[int, Any]], table: Table
) -> tuple[tuple[int, Any], Iterator[tuple[int, Any]]]:
    """Return the lower of two lines of column names where groups of columns stand over names.

    The lower line is one where it holds more names that are known; a cell merged over both lines
    keeps the name of the upper one.
    """
    below = next(filled, None)
    if below is None:
        return header, filled
    known, more = _known(header[1]), _known(below[1])
    if more < 2 or more <= known:
        return header, chain([below], filled)
    merged = [c if c is not None else above for c, above in zip_longest(below[1], header[1])]
    table.notes.append(f"{table.source}: line {header[0]} groups the columns named in line {below[0]}")
    return (below[0], tuple(merged)), filled


def _known(cells: tuple[Any, ...]) -> int:
    return len(recognised([c for c in cells if isinstance(c, str)]))


def _width(cells: tuple[Any, ...]) -> int:
    return sum(c is not None for c in cells)


def _trimmed(cells: tuple[Any, ...]) -> list[Any]:
    last = max(i for i, c in enumerate(cells) if c is not None)
    return list(cells[: last + 1])


def _body(
    numbered: Iterator[tuple[int, Any]], columns: tuple[str, ...], table: Table
) -> Iterator[Row | Excluded]:
    width, header = len(columns), list(columns)
    for number, cells in numbered:
        values = [cell if type(cell) is str else plain(cell) for cell in cells]
        if not any(v != "" for v in values):
            continue
        if any(v != "" for v in values[width:]):
            raw = dict(zip(columns, values, strict=False)) | {"": values[width:]}
            detail = f"{len(values)} cells under {width} column names"
            yield Excluded(table.source, number, "too-many-cells", detail, raw)
            continue
        values = values[:width] + [""] * (width - len(values))
        if values == header:
            table.repairs["repeated-header"] += 1
            continue
        yield Row(number, dict(zip(columns, values, strict=True)))


def plain(value: Any) -> Any:
    """Return a cell as text, number or truth value: dates as ISO 8601, formulas as their text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, datetime):
        return value.isoformat(sep="T", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, ArrayFormula | DataTableFormula):
        return str(getattr(value, "text", "") or "")
    return value if isinstance(value, str | int | float | bool) else str(value)


def check_zip(handle: IO[bytes], name: str) -> None:
    """Raise InputError where a zip file is damaged or unpacks to more than can be meant."""
    try:
        with zipfile.ZipFile(handle) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{name}: is not a readable .xlsx workbook ({error}).") from error
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if unpacked > LARGEST_UNPACKED or (unpacked > 1 << 28 and unpacked > LARGEST_RATIO * max(packed, 1)):
        raise InputError(f"{name}: would unpack to {unpacked >> 20} MB; it is not read.")
    handle.seek(0)
