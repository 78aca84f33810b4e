"""Parquet out: types are settled over all rows before the file is written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import IO, Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from govcode.writers.cells import cell, to_json

ROWS_AT_ONCE = 16_384
IN_MEMORY = 32 << 20


class ParquetWriter:
    """Write rows as Parquet: text, whole numbers, numbers, truth values and lists of text.

    A column whose values are of several types is text. Rows wait in a temporary file until their
    types are known, so memory stays flat.
    """

    def __init__(self, file: IO[bytes], columns: tuple[str, ...], *, excel: bool = False) -> None:
        self._file = file
        self._columns = columns
        self._kinds: dict[str, set[str]] = {column: set() for column in columns}
        self._waiting = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115

    def write(self, row: Mapping[str, Any]) -> None:
        """Append one row; a missing column is written empty."""
        values = [row.get(column, "") for column in self._columns]
        for column, value in zip(self._columns, values, strict=True):
            self._kinds[column].add(_kind(value))
        self._waiting.write(to_json(values) + b"\n")

    def close(self) -> None:
        """Write the file."""
        kinds = {column: _settled(found) for column, found in self._kinds.items()}
        schema = pa.schema([(column, _TYPES[kind]) for column, kind in kinds.items()])
        self._waiting.seek(0)
        rows = map(orjson.loads, self._waiting)
        try:
            with pq.ParquetWriter(self._file, schema, compression="zstd") as writer:
                for batch in _batches(rows):
                    cells = zip(*batch, strict=True)
                    arrays = [
                        pa.array([_as(kinds[name], v) for v in column], _TYPES[kinds[name]])
                        for name, column in zip(self._columns, cells, strict=True)
                    ]
                    writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        finally:
            self._waiting.close()

    def abandon(self) -> None:
        """Drop the temporary file."""
        self._waiting.close()


_TYPES = {
    "text": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(),
    "texts": pa.list_(pa.string()),
}  # fmt: skip


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def _kind(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return "text" if value else "none"
    if value is None:
        return "none"
    if kind is bool:
        return "bool"
    if kind is int:
        return "int" if -(2**63) <= value < 2**63 else "text"
    if kind is float:
        return "float"
    if kind in (list, tuple) and all(type(v) is str for v in value):
        return "texts"
    return "text"


def _settled(found: set[str]) -> str:
    kinds = found - {"none"}
    if kinds == {"int", "float"}:
        return "float"
    return kinds.pop() if len(kinds) == 1 else "text"


def _as(kind: str, value: Any) -> Any:
    if kind == "text":
        return str(cell(value))
    return None if value in ("", None) else value
