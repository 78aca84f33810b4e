"""JSON documents: an array of objects, streamed, or one object that holds such an array."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any

import ijson
import orjson

from govcode.errors import InputError
from govcode.readers import jsonl
from govcode.readers.base import Table
from govcode.readers.decoding import Decoder
from govcode.readers.source import Source
from govcode.records import Excluded, Row

# The names under which an object keeps its array of posts.
LISTS = ("results", "weibo", "data", "list", "items", "posts", "articles", "records", "rows", "statuses",
         "app_msg_list", "general_msg_list", "item", "docs")  # fmt: skip

_DEEP = "[" * 500


def read(source: Source, encoding: str | None = None) -> Table:
    """Open a JSON document; the number of the item stands in for the line.

    An array gives its items. An object gives the items of its array of objects (`results`, `weibo` and
    other usual names), and is one row where it has none. One object a line is read as JSON Lines.
    """
    source.keep()
    if _is_lines(source.head):
        return jsonl.read(source, encoding)
    path = _array_path(source, encoding)
    table = Table(source.name, "json", (), ())
    seen: dict[str, None] = {}
    for item in _items(source, encoding, path, table):
        if isinstance(item, Row) and not item.values.keys() <= seen.keys():
            seen.update(dict.fromkeys(item.values))
    if not seen:
        raise InputError(f"{source.name}: holds no JSON objects.")
    table.repairs.clear()
    table.columns = tuple(seen)
    table.rows = _items(source, encoding, path, table)
    return table


def _is_lines(head: bytes) -> bool:
    """Tell whether the first line is an object by itself and more follow."""
    line, _, rest = head.strip().partition(b"\n")
    if not line.startswith(b"{") or (len(line) < len(head.strip()) and not rest.lstrip().startswith(b"{")):
        return False
    try:
        return bool(rest) and isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return not rest and b"}\n{" in head


class _Utf8:
    """Read decoded text as UTF-8 bytes, for the parser; refuse nesting that would take it ages."""

    def __init__(self, name: str, pieces: Iterator[str]) -> None:
        self._name = name
        self._pieces = pieces

    def read(self, size: int) -> bytes:
        if size == 0:
            return b""
        for piece in self._pieces:
            if piece:
                if _DEEP in piece:
                    raise InputError(f"{self._name}: is nested too deeply.")
                return piece.encode("utf-8", "replace")
        return b""


def _array_path(source: Source, encoding: str | None) -> str:
    """Return the ijson path of the items: `item` for an array, else `key.item`, else '' (one object)."""
    text = source.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] == b"[":
        return "item"
    if text[:1] != b"{":
        raise InputError(f"{source.name}: is not JSON.", hint="Is it another form? Add --from csv.")
    sizes: dict[str, int] = {}
    handle = source.open()
    try:
        for prefix, event, _ in ijson.parse(
            _Utf8(source.name, Decoder(source.name, encoding).pieces(handle))
        ):
            name, _, rest = prefix.partition(".")
            if event == "start_map" and rest == "item" and name in LISTS:
                sizes[prefix] = sizes.get(prefix, 0) + 1
    except ijson.JSONError:
        pass  # told by the reading itself
    finally:
        source.close(handle)
    return max(sizes, key=lambda key: sizes[key]) if sizes else ""


def _items(source: Source, encoding: str | None, path: str, table: Table) -> Iterator[Row | Excluded]:
    decoder = Decoder(source.name, encoding, table.repairs)
    number = 0
    handle: IO[bytes] = source.open()
    try:
        for number, value in enumerate(ijson.items(_Utf8(source.name, decoder.pieces(handle)), path), 1):
            if isinstance(value, dict):
                yield Row(number, {key: _plain(cell) for key, cell in value.items()})
            else:
                yield Excluded(table.source, number, "not-an-object", "not a JSON object", str(value))
        table.encoding = decoder.encoding
    except ijson.JSONError as error:
        if number == 0:
            raise InputError(f"{source.name}: is not valid JSON ({_first_line(error)}).") from error
        yield Excluded(table.source, number + 1, "broken-json", f"the rest of the file: {_first_line(error)}")
    finally:
        source.close(handle)


def _first_line(error: Exception) -> str:
    text = str(error.args[0] if error.args else error)
    return text.split("\n", 1)[0].strip()


def _plain(value: Any) -> Any:
    """Turn the parser's decimals back into JSON numbers."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
