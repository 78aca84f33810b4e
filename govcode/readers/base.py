"""What every reader promises: rows or posts in order, and nothing lost.

A table reader yields `Row | Excluded`; a post reader yields `Post | Excluded`. Damage in one row is
an `Excluded`, damage of the whole file an `InputError`. What was mended is counted in `repairs`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from govcode.readers.formats.base import TableFormat
from govcode.records import Excluded, Post, Row

if TYPE_CHECKING:
    from govcode.readers.jsonl import Blocks
    from govcode.readers.pieces import Piece

Each = Callable[[Callable[[int], Any], Sequence[int]], Iterable[Any]]
"""How a function is mapped over parts of a file: in this process, as `map` does, or in several."""
STREAM = "-"
STDIN = "standard input"
"""How `-` is called in messages and in the list of what was left out."""


class Account(NamedTuple):
    """What some lines held besides rows; lines are counted from the first of them.

    `lines` is their number, `last` the line of the last row; `late` are columns that came too late in a pipe.
    """

    lines: int = 0
    last: int = 0
    excluded: Sequence[Excluded] = ()
    repairs: Counter[str] = Counter()  # noqa: RUF012 - never changed
    late: Sequence[str] = ()

    def left_out(self) -> Sequence[Excluded]:
        """Return what is left out."""
        return self.excluded


@dataclass
class Table:
    """An open table: its header, and its rows as a stream that is read once.

    `columns` are the header names in order; `encoding` is what the bytes turned out to be (empty for
    binary formats, final when the rows have been read); `repairs` counts by kind what was mended, as
    the rows flow; `notes` are sentences worth telling the user (`read as GB18030`).
    """

    source: str
    form: str
    columns: tuple[str, ...]
    rows: Iterable[Row | Excluded]
    encoding: str = ""
    notes: list[str] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)
    format: TableFormat | None = None
    """What the reader already knows the table to be (documents); None where the columns must tell."""
    sheet: str = ""
    """The sheet of a workbook."""
    blocks: Blocks | None = None
    """The same rows as lines, of forms that have them: read either these or `rows`."""

    def __iter__(self) -> Iterator[Row | Excluded]:
        return iter(self.rows)


@dataclass(frozen=True)
class Recognition:
    """What one source was taken for: the format and which column serves which field of a post."""

    source: str
    format: str
    title: str
    fields: Mapping[str, str]
    own: tuple[str, ...]
    encoding: str = ""


@dataclass
class PostStream:
    """Posts of one or several sources: output columns in order, and the stream of posts.

    `columns` are the contract's post columns followed by (or, for a posts table, mixed with) the
    user's own, in the order in which they should be written. `repairs`, `notes`, `formats` (inputs by
    format) and `recognised` (of the first inputs) are complete when the posts have been read. `source` and
    `line` tell where the post that was just yielded stood. `before_wait` is called before a pipe is read on.
    `pieces` are the same posts, most rows of posts tables not read yet: read either these or `posts`.
    """

    columns: tuple[str, ...]
    posts: Iterable[Post | Excluded]
    pieces: Iterable[Post | Excluded | Piece] = ()
    notes: list[str] = field(default_factory=list)
    repairs: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    recognised: list[Recognition] = field(default_factory=list)
    source: str = ""
    line: int = 0
    before_wait: Callable[[], None] | None = None

    def wait(self) -> None:
        """Let whoever writes flush before more of a pipe is read."""
        if self.before_wait is not None:
            self.before_wait()

    def __iter__(self) -> Iterator[Post | Excluded]:
        return iter(self.posts)
