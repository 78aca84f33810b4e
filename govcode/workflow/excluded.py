"""The list of what was left out: written as it happens, whole or absent like every output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from govcode.errors import choices
from govcode.readers.base import STREAM, Account
from govcode.readers.pieces import Batch, Item, Piece
from govcode.records import EXCLUDED_COLUMNS, Excluded, Post, RowCount
from govcode.writers.base import TableWriter
from govcode.writers.tables import form_of, open_writer

SUFFIX = ".excluded.jsonl"
SHOWN = 5


def excluded_path(output: str, wanted: str | None) -> str:
    """Return where excluded rows go: as wanted, else beside the output, else nowhere (a stream)."""
    if wanted is not None:
        form_of(wanted)
        return wanted
    if output == STREAM:
        return ""
    path = Path(output)
    return str(path.with_name(f"{path.name.split('.', 1)[0]}{SUFFIX}"))


class ExcludedLog:
    """Separate posts from what is left out, count both, and write the latter down.

    The file `path` is made with the first excluded row; without a path (output on a stream, no
    `--excluded`) only the counts and the first few rows are kept.
    """

    def __init__(self, path: str = "") -> None:
        self.path = path
        self.count = RowCount()
        self.first: list[Excluded] = []
        self._stack = ExitStack()
        self._writer: TableWriter | None = None

    @classmethod
    def beside(cls, output: str, wanted: str | None) -> ExcludedLog:
        """Write to `wanted`, else beside the output; a stream has no place beside it."""
        return cls(excluded_path(output, wanted))

    def __enter__(self) -> ExcludedLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @property
    def written(self) -> str:
        """The path where something was written, else an empty string."""
        return self.path if self._writer is not None else ""

    def sift(self, items: Iterable[Item]) -> Iterator[Post]:
        """Yield the posts, read what is not read yet; keep what is left out."""
        item: Any
        for item in items:
            if type(item) is Post:
                self.count.keep()
                yield item
            elif type(item) is Excluded:
                self._add(item)
            else:
                posts, account = item.rows.read()
                self.settle(item, len(posts), account)
                yield from posts

    def after(self, posts: int, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """Read so many posts here and leave them aside; yield the other pieces."""
        rest = iter(pieces)
        while posts > 0 and (piece := next(rest, None)):
            found, account = piece.rows.read()
            self.settle(piece, min(posts, len(found)), account)
            if len(found) > posts:
                yield Piece(Batch(found[posts:]))
            posts -= len(found)
        yield from rest

    def settle(self, piece: Piece, posts: int, account: Account) -> None:
        """Count the posts of a piece that was read, here or elsewhere, and keep what is left out.

        Pieces are settled in their order.
        """
        self.count.keep(posts)
        for item in piece.settle(account):
            self._add(item)

    def _add(self, item: Excluded) -> None:
        self.count.exclude(item.reason)
        if len(self.first) < SHOWN:
            self.first.append(item)
        if not self.path:
            return
        if self._writer is None:
            self._writer = self._stack.enter_context(open_writer(self.path, EXCLUDED_COLUMNS))
        self._writer.write({name: getattr(item, name) for name in EXCLUDED_COLUMNS})


def with_reasons(sources: Sequence[str], excluded: Sequence[Excluded]) -> str:
    """Name files, each with why its rows were left out: `a.csv (40 duplicate, 2 not-coded)`."""
    told = []
    for source in sources:
        reasons = Counter(item.reason for item in excluded if item.source == source).most_common()
        why = ", ".join(f"{number} {reason}" for reason, number in reasons)
        told.append(f"{source} ({why})" if why else source)
    return choices(told)
