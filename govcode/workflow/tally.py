"""What a run that codes posts counts as it goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from govcode.records import Coding

if TYPE_CHECKING:
    from govcode.engines.rendering import Lines


class Tally:
    """Count posts by code and by status."""

    def __init__(self) -> None:
        self._codes: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self.total = 0

    def add(self, coding: Coding) -> None:
        """Count one coding."""
        self._codes[coding.code] += 1
        self._statuses[coding.status] += 1
        self.total += 1

    def add_all(self, lines: Lines) -> None:
        """Count the codings of some lines."""
        self._codes.update(lines.by_code)
        self._statuses.update(lines.by_status)
        self.total += lines.posts

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the counts in a fixed order."""
        return {"code": dict(sorted(self._codes.items())), "status": dict(sorted(self._statuses.items()))}

    def restore(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Take over the counts of an earlier part of the run."""
        self._codes.update(counts.get("code", {}))
        self._statuses.update(counts.get("status", {}))
        self.total = sum(self._codes.values())
