"""The columns of a coded table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
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
    def _reading(self) -> tuple[Callable[[Post], tuple[Any, ...]], tuple[str, ...], bool]:
        """Return how to read the known columns of a post, their names here, and whether there are others."""
        known = [(old, new) for old, new in self.own if old in POST_COLUMNS]
        fields = (*(old for old, _ in known), "post_id", "post_id")  # so that it always gives a tuple
        getter = attrgetter(*fields)
        names = tuple(new for _, new in known)
        return getter, names, len(known) < len(self.own)

    @cached_property
    def _no_shares(self) -> tuple[str, ...]:
        return ("",) * len(self.codes)

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
        known, names, others = self._reading
        own = known(post)[:-2]
        if others:
            extra, row = post.extra, dict(zip(names, own, strict=True))
            own = tuple(row[new] if new in row else extra.get(old, "") for old, new in self.own)
        shares = coding.probabilities or self._no_shares
        reasons = (evidence_text(coding.evidence),) if self.explain else ()
        values = (
            *own, coding.code, coding.secondary, coding.form, *shares, coding.status, *reasons, coding.coder,
        )  # fmt: skip
        return dict(zip(self.columns, values, strict=True))


def evidence_text(evidence: Iterable[Evidence]) -> str:
    """Return the reasons in one cell: `征求意见 +1.20 (title); 草案 +0.80`."""
    return "; ".join(f"{e.term} {e.weight:+.2f}" + (f" ({e.where})" if e.where else "") for e in evidence)
