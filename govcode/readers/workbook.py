"""Workbooks: .xlsx row by row with openpyxl; .xls, .xlsb and .ods, a sheet at a time, with calamine."""

from __future__ import annotations

import warnings
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, zip_longest
from typing import IO, Any, NamedTuple, cast

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from govcode.errors import InputError, UsageError, choices
from govcode.readers.base import Table
from govcode.readers.columns import recognised
from govcode.readers.delimited import names
from govcode.readers.source import Source
from govcode.records import Excluded, Row

LARGEST_UNPACKED = 4 << 30
LARGEST_RATIO = 500
_DAMAGE = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, SyntaxError, TypeError, OSError)
Cells = Sequence[Any]
OWN = ["codebook 编码手册", "lists"]  # what a coding sheet of ours holds beside its posts


class _Sheet(NamedTuple):
    """One sheet: its name and, each time it is called, its rows from the first line on."""

    name: str
    rows: Callable[[], Iterator[Cells]]


def read(source: Source, encoding: str | None = None) -> Table:
    """Open the first sheet of a workbook that holds anything; a note names the others.

    Formulas of .xlsx stay text (of other forms the value that was stored with them is read), dates become
    ISO 8601, whole numbers integers. Raises InputError for what is no workbook, is protected by a password,
    or unpacks beyond measure.
    """
    book = _book(source)
    for position, sheet in enumerate(book):
        if (table := _table(sheet, source)) is not None:
            others = [s.name for s in book[position + 1 :]]
            if others and others != OWN:
                table.notes.append(f"{source.name}: sheet '{sheet.name}' is read, not {', '.join(others)}")
            return table
    raise _empty(source)


def sheets(source: Source, wanted: Sequence[str] = ()) -> list[Table]:
    """Open every sheet that holds anything (or those wanted), as tables that bear the sheet's name.

    Empty sheets are told in a note of the first. Raises UsageError for a sheet that is not there.
    """
    book = _book(source)
    known = {sheet.name: sheet for sheet in book}
    for name in wanted:
        if name not in known:
            raise UsageError(f"{source.name}: has no sheet '{name}'.", hint=f"Its sheets: {choices(known)}.")
    found, empty = [], []
    for sheet in [known[name] for name in wanted] if wanted else book:
        table = _table(sheet, source)
        if table is None:
            empty.append(sheet.name)
        else:
            table.sheet = sheet.name
            found.append(table)
    if not found:
        raise _empty(source)
    if empty:
        found[0].notes.append(f"{source.name}: empty sheets: {choices(empty)}")
    return found


def _empty(source: Source) -> InputError:
    return InputError(f"{source.name}: is an empty workbook.", hint="The first row must hold column names.")


def _book(source: Source) -> list[_Sheet]:
    """Return the sheets of a workbook; the file is closed when none of them is used any more."""
    source.keep(seekable=True)
    handle = source.open()
    try:
        if source.form != "xls":
            check_zip(handle, source.name)
        found = _by_openpyxl(handle, source) if source.form == "xlsx" else _by_calamine(handle, source)
    except BaseException:
        source.close(handle)
        raise
    keeper = found[0].rows if found else found
    weakref.finalize(keeper, source.close, handle)
    return found


def _by_openpyxl(handle: IO[bytes], source: Source) -> list[_Sheet]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that no reader of text needs
            book = load_workbook(handle, read_only=True, data_only=False, keep_links=False)
    except _DAMAGE as error:
        raise InputError(f"{source.name}: is not a readable .xlsx workbook ({_one_line(error)}).") from error
    return [_Sheet(sheet.title, _OpenpyxlRows(sheet, source.name)) for sheet in book.worksheets]


class _OpenpyxlRows:
    """The rows of a sheet, read as they are asked for."""

    def __init__(self, sheet: Any, name: str) -> None:
        self._sheet, self._name = sheet, name

    def __call__(self) -> Iterator[Cells]:
        self._sheet.reset_dimensions()  # some programs write a wrong size, and rows would be lost
        try:
            yield from self._sheet.iter_rows(values_only=True)
        except _DAMAGE as error:
            raise InputError(f"{self._name}: is a damaged .xlsx workbook ({_one_line(error)}).") from error


def _by_calamine(handle: IO[bytes], source: Source) -> list[_Sheet]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    book = _guarded(source, lambda: CalamineWorkbook.from_filelike(handle))
    return [
        _Sheet(sheet.name, _CalamineRows(book, sheet.name, source))
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]


class _CalamineRows:
    """The rows of a sheet, all at once: old workbooks are small (65,536 rows)."""

    def __init__(self, book: Any, sheet: str, source: Source) -> None:
        self._book, self._sheet, self._source = book, sheet, source

    def __call__(self) -> Iterator[Cells]:
        rows = _guarded(
            self._source, lambda: self._book.get_sheet_by_name(self._sheet).to_python(skip_empty_area=False)
        )
        return ([None if cell == "" else cell for cell in cells] for cells in rows)


def _guarded(source: Source, act: Callable[[], Any]) -> Any:
    """Turn what calamine raises, a panic of its own language included, into one sentence."""
    try:
        return act()
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        what = _one_line(error)
        if "password" in what.casefold():
            raise InputError(
                f"{source.name}: is protected by a password.", hint="Save it without."
            ) from error
        raise InputError(
            f"{source.name}: is not a readable .{source.form} workbook ({what}).",
            hint="Open it in Excel and save it as .xlsx." if source.form == "xls" else "",
        ) from error


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _table(sheet: _Sheet, source: Source) -> Table | None:
    """Return a sheet as a table, or None where it holds nothing."""
    table = Table(source.name, source.form, (), ())
    rows = _rows(sheet, table)
    columns = next(rows, None)
    if columns is None:
        return None
    table.columns = cast("tuple[str, ...]", columns)
    table.rows = cast("Iterator[Row | Excluded]", rows)
    return table


def _rows(sheet: _Sheet, table: Table) -> Iterator[tuple[str, ...] | Row | Excluded]:
    """Yield the header as a tuple, then the rows."""
    filled = ((n, cells) for n, cells in enumerate(sheet.rows(), 1) if any(c is not None for c in cells))
    header = next(filled, None)
    if header is None:
        return
    numbered: Iterator[tuple[int, Cells]] = filled
    if _width(header[1]) == 1 and (second := next(filled, None)) is not None:
        if _width(second[1]) > 1:  # a heading over the whole table
            table.notes.append(f"{table.source}: line {header[0]} is a heading, not the column names")
            header = second
        else:
            numbered = chain([second], filled)
    header, numbered = _lowest(header, numbered, table)
    columns = names(_trimmed(header[1]), table)
    yield columns
    yield from _body(numbered, columns, table)


def _lowest(
    header: tuple[int, Cells], filled: Iterator[tuple[int, Cells]], table: Table
) -> tuple[tuple[int, Cells], Iterator[tuple[int, Cells]]]:
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


def _known(cells: Cells) -> int:
    return len(recognised([c for c in cells if isinstance(c, str)]))


def _width(cells: Cells) -> int:
    return sum(c is not None for c in cells)


def _trimmed(cells: Cells) -> list[Any]:
    last = max(i for i, c in enumerate(cells) if c is not None)
    return list(cells[: last + 1])


def _body(
    numbered: Iterator[tuple[int, Cells]], columns: tuple[str, ...], table: Table
) -> Iterator[Row | Excluded]:
    width, header = len(columns), list(columns)
    for number, cells in numbered:
        values = [cell if type(cell) is str and "_x" not in cell else plain(cell) for cell in cells]
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
    """Return a cell as text, number or truth value: dates as ISO 8601, formulas as their text.

    Excel writes control characters as `_x000D_`; they become what they stand for.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return unescape(value) if "_x" in value else value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, datetime):
        return value.isoformat(sep="T", timespec="seconds")
    if isinstance(value, date | time | timedelta):
        return str(value) if isinstance(value, timedelta) else value.isoformat()
    if isinstance(value, ArrayFormula | DataTableFormula):
        return str(getattr(value, "text", "") or "")
    return value if isinstance(value, int | float | bool) else str(value)


def check_zip(handle: IO[bytes], name: str) -> None:
    """Raise InputError where a zip file is damaged or unpacks to more than can be meant."""
    try:
        with zipfile.ZipFile(handle) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{name}: is not a readable workbook ({error}).") from error
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if unpacked > LARGEST_UNPACKED or (unpacked > 1 << 28 and unpacked > LARGEST_RATIO * max(packed, 1)):
        raise InputError(f"{name}: would unpack to {unpacked >> 20} MB; it is not read.")
    handle.seek(0)
