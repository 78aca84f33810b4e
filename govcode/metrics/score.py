"""The score interval for a mean whose possible values are known: Wilson's and Tango's as special cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.intervals import normal_quantile

Floats = NDArray[np.float64]
STEPS = 44
ROUNDS, PLACES = 4, 66
"""How often `reach_above` looks, and at how many places of the path at once."""


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
    high = upper_bound(counts, values, level, careful)
    return -upper_bound(counts, -values, level, careful), high


def upper_bound(
    counts: Floats, values: Floats, level: float, careful: bool | NDArray[np.bool_] = False
) -> Floats:
    """Return the largest mean that is not rejected, as `score_interval` does."""
    path, z = _Path.of(counts, values), np.asarray(normal_quantile(level))
    with np.errstate(invalid="ignore", divide="ignore"):
        bound = path.mean + path.moments(path.end(z, careful))[0]
    return np.where(path.number > 0, bound, np.nan)


def reach_above(counts: Floats, values: Floats, z: float) -> float:
    """Return by how much the careful `upper_bound` of one variable (m,) at z lies above its mean."""
    path = _Path.of(counts, values)
    inside, outside = 0.0, 2.0
    with np.errstate(invalid="ignore", divide="ignore"):
        for _ in range(ROUNDS):
            places = np.linspace(inside, outside, PLACES)
            lost = np.flatnonzero(~path.keeps(places[1:-1], np.asarray(z), True))
            first = int(lost[0]) + 1 if len(lost) else PLACES - 1
            inside, outside = float(places[first - 1]), float(places[first])
        return float(path.moments(np.asarray(outside))[0])


def shares_at_bound(
    counts: Floats, values: Floats, level: float, careful: bool | NDArray[np.bool_] = False
) -> Floats:
    """Return the likeliest shares of the values (..., m) where their mean is the `upper_bound`."""
    path, z = _Path.of(counts, values), np.asarray(normal_quantile(level))
    with np.errstate(invalid="ignore", divide="ignore"):
        weights, extra = path.weights(path.end(z, careful))
    out = weights.copy()
    largest = path.gaps.argmax(-1)[..., None]
    np.put_along_axis(out, largest, np.take_along_axis(out, largest, -1) + extra[..., None], -1)
    return out


@dataclass(frozen=True, slots=True)
class _Path:
    """The likeliest distributions on the values, by their mean, from the observed one to the largest value.

    With a mean above the observed one weights are p_j / (1 - t (v_j - mean)), made to sum to 1; t runs from 0
    to 1/(max - mean). What lies beyond has the weights of the largest t, and the rest on the largest value,
    met or not. So one bisection over the path finds the bound. Places 0 to 1 are t·(max - mean); from 1 to 2
    the largest value takes the share place - 1.
    """

    number: Floats
    shares: Floats
    mean: Floats
    gaps: Floats
    top: Floats

    @classmethod
    def of(cls, counts: Floats, values: Floats) -> _Path:
        number = counts.sum(-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = counts / number[..., None]
            mean = (shares * values).sum(-1)
        gaps = values - mean[..., None]
        return cls(number, shares, mean, gaps, np.maximum(gaps.max(-1), 1e-300))

    def weights(self, place: Floats) -> tuple[Floats, Floats]:
        """Return the weights of the values at a place, and what the largest one has besides."""
        tilt = np.minimum(place, 1.0)[..., None] / self.top[..., None]
        weights = np.where(self.shares > 0, self.shares / np.maximum(1 - tilt * self.gaps, 1e-15), 0.0)
        weights *= (np.minimum(2 - place, 1.0) / weights.sum(-1))[..., None]
        return weights, np.maximum(place - 1.0, 0.0)

    def moments(self, place: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the mean above the observed one and the second and third central moments at a place."""
        weights, extra = self.weights(place)
        middle = (weights * self.gaps).sum(-1) + extra * self.top
        apart, far = self.gaps - middle[..., None], self.top - middle
        second = (weights * apart**2).sum(-1) + extra * far**2
        return middle, second, (weights * apart**3).sum(-1) + extra * far**3

    def keeps(self, place: Floats, z: Floats, careful: bool | NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell if the mean at a place is not rejected."""
        middle, spread, skew = self.moments(place)
        lean = np.where(spread > 0, np.maximum(-skew / spread, 0), 0.0)
        reach = z * np.sqrt(spread / self.number) + careful * lean * (z * z - 1) / (6 * self.number)
        return np.asarray(middle <= reach + 1e-15)

    def end(self, z: Floats, careful: bool | NDArray[np.bool_]) -> Floats:
        """Return the last place that is not rejected."""
        inside, outside = np.zeros_like(self.mean), np.full_like(self.mean, 2.0)
        for _ in range(STEPS):
            half = (inside + outside) / 2
            kept = self.keeps(half, z, careful)
            inside, outside = np.where(kept, half, inside), np.where(kept, outside, half)
        return outside
