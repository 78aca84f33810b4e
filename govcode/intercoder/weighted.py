"""The coefficients for the corpus rather than for the sample: posts weighed by 1/inclusion probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from govcode.intercoder.panel import Panel
from govcode.metrics.coefficients import COEFFICIENTS
from govcode.metrics.figures import Figure
from govcode.metrics.ratings import Ints
from govcode.metrics.smoothing import imagined_rows, smoothed_cells, smoothed_figure
from govcode.metrics.tallies import pattern_sums, unpack

UNEQUAL = 1.05
"""Probabilities that differ by less than this factor are taken as equal: there is nothing to weigh."""


def weighted_figures(
    panel: Panel, values: Ints, scheme: Sequence[str], probabilities: Mapping[str, float], *,
    clusters: Mapping[str, str] | None, draws: int, seed: int, level: float,
) -> dict[str, Figure]:  # fmt: skip
    """Return every coefficient over the posts coded by two, each weighing 1/inclusion probability.

    Weights are scaled to the number of posts, so that equal ones give the plain figures; intervals are those
    of the smoothed bootstrap. Empty where a post has no probability, or all have the same.
    """
    chosen = panel.overlap
    known = [probabilities.get(panel.posts[i], 0.0) for i in chosen]
    if min(known, default=0.0) <= 0 or max(known) <= UNEQUAL * min(known):
        return {}
    weights = 1 / np.array(known)
    weights *= len(weights) / weights.sum()
    size, coders = len(scheme), values.shape[1]
    rows, masses = imagined_rows(size, coders)
    sums = np.vstack([pattern_sums(values, size), pattern_sums(rows, size)])
    cells = panel.pattern[chosen].astype(np.intp)
    observed = np.bincount(cells, weights=weights, minlength=len(sums))
    labels = None
    if clusters:
        names = [clusters.get(panel.posts[i]) or f"\0{i}" for i in chosen]
        labels = np.unique(np.array(names), return_inverse=True)[1].astype(np.intp)
    drawn = smoothed_cells(
        cells, np.pad(masses, ((0, 0), (len(values), 0))), weights=weights, clusters=labels,
        replicates=max(1, draws), seed=seed,
    )  # fmt: skip
    tallies, spread = unpack(observed @ sums, size, coders), unpack(drawn @ sums, size, coders)
    number = 0 if labels is None else len(np.unique(labels))
    how: Any = {
        "level": level,
        "clusters": number,
        "highest": 1.0,
        "interval": "bootstrap (smoothed, weighted)",
    }
    found = {}
    for name, coefficient in COEFFICIENTS.items():
        figure = coefficient.of(tallies)
        if draws:
            values_drawn = np.asarray(coefficient.formula(spread))
            figure = smoothed_figure(
                figure.value, values_drawn, lowest=coefficient.lowest, note=figure.note, **how
            )
        found[name] = figure
    return found
