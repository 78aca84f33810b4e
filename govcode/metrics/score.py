"""The score interval for a mean whose possible values are known: Wilson's and Tango's as special cases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.intervals import normal_quantile

Floats = NDArray[np.float64]
STEPS = 44


def score_interval(
    counts: Floats, support: Floats, *, level: float = 0.95, careful: bool | NDArray[np.bool_] = False
) -> tuple[Floats, Floats]:
    """Return (low, high) for the mean of a variable with values `support` met `counts` times, (..., m).

    Definition: all means μ with |mean - μ| <= z·√(V(μ)/n), V(μ) the variance under the most likely
    distribution on the support that has mean μ. A value of the support that was never met can still carry
    weight, so that no errors among n posts do not mean an error rate of exactly 0. With support (0, 1) it is
    Wilson's interval (1927), with (-1, 0, 1) Tango's for paired shares (1998). Counts may be fractional
    (effective numbers); no posts give NaN.

    `careful` moves a bound outwards by the skewness of the mean, (z² - 1)/6 · μ₃/(n V) (Gart & Nam 1988; Laud
    2017), never inwards: for a handful of rare values the plain interval covers too little.
    """
    counts = np.asarray(counts, dtype=np.float64)
    values = np.broadcast_to(np.asarray(support, dtype=np.float64), counts.shape)
    high = _upper(counts, values, level, careful)
    return -_upper(counts, -values, level, careful), high


def _upper(counts: Floats, values: Floats, level: float, careful: bool | NDArray[np.bool_]) -> Floats:
    """Return the largest mean that is not rejected."""
    number, z = counts.sum(-1), normal_quantile(level)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (counts * values).sum(-1) / number
        largest = values.max(-1)
        inside, outside = mean.copy(), largest.copy()
        for _ in range(STEPS):
            middle = (inside + outside) / 2
            spread, skew = _moments(counts, values, middle)
            reach = z * np.sqrt(spread / number)
            reach += careful * np.maximum(-skew / spread, 0) * (z * z - 1) / (6 * number)
            fits = middle - mean <= reach
            inside, outside = np.where(fits, middle, inside), np.where(fits, outside, middle)
    return np.where(number > 0, outside, np.nan)


def _moments(counts: Floats, values: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """Return second and third moments of the likeliest distribution with this mean (above the observed).

    Weights are q_j = n_j / (n (1 - s d_j / d_max)), d = value - mean, with s in [0, 1] such that Σ q_j d_j
    = 0; where even s = 1 falls short, the largest value takes the rest although it was never met.
    """
    distance = values - mean[..., None]
    reach = np.maximum(distance.max(-1), 1e-300)
    shares = counts / counts.sum(-1, keepdims=True)
    scaled = distance / reach[..., None]
    low, high = np.zeros_like(mean), np.ones_like(mean)
    for _ in range(STEPS):
        s = (low + high) / 2
        weights = shares / (1 - s[..., None] * scaled)
        short = (weights * distance).sum(-1) < 0
        low, high = np.where(short, s, low), np.where(short, high, s)
    weights = np.where(shares > 0, shares / np.maximum(1 - low[..., None] * scaled, 1e-15), 0.0)
    lacking = np.maximum(-(weights * distance).sum(-1), 0.0)
    second = (weights * distance**2).sum(-1) + lacking * reach
    return second, (weights * distance**3).sum(-1) + lacking * reach**2
