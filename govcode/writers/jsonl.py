"""JSON Lines out: one object a line, every column in every row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

import orjson

from govcode.writers.cells import to_json

BLOCK = 256


class JsonlWriter:
    """Write rows as JSON objects with the columns in order; values keep their JSON types."""

    def __init__(self, file: IO[bytes], columns: tuple[str, ...], *, excel: bool = False) -> None:
        self._file = file
        self._columns = columns
        self._order = list(columns)
        self._empty: dict[str, Any] = dict.fromkeys(columns)
        self._lines: list[bytes] = []

    def write(self, row: Mapping[str, Any]) -> None:
        """Append one row; a missing column is written empty."""
        if list(row) != self._order:
            row = {column: row.get(column, "") for column in self._columns}
        self._lines.append(_line(row))
        if len(self._lines) >= BLOCK:
            self._flush()

    def write_all(self, rows: Iterable[Sequence[Any]]) -> None:
        """Append rows given as their values in the order of the columns."""
        columns, empty, add = self._columns, self._empty, self._lines.append
        for values in rows:
            row = empty.copy()  # a copy has its full size at once
            row.update(zip(columns, values, strict=True))
            add(_line(row))
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
        self._file.write(b"".join(self._lines))
        self._lines.clear()

    def close(self) -> None:
        """Write what is left."""
        self._flush()

    def abandon(self) -> None:
        """Forget what is left: the file will not appear."""
        self._lines.clear()


def _line(row: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return to_json(dict(row)) + b"\n"
