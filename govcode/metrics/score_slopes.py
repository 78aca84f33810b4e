"""Score intervals for the coefficients of a regression on outcomes that gold corrects."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.intervals import t_p, t_quantile
from govcode.metrics.regression import MOST_ROUNDS, Fit, Outcomes, fitted
from govcode.metrics.score import reach_above

Floats = NDArray[np.float64]

MANY = 5000
"""With more different gold posts no single one matters, and the normal interval serves."""
FAR = 40.0
"""Standard deviations of the line at which an end is said not to exist."""
LARGE = 6.0
"""Beyond this t the reach is taken to grow as t does."""
FINE = 1e-5
"""How near ends are found, as a part of the way there."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Ends of an interval (infinite where there is none), and the t value and p of a coefficient of zero."""

    low: float
    high: float
    t: float
    p: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A value tried for a coefficient: levers and shares by row of the design, and the score."""

    lever: Floats
    shares: Floats
    score: float


class Term:
    """One coefficient of a regression, and what gold says about any value that it could have.

    Definition: the score of the coefficient at a trial value b, the other coefficients fitted with b held,
    is S(b) = Σ a_i (y_i - g_i), a the covariate less what the others explain of it. b is kept while 0 lies
    within the reach of S: for gold a score interval of the mean of a (y - g), as in `score_interval`
    (careful), with what a missed post or a false alarm would show, so that errors not met still count, a
    taken at its root mean square on either side of 0 (else single posts far out would decide) and
    the reach brought to the variance of a (y - g) itself; for the other posts their variance; joined as
    a root of squares (MOVER), t for z, variances times n/(n - K). With clusters it is at least
    t √(Σ_c s_c² G/(G - K)). Sources: Rao 1948; Boos 1992; Binder & Patak 1994 (estimating functions).

    Wald intervals of rare codes fail: near a share of 0 the error of a logit grows faster than the logit,
    and a group that shows no error has an error of 0.
    """

    def __init__(self, posts: Outcomes, fit: Fit, term: int, *, logistic: bool) -> None:
        """Take the coefficient number `term` of a regression that was fitted."""
        self.logistic, self._posts, self._fit = logistic, posts, fit
        pick = posts.scale[term]
        self.value = float(pick @ fit.scaled)
        self._along = pick / (pick @ pick)
        self._basis = np.linalg.qr(pick[:, None], mode="complete")[0][:, 1:]
        place, values = posts.place[posts.gold], posts.values[posts.gold]
        kinds, counts = np.unique(np.stack([place, values, posts.weights]), axis=1, return_counts=True)
        self._times = counts.astype(np.float64)
        self._gold, self._seen, weights = kinds[0].astype(np.intp), kinds[1], kinds[2]
        self._extremes = np.stack([weights, 1 - weights])
        rows = posts.rows.shape[1]
        self._factor = len(values) / max(1, len(values) - rows)
        self._cluster_factor = posts.number / (posts.number - rows)

    def interval(self, error: float, *, level: float, freedom: int) -> Interval:
        """Return all values that the score test keeps, and the test of zero; `error` tells where to look.

        An end is infinite where nothing is rejected.
        """
        t = t_quantile(freedom, level)
        find = self._logistic_end if self.logistic else self._linear_end
        low, high = (find(sign, t, max(error * t, FINE)) for sign in (-1.0, 1.0))
        statistic = self._statistic()
        return Interval(low, high, statistic, t_p(statistic, freedom))

    def _linear_end(self, sign: float, t: float, _: float) -> float:
        trial = self._trial(self._fit)
        return self.value + sign * self._reach(trial, sign, t) / float(self._posts.sums[0] @ trial.lever**2)

    def _logistic_end(self, sign: float, t: float, step: float) -> float:
        """Walk away from the coefficient until a value is rejected, then close in on the first such."""
        from scipy.optimize import brentq

        def room(distance: float) -> float:
            trial = self._at(self.value + sign * distance)
            return math.inf if trial is None else sign * trial.score + self._reach(trial, sign, t)

        farthest = FAR / float(np.sqrt(self._along @ self._along))
        inside, outside = 0.0, step
        while (left := room(outside)) > 0:
            if left == math.inf or outside > farthest:
                return sign * math.inf
            inside, outside = outside, 2 * outside
        return self.value + sign * float(brentq(room, inside, outside, rtol=FINE, xtol=FINE * step))

    def _statistic(self) -> float:
        """Return the t whose reach is just the score at zero, with the sign of the coefficient."""
        trial = self._at(0.0)
        if trial is None:
            return math.nan
        sign, z = math.copysign(1.0, trial.score), 2.0
        for _ in range(MOST_ROUNDS):
            tried = min(z, LARGE)
            reach = self._reach(trial, -sign, tried)
            last, z = z, tried * abs(trial.score) / reach if reach > 0 else math.inf
            if min(z, last) >= LARGE or abs(z - last) <= FINE * last:
                break
        return sign * z

    def _at(self, value: float) -> Trial | None:
        """Return the trial of a value; None where the other coefficients cannot be fitted."""
        if not self.logistic:
            trial = self._trial(self._fit)
            information = float(self._posts.sums[0] @ trial.lever**2)
            return replace(trial, score=information * (self.value - value))
        start, offset = self._basis.T @ self._fit.scaled, self._along * value
        fit = fitted(self._posts, logistic=True, basis=self._basis, start=start, offset=offset)
        return None if fit is None or np.isnan(fit.shares).any() else self._trial(fit)

    def _trial(self, fit: Fit) -> Trial:
        """Take the part of the covariate that the other ones do not explain, weighted as the model does."""
        inner = self._basis.T @ fit.slope
        aside = self._basis @ np.linalg.solve(inner @ self._basis, inner @ self._along)
        lever = self._posts.design @ (self._along - aside)
        counts, totals, _ = self._posts.sums
        return Trial(lever, fit.shares, float(lever @ (totals - counts * fit.shares)))

    def _reach(self, trial: Trial, sign: float, z: float) -> float:
        """Return by how much the expected score may lie above (sign 1) or below (-1) the one observed."""
        lever, shares = sign * trial.lever, trial.shares
        counts, totals, squares = self._posts.rest
        rest = z * z * float(lever**2 @ (squares - 2 * shares * totals + counts * shares**2))
        gold = self._reach_of_gold(lever, shares, z)
        alone = math.sqrt(self._factor * max(0.0, gold * gold + rest))
        if self._posts.clusters is None:
            return alone
        row, cluster, counts, totals = self._posts.cells
        scores = np.bincount(cluster, weights=lever[row] * (totals - counts * shares[row]))
        return max(alone, z * math.sqrt(self._cluster_factor * float(scores @ scores)))

    def _reach_of_gold(self, lever: Floats, shares: Floats, z: float) -> float:
        """Return how far the summed score of gold may lie below its expectation: a careful score interval."""
        own, level, times = lever[self._gold], shares[self._gold], self._times
        rest = self._seen - level
        if len(rest) > MANY:
            middle = times @ (own * rest) / times.sum()
            return z * math.sqrt(float(times @ (own * rest - middle) ** 2))
        flat = _levelled(own, times)
        kinds = np.append(flat * rest, (flat * (self._extremes - level)).max())
        one = float(times @ (own * self._extremes[0]) ** 2 / times.sum())
        scale = (times @ (own * rest) ** 2 + one) / (times @ (flat * rest) ** 2 + one)
        return float(np.sqrt(scale) * times.sum()) * reach_above(np.append(times, 0.0), kinds, z)


def _levelled(lever: Floats, times: Floats) -> Floats:
    """Return the root mean square of the levers above 0, and of those below 0, in their place."""
    flat = np.zeros_like(lever)
    small = 1e-9 * np.abs(lever).max(initial=0)
    for side in (lever > small, lever < -small):
        if side.any():
            mean = times[side] @ lever[side] ** 2 / times[side].sum()
            flat[side] = np.sign(lever[side]) * np.sqrt(mean)
    return flat
