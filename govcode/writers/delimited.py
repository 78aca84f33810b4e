"""CSV and TSV out: UTF-8, LF; under `excel` with byte order mark, CRLF and protected cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
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
        self._waiting: list[Sequence[Any]] = []
        if excel:
            file.write(b"\xef\xbb\xbf")
        self._waiting.append(columns)

    def write(self, row: Mapping[str, Any]) -> None:
        """Append one row; a missing column is written empty."""
        get = row.get
        self.write_all(([get(column, "") for column in self._columns],))

    def write_all(self, rows: Iterable[Sequence[Any]]) -> None:
        """Append rows given as their values in the order of the columns."""
        waiting = self._waiting
        for values in rows:
            cells = values if _PLAIN.issuperset(map(type, values)) else [cell(value) for value in values]
            waiting.append([_protected(value) for value in cells] if self._excel else cells)
        if len(waiting) >= BLOCK:
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
        text = self._text()
        self._waiting.clear()
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError:
            data = whole_text(text).encode("utf-8")
        self._file.write(data)

    def _text(self) -> str:
        """Return the waiting rows as lines.

        The csv module quotes a lone CR only where lines end in CRLF: where there is one, lines are cut to LF
        afterwards.
        """
        lines = io.StringIO(newline="")
        csv.writer(lines, delimiter=self.separator, lineterminator="\r\n" if self._excel else "\n").writerows(
            self._waiting
        )
        text = lines.getvalue()
        if self._excel or "\r" not in text:
            return text
        cut = _Lines()
        csv.writer(cut, delimiter=self.separator, lineterminator="\r\n").writerows(self._waiting)
        return "".join(cut.lines)

    def close(self) -> None:
        """Write what is left."""
        self._flush()

    def abandon(self) -> None:
        """Forget what is left: the file will not appear."""
        self._waiting.clear()


class TsvWriter(CsvWriter):
    """Write rows separated by tabs; cells with tabs or line breaks are quoted."""

    separator = "\t"


class _Lines:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line[:-2] + "\n")


def _protected(value: Any) -> Any:
    if not isinstance(value, str):
        return f"{value}\t" if isinstance(value, int) and abs(value) >= 10**11 else value
    if _LONG_NUMBER.fullmatch(value):
        return f"{value}\t"
    return f"'{value}" if value.startswith(_FORMULA) else value
