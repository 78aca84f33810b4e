"""What the readers of documents share: the columns they give, and reading a whole text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

from govcode.errors import InputError
from govcode.readers.base import Table
from govcode.readers.dates import Dates
from govcode.readers.decoding import Decoder
from govcode.readers.formats.base import TableFormat
from govcode.readers.source import Source, bad_gzip
from govcode.records import Excluded, Row

LONGEST_DOCUMENT = 64 << 20
FIELDS = ("account", "published_at", "title", "text", "url")
AUTHOR = "author"
_DAY = re.compile(r"(?:^|[_\- ])((?:19|20)\d{6}|(?:19|20)\d\d-\d\d-\d\d)(?!\d)")
COLUMNS = (*FIELDS, AUTHOR)


def document_format(name: str, title: str, platform: str = "") -> TableFormat:
    """Return the format of a kind of document: its fields bear the names of a post's."""
    return TableFormat(name, title, frozenset(), {f: f for f in FIELDS}, platform=platform)


def whole_text(source: Source, encoding: str | None, table: Table) -> str:
    """Return the decoded text of a document; raise InputError where it is empty or beyond measure."""
    decoder = Decoder(source.name, encoding, table.repairs)
    handle = source.open()
    parts, size = [], 0
    try:
        with bad_gzip(source.name):
            for piece in decoder.pieces(handle):
                parts.append(piece)
                size += len(piece)
                if size > LONGEST_DOCUMENT:
                    raise InputError(
                        f"{source.name}: has more than {LONGEST_DOCUMENT >> 20} million characters."
                    )
    finally:
        source.close(handle)
    table.encoding = decoder.encoding
    text = "".join(parts)
    if not text.strip():
        raise InputError(f"{source.name}: is empty.")
    return text


def document_table(source: Source, format: TableFormat | None = None) -> Table:
    """Return an empty table for the posts of a document."""
    return Table(source.name, source.form, COLUMNS, (), format=format)


def finished(table: Table, format: TableFormat, rows: Iterable[Row | Excluded]) -> Table:
    """Put format and rows into a table."""
    table.format, table.rows = format, rows
    return table


def name_parts(name: str) -> tuple[str, str]:
    """Return (date, title) that a file name such as `20240705停水通知.md` tells; '' for what it does not."""
    stem = PurePath(name.removesuffix(".gz")).stem.strip()
    for match in _DAY.finditer(stem):
        date, _ = Dates().read(match[1])
        if len(date) == 10:
            rest = stem[match.end() :].strip(" _-")
            return date, "" if rest.isascii() else rest
    return "", "" if stem.isascii() else stem
