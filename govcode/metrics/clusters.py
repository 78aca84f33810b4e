"""Posts drawn in whole clusters (days, accounts): what that does to a variance, and when they are too few."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from govcode.metrics.intervals import normal_quantile, t_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

LEAST = 5
"""With fewer clusters nothing has an interval."""
ENOUGH = 20
"""With fewer clusters a figure has an interval only where `SHOWING` of them show each side."""
SHOWING = 4
LEAST_EFFECT = 0.8
"""Clusters that look more even than chance would make them are not believed beyond this design effect."""


def cluster_totals(residuals: Floats, weights: Floats, clusters: Ints) -> Floats:
    """Return per cluster the summed weight × centred residual, (clusters, k)."""
    names, place = np.unique(clusters, return_inverse=True)
    totals = np.zeros((len(names), residuals.shape[1]))
    np.add.at(totals, place.ravel(), weights[:, None] * (residuals - weights @ residuals))
    return totals


def cluster_variance(residuals: Floats, weights: Floats, clusters: Ints) -> Floats:
    """Return the variance of weighted mean residuals (n, k) from totals of clusters, times C/(C - 1)."""
    return _variance_of(cluster_totals(residuals, weights, clusters))


def _variance_of(totals: Floats) -> Floats:
    return np.asarray((totals**2).sum(0) * len(totals) / max(1, len(totals) - 1))


def cluster_freedom(totals: Floats) -> Floats:
    """Return the degrees of freedom of a variance from these totals of clusters, (k,), from 2 to C - 1.

    2 C/(κ - 1) with κ the kurtosis of the totals (C - 1 where that is less): what matches the variance of
    the variance (Satterthwaite 1946). Of a rare code a few clusters hold most cases; then there are few.
    """
    number = len(totals)
    squares = (totals**2).sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        kurtosis = np.where(squares > 0, number * (totals**4).sum(0) / squares**2, 3.0)
        freedom = np.where(kurtosis > 1, 2 * number / (kurtosis - 1), number)
    return np.asarray(np.clip(freedom, min(2, number - 1), max(1, number - 1)))


def cluster_inflation(residuals: Floats, weights: Floats, clusters: Ints | None, level: float) -> Floats:
    """Return, per column of residuals, what effective numbers of posts are divided by; 1 without clusters.

    The design effect times (t/z)², because a variance from few clusters is itself uncertain (Korn &
    Graubard 1998), t with `cluster_freedom` degrees of freedom.
    """
    if clusters is None:
        return np.ones(residuals.shape[1])
    single = cluster_variance(residuals, weights, np.arange(len(weights)))
    totals = cluster_totals(residuals, weights, clusters)
    together, freedom = _variance_of(totals), cluster_freedom(totals)
    stretch = stdtrit(np.maximum(1.0, freedom), (1 + level) / 2) / normal_quantile(level)
    with np.errstate(invalid="ignore", divide="ignore"):
        effect = np.where(single > 0, together / single, 1.0)
    return np.asarray(np.maximum(LEAST_EFFECT, effect * stretch**2))


def too_few_clusters(events: Bools, others: Bools, clusters: Ints | None) -> list[str]:
    """Return, per column of (n, k), why there is no interval; empty where there is one.

    Fewer than five clusters tell nothing of how clusters differ. With under twenty, at least four have to
    show an event and four a post without: of a rare code in so few the clusters that hold it may be missed,
    and intervals would cover .88 instead of .95.
    """
    if clusters is None:
        return [""] * events.shape[1]
    names, place = np.unique(clusters, return_inverse=True)
    number = len(names)
    if number >= ENOUGH:
        return [""] * events.shape[1]
    if number < LEAST:
        return [f"no interval: {number} clusters, {LEAST} are the least"] * events.shape[1]
    seen = np.zeros((2, number, events.shape[1]), dtype=np.bool_)
    for side, rows in enumerate((events, others)):
        np.logical_or.at(seen[side], place.ravel(), rows)
    showing = seen.sum(1).min(0)
    return [
        "" if n >= SHOWING
        else f"no interval: only {n} of {number} clusters show a case; {SHOWING} needed with under {ENOUGH}"
        for n in showing.tolist()
    ]  # fmt: skip


def stretched(clusters: int, level: float) -> float:
    """Return t/z · √(C/(C - 1)), t with C - 1 degrees of freedom: a bootstrap of C is too narrow by it."""
    wider = t_quantile(clusters - 1, level) / normal_quantile(level)
    return wider * math.sqrt(clusters / (clusters - 1))
