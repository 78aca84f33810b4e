"""Where the parts of a TOML file stand: tomllib gives values, messages need lines."""

from __future__ import annotations

import re
from collections import Counter

_STRINGS = re.compile(r'"(?:\\.|[^"\\])*"' + r"|'[^']*'")
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]\]?\s*$")
_PLAIN = re.compile(r"\s*([\w-]+(?:\.[\w-]+)*)\s*=\s*[^\s\[]")  # a key whose value is no list
_KEY = re.compile(r"\s*([\w-]+(?:\.[\w-]+)*)\s*=\s*(.*)")

Path = tuple[str | int, ...]


class Lines:
    """Find the line of a part by its path: `("codes", 1, "label")`, `("expressions", "I1", 0)`.

    Line numbers begin with 1. A part that is not found has the line of what holds it, at last 0.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._table: Path = ()
        self._array: Path | None = None
        self._depth = 0
        self._items = 0
        self._arrays: Counter[str] = Counter()
        self._text: str | None = text

    def of(self, *path: str | int) -> int:
        """Return the line of the part at `path`, or of the nearest part that holds it."""
        if self._text is not None:
            self._read_all(self._text)
            self._text = None
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 0)

    def _read_all(self, text: str) -> None:
        quote = ""
        for number, line in enumerate(text.splitlines(), 1):
            quote = self._skip(line, quote) if quote else self._read(number, line)

    @staticmethod
    def _skip(line: str, quote: str) -> str:
        return "" if quote in line else quote

    def _read(self, number: int, line: str) -> str:
        for quote in ('"""', "'''"):
            if line.count(quote) == 1:
                self._note(number, line.partition(quote)[0])
                return quote
        if self._array is not None or not (key := _PLAIN.match(line)):
            self._note(number, _STRINGS.sub('""', line).partition("#")[0])
        else:
            self._note_key(number, key[1].split("."))  # most lines: a key and its text
        return ""

    def _note(self, number: int, bare: str) -> None:
        if self._array is not None:
            self._note_items(number, bare)
        elif header := _HEADER.match(bare):
            self._table = self._open_table(header[1], header[2])
            self._lines.setdefault(self._table, number)
        elif key := _KEY.match(bare):
            parts = key[1].split(".")
            self._note_key(number, parts)
            if key[2].startswith("["):
                self._array, self._items, self._depth = (*self._table, *parts), 0, 0
                self._note_items(number, key[2])

    def _note_key(self, number: int, parts: list[str]) -> None:
        for end in range(1, len(parts) + 1):
            self._lines.setdefault((*self._table, *parts[:end]), number)

    def _open_table(self, bracket: str, name: str) -> Path:
        if bracket == "[":
            return tuple(name.split("."))
        self._arrays[name] += 1
        return (name, self._arrays[name] - 1)

    def _note_items(self, number: int, bare: str) -> None:
        for _ in range(bare.count("{") or bare.count('""')):
            self._lines[(*(self._array or ()), self._items)] = number
            self._items += 1
        self._depth += bare.count("[") - bare.count("]")
        if self._depth <= 0:
            self._array = None
