"""What a format of table says about itself: how it is known, and which column is what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True)
class TableFormat:
    """One kind of export, known by its columns (never by its file name).

    `signature` are columns that must all be there, `fields` maps post fields to columns. `account_from`
    says where the account stands when no column holds it: `folder` or `stem` of the file. `unfold`
    turns one raw row into the rows of its posts (nested JSON); `columns` are then their columns.
    `rescue` may mend a row with too many cells. `refuse` is why such a table holds no posts.
    """

    name: str
    title: str
    signature: frozenset[str]
    fields: Mapping[str, str] = field(default_factory=dict)
    platform: str = ""
    account_from: str = ""
    columns: tuple[str, ...] = ()
    unfold: Callable[[Values], Iterable[Values]] | None = None
    mend: Callable[[Values], str] | None = None
    rescue: Callable[[Values], Values | None] | None = None
    refuse: str = ""

    def fits(self, columns: Iterable[str]) -> bool:
        """Tell whether a table with these columns is of this format."""
        return self.signature <= set(columns)
