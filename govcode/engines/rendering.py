"""Coded rows as the lines of an output, so that workers can make them."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

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
        self._buffer = io.BytesIO()
        self._writer = WRITERS.load(rendering.form)(
            self._buffer, rendering.layout.columns, excel=rendering.excel
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
        data = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return data
