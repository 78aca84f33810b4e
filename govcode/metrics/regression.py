"""Linear and logistic regression by estimating equations, with cluster-robust errors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from govcode.errors import NotComputableError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

BLOCK = 1 << 15
MOST_ROUNDS = 60
CLOSE = 1e-9
WORST_CONDITION = 1e12
LEAST_FREEDOM = 4


@dataclass(frozen=True)
class Outcomes:
    """Posts by their row of the design: `rows` (R × K, column 0 the intercept), and each post's row.

    `values` are the outcomes of all posts, `clusters` their clusters (0 … G - 1; None: each its own). `gold`
    are the positions of posts coded by hand, `weights` their w = 1/π: such a post can show w (missed by the
    machine), 1 - w (a false alarm), 0 or 1.
    """

    rows: Floats
    place: Ints
    values: Floats
    gold: Ints
    weights: Floats
    clusters: Ints | None = None

    @property
    def number(self) -> int:
        """Number of clusters, or of posts where there are none."""
        return len(self.place) if self.clusters is None else int(self.clusters.max()) + 1

    @cached_property
    def sums(self) -> Floats:
        """Posts, their summed outcomes and summed squares, by row: (3, R)."""
        return _sums(self.place, self.values, len(self.rows))

    @cached_property
    def rest(self) -> Floats:
        """The same without gold."""
        gold = _sums(self.place[self.gold], self.values[self.gold], len(self.rows))
        return np.asarray(self.sums - gold)

    @cached_property
    def cells(self) -> tuple[Ints, Ints, Floats, Floats]:
        """Row, cluster, posts and summed outcomes of every pair of row and cluster that occurs."""
        assert self.clusters is not None
        pairs, cell = np.unique(self.place * np.intp(self.number) + self.clusters, return_inverse=True)
        counts = np.bincount(cell).astype(np.float64)
        row, cluster = np.divmod(pairs, self.number)
        return row, cluster, counts, np.bincount(cell, weights=self.values).astype(np.float64)

    @cached_property
    def scale(self) -> Floats:
        """Return the matrix that turns coefficients of centred and scaled columns back.

        Without it a year around 2020 beside an intercept looks collinear.
        """
        counts = self.sums[0]
        mean = counts @ self.rows / max(1, len(self.place))
        spread = np.sqrt(np.maximum(counts @ (self.rows - mean) ** 2 / max(1, len(self.place)), 0))
        mean[0], spread[0] = 0.0, 1.0
        spread[spread <= 1e-9 * (1 + np.abs(mean))] = 0.0
        back = np.diag(np.divide(1.0, spread, out=np.zeros(len(mean)), where=spread > 0))
        back[0, 1:] = -(mean * np.diag(back))[1:]
        return back

    @cached_property
    def design(self) -> Floats:
        """The rows, centred and scaled."""
        return self.rows @ self.scale


def _sums(place: Ints, values: Floats, rows: int) -> Floats:
    kinds = (np.ones(len(values)), values, values**2)
    return np.stack([np.bincount(place, weights=kind, minlength=rows) for kind in kinds])


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients of the centred and scaled columns, the fitted shares of each row, and the slope matrix."""

    scaled: Floats
    shares: Floats
    slope: Floats


def fitted(posts: Outcomes, *, logistic: bool, basis: Floats, start: Floats, offset: Floats) -> Fit | None:
    """Solve B'Σ x (y - g(xβ)) = 0 for β = offset + B γ by Newton steps from γ = start; None if they fail.

    Outcomes may be pseudo-outcomes outside [0, 1] (Egami et al. 2023): the scores are linear in y. B is
    the identity for a plain fit; fewer columns keep β in a plane.
    """
    free, (counts, totals, _) = start.copy(), posts.sums
    for _ in range(MOST_ROUNDS):
        beta = offset + basis @ free
        shares, weight = _curve(posts.design @ beta, logistic)
        slope = _gram(posts.design, counts * weight)
        inner = basis.T @ slope @ basis
        if not len(free):
            return Fit(beta, shares, slope)
        if not np.isfinite(inner).all() or np.linalg.cond(inner) > WORST_CONDITION:
            return None
        step = np.linalg.solve(inner, basis.T @ (posts.design.T @ (totals - counts * shares)))
        if np.abs(step).max() < CLOSE * (1 + np.abs(free).max()):
            return Fit(beta, shares, slope)
        free = free + step * min(1.0, 5.0 / max(1e-12, float(np.abs(step).max())))
    return Fit(beta, np.full_like(shares, np.nan), slope)


def plain_fit(posts: Outcomes, *, logistic: bool) -> Fit:
    """Fit all coefficients; raise NotComputableError for collinear covariates or a solution that runs away.

    Fewer than K + 4 clusters are refused, too.
    """
    terms, number = posts.rows.shape[1], posts.number
    if number < terms + LEAST_FREEDOM:
        raise NotComputableError(
            f"{number} clusters are too few for the errors of {terms} coefficients; "
            f"{terms + LEAST_FREEDOM} are the least.",
            hint="Use fewer terms, or finer --clusters.",
        )
    none = np.zeros(terms)
    found = fitted(posts, logistic=logistic, basis=np.eye(terms), start=none, offset=none)
    if found is None:
        raise NotComputableError(
            "The regression cannot be solved: covariates repeat each other or a group has no variation.",
            hint="Drop a covariate, or join rare values of C(...) columns.",
        )
    if np.isnan(found.shares).any():
        raise NotComputableError(
            f"The regression did not converge in {MOST_ROUNDS} rounds.",
            hint="A value of a covariate may settle the outcome: join rare values, or try --model linear.",
        )
    return found


def robust_covariance(posts: Outcomes, fit: Fit) -> Floats:
    """Return the sandwich covariance of the coefficients of the columns as they were.

    A⁻¹ (Σ_c s_c s_c') A⁻¹ times G/(G - K), with s_c the summed score of cluster c (Liang & Zeger 1986):
    unbiased for covariates that belong to clusters of one size, where the usual G/(G - 1) is too small
    (Bell & McCaffrey 2002); one post per cluster gives HC1.
    """
    if posts.clusters is None:
        counts, totals, squares = posts.sums
        meat = _gram(posts.design, squares - 2 * fit.shares * totals + counts * fit.shares**2)
    else:
        row, cluster, counts, totals = posts.cells
        scores = np.zeros((posts.number, posts.rows.shape[1]))
        np.add.at(scores, cluster, posts.design[row] * (totals - counts * fit.shares[row])[:, None])
        meat = scores.T @ scores
    bread = posts.scale @ np.linalg.inv(fit.slope)
    return np.asarray(bread @ meat @ bread.T * posts.number / (posts.number - posts.rows.shape[1]))


def _curve(line: Floats, logistic: bool) -> tuple[Floats, Floats]:
    """Return g(line) and its slope."""
    if not logistic:
        return line, np.ones(len(line))
    shares = 1 / (1 + np.exp(-np.clip(line, -500, 500)))
    return shares, shares * (1 - shares)


def _gram(rows: Floats, weights: Floats) -> Floats:
    """Return Σ w x x' in blocks."""
    blocks = (slice(start, start + BLOCK) for start in range(0, len(rows), BLOCK))
    return np.asarray(sum(rows[b].T @ (rows[b] * weights[b, None]) for b in blocks))
