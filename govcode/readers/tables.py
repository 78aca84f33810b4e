"""Any table, by extension, explicit form or look."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from govcode.errors import InputError
from govcode.readers.base import Table
from govcode.readers.source import FORMS, WORKBOOKS, Source, find_source
from govcode.registry import Registry

READERS = Registry(
    "format of table",
    {
        "jsonl": "govcode.readers.jsonl:read",
        "json": "govcode.readers.json:read",
        "csv": "govcode.readers.delimited:read",
        "tsv": "govcode.readers.delimited:read_tsv",
        **dict.fromkeys(WORKBOOKS, "govcode.readers.workbook:read"),
        "parquet": "govcode.readers.parquet:read",
    },
)


def open_table(
    path: str | Path,
    *,
    form: str | None = None,
    encoding: str | None = None,
    stream: IO[bytes] | None = None,
) -> Table:
    """Open a table: JSON Lines, CSV, TSV, Excel or Parquet, plain or `.gz`; `-` is standard input.

    `form` overrides the extension, `encoding` the cascade byte order mark → UTF-8 → GB18030. `stream`
    is read instead of the path, which then only names it. Memory does not grow with the table. Raises
    InputError for a missing, empty, binary or broken file; a file with only a header is a table with
    no rows.
    """
    source = find_source(path, form=form, stream=stream, known=FORMS)
    if not source.head:
        raise InputError(f"{source.name}: is empty.", hint="A table has at least a header line.")
    if source.form not in READERS:
        raise InputError(
            f"{source.name}: is a {source.form} document, not a table.", hint="Use `govcode ingest`."
        )
    return read_source(source, encoding)


def read_source(source: Source, encoding: str | None = None) -> Table:
    """Open the table that a source holds."""
    table: Table = READERS.load(source.form)(source, encoding)
    return table
