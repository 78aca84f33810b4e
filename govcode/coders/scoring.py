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

# Weights are whole numbers up to this size: sums over two thousand features stay exact in float32.
LARGEST_WEIGHT = 8191
MOST_FEATURES = 2000

Floats = NDArray[np.float64]


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
