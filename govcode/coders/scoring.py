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
from govcode.coders.vectoriser import Rows

# Weights are whole numbers up to this size: sums over two thousand features stay exact in float32.
LARGEST_WEIGHT = 8191
MOST_FEATURES = 2000
_HALF = 32  # bits

Floats = NDArray[np.float64]


class WeightTable:
    """Weights two columns to a number, and the squares of idf beside them: half as many sums for a batch.

    `weights`: whole numbers up to LARGEST_WEIGHT, shape (terms, columns); `squares`: whole numbers.
    """

    def __init__(self, weights: NDArray[np.int16], squares: NDArray[np.int64]) -> None:
        terms, self._columns = weights.shape
        half = (self._columns + 1) // 2
        self._table = np.zeros((terms, half + 1), dtype=np.int64)
        self._table[:, :half] = weights[:, :half]
        self._table[:, : self._columns - half] += weights[:, half:].astype(np.int64) << _HALF
        self._table[:, half] = squares

    def sums(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the sums of the weights, shape (posts, columns), and of the squares, of each row."""
        sums = rows.sums(self._table, np.int64)
        both = sums[:, :-1]
        low = (both << _HALF) >> _HALF
        return np.hstack([low, (both - low) >> _HALF])[:, : self._columns], sums[:, -1]


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
