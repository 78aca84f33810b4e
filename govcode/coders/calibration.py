"""Scores to probabilities that mean what they say.

Temperature scaling (Guo et al. 2017): p = softmax(scale * score), with one scale (the inverse of the
temperature) fitted by maximum likelihood on scores of posts that the model had not seen. The order of
the codes never changes. (Shifts per code were tried: they fit the accounts at hand and hurt the others.)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIGITS = 6
_ONE = 10.0**DIGITS
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

    def probabilities(self, scores: Matrix) -> Matrix:
        """Return probabilities of six digits that sum to one, of the shape of the scores."""
        values = self.scale * scores
        values -= values.max(axis=1, initial=-inf, keepdims=True)
        # Python's exp, and one column after the other: numpy's own differ from machine to machine
        parts: Matrix = np.array(list(map(exp, values.ravel().tolist()))).reshape(scores.shape)
        total = parts[:, 0].copy()
        for column in range(1, parts.shape[1]):
            total += parts[:, column]
        return _summing_to_one(parts, np.rint(parts / total[:, None] * _ONE))


def _summing_to_one(parts: Matrix, millionths: Matrix) -> Matrix:
    """Give what rounding lost to the largest, take what it added from the smallest: the order stays."""
    rest = _ONE - millionths.sum(axis=1)
    more, less = np.flatnonzero(rest > 0), np.flatnonzero(rest < 0)
    millionths[more, parts[more].argmax(axis=1)] += rest[more]
    able = np.where(millionths[less] >= -rest[less, None], parts[less], inf)
    millionths[less, parts.shape[1] - 1 - able[:, ::-1].argmin(axis=1)] += rest[less]
    return millionths / _ONE


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
