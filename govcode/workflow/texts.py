"""Texts of posts in a file of our own: a million posts need not fit in memory."""

from __future__ import annotations

import os
import tempfile
from weakref import finalize

_BITS = 24
LONGEST = (1 << _BITS) - 1
"""Bytes of one text that are kept (16 MiB)."""
_BLOCK = 1 << 20


class TextFile:
    """Texts by number; the file goes when nothing refers to it any more.

    A number holds where the text starts and how long it is, so nothing else is kept in memory.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the posts that refer to it
        finalize(self, self._file.close)
        self._end = 0
        self._waiting: list[bytes] = []
        self._waits = 0

    def add(self, text: str) -> int:
        """Keep a text and return its number."""
        data = text.encode("utf-8", "surrogatepass")[:LONGEST]
        number = self._end << _BITS | len(data)
        self._waiting.append(data)
        self._end += len(data)
        self._waits += len(data)
        if self._waits > _BLOCK:
            self._write()
        return number

    def _write(self) -> None:
        self._file.write(b"".join(self._waiting))
        self._file.flush()
        self._waiting, self._waits = [], 0

    def __getitem__(self, number: int) -> str:
        """Return the text of a number."""
        if self._waiting:
            self._write()
        data = os.pread(self._file.fileno(), number & LONGEST, number >> _BITS)
        return data.decode("utf-8", "surrogatepass" if len(data) < LONGEST else "ignore")
