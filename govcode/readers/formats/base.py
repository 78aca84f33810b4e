"""What a format of table says about itself: how it is known, and which column is what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True)
class TableFormat:
    """One kind of export, known by its columns (never by its file name).

    `signature` are columns that must all be there, `fields` maps post fields to columns; those in
    `shared` stay among the user's own as well. `account_from` says where the account stands when no
    column holds it: `folder` or `stem` of the file. `unfold` turns one raw row into the rows of its
    posts (nested JSON); `columns` are then their columns. `mend` may change a row in place and returns
    a flag ('' for none); `drop` returns why a row is no post; `rescue` may mend a row with too many
    cells. `refuse` is why such a table holds no posts at all.
    """

    name: str
    title: str
    signature: frozenset[str]
    fields: Mapping[str, str] = field(default_factory=dict)
    platform: str = ""
    account_from: str = ""
    shared: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()
    unfold: Callable[[Values], Iterable[Values]] | None = None
    mend: Callable[[Values], str] | None = None
    drop: Callable[[Values], str] | None = None
    rescue: Callable[[Values], Values | None] | None = None
    refuse: str = ""

    def fits(self, columns: Iterable[str]) -> bool:
        """Tell whether a table with these columns is of this format."""
        return self.signature <= set(columns)


def columns_of(names: str) -> frozenset[str]:
    """Return a signature written as one line of names."""
    return frozenset(names.split())


def reposted(text: str, user: str, original: str) -> str:
    """Return a repost as Weibo writes it: the comment, then `//@user:` and the original."""
    return f"{text}//@{user}:{original}" if original else text


FLAGS = "flags"  # the column of a converted post that names what is odd about it
GENERIC = TableFormat("table", "a table with recognisable columns", frozenset())
