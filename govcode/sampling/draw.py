"""The frame that is drawn from, and what a draw is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from govcode.errors import UsageError, choices

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """The posts that may be drawn: ids, the columns a design reads, and machine probabilities.

    `probabilities` (posts × codes) is empty where the posts were not classified.
    """

    ids: Sequence[str]
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    probabilities: Floats = field(default_factory=lambda: np.empty((0, 0)))

    def __len__(self) -> int:
        return len(self.ids)

    def column(self, name: str) -> Sequence[str]:
        """Return a column; raise UsageError naming those there are."""
        if name not in self.columns:
            raise UsageError(
                f"The posts have no column '{name}'.", hint=f"Columns: {choices(self.columns) or 'none'}."
            )
        return self.columns[name]

    def labels(self, names: Sequence[str]) -> tuple[list[str], Ints]:
        """Return the strata that these columns make (`a | b`), sorted, and each post's stratum."""
        columns = [self.column(name) for name in names]
        joined = [" | ".join(values) for values in zip(*columns, strict=True)]
        labels, index = np.unique(np.array(joined, dtype=object).astype(str), return_inverse=True)
        return labels.tolist(), index.astype(np.int64)


@dataclass(frozen=True)
class Draw:
    """The drawn posts (positions in the frame, ascending) with stratum, cluster and probability of each.

    `design` records how it was drawn: enough to compute estimates and their variance.
    """

    chosen: Ints
    probability: Floats
    stratum: tuple[str, ...]
    cluster: tuple[str, ...]
    design: Mapping[str, Any]
    notes: tuple[str, ...] = ()


def check_size(size: int, number: int) -> None:
    """Raise UsageError for a size that cannot be drawn from `number` posts."""
    if size < 1:
        raise UsageError(
            f"A sample of {size} posts is none.", hint="Give --size, or let --for-margin find it."
        )
    if size > number:
        raise UsageError(f"Cannot draw {size} posts from {number}.", hint=f"Give --size of at most {number}.")
