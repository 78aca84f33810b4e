"""Where coded rows go: a file that appears whole, or one that can be continued."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Protocol

from govcode import __version__
from govcode.engines.base import CoderSpec
from govcode.errors import UsageError
from govcode.readers.base import STREAM
from govcode.workflow.manifest import input_records
from govcode.writers.base import TableWriter
from govcode.writers.tables import open_writer

Tallies = Mapping[str, Mapping[str, int]]


class Sink(Protocol):
    """Take rows; tell how many an earlier part of the run has written."""

    @property
    def rows(self) -> int:
        """Rows that are there already."""

    @property
    def tallies(self) -> Tallies:
        """What the earlier part counted."""

    def write(self, row: Mapping[str, Any]) -> None:
        """Append one row."""

    def write_lines(self, data: bytes, rows: int) -> None:
        """Append so many rows that are lines already; only of forms that have lines."""

    def checkpoint(self, tallies: Tallies) -> None:
        """Make what was written safe, where that is possible."""

    def flush(self) -> None:
        """Hand on what has been written so far, where that is possible."""


class _Plain:
    rows = 0
    tallies: Tallies = {}  # noqa: RUF012 - never changed

    def __init__(self, writer: TableWriter) -> None:
        self._writer: Any = writer
        self.write = writer.write
        self.flush: Callable[[], None] = getattr(writer, "flush", _nothing)

    def write_lines(self, data: bytes, rows: int) -> None:
        """Append rows that are lines already."""
        self._writer.write_lines(data)

    def checkpoint(self, tallies: Tallies) -> None:
        """Do nothing: the file appears when it is whole."""


def _nothing() -> None:
    """Do nothing: some tables can be written only as a whole."""


@contextmanager
def plain_sink(output: str, columns: Sequence[str], *, form: str | None, excel: bool) -> Iterator[Sink]:
    """Write an ordinary output: whole or absent."""
    with open_writer(output, columns, form=form, excel=excel) as writer:
        yield _Plain(writer)


def run_key(inputs: Sequence[str], columns: Sequence[str], spec: CoderSpec, **reading: Any) -> str:
    """Return the SHA-256 that tells this run from any other: bytes of inputs, coder, options, version."""
    if STREAM in inputs:
        raise UsageError("--resume cannot continue standard input.", hint="Save it to a file first.")
    parts = {
        "version": __version__,
        "inputs": [asdict(record) for record in input_records(inputs)],
        "columns": list(columns),
        "coder": [spec.kind, spec.codebook, sorted((k, str(v)) for k, v in spec.options.items())],
        "reading": {key: str(value) for key, value in reading.items()},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
