"""The nouns of the contract. Field names are column names.

Only the standard library is used here, so that every floor above can rely on this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# The columns of a posts table that govcode knows, in the order of the contract.
POST_COLUMNS = ("post_id", "account", "platform", "published_at", "title", "text", "reply", "url")
CODING_COLUMNS = (
    "post_id", "coder", "code", "secondary", "form", "sure", "note", "codebook", "coded_at",
)  # fmt: skip
GOLD_COLUMNS = (*CODING_COLUMNS, "stratum", "inclusion_prob")
EXCLUDED_COLUMNS = ("source", "line", "reason", "detail", "row")

PLATFORMS = ("wechat", "weibo", "web", "other")

# `status` of a machine coding
CODED = "coded"
UNSURE = "unsure"
UNCODABLE = "uncodable"
ERROR = "error"
STATUSES = (CODED, UNSURE, UNCODABLE, ERROR)

# Missing value of `code`: the post cannot be coded. It is not a code.
NA = "NA"


class Row(NamedTuple):
    """One row of any table, with the line of its source (1 = first line of the file)."""

    line: int
    values: dict[str, Any]


@dataclass(slots=True)
class Post:
    """One post: title and text as published by one account at one time.

    `reply` is the official answer to a citizen's message; message and answer are one unit.
    `extra` holds the user's own columns. Nothing here is cleaned: coders clean for themselves.
    """

    post_id: str
    text: str = ""
    title: str = ""
    account: str = ""
    platform: str = ""
    published_at: str = ""
    reply: str = ""
    url: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def row(self, columns: Iterable[str]) -> dict[str, Any]:
        """Return the post as a row with the given columns (own columns come from `extra`)."""
        extra = self.extra
        return {c: getattr(self, c) if c in _POST_FIELDS else extra.get(c, "") for c in columns}


_POST_FIELDS = frozenset(POST_COLUMNS)


class Evidence(NamedTuple):
    """One reason for or against a code: a term (word, expression), its weight, and where it stood."""

    code: str
    term: str
    weight: float
    where: str = ""


@dataclass(slots=True)
class Coding:
    """One decision: this coder gave this post this code.

    `code` is a code id or `NA`; `probabilities` (one per code, in codebook order, summing to 1) is
    empty for coders that have none. `sure` is None where the coder does not say.
    """

    post_id: str
    coder: str
    code: str
    secondary: str = ""
    form: str = ""
    sure: bool | None = None
    note: str = ""
    codebook: str = ""
    coded_at: str = ""
    status: str = CODED
    probabilities: tuple[float, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    stratum: str = ""
    inclusion_prob: float | None = None


@dataclass(slots=True)
class Excluded:
    """A row that was left out, with the reason (a slug), a sentence of detail, and the row itself."""

    source: str
    line: int
    reason: str
    detail: str = ""
    row: Mapping[str, Any] | str = ""


class RowCount:
    """Count what passes: rows read, kept, and excluded by reason."""

    def __init__(self) -> None:
        self.read = 0
        self.kept = 0
        self.excluded: dict[str, int] = {}

    def exclude(self, reason: str) -> None:
        """Count one excluded row."""
        self.read += 1
        self.excluded[reason] = self.excluded.get(reason, 0) + 1

    def keep(self, number: int = 1) -> None:
        """Count rows that were kept."""
        self.read += number
        self.kept += number

    def watch(self, items: Iterable[Post | Excluded]) -> Iterator[Post | Excluded]:
        """Pass items through, counting them."""
        for item in items:
            if isinstance(item, Excluded):
                self.exclude(item.reason)
            else:
                self.read += 1
                self.kept += 1
            yield item
