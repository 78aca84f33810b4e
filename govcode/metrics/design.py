"""What the way posts were drawn does to an interval: unequal weights, and whole clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.clusters import cluster_inflation, too_few_clusters
from govcode.metrics.figures import Figure
from govcode.metrics.intervals import share_interval, t_quantile
from govcode.metrics.score import score_interval, upper_bound

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

ALIKE = 1.25
"""Posts whose weights differ by less than this factor are treated as drawn alike."""
SEARCH = 20
"""Halvings in the search for a bound: shares are found to within one in a million."""


def weight_classes(weights: Floats, population: int = 0) -> tuple[Ints, Floats, Floats]:
    """Put posts with nearly equal weights into classes: class per post, share of each, fraction not drawn.

    `weights` sum to 1; without a `population` size every fraction not drawn is 1.
    """
    order = np.argsort(weights, kind="stable")
    classes, start, number = np.zeros(len(weights), dtype=np.intp), weights[order[0]], 0
    for i in order:
        if weights[i] > start * ALIKE:
            start, number = weights[i], number + 1
        classes[i] = number
    shares = np.bincount(classes, weights=weights).astype(np.float64)
    drawn = np.bincount(classes).astype(np.float64)
    left = 1 - np.minimum(1.0, drawn / (shares * population)) if population else np.ones(number + 1)
    return classes, shares, np.asarray(left)


def share_of_hits(
    hits: Bools, misses: Bools, weights: Floats, clusters: Ints | None, *, level: float,
    elsewhere: Bools | None = None,
) -> list[Figure]:  # fmt: skip
    """Return, per column of (n, k), hits / (hits + misses) with its interval; the other posts do not count.

    Posts drawn alike and on their own: Wilson's interval, or Clopper and Pearson's with fewer than five hits
    or misses. Else a score interval: every share θ for which a mean of 0 of the variable 1 - θ (hit), -θ
    (miss), 0 (neither) is not rejected, classes of equal weight joined by MOVER, numbers of posts divided
    by the cluster inflation. NaN without hits and misses. `elsewhere` tells which posts were drawn where
    there can be neither: a class of such posts adds nothing to an interval; others may hold unseen ones.
    """
    if clusters is None and weights.max(initial=0) <= ALIKE * weights.min(initial=np.inf):
        pairs = zip(hits.sum(0).tolist(), misses.sum(0).tolist(), strict=True)
        return [share_interval(h, h + m, level=level) for h, m in pairs]
    weights = weights / weights.sum()
    found, missed = weights @ hits, weights @ misses
    with np.errstate(invalid="ignore", divide="ignore"):
        share = found / (found + missed)
    residuals = np.where(hits, 1 - share, np.where(misses, -share, 0.0))
    inflation = cluster_inflation(np.nan_to_num(residuals), weights, clusters, level)
    classes, sizes, _ = weight_classes(weights)
    counts = _states(hits, misses, weights, classes) / inflation[:, None, None]
    if len(sizes) == 1:
        low, high = score_interval(counts[:, 0, 1::-1], np.array([0.0, 1.0]), level=level, careful=True)
    else:
        low, high = _bounds(counts, sizes, share, level, _empty(elsewhere, classes, hits.shape[1]))
    how = "score, by design" if clusters is None else "score, by clusters"
    reasons = too_few_clusters(hits, misses, clusters)
    return [
        Figure(float(s), level=level, note=why) if why or s != s
        else Figure(float(s), float(a), float(b), level, how)
        for s, a, b, why in zip(share, low, high, reasons, strict=True)
    ]  # fmt: skip


def skewed_mean(values: Floats, weights: Floats, clusters: Ints | None, *, level: float) -> Figure:
    """Return the weighted mean with a t interval moved by its skewness (Johnson 1978; Hall 1992).

    m + κ₃/(6 s²)·(2 t² + 1) ± t·s, with s² and κ₃ the second and third cumulant of the mean, from posts or
    from totals of clusters; t with their number less 1 degrees of freedom. Losses are skewed: a few posts
    hold most of them.
    """
    weights = weights / weights.sum()
    mean = float(weights @ values)
    parts = weights * (values - mean)
    if clusters is not None:
        place = np.unique(clusters, return_inverse=True)[1].ravel()
        parts = np.bincount(place, weights=parts).astype(np.float64)
    number = len(parts)
    spread = float((parts**2).sum()) * number / max(1, number - 1)
    if number < 2 or spread <= 0:
        return Figure(mean, level=level)
    t = t_quantile(number - 1, level)
    moved = mean + float((parts**3).sum()) / (6 * spread) * (2 * t * t + 1)
    reach = t * float(np.sqrt(spread))
    return Figure(mean, min(mean, moved - reach), max(mean, moved + reach), level, "t, moved by skewness")


def _states(hits: Bools, misses: Bools, weights: Floats, classes: Ints) -> Floats:
    """Count hits, misses and other posts: (k, classes, 3); within a class weights are spread out."""
    number = int(classes.max()) + 1
    scaled = weights * (np.bincount(classes) / np.bincount(classes, weights=weights))[classes]
    parts = [
        np.stack([np.bincount(classes, weights=scaled * column, minlength=number) for column in kind.T])
        for kind in (hits, misses, ~(hits | misses))
    ]
    return np.stack(parts, -1)


def _empty(elsewhere: Bools | None, classes: Ints, columns: int) -> Bools:
    """Tell (columns × classes) which classes hold only posts that were drawn elsewhere."""
    number = int(classes.max()) + 1
    if elsewhere is None:
        return np.zeros((columns, number), np.bool_)
    return np.stack([elsewhere[classes == c].all(0) for c in range(number)], -1)


def _bounds(
    counts: Floats, sizes: Floats, share: Floats, level: float, empty: Bools
) -> tuple[Floats, Floats]:
    """Search, down and up from the estimate at once, for the last shares that are not rejected."""
    sign = np.array([-1.0, 1.0])[:, None]
    inside = np.broadcast_to(share, (2, len(share))).copy()
    outside = np.broadcast_to([[0.0], [1.0]], inside.shape).copy()
    both = np.broadcast_to(counts, (2, *counts.shape))
    for step in range(SEARCH):
        trial = outside if step == 0 else (inside + outside) / 2
        values = np.stack([1 - trial, -trial, np.zeros_like(trial)], -1)[:, :, None, :] + np.zeros_like(both)
        mean = (both * values).sum(-1) / both.sum(-1)
        reach = upper_bound(both, sign[..., None, None] * values, level) - sign[..., None] * mean
        reach = np.where(empty, 0.0, reach)
        kept = sign * (mean @ sizes) + np.sqrt(((sizes * reach) ** 2).sum(-1)) >= 0
        if step == 0:
            inside = np.where(kept, outside, inside)
        inside, outside = np.where(kept, trial, inside), np.where(kept, outside, trial)
    return outside[0], outside[1]
