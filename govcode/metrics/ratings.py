"""Who gave which unit which value, as one array: the reliability data of Krippendorff."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MISSING = -1


@dataclass(frozen=True)
class Ratings:
    """Units × coders, each cell an index into `domain` or MISSING (-1).

    `domain` is the whole scheme, also the values nobody used: AC1 and Brennan-Prediger depend on its size.
    """

    values: Ints
    domain: tuple[Hashable, ...]
    coders: tuple[str, ...] = ()

    @property
    def counts(self) -> Ints:
        """Codings per unit and value: units × len(domain)."""
        return count_values(self.values, len(self.domain))

    def pair(self, first: int, second: int) -> Ratings:
        """Return the ratings of two coders only."""
        coders = tuple(self.coders[i] for i in (first, second)) if self.coders else ()
        return Ratings(self.values[:, [first, second]], self.domain, coders)


def ratings_from_rows(
    rows: Sequence[Sequence[Hashable | None]], domain: Sequence[Hashable] | None = None
) -> Ratings:
    """Build ratings from one sequence per coder (None = missing), each as long as there are units.

    Without `domain` the sorted values in use are the domain. Raises KeyError for a value outside it.
    """
    used = {value for row in rows for value in row if value is not None}
    values = tuple(domain) if domain is not None else tuple(sorted(used, key=str))
    index: dict[Hashable | None, int] = {value: i for i, value in enumerate(values)}
    index[None] = MISSING
    array = np.array([[index[value] for value in row] for row in rows], dtype=np.int64)
    return Ratings(array.T if array.size else array.reshape(0, len(rows)), values)


def ratings_from_table(table: Sequence[Sequence[int]]) -> Ratings:
    """Build the ratings of two coders from their contingency table (rows: first coder)."""
    cells = np.asarray(table, dtype=np.int64)
    first, second = np.divmod(np.repeat(np.arange(cells.size), cells.ravel()), cells.shape[1])
    return Ratings(np.column_stack([first, second]), tuple(range(cells.shape[0])))


def count_values(values: Ints, size: int) -> Ints:
    """Count how many coders gave each unit each value: units × size."""
    counts = np.zeros((len(values), size), dtype=np.int64)
    for column in values.T:
        rated = column >= 0
        counts[np.flatnonzero(rated), column[rated]] += 1
    return counts


def patterns(values: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the distinct rows of `values` (patterns × coders) and, per unit, which row it has.

    Everything below works on patterns: two coders and five codes make at most 36 of them, however
    many units there are.
    """
    coders = values.shape[1]
    if (size + 1) ** coders < 2**62:
        powers = (size + 1) ** np.arange(coders, dtype=np.int64)
        keys = (values + 1) @ powers
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        return values[first], inverse.astype(np.int64)
    rows, inverse = np.unique(values, axis=0, return_inverse=True)
    return rows, inverse.ravel().astype(np.int64)
