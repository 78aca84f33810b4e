"""The columns of a coded table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import Any

from govcode.records import POST_COLUMNS, Coding, Evidence, Post

ADDED = ("code", "secondary", "form")  # then p_<code> …, status, [evidence], coder
RENAMED = "input_"


@dataclass(frozen=True)
class Layout:
    """The columns of a coded table, and how a post and its coding become one row."""

    columns: tuple[str, ...]
    own: tuple[tuple[str, str], ...]  # (column of the post, name in the output)
    codes: tuple[str, ...]
    explain: bool
    notes: tuple[str, ...] = ()

    @cached_property
    def _own(self) -> Callable[[Post], tuple[Any, ...]]:
        """Return what reads the columns of a post in order."""
        known = [old for old, _ in self.own if old in POST_COLUMNS]
        others = [old for old, _ in self.own if old not in POST_COLUMNS]
        if len(known) > 1 and not others:
            return attrgetter(*known)
        read = attrgetter(*known, "post_id", "post_id")  # two more, so that it always gives a tuple
        if not others:
            return lambda post: read(post)[:-2]
        found = [*known, "", "", *others]
        in_order = itemgetter(*(found.index(old) for old, _ in self.own), 0)
        return lambda post: in_order((*read(post), *map(post.extra.get, others, repeat(""))))[:-1]

    def __reduce__(self) -> tuple[type[Layout], tuple[Any, ...]]:
        """Travel to other processes without what reads posts."""
        return Layout, (self.columns, self.own, self.codes, self.explain, self.notes)

    @classmethod
    def of(cls, post_columns: Sequence[str], codes: Sequence[str], *, explain: bool) -> Layout:
        """Lay out the user's columns, then ours; a user's column of the same name is renamed."""
        added = (
            *ADDED, *(f"p_{code}" for code in codes), "status", *(["evidence"] if explain else []), "coder",
        )  # fmt: skip
        taken = set(post_columns)
        own = []
        for column in post_columns:
            name = column
            while name in added or (name != column and name in taken):
                name = RENAMED + name
            own.append((column, name))
        notes = tuple(f"your column '{old}' is kept as '{new}'" for old, new in own if old != new)
        return cls((*(new for _, new in own), *added), tuple(own), tuple(codes), explain, notes)

    def row(self, post: Post, coding: Coding) -> dict[str, Any]:
        """Return one output row."""
        return dict(zip(self.columns, self.values(post, coding), strict=True))

    @cached_property
    def values(self) -> Callable[[Post, Coding], tuple[Any, ...]]:
        """What returns the values of one output row, in the order of `columns`."""
        own, no_shares, explain = self._own, ("",) * len(self.codes), self.explain

        def values(post: Post, coding: Coding) -> tuple[Any, ...]:
            shares = coding.probabilities or no_shares
            added = (coding.code, coding.secondary, coding.form, *shares)
            if explain:
                return (*own(post), *added, coding.status, evidence_text(coding.evidence), coding.coder)
            return (*own(post), *added, coding.status, coding.coder)

        return values


def evidence_text(evidence: Iterable[Evidence]) -> str:
    """Return the reasons in one cell: `征求意见 +1.20 (title); 草案 +0.80`."""
    return "; ".join(f"{e.term} {e.weight:+.2f}" + (f" ({e.where})" if e.where else "") for e in evidence)
