"""Two time series: who goes first, with their own memory taken out; and two networks, by permutation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_ORDER = 8
PERMUTATIONS = 4_999
SEED = 20190201


@dataclass(frozen=True, slots=True)
class CrossCorrelation:
    """Correlations of two pre-whitened series by lag; positive lags: the first goes before the second.

    `order` of the autoregression taken out of both, `n` periods left, `bound` beyond which a correlation is
    unlikely (5%) if there is none.
    """

    order: int
    n: int
    lags: tuple[tuple[int, float], ...]
    bound: float

    @property
    def peak(self) -> tuple[int, float]:
        """Return the lag with the largest correlation in size, and that correlation."""
        return max(self.lags, key=lambda item: abs(item[1]))


@dataclass(frozen=True, slots=True)
class Association:
    """The correlation of two networks over the pairs of their nodes, with its permutation p."""

    r: float
    p: float
    pairs: int
    permutations: int


def autoregression(x: Sequence[float], most: int = MOST_ORDER) -> Floats:
    """Return the coefficients of the autoregression (mean removed) whose order 0 … `most` has least BIC.

    Least squares on the same periods for every order; BIC = n ln(RSS / n) + p ln n (Schwarz 1978).
    """
    values = np.asarray(x, dtype=np.float64) - np.mean(x)
    most = max(0, min(most, len(values) // 4))
    target = values[most:]
    best: Floats = np.empty(0)
    least = np.inf
    for order in range(most + 1):
        past = _past(values, order, most)
        found: Floats = np.empty(0)
        if order:
            found = np.asarray(np.linalg.lstsq(past, target, rcond=None)[0], dtype=np.float64)
        residual = float(((target - past @ found) ** 2).sum()) if order else float((target**2).sum())
        score = len(target) * log(max(residual, 1e-300) / len(target)) + order * log(len(target))
        if score < least - 1e-9:
            best, least = found, score
    return best


def prewhitened(x: Sequence[float], y: Sequence[float], *, most_lag: int = 6) -> CrossCorrelation | None:
    """Correlate two series after taking the memory of the first out of both (Box & Jenkins 1970).

    The autoregression of x is fitted, both series are filtered with it, and r(k) = corr(x_t, y_{t+k}) is
    taken for k = -most_lag … most_lag; bound 1.96 / sqrt(n). None where a filtered series never varies. Not
    causal: one event may move both.
    """
    filter_ = autoregression(x)
    a, b = _filtered(x, filter_), _filtered(y, filter_)
    a, b = a - a.mean(), b - b.mean()
    scale = sqrt(float(a @ a) * float(b @ b))
    if scale < 1e-12:
        return None
    n = len(a)
    lags = range(-min(most_lag, n - 2), min(most_lag, n - 2) + 1)
    found = tuple(
        (k, float(a[max(0, -k) : n - max(0, k)] @ b[max(0, k) : n - max(0, -k)]) / scale) for k in lags
    )
    return CrossCorrelation(len(filter_), n, found, 1.96 / sqrt(n))


def network_association(
    a: NDArray[np.float64], b: NDArray[np.float64], *, permutations: int = PERMUTATIONS, seed: int = SEED
) -> Association | None:
    """Correlate two symmetric networks of the same nodes by QAP (Krackhardt 1988).

    r is Pearson's over the pairs of nodes; p = (1 + number of permutations of the nodes of `b` with |r*| >=
    |r|) / (1 + permutations). None with under four nodes, or where a network has no variation.
    """
    nodes = len(a)
    above = np.triu_indices(nodes, 1)
    x, y = a[above], b[above]
    if nodes < 4 or x.std() < 1e-12 or y.std() < 1e-12:
        return None
    draw = np.random.default_rng(seed)
    r = float(np.corrcoef(x, y)[0, 1])
    more = 0
    for _ in range(permutations):
        order = draw.permutation(nodes)
        more += abs(float(np.corrcoef(x, b[np.ix_(order, order)][above])[0, 1])) >= abs(r) - 1e-12
    return Association(r, (1 + more) / (1 + permutations), len(x), permutations)


def _past(values: Floats, order: int, most: int) -> Floats:
    """Return columns of values 1 … order periods before, for periods from `most` on."""
    return np.column_stack([values[most - k : len(values) - k] for k in range(1, order + 1)] or [np.empty(0)])


def _filtered(x: Sequence[float], coefficients: Floats) -> Floats:
    values = np.asarray(x, dtype=np.float64)
    order = len(coefficients)
    if not order:
        return values
    return np.asarray(values[order:] - _past(values, order, order) @ coefficients)
