"""The smoothed bootstrap: exponential weights on posts, and on two imagined ones.

The plain bootstrap repeats what it saw: with a code met once in a hundred posts its nominal 95 % interval
covers far less. Here posts get random weights (the Bayesian bootstrap, Rubin 1981), and so do two imagined
posts, one on which both sides agree and one on which they do not, each spread evenly over the codes.

Disagreements are counts, and often few. The limits of a count x are quantiles of gamma distributions: exactly
of x + 1 above (Garwood 1936), nearly of x + 1/4 below (mid-P: Lancaster 1961). So the imagined disagreement
weighs a whole post for the lower end of a coefficient and a quarter of one for the upper end.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.clusters import stretched
from govcode.metrics.design import weight_classes
from govcode.metrics.figures import Figure
from govcode.metrics.resampling import BLOCK, REPLICATES, SEED, percentile_figure

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

LEAST_CLUSTERS = 10
"""With fewer nothing has an interval: where one account in four is far worse than the rest, six or eight of
them cover .82 to .91, whatever the interval (t, Satterthwaite's t, jackknife); twelve .92, twenty .94."""
PRIOR_AGREED, PRIOR_APART = 1.0, (1.0, 0.25)


def imagined_rows(size: int, coders: int) -> tuple[NDArray[np.int64], Floats]:
    """Return the imagined posts (rows × coders) over `size` codes, and their masses (2 × rows).

    One post's worth on which all coders agree, spread over the codes, and one on which a single coder
    dissents, spread over codes and coders; a quarter of it in the masses for upper ends, which come second.
    """
    agreed = np.repeat(np.arange(size)[:, None], coders, axis=1)
    who = range(coders) if coders > 2 else range(1)
    apart = [
        np.where(np.arange(coders) == coder, other, code)
        for code in range(size) for other in range(size) if other != code for coder in who
    ]  # fmt: skip
    rows = np.vstack([agreed, *apart]).astype(np.int64)
    masses = np.repeat(np.array(PRIOR_APART)[:, None] / max(len(apart), 1), len(rows), axis=1)
    masses[:, :size] = PRIOR_AGREED / size
    return rows, masses


def imagined_draws(masses: Floats, replicates: int, rng: np.random.Generator) -> Floats:
    """Return random weights of imagined posts, (…, replicates, rows) for masses (…, rows).

    With masses for two ends the smaller one is part of the larger, so that both ends move together.
    """
    ends = np.atleast_2d(masses)
    least = ends.min(0)
    shared = rng.standard_gamma(least, (replicates, len(least)))
    rest = (end - least for end in ends)
    drawn = np.stack([shared + rng.standard_gamma(r, shared.shape) if r.any() else shared for r in rest])
    return drawn if masses.ndim > 1 else drawn[0]


def smoothed_cells(
    cells: Ints, masses: Floats, *, weights: Floats, clusters: Ints | None = None,
    replicates: int = REPLICATES, seed: int = SEED,
) -> Floats:  # fmt: skip
    """Draw weights for posts and imagined posts; return the summed weight per cell, (…, replicates, cells).

    `masses` are imagined posts per cell (…, cells); two rows of them are for lower and upper ends. Unequal
    `weights` (1/inclusion probability) are drawn within classes of nearly equal weight, whose shares of the
    population are kept; imagined posts are spread over the classes in proportion. With `clusters` a whole
    cluster has one random weight. Each draw sums to Σ weights.
    """
    rng = np.random.default_rng(seed)
    total, size = weights.sum(), masses.shape[-1]
    if clusters is not None:
        names, place = np.unique(clusters, return_inverse=True)
        flat = place.astype(np.intp) * size + cells
        sums = np.bincount(flat, weights=weights, minlength=len(names) * size)
        drawn = _mixed(np.asarray(sums, dtype=np.float64).reshape(len(names), -1), replicates, rng)
        drawn = drawn + imagined_draws(masses, replicates, rng) * (total / len(weights))
        return np.asarray(drawn * (total / drawn.sum(-1, keepdims=True)))
    classes, shares, _ = weight_classes(weights / total)
    out = np.zeros((*masses.shape[:-1], replicates, size))
    for number, share in enumerate(shares):
        inside = classes == number
        counts = np.bincount(cells[inside], weights=weights[inside], minlength=size)
        counts *= inside.sum() / counts.sum()
        drawn = imagined_draws(masses * share, replicates, rng)
        drawn += rng.standard_gamma(counts, (replicates, size))
        out += drawn * (total * share / drawn.sum(-1, keepdims=True))
    return out


def _mixed(table: Floats, replicates: int, rng: np.random.Generator) -> Floats:
    """Return exponential weights of clusters times their tables, in blocks."""
    size = max(1, BLOCK // len(table))
    blocks = [
        rng.standard_exponential((min(size, replicates - start), len(table))) @ table
        for start in range(0, replicates, size)
    ]
    return np.concatenate(blocks)


def smoothed_figure(
    value: float, draws: Floats, *, level: float = 0.95, clusters: int = 0, lowest: float = -math.inf,
    highest: float = math.inf, interval: str = "smoothed bootstrap", note: str = "",
) -> Figure:  # fmt: skip
    """Return the value with the percentiles of its draws; a figure at the edge stays inside its interval.

    Two rows of draws are for the lower and the upper end (see `imagined_rows`). With `clusters` (their
    number) the interval is stretched about the figure by t / z · √(C / (C - 1)), t with C - 1 degrees of
    freedom: a bootstrap of few clusters is too narrow by about that much. Fewer than ten have no interval.
    """
    if 0 < clusters < LEAST_CLUSTERS:
        why = f"no interval: {clusters} clusters, {LEAST_CLUSTERS} are the least"
        return Figure(value, level=level, note=note or why)
    ends = [
        percentile_figure(value, row, level=level, interval=interval, note=note)
        for row in np.atleast_2d(draws)
    ]
    found = ends[0]
    if any(np.isnan(end.low) for end in ends):
        return replace(found, low=math.nan, high=math.nan)
    low, high = min(found.low, value), max(ends[-1].high, value)
    if clusters:
        stretch = stretched(clusters, level)
        low, high = value - (value - low) * stretch, value + (high - value) * stretch
    return replace(found, low=max(lowest, low), high=min(highest, high))
