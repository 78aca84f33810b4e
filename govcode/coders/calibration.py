"""Scores to probabilities that mean what they say.

Temperature scaling (Guo et al. 2017): p = softmax(scale * score), with one scale (the inverse of the
temperature) fitted by maximum likelihood on scores of posts that the model had not seen. The order of
the codes never changes. (Shifts per code were tried: they fit the accounts at hand and hurt the others.)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIGITS = 6
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """One scale for all codes."""

    scale: float

    @classmethod
    def from_card(cls, values: dict[str, Any]) -> Calibration:
        """Return the calibration that a card holds."""
        return cls(float(values["scale"]))

    def to_card(self) -> dict[str, Any]:
        """Return the calibration as a card holds it."""
        return {"method": "temperature scaling", "scale": self.scale}

    def probabilities(self, scores: Matrix) -> list[list[float]]:
        """Return probabilities of six digits that sum to one, one list a row of scores."""
        return [self._row(row) for row in scores.tolist()]

    def _row(self, scores: list[float]) -> list[float]:
        values = [self.scale * score for score in scores]
        top = max(values)
        parts = [exp(value - top) for value in values]
        total = sum(parts)
        rounded = [round(part / total, DIGITS) for part in parts]
        rest = round(1.0 - sum(rounded), DIGITS)
        # what rounding lost goes to the largest, what it added comes from the smallest: the order stays
        if rest > 0:
            place = max(range(len(parts)), key=parts.__getitem__)
        else:
            place = min((i for i, p in enumerate(rounded) if p >= -rest), key=lambda i: (parts[i], -i))
        rounded[place] = round(rounded[place] + rest, DIGITS)
        return rounded


def fit_calibration(scores: Matrix, gold: NDArray[np.int64]) -> Calibration:
    """Fit the scale on scores of shape (posts, codes) that the model gave to unseen posts.

    `gold` holds code numbers. Minimises the negative log-likelihood over log(scale) in [-5, 5].
    """
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(gold))

    def loss(log_scale: float) -> float:
        values = np.exp(log_scale) * scores
        values -= values.max(axis=1, keepdims=True)
        return float((np.log(np.exp(values).sum(axis=1)) - values[rows, gold]).sum())

    found = minimize_scalar(loss, bounds=(-5.0, 5.0), method="bounded", options={"xatol": 1e-6})
    return Calibration(round(float(np.exp(found.x)), 6))
