"""Columns of a table by post id, for tables that only add something to posts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from govcode.errors import InputError, choices
from govcode.readers.tables import open_table
from govcode.readers.values import read_id
from govcode.records import Excluded


def read_columns(
    paths: Sequence[str | Path], columns: Sequence[str], *, form: str | None = None,
    encoding: str | None = None, optional: Sequence[str] = (),
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Return post id → the values of `columns` (and of `optional` ones that are there).

    `month` and `year` are cut from `published_at` where the table has no such column. Raises InputError
    for a missing column, naming those the table has.
    """
    found: dict[str, dict[str, Any]] = {}
    for path in paths:
        table = open_table(path, form=form, encoding=encoding)
        have = {*table.columns, *(("month", "year") if "published_at" in table.columns else ())}
        for column in ("post_id", *columns):
            if column not in have:
                raise InputError(
                    f"{table.source}: has no column '{column}'.", hint=f"Columns: {choices(table.columns)}."
                )
        wanted = [*columns, *(c for c in optional if c in have)]
        for row in table:
            if not isinstance(row, Excluded):
                values = {c: column_value(row.values, c) for c in wanted}
                found.setdefault(read_id(row.values.get("post_id")), {}).update(values)
    return found


def column_value(row: dict[str, Any], column: str) -> Any:
    """Return a column, or `month` (2024-05) and `year` (2024) cut from `published_at`."""
    if column in row:
        return row[column]
    if column in ("month", "year"):
        return str(row.get("published_at") or "")[: 7 if column == "month" else 4]
    return ""
