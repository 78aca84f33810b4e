"""Sums over units from which every coefficient follows.

Each coefficient is a function of a few sums over units. Keeping the sums apart from the formulas lets a
bootstrap of any size be one matrix product, and turns "one code versus the rest" into adding up cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from govcode.metrics.ratings import Floats, Ints, Ratings, count_values, patterns


@dataclass(frozen=True)
class Tallies:
    """Sums over units; any leading axes are bootstrap draws. q = size of the domain.

    `rated`, `pairable`: units with at least one, two codings. `shares` (q): Σ r_ik / r_i over rated
    units. `agreements` (q × q): Σ r_ik (r_il - δ_kl) / (r_i (r_i - 1)) over pairable units, each unit
    weighing one. `coincidences` (q × q): the same over (r_i - 1), each unit weighing r_i: Krippendorff's
    matrix. `confusions` (pairs × q × q): contingency table of each pair of coders, first coder in rows.
    `decisions` (pairs × 2): codings of each coder of the pair on pairable units.
    """

    rated: Floats
    pairable: Floats
    shares: Floats
    agreements: Floats
    coincidences: Floats
    confusions: Floats
    decisions: Floats

    @property
    def size(self) -> int:
        """Return q, the number of values in the scheme."""
        return int(self.shares.shape[-1])

    @property
    def used(self) -> int:
        """Return how many values occur on pairable units."""
        return int(np.count_nonzero(self.coincidences.sum(axis=-1)))

    @property
    def pairs(self) -> int:
        """Return the number of pairs of coders; 0 where only counts per unit are known."""
        return int(self.confusions.shape[-3])

    def versus_rest(self, index: int) -> Tallies:
        """Return the tallies of one value against all the others (q = 2, the value first)."""
        return Tallies(
            self.rated, self.pairable, _fold(self.shares, index), _fold2(self.agreements, index),
            _fold2(self.coincidences, index), _fold2(self.confusions, index), self.decisions,
        )  # fmt: skip


def _fold(array: Floats, index: int) -> Floats:
    one = array[..., index]
    return np.stack([one, array.sum(axis=-1) - one], axis=-1)


def _fold2(array: Floats, index: int) -> Floats:
    rows = np.stack([array[..., index, :], array.sum(axis=-2) - array[..., index, :]], axis=-2)
    return np.stack([rows[..., index], rows.sum(axis=-1) - rows[..., index]], axis=-1)


def tally(ratings: Ratings, weights: Floats | None = None) -> Tallies:
    """Return the tallies of all units; `weights` (per unit) default to one."""
    rows, inverse = patterns(ratings.values, len(ratings.domain))
    totals = np.bincount(inverse, weights=weights, minlength=len(rows)).astype(float)
    size, coders = len(ratings.domain), ratings.values.shape[1]
    return unpack(totals @ pattern_sums(rows, size), size, coders)


def tally_counts(counts: Ints) -> Tallies:
    """Return the tallies of counts per unit and value (units × q), where nobody knows who coded what."""
    return unpack(_count_sums(np.asarray(counts)).sum(axis=0), counts.shape[1], 1)


def pattern_sums(rows: Ints, size: int) -> Floats:
    """Return what one unit of each pattern adds to the tallies, as one flat row each."""
    counts = count_values(rows, size)
    pairable = counts.sum(axis=1) >= 2
    confusions, decisions = [], []
    for first, second in combinations(range(rows.shape[1]), 2):
        left, right = rows[:, first], rows[:, second]
        both = np.flatnonzero((left >= 0) & (right >= 0))
        table = np.zeros((len(rows), size * size))
        table[both, left[both] * size + right[both]] = 1
        confusions.append(table)
        decisions.append(np.column_stack([(left >= 0) & pairable, (right >= 0) & pairable]).astype(float))
    return np.hstack([_count_sums(counts), *confusions, *decisions])


def _count_sums(counts: Ints) -> Floats:
    units, size = counts.shape
    total = counts.sum(axis=1)
    pairable = total >= 2
    shares = counts / np.maximum(total, 1)[:, None]
    products = counts[:, :, None] * counts[:, None, :]
    diagonal = np.arange(size)
    products[:, diagonal, diagonal] -= counts
    coincidences = products / np.maximum(total - 1, 1)[:, None, None]
    agreements = coincidences / np.maximum(total, 1)[:, None, None]
    heads, square = np.column_stack([total >= 1, pairable]), size * size
    return np.hstack(
        [heads, shares, agreements.reshape(units, square), coincidences.reshape(units, square)], dtype=float
    )


def unpack(flat: Floats, size: int, coders: int) -> Tallies:
    """Return flat sums (… × S) as tallies."""
    pairs, square = coders * (coders - 1) // 2, size * size
    head = flat.shape[:-1]
    cuts = np.cumsum([1, 1, size, square, square, pairs * square])
    rated, pairable, shares, agreements, coincidences, confusions, decisions = np.split(flat, cuts, axis=-1)
    return Tallies(
        rated[..., 0], pairable[..., 0], shares, agreements.reshape(*head, size, size),
        coincidences.reshape(*head, size, size), confusions.reshape(*head, pairs, size, size),
        decisions.reshape(*head, pairs, 2),
    )  # fmt: skip
