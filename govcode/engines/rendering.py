"""Coded rows as the lines of an output, so that workers can make them."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from govcode.engines.layout import Layout
from govcode.records import Coding, Post
from govcode.writers.tables import WRITERS


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
        codes: list[str] = []
        statuses: list[str] = []
        for post, coding in zip(posts, codings, strict=True):
            self._writer.write(self._layout.row(post, coding))
            codes.append(coding.code)
            statuses.append(coding.status)
        return Lines(self._taken(), len(codes), Counter(codes), Counter(statuses))

    def _taken(self) -> bytes:
        self._writer.flush()
        data = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return data
