"""Parquet tables, read one row group at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from govcode.errors import InputError
from govcode.readers.base import Table
from govcode.readers.source import Source
from govcode.records import Row

ROWS_AT_ONCE = 4096


def read(source: Source, encoding: str | None = None) -> Table:
    """Open a Parquet table; lists and numbers keep their types, dates become ISO 8601."""
    source.keep(seekable=True)
    handle = source.open()
    try:
        file = pq.ParquetFile(handle)
    except (pa.ArrowException, OSError) as error:
        source.close(handle)
        raise InputError(
            f"{source.name}: is not a readable Parquet table ({' '.join(str(error).split())[:200]})."
        ) from error
    columns = tuple(file.schema_arrow.names)
    rows = _rows(file, columns, source, handle)
    next(rows)
    return Table(source.name, source.form, columns, cast("Iterator[Row]", rows))


def _rows(file: Any, columns: tuple[str, ...], source: Source, handle: Any) -> Iterator[Row | None]:
    number = 0
    try:
        yield None  # from here on the handle is closed whatever happens
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            cells = [_plain(column.to_pylist()) for column in batch.columns]
            for values in zip(*cells, strict=True):
                number += 1
                yield Row(number, dict(zip(columns, values, strict=True)))
    except (pa.ArrowException, OSError) as error:
        what = " ".join(str(error).split())[:200]
        raise InputError(f"{source.name}: is a damaged Parquet table ({what}).") from error
    finally:
        file.close()
        source.close(handle)


def _plain(cells: list[Any]) -> list[Any]:
    return [
        "" if v is None
        else v.isoformat() if isinstance(v, datetime | date | time)
        else v.decode("utf-8", "replace") if isinstance(v, bytes)
        else v
        for v in cells
    ]  # fmt: skip
