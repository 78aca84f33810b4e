"""Open a coded table for the steps after coding: checked against its codebook, readable more than once."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from govcode.codebook.load import load_codebook
from govcode.codebook.model import Codebook
from govcode.errors import HashMismatchError, InputError, choices
from govcode.readers.base import STREAM, Table
from govcode.readers.tables import open_table
from govcode.records import Excluded, Row, RowCount
from govcode.workflow.manifest import read_manifest

DEFAULT_CODEBOOK = "functions"


@dataclass
class CodedSource:
    """A coded table that can be read again and again; `count` tells of the last complete pass."""

    path: str
    columns: tuple[str, ...]
    codebook: Codebook
    form: str | None = None
    encoding: str | None = None
    manifest: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    count: RowCount = field(default_factory=RowCount)
    left_out: list[Excluded] = field(default_factory=list)
    _data: bytes | None = None

    def __iter__(self) -> Iterator[Row]:
        return (row for row in self._pass())

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the values of every readable row, in order."""
        return (row.values for row in self._pass())

    def _pass(self) -> Iterator[Row]:
        self.count, self.left_out = RowCount(), []
        for item in _open(self.path, self.form, self.encoding, self._data):
            if isinstance(item, Excluded):
                self.count.exclude(item.reason)
                self.left_out.append(item)
            else:
                self.count.keep()
                yield item


def open_coded(
    path: str, *, codebook: str | None = None, form: str | None = None, encoding: str | None = None
) -> CodedSource:
    """Open a coded table and the codebook it was coded with.

    The codebook is the one named, else the one in the table's manifest, else the shipped one. Raises
    InputError without a column `code`, HashMismatchError where the manifest names another codebook.
    """
    data = sys.stdin.buffer.read() if path == STREAM else None
    table = _open(path, form, encoding, data)
    if "code" not in table.columns:
        raise InputError(
            f"{table.source}: has no column 'code'; it has {choices(table.columns)}.",
            hint="Code the posts first: govcode classify POSTS -o coded.csv",
        )
    manifest = None if path == STREAM else read_manifest(path)
    book = _codebook(table.source, codebook, manifest)
    return CodedSource(
        path, tuple(table.columns), book, form, encoding, manifest, list(table.notes), _data=data
    )


def _open(path: str, form: str | None, encoding: str | None, data: bytes | None) -> Table:
    return open_table(
        path, form=form, encoding=encoding, stream=None if data is None else io.BytesIO(data)
    )  # fmt: skip


def _codebook(source: str, wanted: str | None, manifest: dict[str, Any] | None) -> Codebook:
    """Load the codebook and compare it with the one that the manifest of the coded table names."""
    recorded = (manifest or {}).get("codebook") or {}
    book = load_codebook(wanted or str(recorded.get("name") or DEFAULT_CODEBOOK))
    expected = str(recorded.get("hash") or "")
    if expected and book.hash and expected != book.hash:
        raise HashMismatchError(
            f"{source}: was coded with codebook {expected[:19]}, but '{book.id}' is {book.hash[:19]}.",
            hint="Name the codebook it was coded with: --codebook FILE.toml",
        )
    return book
