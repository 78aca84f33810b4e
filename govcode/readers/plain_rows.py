"""The short way for rows of codings that hold nothing new: a million repeat a few hundred decisions."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from operator import itemgetter
from typing import Any

from govcode.readers.layout import Layout
from govcode.records import Coding

REPEATED = ("coder", "code", "secondary", "form", "sure", "codebook", "stratum", "inclusion_prob")
OWN = ("note", "coded_at")
MOST = 100_000
"""Decisions remembered; beyond it rows take the long way."""

Decision = tuple[Any, ...]
_AFTER_POST = tuple(field.name for field in fields(Coding))[1:]
_NOTE, _CODED_AT = map(_AFTER_POST.index, OWN)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*").fullmatch


@contextmanager
def no_collection() -> Iterator[None]:
    """Spare the collector millions of records that all stay."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


class PlainRows:
    """Remember what rows meant that needed no mending, and read the same decision again without checking.

    For tables with one row a coding and without the `check` column of sheets. A row takes the long way when
    its id might need mending or its decision was not met before.
    """

    def __init__(self, layout: Layout) -> None:
        where = layout.where
        self.post = where["post_id"]
        repeated = [where[name] for name in REPEATED if where[name]]
        self.key: Callable[[Mapping[str, Any]], Any] = itemgetter(*repeated)
        self.note, self.coded_at = (where[name] for name in OWN)
        self.bare = not self.note and not self.coded_at
        self.known: dict[Any, Decision] = {}

    @classmethod
    def of(cls, layout: Layout, columns: Sequence[str], *, keep: bool) -> PlainRows | None:
        """Return the short way through this table, or None where rows have to be looked at one by one."""
        return None if layout.wide or keep or "check" in columns else cls(layout)

    def coding(self, values: Mapping[str, Any]) -> Coding | None:
        """Return the coding of a row, or None where the row has to take the long way."""
        post_id = values[self.post]
        if type(post_id) is not str or not (post_id.isdigit() or _NAME(post_id)):
            return None
        decision = self.known.get(self.key(values))
        if decision is None:
            return None
        if self.bare:
            return Coding(post_id, *decision)
        note = (values[self.note] or "") if self.note else ""
        coded_at = (values[self.coded_at] or "") if self.coded_at else ""
        if type(note) is not str or type(coded_at) is not str:
            return None
        parts = list(decision)
        parts[_NOTE], parts[_CODED_AT] = note.strip(), coded_at.strip()
        return Coding(post_id, *parts)

    def learn(self, values: Mapping[str, Any], coding: Coding) -> None:
        """Remember a decision that was read the long way without anything to tell."""
        if len(self.known) < MOST:
            parts = replace(coding, note="", coded_at="")
            self.known[self.key(values)] = tuple(getattr(parts, name) for name in _AFTER_POST)
