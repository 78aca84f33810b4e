"""Where each of millions of codings was read: its source and line, in 16 bytes."""

from __future__ import annotations

from array import array


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

    def sort_key(self, number: int) -> tuple[int, int]:
        """Return the order of reading: place of the source, line."""
        return self._source[number], self._line[number]
