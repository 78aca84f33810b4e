"""Any table out, by extension or explicit form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from govcode.errors import UsageError, choices
from govcode.registry import Registry
from govcode.writers.base import STREAM, TableWriter, whole_file

WRITERS = Registry(
    "format of table",
    {
        "jsonl": "govcode.writers.jsonl:JsonlWriter",
        "csv": "govcode.writers.delimited:CsvWriter",
        "tsv": "govcode.writers.delimited:TsvWriter",
        "xlsx": "govcode.writers.xlsx:XlsxWriter",
        "parquet": "govcode.writers.parquet:ParquetWriter",
    },
)
LINES = ("jsonl", "csv", "tsv")  # forms that are written line by line
SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv",
            ".xlsx": "xlsx", ".parquet": "parquet"}  # fmt: skip


def form_of(path: str | Path, form: str | None = None) -> tuple[str, bool]:
    """Return the form of an output and whether it is gzipped; a stream is JSON Lines unless told.

    Raises UsageError where neither the extension nor `form` says what to write.
    """
    name = str(path).lower() if form is None else f".{form.lower().lstrip('.')}"
    packed = name.endswith(".gz")
    name = name.removesuffix(".gz")
    if form is None and str(path) == STREAM:
        return "jsonl", False
    suffix = Path(f"x{name}" if form else name).suffix
    if suffix not in SUFFIXES:
        if form is None and Path(path).is_dir():
            raise UsageError(f"{path}: is a folder.", hint=f"Name a file in it: -o {Path(path) / 'out.csv'}")
        what = f"'{form}' is not a table format" if form else f"{path}: its extension names no table format"
        raise UsageError(f"{what}.", hint=f"Choose from: {choices(WRITERS)} (--to, or the extension).")
    return SUFFIXES[suffix], packed


@contextmanager
def open_writer(
    path: str | Path, columns: Sequence[str], *, form: str | None = None, excel: bool = False
) -> Iterator[TableWriter]:
    """Open a table for writing: whole or absent; `-` is standard output (JSON Lines unless `form`).

    Every row has exactly `columns`, in this order. With `excel`, CSV has a byte order mark, CRLF, and
    cells that Excel would spoil (long numbers, formulas) protected. Raises UsageError for an unknown
    form and OutputError where the file cannot be written.
    """
    kind, packed = form_of(path, form)
    writer_class = WRITERS.load(kind)
    with whole_file(path, packed=packed) as file:
        writer = writer_class(file, tuple(columns), excel=excel)
        try:
            yield writer
        except BaseException:
            writer.abandon()
            raise
        writer.close()
