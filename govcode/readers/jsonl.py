"""JSON Lines: one object a line. Columns are the keys of all objects, in the order first seen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import orjson

from govcode.errors import InputError, choices
from govcode.readers.base import Account, Table
from govcode.readers.decoding import Decoder
from govcode.readers.first_pass import first_pass
from govcode.readers.source import Source, bad_gzip
from govcode.records import Excluded, Row

HEAD_ROWS, HEAD_BYTES = 200, 64 << 10
_DICT = {dict}
_line = attrgetter("line")


def read(source: Source, encoding: str | None = None) -> Table:
    """Open a JSON Lines table; values keep their JSON types.

    The keys are collected in a first pass; those of a pipe from its first 200 rows or 64 KiB, and keys
    that come later there are left out, counted and told. A line that is no object is excluded
    (`broken-json`, `not-an-object`).
    """
    table = Table(source.name, source.form, (), ())
    blocks = Blocks(source, encoding, table)
    if source.passing:
        seen, some = _keys_of(blocks.head())
        blocks.known = frozenset(seen)
    else:
        found = first_pass(source) if encoding is None else None
        if found is not None:
            seen, some, blocks.distinct = found.keys, True, found.distinct
        else:
            seen, some = _keys_of(Blocks(source, encoding, Table(source.name, source.form, (), ())).rows())
    if not some:
        raise InputError(f"{source.name}: is empty.", hint="A JSON Lines table has one object a line.")
    if not seen:
        raise InputError(
            f"{source.name}: no line is a JSON object.", hint="Is it another form? Add --from csv."
        )
    table.columns = tuple(seen)
    table.rows, table.blocks = blocks.rows(), blocks
    return table


class Objects(NamedTuple):
    """What lines hold: objects, the line of each counted from the first, and what else there was."""

    values: list[dict[str, Any]]
    lines: Sequence[int]
    account: Account


def objects(block: bytes | str, source: str, known: frozenset[str] | None = None) -> Objects:
    """Read a block of lines; what comes of it does not depend on where it stands.

    Bytes are UTF-8, with the damage that a `Decoder` mends. With `known`, other columns are left out.
    """
    values = _clean(block) if isinstance(block, bytes) else None
    if values is not None:
        found = Objects(values, range(1, len(values) + 1), Account(len(values), len(values)))
    else:
        repairs: Counter[str] = Counter()
        text = block if isinstance(block, str) else Decoder(source, None, repairs).text(block)
        found = _careful(text, source, repairs)
    if known is None or all(values.keys() <= known for values in found.values):
        return found
    late: list[str] = []
    for one in found.values:
        for key in [key for key in one if key not in known]:
            late.append(key)
            del one[key]
    repairs = found.account.repairs + Counter({"late-column": len(late)})
    return found._replace(account=found.account._replace(repairs=repairs, late=tuple(dict.fromkeys(late))))


class Blocks:
    """The lines of one table block by block, and what is known of those that were read.

    Blocks may be read anywhere (`objects`); `settle` is called for each of them in order.
    """

    def __init__(self, source: Source, encoding: str | None, table: Table) -> None:
        self.name = source.name
        self.known: frozenset[str] | None = None
        self.distinct = False  # whether ids of rows with flags are known to differ
        self.last = 0  # line of the last row
        self._source, self._table = source, table
        self._decoder = Decoder(source.name, encoding, table.repairs)
        self._lines = 0
        self._late: dict[str, None] = {}
        self._blocks = self._read()
        self._head: list[bytes | str] = []

    def _read(self) -> Iterator[bytes | str]:
        handle = self._source.open()
        try:
            with bad_gzip(self.name):
                yield from self._decoder.blocks(handle)
            self._table.encoding = self._decoder.encoding
        finally:
            self._source.close(handle)

    def head(self) -> Iterator[Row | Excluded]:
        """Yield the first rows of a stream: 200, or as many as make 64 KiB; they will come again."""
        number = size = 0
        for block in self._blocks:
            self._head.append(block)
            found = objects(block, self.name)
            for item in _in_order(found, 0, found.account.excluded):
                yield item
                number += 1
                size += len(str(item.values if isinstance(item, Row) else item.row))
                if number >= HEAD_ROWS or size >= HEAD_BYTES:
                    return

    def __iter__(self) -> Iterator[bytes | str]:
        """Yield all blocks."""
        yield from self._head
        self._head.clear()
        yield from self._blocks

    def rows(self) -> Iterator[Row | Excluded]:
        """Yield all rows."""
        for block in self:
            yield from self.rows_of(block)
        self.end()

    def rows_of(self, block: bytes | str) -> list[Row | Excluded]:
        """Return the rows of a block and settle it."""
        found, before = objects(block, self.name, self.known), self._lines
        return _in_order(found, before, self.settle(found.account))

    def settle(self, account: Account) -> Sequence[Excluded]:
        """Take over what a block held; return what is left out, with the lines where it stood."""
        for item in account.excluded:
            item.line += self._lines
        self.last = self._lines + account.last if account.last else self.last
        self._lines += account.lines
        self._table.repairs.update(account.repairs)
        self._late.update(dict.fromkeys(account.late))
        return account.excluded

    def end(self) -> None:
        """Tell what can be told when all blocks are settled."""
        if self._late:
            self._table.notes.append(
                f"{self.name}: columns that came only after the first rows of the pipe are left out: "
                f"{choices(self._late)}; read from a file they are kept"
            )


def _in_order(found: Objects, before: int, excluded: Sequence[Excluded]) -> list[Row | Excluded]:
    """Return rows and what is left out as they stood, after so many lines."""
    rows: list[Row | Excluded] = [*map(Row, map(before.__add__, found.lines), found.values)]
    return sorted([*rows, *excluded], key=_line) if excluded else rows


def _keys_of(items: Iterable[Row | Excluded]) -> tuple[dict[str, None], bool]:
    seen: dict[str, None] = {}
    some = False
    for item in items:
        some = True
        if isinstance(item, Row) and not item.values.keys() <= seen.keys():
            seen.update(dict.fromkeys(item.values))
    return seen, some


def _clean(block: bytes) -> list[dict[str, Any]] | None:
    """Return the objects of a block that is one object a line without any damage, else None."""
    try:
        values = list(map(orjson.loads, block.removesuffix(b"\n").split(b"\n")))
    except orjson.JSONDecodeError:
        return None
    return values if set(map(type, values)) == _DICT else None


def _careful(text: str, source: str, repairs: Counter[str]) -> Objects:
    """Read a piece line by line."""
    values: list[dict[str, Any]] = []
    lines: list[int] = []
    excluded: list[Excluded] = []
    last = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.isspace():
            continue
        last = number
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            value = _second_try(line, source, repairs, error)
        if type(value) is dict:
            values.append(value)
            lines.append(number)
        elif type(value) is Excluded:
            value.line = number
            excluded.append(value)
        else:
            excluded.append(Excluded(source, number, "not-an-object", "not a JSON object", line))
    return Objects(values, lines, Account(text.count("\n"), last, excluded, repairs))


def _second_try(line: str, source: str, repairs: Counter[str], error: Exception) -> Any:
    """Parse what orjson refuses and others write: NaN, lone surrogates, raw control characters."""
    try:
        value: Any = json.loads(line, strict=False, parse_constant=lambda _: None)
        text = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return Excluded(source, 0, "broken-json", str(error), line)
    clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    repairs["lone-surrogate" if clean != text else "odd-json"] += 1
    return json.loads(clean) if isinstance(value, dict) else value
