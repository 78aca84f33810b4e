"""Plain tables with numbers as numbers; a CSV comes with the R script that reads it with its labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from govcode.writers.base import STREAM, write_text
from govcode.writers.export.variables import NUMBER, ExportResult, ExportTable, Variable, is_number
from govcode.writers.tables import open_writer


def write(path: str, table: ExportTable) -> ExportResult:
    """Write a parquet, JSON Lines, TSV or CSV table row by row."""
    result = ExportResult()
    with open_writer(path, [v.column for v in table.variables], form=table.form) as writer:
        for row in table.rows():
            writer.write({v.column: _value(v, row.get(v.column)) for v in table.variables})
            result.rows += 1
    return result


def write_for_r(path: str, table: ExportTable) -> ExportResult:
    """Write a CSV and, beside it, `NAME.R`, which reads it as a data frame with labelled factors."""
    result = write(path, table)
    if path != STREAM:
        script = Path(path.removesuffix(".gz")).with_suffix(".R")
        write_text(script, r_script(Path(path).name, table))
        result.files.append(str(script))
    return result


def r_script(file: str, table: ExportTable) -> str:
    """Return base R that reads `file`: ids and text as character, numbers as numeric, codes as factors."""
    kinds = {v.column: "numeric" if v.kind == NUMBER else "character" for v in table.variables}
    types = ", ".join(f"{_quote(column)} = {_quote(kind)}" for column, kind in kinds.items())
    lines = [
        "# Reads the coded table with its labels; base R, no package needed.",
        f'coded <- read.csv({_quote(file)}, fileEncoding = "UTF-8", check.names = FALSE,',
        f'  na.strings = c("", "NA"), colClasses = c({types}))',
    ]
    for v in table.variables:
        if v.values:
            levels = ", ".join(_quote(value) for value, _, _ in v.values)
            labels = ", ".join(_quote(label) for _, _, label in v.values)
            target = f"coded[[{_quote(v.column)}]]"
            lines.append(f"{target} <- factor({target},\n  levels = c({levels}),\n  labels = c({labels}))")
        lines.append(f'attr(coded[[{_quote(v.column)}]], "label") <- {_quote(v.label)}')
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    """Quote a string for R; JSON's escapes are a subset of R's."""
    return json.dumps(text, ensure_ascii=False)


def _value(variable: Variable, value: Any) -> Any:
    if variable.kind != NUMBER or not isinstance(value, str) or not is_number(value):
        return value
    return float(value) if "." in value else int(value)
