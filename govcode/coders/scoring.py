"""From the scores of codes and forms to one score per code.

A post is one of the forms of a code far more clearly than it is of the code at large, so the best form
speaks for its code: total = score of the code + highest score among its forms. (On accounts never seen
this beats codes alone and forms alone: docs/accuracy.md.) A code without forms counts twice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.rows import Rows

# Weights are whole numbers up to this size: sums over two thousand features stay exact in float32, and four
# of them in 16 bits.
LARGEST_WEIGHT = 8191
_GROUP, _SHORT = 16, 4  # features in a group; weights whose sum fits into 16 bits

Floats = NDArray[np.float64]


class WeightTable:
    """Weights and the squares of idf beside them, summed for a batch at once.

    `weights`: whole numbers, shape (terms, columns); `squares`: whole numbers. Features are taken `_GROUP`
    at a time: four weights as they are stored fit into 16 bits, so that most sums are short numbers side by
    side, and only the sums of groups are added row by row.
    """

    def __init__(self, weights: NDArray[np.int16], squares: NDArray[np.int64]) -> None:
        largest = max(-int(weights.min(initial=0)), int(weights.max(initial=0)))
        self._table = weights if largest <= LARGEST_WEIGHT else weights.astype(np.int32)
        self._squares = squares

    def sums(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the sums of the weights, shape (posts, columns), and of the squares, of each row."""
        lengths = np.diff(rows.starts)
        ends = np.cumsum(-(-lengths // _GROUP))
        starts = np.append(0, ends[:-1])[: len(ends)]
        filled = np.flatnonzero(lengths)
        sums = np.zeros((len(lengths), self._table.shape[1]), dtype=np.int64)
        if len(filled):
            groups = np.zeros(int(ends[-1]) * _GROUP, dtype=np.int64)
            shift = np.repeat(starts * _GROUP - rows.starts[:-1], lengths)
            groups[np.arange(len(rows.numbers)) + shift] = rows.numbers
            own = self._of_groups(np.ascontiguousarray(groups.reshape(-1, _GROUP).T))
            sums[filled] = np.add.reduceat(own, starts[filled], axis=0, dtype=np.int64)
            too_often = -lengths % _GROUP  # the first feature fills groups up
            sums -= too_often[:, None] * self._table[0].astype(np.int64)
        return sums, rows.sums(self._squares, np.int64)

    def _of_groups(self, members: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the sums of groups, shape (groups, columns), from their members, shape (_GROUP, groups)."""
        total = np.zeros((members.shape[1], self._table.shape[1]), dtype=np.int32)
        for first in range(0, _GROUP, _SHORT):
            part = self._table.take(members[first], axis=0)
            for nth in range(first + 1, first + _SHORT):
                part += self._table.take(members[nth], axis=0)
            total += part
        return total


class FormSupport:
    """Know which form columns speak for which code."""

    def __init__(self, codebook: Codebook, codes: Sequence[str], forms: Sequence[str]) -> None:
        owner = {form.id: form.code for form in codebook.forms}
        self.forms_of = tuple(
            tuple(place for place, form in enumerate(forms) if owner.get(form) == code) for code in codes
        )
        self._columns = [
            (number, [len(codes) + place for place in own]) for number, own in enumerate(self.forms_of) if own
        ]
        self._size = len(codes)

    def totals(self, scores: Floats) -> Floats:
        """Return (posts, codes) from scores of shape (posts, codes + forms)."""
        totals = 2.0 * scores[:, : self._size]
        for number, columns in self._columns:
            totals[:, number] = scores[:, number] + scores[:, columns].max(axis=1)
        return totals
