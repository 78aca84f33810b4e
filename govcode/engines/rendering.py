"""Coded rows as the lines of an output, so that workers can make them."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from govcode.engines.layout import Layout
from govcode.records import Coding, Post
from govcode.writers.tables import WRITERS

_code, _status = attrgetter("code"), attrgetter("status")


class Lines(NamedTuple):
    """Lines of an output, how many posts they hold, and these by code and by status."""

    data: bytes
    posts: int
    by_code: Counter[str]
    by_status: Counter[str]


@dataclass(frozen=True)
class Rendering:
    """How posts and codings become lines: the columns, and a form of table that is written line by line."""

    layout: Layout
    form: str
    excel: bool = False


class Renderer:
    """Make the lines that the writer of a form would write, without its header."""

    def __init__(self, rendering: Rendering) -> None:
        self._layout = rendering.layout
        self._file = _Memory()
        self._writer = WRITERS.load(rendering.form)(
            self._file, rendering.layout.columns, excel=rendering.excel
        )
        self._taken()

    def lines(self, posts: Iterable[Post], codings: Iterable[Coding]) -> Lines:
        """Return the lines of posts with their codings."""
        made = list(codings)
        self._writer.write_all(map(self._layout.values, posts, made))
        by_code, by_status = Counter(map(_code, made)), Counter(map(_status, made))
        return Lines(self._taken(), len(made), by_code, by_status)

    def _taken(self) -> bytes:
        self._writer.flush()
        return self._file.taken()


class _Memory(io.RawIOBase):
    """A file that gives back what was written: a single piece as it is, not copied."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, data: Any) -> int:
        """Keep what is written."""
        self._parts.append(data)
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data
