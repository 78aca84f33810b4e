"""CSV and TSV out: UTF-8, LF; under `excel` with byte order mark, CRLF and protected cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from typing import IO, Any

from govcode.writers.cells import cell, whole_text

BLOCK = 256
_PLAIN = frozenset({str, int, float})
# What Excel spoils when it opens a CSV file: long numbers lose digits, 1e5 becomes 100000 and 05-01 a date
# of this year, formulas are run.
_LONG_NUMBER = re.compile(r"0\d+|\d{12,}|\d+(?:\.\d+)?[eE][+-]?\d+|\d{1,2}[-/]\d{1,2}", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvWriter:
    """Write rows as CSV. Strings stand as they are; lists, objects and truth values as JSON text.

    Under `excel`, long numbers, numbers with leading zeros and texts that Excel takes for other numbers or
    dates get a trailing TAB (Excel then takes them as text; our reader strips it), and strings that look
    like formulas a leading apostrophe.
    """

    separator = ","

    def __init__(self, file: IO[bytes], columns: tuple[str, ...], *, excel: bool = False) -> None:
        self._file = file
        self._columns = columns
        self._excel = excel
        self._lines: list[str] = []
        # With CRLF the csv module quotes lone \r as well as \n; `_Lines` makes it LF again.
        self._rows = csv.writer(_Lines(self._lines, excel), delimiter=self.separator, lineterminator="\r\n")
        if excel:
            file.write(b"\xef\xbb\xbf")
        self._rows.writerow(columns)

    def write(self, row: Mapping[str, Any]) -> None:
        """Append one row; a missing column is written empty."""
        get = row.get
        cells: list[Any] = [get(column, "") for column in self._columns]
        if not _PLAIN.issuperset(map(type, cells)):
            cells = [cell(value) for value in cells]
        if self._excel:
            cells = [_protected(value) for value in cells]
        self._rows.writerow(cells)
        if len(self._lines) >= BLOCK:
            self._flush()

    def write_lines(self, data: bytes) -> None:
        """Append rows that are lines already."""
        self._flush()
        self._file.write(data)

    def flush(self) -> None:
        """Hand on what has been written so far."""
        self._flush()
        self._file.flush()

    def _flush(self) -> None:
        text = "".join(self._lines)
        self._lines.clear()
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError:
            data = whole_text(text).encode("utf-8")
        self._file.write(data)

    def close(self) -> None:
        """Write what is left."""
        self._flush()

    def abandon(self) -> None:
        """Forget what is left: the file will not appear."""
        self._lines.clear()


class TsvWriter(CsvWriter):
    """Write rows separated by tabs; cells with tabs or line breaks are quoted."""

    separator = "\t"


class _Lines:
    def __init__(self, lines: list[str], crlf: bool) -> None:
        self._lines = lines
        self._crlf = crlf

    def write(self, line: str) -> None:
        self._lines.append(line if self._crlf else line[:-2] + "\n")


def _protected(value: Any) -> Any:
    if not isinstance(value, str):
        return f"{value}\t" if isinstance(value, int) and abs(value) >= 10**11 else value
    if _LONG_NUMBER.fullmatch(value):
        return f"{value}\t"
    return f"'{value}" if value.startswith(_FORMULA) else value
