"""Where each of millions of codings was read: its source and line, in 16 bytes."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping


class Origins:
    """Sources and lines by number."""

    def __init__(self) -> None:
        self._sources: dict[str, int] = {}
        self._source = array("q")
        self._line = array("q")

    def __len__(self) -> int:
        return len(self._line)

    def __getitem__(self, number: int) -> tuple[str, int]:
        """Return source and line."""
        return list(self._sources)[self._source[number]], self._line[number]

    def __setitem__(self, number: int, origin: tuple[str, int]) -> None:
        self._source[number], self._line[number] = self._number(origin[0]), origin[1]

    def append(self, source: str, line: int) -> None:
        """Add one at the end."""
        self._source.append(self._number(source))
        self._line.append(line)

    def _number(self, source: str) -> int:
        return self._sources.setdefault(source, len(self._sources))

    def sorted(self, numbers: Mapping[int, int]) -> list[int]:
        """Return all by source, then by `numbers` (those without one last), then by line."""

        def key(i: int) -> tuple[int, float, int]:
            return self._source[i], numbers.get(i, math.inf), self._line[i]

        return sorted(range(len(self)), key=key)
