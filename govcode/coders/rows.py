"""Posts given as the numbers of their features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Feature numbers of a batch, row after row, ascending and each once; `starts` has one more entry."""

    numbers: Ints
    starts: Ints

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Rows:
        """Return rows given as lists of feature numbers."""
        starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        return cls(np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(starts[-1])), starts)

    @classmethod
    def joined(cls, first: Rows, second: Rows) -> Rows:
        """Return the rows of two batches as one."""
        starts = np.append(first.starts[:-1], second.starts + len(first.numbers))
        return cls(np.append(first.numbers, second.numbers), starts)

    def sums(self, values: NDArray[Any], kind: type[np.integer[Any]]) -> NDArray[Any]:
        """Return the sums of the features' whole-number values (one or several columns), row by row."""
        filled = np.flatnonzero(np.diff(self.starts))
        found = np.zeros((len(self.starts) - 1, *values.shape[1:]), dtype=kind)
        if len(filled):
            own = values.take(self.numbers, axis=0)
            found[filled] = np.add.reduceat(own, self.starts[filled], axis=0, dtype=kind)
        return found

    def __getitem__(self, row: int) -> list[int]:
        """Return the feature numbers of one row."""
        numbers: list[int] = self.numbers[self.starts[row] : self.starts[row + 1]].tolist()
        return numbers
