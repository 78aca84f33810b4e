"""Excel workbooks out: one sheet, text as text, never a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj, rmtree
from typing import IO, Any

import xlsxwriter

from govcode.errors import OutputError
from govcode.writers.cells import cell, whole_text

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
_FIXED_DATE = datetime(2000, 1, 1)
_OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False, "nan_inf_to_errors": True,
}  # fmt: skip
_CUT = "…[cut at Excel's limit of 32,767 characters]"


class XlsxWriter:
    """Write rows to one sheet with a frozen header; numbers of more than 15 digits are text.

    A text longer than Excel's 32,767 characters is cut and says so; more rows than Excel holds raise
    OutputError.
    """

    def __init__(self, file: IO[bytes], columns: tuple[str, ...], *, excel: bool = False) -> None:
        self._file = file
        self._columns = columns
        self._folder = tempfile.mkdtemp(prefix="govcode-")
        self._book = xlsxwriter.Workbook(
            str(Path(self._folder) / "book.xlsx"), {**_OPTIONS, "tmpdir": self._folder}
        )
        self._book.set_properties({"created": _FIXED_DATE})
        self._sheet = self._book.add_worksheet("posts")
        self._sheet.freeze_panes(1, 0)
        bold = self._book.add_format({"bold": True})
        for position, column in enumerate(columns):
            self._sheet.write_string(0, position, column, bold)
        self._next = 1

    def write(self, row: Mapping[str, Any]) -> None:
        """Append one row; a missing column is written empty."""
        if self._next >= MOST_ROWS:
            raise OutputError(
                "An Excel sheet holds 1,048,576 rows; there are more.", hint="Write .csv instead."
            )
        sheet, number = self._sheet, self._next
        for position, column in enumerate(self._columns):
            value = row.get(column, "")
            if type(value) is not str:
                value = cell(value)
            if not isinstance(value, str):
                if abs(value) < 10**15:
                    sheet.write_number(number, position, value)
                    continue
                value = str(value)
            if value:
                sheet.write_string(number, position, _fitting(value))
        self._next += 1

    def close(self) -> None:
        """Finish the workbook and copy it to the output."""
        try:
            self._book.close()
            with (Path(self._folder) / "book.xlsx").open("rb") as book:
                copyfileobj(book, self._file)
        finally:
            rmtree(self._folder, ignore_errors=True)

    def abandon(self) -> None:
        """Remove the temporary files; the workbook will not appear."""
        self._book.fileclosed = True
        self._sheet._opt_close()  # the row store of constant_memory has no public way to be closed
        rmtree(self._folder, ignore_errors=True)


def _fitting(value: str) -> str:
    if len(value) > LONGEST_CELL:
        value = value[: LONGEST_CELL - len(_CUT)] + _CUT
    return value if value.isascii() or value.isprintable() else whole_text(value)
