"""Excel workbooks: posts with frozen header and filters, a sheet of variables, a sheet of the codebook."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from govcode.errors import OutputError
from govcode.writers.base import whole_file
from govcode.writers.export.variables import (
    NUMBER,
    ExportResult,
    ExportTable,
    Variable,
    cell_text,
    is_number,
    wording,
)

CELL_LIMIT = 32_767  # characters in one cell
ROW_LIMIT = 1_048_575  # rows below the header
_CREATED = datetime(2000, 1, 1)  # fixed: the same table gives the same bytes
_WIDTHS = {"text": 60, "title": 36, "reply": 40, "evidence": 40, "published_at": 20, "post_id": 20}
_CODEBOOK_HEADER = ("kind", "id", "number", "label zh", "label en", "code", "definition zh", "definition en")


def write(path: str, table: ExportTable) -> ExportResult:
    """Write a workbook row by row: text stays text (no formula, no link is ever live), numbers are numbers.

    A cell longer than Excel's 32,767 characters is cut and counted in the notes; more than 1,048,575 rows
    raise OutputError.
    """
    import xlsxwriter

    result = ExportResult()
    with whole_file(path) as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(file, options)
        book.set_properties({"created": _CREATED, "title": wording(table.codebook.title, table.language)})
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top"})
        plain = book.add_format({"num_format": "@", "valign": "top"})
        cut = _write_posts(book.add_worksheet("posts"), table, bold, plain, result)
        _write_rows(book.add_worksheet("variables"), _variable_rows(table.variables), bold)
        _write_rows(book.add_worksheet("codebook"), _codebook_rows(table), bold)
        book.close()
    if cut:
        result.notes.append(f"{cut} cells were longer than {CELL_LIMIT} characters and were cut.")
    return result


def _write_posts(sheet: Any, table: ExportTable, bold: Any, plain: Any, result: ExportResult) -> int:
    """Write the posts; return how many cells had to be cut."""
    cut = 0
    for position, variable in enumerate(table.variables):
        width = _WIDTHS.get(variable.column, 12)
        sheet.set_column(position, position, width, None if variable.kind == NUMBER else plain)
        sheet.write_string(0, position, variable.column, bold)
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(table.rows(), 1):
        if number > ROW_LIMIT:
            raise OutputError(
                f"A worksheet holds {ROW_LIMIT:,} rows and the table has more.",
                hint="Export to .parquet, .csv or .dta instead.",
            )
        for position, variable in enumerate(table.variables):
            value = row.get(variable.column)
            if variable.kind == NUMBER and is_number(value):
                sheet.write_number(number, position, float(value))  # type: ignore[arg-type]
            elif text := cell_text(value):
                cut += len(text) > CELL_LIMIT
                sheet.write_string(number, position, text[:CELL_LIMIT], plain)
        result.rows = number
    sheet.autofilter(0, 0, max(result.rows, 1), max(len(table.variables) - 1, 0))
    return cut


def _variable_rows(variables: tuple[Variable, ...]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [("column", "name in .dta and .sav", "kind", "label", "values")]
    for v in variables:
        values = "; ".join(f"{number} = {value} ({label})" for value, number, label in v.values)
        rows.append((v.column, v.name, v.kind, v.label, values[:CELL_LIMIT]))
    return rows


def _codebook_rows(table: ExportTable) -> list[tuple[Any, ...]]:
    book = table.codebook
    rows: list[tuple[Any, ...]] = [_CODEBOOK_HEADER]
    for number, code in enumerate(book.codes, 1):
        names = (code.label.get("zh", ""), code.label.get("en", ""))
        texts = (code.definition.get("zh", ""), code.definition.get("en", ""))
        rows.append(("code", code.id, number, *names, "", *texts))
    for number, form in enumerate(book.forms, 1):
        names = (form.label.get("zh", ""), form.label.get("en", ""))
        rows.append(("form", form.id, number, *names, form.code, "", ""))
    rows.append(("codebook", book.id, "", book.version, book.hash, "", "", ""))
    return rows


def _write_rows(sheet: Any, rows: list[tuple[Any, ...]], bold: Any) -> None:
    for number, row in enumerate(rows):
        for position, value in enumerate(row):
            style = bold if number == 0 else None
            if isinstance(value, int):
                sheet.write_number(number, position, value, style)
            elif value:
                sheet.write_string(number, position, cell_text(value)[:CELL_LIMIT], style)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 4, 22)
    sheet.set_column(5, 8, 60)
