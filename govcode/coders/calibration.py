"""Scores to probabilities that mean what they say.

Vector scaling (Guo et al. 2017): p = softmax(a * score + b) with one scale `a` (its inverse is the
temperature) and one shift per code, fitted by maximum likelihood on scores of posts that the model
had not seen.
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
    """One scale and a shift per code (in codebook order)."""

    scale: float
    shifts: tuple[float, ...]

    @classmethod
    def from_card(cls, values: dict[str, Any]) -> Calibration:
        """Return the calibration that a card holds."""
        return cls(float(values["scale"]), tuple(float(shift) for shift in values["shifts"]))

    def to_card(self) -> dict[str, Any]:
        """Return the calibration as a card holds it."""
        return {"method": "vector scaling", "scale": self.scale, "shifts": list(self.shifts)}

    def probabilities(self, scores: Matrix) -> list[list[float]]:
        """Return probabilities of six digits that sum to one, one list a row of scores."""
        return [self._row(row) for row in scores.tolist()]

    def _row(self, scores: list[float]) -> list[float]:
        values = [self.scale * score + shift for score, shift in zip(scores, self.shifts, strict=True)]
        top = max(values)
        parts = [exp(value - top) for value in values]
        total = sum(parts)
        rounded = [round(part / total, DIGITS) for part in parts]
        best = max(range(len(rounded)), key=rounded.__getitem__)
        rounded[best] = round(rounded[best] + 1.0 - sum(rounded), DIGITS)
        return rounded


def fit_calibration(scores: Matrix, gold: NDArray[np.int64], weights: Matrix | None = None) -> Calibration:
    """Fit scale and shifts on scores of shape (posts, codes) that the model gave to unseen posts.

    `gold` holds code numbers; `weights` count posts (default one each). The shifts sum to zero. A small
    ridge on the shifts keeps codes with few posts in place.
    """
    from scipy.optimize import minimize

    count, codes = scores.shape
    weight = np.ones(count) if weights is None else weights
    target = np.zeros((count, codes))
    target[np.arange(count), gold] = 1.0

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        scale, shifts = parameters[0], parameters[1:]
        values = scale * scores + shifts
        values -= values.max(axis=1, keepdims=True)
        parts = np.exp(values)
        total = parts.sum(axis=1, keepdims=True)
        chosen = (values * target).sum(axis=1) - np.log(total[:, 0])
        error = (parts / total - target) * weight[:, None]
        gradient = np.concatenate([[(error * scores).sum()], error.sum(axis=0) + shifts])
        return float(-(weight * chosen).sum() + 0.5 * (shifts**2).sum()), gradient

    start = np.concatenate([[1.0], np.zeros(codes)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(1e-3, 1e3)] + [(None, None)] * codes)
    shifts = found.x[1:] - found.x[1:].mean()
    return Calibration(round(float(found.x[0]), 6), tuple(round(float(shift), 6) for shift in shifts))
