"""The bootstrap over posts, over clusters of posts, and within strata."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.figures import Figure

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

REPLICATES = 2000
SEED = 20190201
BLOCK = 1 << 24  # numbers held at a time


def _blocks(replicates: int, width: int) -> Iterator[int]:
    """Cut the replicates so that one block of draws stays small."""
    size = max(1, min(replicates, BLOCK // max(1, width)))
    for start in range(0, replicates, size):
        yield min(size, replicates - start)


def bootstrap_cells(
    cells: Ints, size: int, *, weights: Floats, strata: Ints | None = None, clusters: Ints | None = None,
    replicates: int = REPLICATES, seed: int = SEED,
) -> Floats:  # fmt: skip
    """Draw posts with replacement and return the summed weights per cell, (replicates, size).

    Definition: each replicate draws as many posts as there are (within each stratum where `strata` is
    given; whole clusters where `clusters` is given, then strata are not used), and sums the weights
    of the posts that fall in each cell. Units that are alike are drawn together by a multinomial, so the
    cost depends on kinds of posts, not on posts. Source: Efron & Tibshirani 1993; clusters: Field &
    Welsh 2007 (cluster bootstrap).
    """
    rng = np.random.default_rng(seed)
    if clusters is not None:
        return _cluster_cells(cells, size, weights, clusters, replicates, rng)
    strata = np.zeros(len(cells), np.intp) if strata is None else strata
    out = np.zeros((replicates, size))
    for stratum in np.unique(strata):
        inside = strata == stratum
        kinds, counts = np.unique(
            np.column_stack([cells[inside].astype(np.float64), weights[inside]]), axis=0, return_counts=True
        )
        spread = np.zeros((len(kinds), size))
        spread[np.arange(len(kinds)), kinds[:, 0].astype(np.intp)] = kinds[:, 1]
        number, row = int(counts.sum()), 0
        for block in _blocks(replicates, len(kinds)):
            out[row : row + block] += rng.multinomial(number, counts / number, size=block) @ spread
            row += block
    return out


def _cluster_cells(
    cells: Ints, size: int, weights: Floats, clusters: Ints, replicates: int, rng: np.random.Generator
) -> Floats:
    names, place = np.unique(clusters, return_inverse=True)
    sums = np.bincount(place.astype(np.intp) * size + cells, weights=weights, minlength=len(names) * size)
    spread = sums.reshape(len(names), size)
    equal = np.full(len(names), 1 / len(names))
    blocks = [rng.multinomial(len(names), equal, size=b) @ spread for b in _blocks(replicates, len(names))]
    return np.concatenate(blocks)


def bootstrap_sums(
    features: Floats, *, strata: Ints | None = None, clusters: Ints | None = None,
    replicates: int = REPLICATES, seed: int = SEED,
) -> Floats:  # fmt: skip
    """Draw posts as `bootstrap_cells` does and return the sums of their features, (replicates, features).

    For sums that cannot be counted in cells; the cost grows with kinds of posts × replicates.
    """
    rng = np.random.default_rng(seed)
    if clusters is not None:
        names, place = np.unique(clusters, return_inverse=True)
        gathered = np.zeros((len(names), features.shape[1]))
        np.add.at(gathered, place, features)
        features, strata = gathered, None
    strata = np.zeros(len(features), np.intp) if strata is None else strata
    out = np.zeros((replicates, features.shape[1]))
    for stratum in np.unique(strata):
        kinds, counts = np.unique(features[strata == stratum], axis=0, return_counts=True)
        number, row = int(counts.sum()), 0
        for block in _blocks(replicates, len(kinds)):
            out[row : row + block] += rng.multinomial(number, counts / number, size=block) @ kinds
            row += block
    return out


def percentile_figure(
    value: float, draws: Floats, *, level: float = 0.95, interval: str = "bootstrap", note: str = ""
) -> Figure:
    """Return the value with the percentile interval of its bootstrap draws.

    Undefined draws (NaN) are dropped and their number noted; with fewer than half defined there is no
    interval.
    """
    kept = draws[~np.isnan(draws)]
    lost = len(draws) - len(kept)
    if np.isnan(value) or len(kept) < len(draws) / 2 or not len(draws):
        return Figure(float(value), level=level, note=note or ("undefined" if np.isnan(value) else ""))
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    if lost:
        note = f"{note}; {lost} of {len(draws)} draws undefined".lstrip("; ")
    return Figure(float(value), float(low), float(high), level, interval, note)
