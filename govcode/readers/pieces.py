"""Posts in pieces: rows of a posts table travel as the lines they are, so that any process can read them.

Pieces may be read anywhere and at any time; `settle`, called in their order, says what each of them held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from govcode.readers.base import Account
from govcode.readers.formats.base import TableFormat
from govcode.readers.jsonl import Blocks, objects
from govcode.records import POST_COLUMNS, Excluded, Post, Row

ROWS = 384  # make a piece where nobody says how many
SIZE = 1 << 20  # bytes or characters of lines, beyond which no more are added to a piece


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that have been read."""

    posts: list[Post] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)

    def read(self) -> tuple[list[Post], Account]:
        """Return the posts, and what else there was."""
        return self.posts, Account(excluded=self.excluded)

    def __len__(self) -> int:
        return len(self.posts) + len(self.excluded)


@dataclass(frozen=True, slots=True)
class Unread:
    """Lines of a posts table as they are; `known` are its columns where others may come."""

    data: bytes | str
    source: str
    known: frozenset[str] | None = None

    def read(self) -> tuple[list[Post], Account]:
        """Return the posts, and what else there was."""
        found = objects(self.data, self.source, self.known)
        return list(map(as_it_is, found.values)), found.account

    def __len__(self) -> int:
        return self.data.count(b"\n") if isinstance(self.data, bytes) else self.data.count("\n")


class Piece(NamedTuple):
    """Rows that come next, and who is told in the end what they held: it returns what is left out."""

    rows: Batch | Unread
    settle: Callable[[Account], Sequence[Excluded]] = Account.left_out


Item = Post | Excluded | Piece


def rows_in(item: Item) -> int:
    """Return the number of rows."""
    return len(item.rows) if type(item) is Piece else 1


def pieces_of(blocks: Blocks, tell: Callable[[], None]) -> Iterator[Item]:
    """Yield the posts of the first block, so that small tables come together, then blocks as they are.

    `tell` is called when all of them are settled.
    """
    lines = iter(blocks)
    for row in blocks.rows_of(next(lines, b"")):
        yield as_it_is(row.values) if isinstance(row, Row) else row
    for block in lines:
        yield Piece(Unread(block, blocks.name, blocks.known), blocks.settle)

    def end(_: Account) -> tuple[()]:
        blocks.end()
        tell()
        return ()

    yield Piece(Batch(), end)


def gathered(items: Iterable[Item], rows: int = ROWS) -> Iterator[Piece]:
    """Yield pieces that are worth sending, of about so many rows: posts in batches, small pieces joined."""
    held: Piece | None = None
    for piece in _batched(items, rows):
        if held is not None:
            joined = _joined(held, piece)
            if joined is None:
                yield held
            held = joined or piece
        else:
            held = piece
        if len(held.rows) >= rows:
            yield held
            held = None
    if held is not None:
        yield held


def _batched(items: Iterable[Item], rows: int) -> Iterator[Piece]:
    batch = Batch()
    for item in items:
        if type(item) is Post:
            batch.posts.append(item)
        elif type(item) is Excluded:
            batch.excluded.append(item)
        if len(batch) >= rows or (type(item) is Piece and len(batch)):
            yield Piece(batch)
            batch = Batch()
        if type(item) is Piece:
            yield item
    if len(batch):
        yield Piece(batch)


def _joined(first: Piece, second: Piece) -> Piece | None:
    """Return two pieces of the same lines as one, unless it would be too large."""
    one, two = first.rows, second.rows
    if not isinstance(one, Unread) or not isinstance(two, Unread) or first.settle != second.settle:
        return None
    if len(one.data) + len(two.data) > SIZE:
        return None
    if isinstance(one.data, bytes) and isinstance(two.data, bytes) and one.data.endswith(b"\n"):
        return Piece(Unread(one.data + two.data, one.source, one.known), first.settle)
    if isinstance(one.data, str) and isinstance(two.data, str) and one.data.endswith("\n"):
        return Piece(Unread(one.data + two.data, one.source, one.known), first.settle)
    return None


def as_it_is(values: dict[str, Any]) -> Post:
    """Return the post of a row of a posts table; known columns become text. Takes the values away."""
    pop = values.pop
    known = (
        pop("post_id", ""), pop("text", ""), pop("title", ""), pop("account", ""), pop("platform", ""),
        pop("published_at", ""), pop("reply", ""), pop("url", ""),
    )  # fmt: skip
    try:
        "".join(known)  # the quickest way to see that all are text
    except TypeError:
        known = tuple(map(_as_text, known))  # type: ignore[assignment]
    return Post(*known, values)


class AsItIs:
    """Take the rows of a posts table as they are."""

    format = TableFormat("posts", "a table of posts", frozenset({"post_id"}))

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = columns
        self.fields = {c: c for c in columns if c in POST_COLUMNS}
        self.own = tuple(c for c in columns if c not in POST_COLUMNS)

    def convert(self, item: Any) -> tuple[Post | Excluded]:
        """Return the post of a row, or why it is left out."""
        return (item,) if type(item) is Excluded else (as_it_is(item.values),)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
