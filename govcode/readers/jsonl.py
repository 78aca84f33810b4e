"""JSON Lines: one object a line. Columns are the keys of all objects, in the order first seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import orjson

from govcode.errors import InputError, choices
from govcode.readers.base import Table
from govcode.readers.decoding import Decoder
from govcode.readers.source import Source, bad_gzip
from govcode.records import Excluded, Row

HEAD_ROWS, HEAD_BYTES = 200, 64 << 10
_DICT = {dict}


def read(source: Source, encoding: str | None = None) -> Table:
    """Open a JSON Lines table; values keep their JSON types.

    The keys are collected in a first pass; those of a pipe from its first 200 rows or 64 KiB, and keys
    that come later there are left out, counted and told. A line that is no object is excluded
    (`broken-json`, `not-an-object`).
    """
    table = Table(source.name, source.form, (), ())
    if source.passing:
        rows = _objects(source, encoding, table)
        head = _head(rows)
        seen, some = _keys_of(head)
        table.rows = _without_late(chain(head, rows), seen, table)
    else:
        seen, some = _keys(source, encoding)
        table.rows = _objects(source, encoding, table)
    if not some:
        raise InputError(f"{source.name}: is empty.", hint="A JSON Lines table has one object a line.")
    if not seen:
        raise InputError(
            f"{source.name}: no line is a JSON object.", hint="Is it another form? Add --from csv."
        )
    table.columns = tuple(seen)
    return table


def _head(rows: Iterator[Row | Excluded]) -> list[Row | Excluded]:
    """Return the first rows of a stream: 200, or as many as make 64 KiB."""
    head, size = [], 0
    for item in rows:
        head.append(item)
        size += len(str(item.values if isinstance(item, Row) else item.row))
        if len(head) >= HEAD_ROWS or size >= HEAD_BYTES:
            break
    return head


def _without_late(
    rows: Iterable[Row | Excluded], seen: dict[str, None], table: Table
) -> Iterator[Row | Excluded]:
    """Leave out keys that come only after the columns have been decided."""
    late: dict[str, None] = {}
    for item in rows:
        if isinstance(item, Row) and not item.values.keys() <= seen.keys():
            for key in [key for key in item.values if key not in seen]:
                late[key] = None
                del item.values[key]
                table.repairs["late-column"] += 1
        yield item
    if late:
        table.notes.append(
            f"{table.source}: columns that came only after the first rows of the pipe are left out: "
            f"{choices(late)}; read from a file they are kept"
        )


def _keys(source: Source, encoding: str | None) -> tuple[dict[str, None], bool]:
    """Return the keys of all objects in first-seen order, and whether there is any line at all."""
    seen: dict[str, None] = {}
    if encoding is None:
        handle = source.open()
        try:
            with bad_gzip(source.name):
                for line in handle:
                    value = orjson.loads(line)
                    if not value.keys() <= seen.keys():
                        seen.update(dict.fromkeys(value))
            return seen, True
        except (orjson.JSONDecodeError, AttributeError):
            seen = {}  # another encoding, a blank line, damage: read it as carefully as the rows
        finally:
            source.close(handle)
    return _keys_of(_objects(source, encoding, Table(source.name, source.form, (), ())))


def _keys_of(items: Iterable[Row | Excluded]) -> tuple[dict[str, None], bool]:
    seen: dict[str, None] = {}
    some = False
    for item in items:
        some = True
        if isinstance(item, Row) and not item.values.keys() <= seen.keys():
            seen.update(dict.fromkeys(item.values))
    return seen, some


def _objects(source: Source, encoding: str | None, table: Table) -> Iterator[Row | Excluded]:
    decoder = Decoder(source.name, encoding, table.repairs)
    handle = source.open()
    number = 0
    try:
        with bad_gzip(source.name):
            for piece in decoder.blocks(handle):
                values = _clean(piece) if isinstance(piece, bytes) else None
                if values is not None:
                    for value in values:
                        number += 1
                        yield Row(number, value)
                    continue
                text = piece if isinstance(piece, str) else decoder.text(piece)
                yield from _careful(text, number, table)
                number += text.count("\n")
        table.encoding = decoder.encoding
    finally:
        source.close(handle)


def _clean(block: bytes) -> list[dict[str, Any]] | None:
    """Return the objects of a block that is one object a line without any damage, else None."""
    try:
        values = list(map(orjson.loads, block.removesuffix(b"\n").split(b"\n")))
    except orjson.JSONDecodeError:
        return None
    return values if set(map(type, values)) == _DICT else None


def _careful(text: str, before: int, table: Table) -> Iterator[Row | Excluded]:
    """Read a piece line by line; so many lines came before it."""
    for number, line in enumerate(text.split("\n"), before + 1):
        if not line or line.isspace():
            continue
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield _second_try(line, number, table, error)
            continue
        if type(value) is dict:
            yield Row(number, value)
        else:
            yield Excluded(table.source, number, "not-an-object", "not a JSON object", line)


def _second_try(line: str, number: int, table: Table, error: Exception) -> Row | Excluded:
    """Parse what orjson refuses and others write: NaN, lone surrogates, raw control characters."""
    try:
        value: Any = json.loads(line, strict=False, parse_constant=lambda _: None)
        text = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return Excluded(table.source, number, "broken-json", str(error), line)
    clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    table.repairs["lone-surrogate" if clean != text else "odd-json"] += 1
    if not isinstance(value, dict):
        return Excluded(table.source, number, "not-an-object", "not a JSON object", line)
    return Row(number, json.loads(clean))
