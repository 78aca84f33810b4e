"""Two coders against the same gold: whether one is better, or it is chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.evaluation.pairs import Pairs
from govcode.metrics import classification as metrics
from govcode.metrics.comparison import bootstrap_p, mcnemar_p
from govcode.metrics.figures import Figure
from govcode.metrics.smoothing import imagined_rows, smoothed_cells, smoothed_figure

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """First minus second in one figure, with a paired smoothed bootstrap interval and p."""

    figure: str
    first: float
    second: float
    difference: Figure
    p: float


@dataclass(frozen=True)
class Comparison:
    """Two coders on the same gold posts; `mcnemar_p` is exact and two-sided.

    With weights or clusters McNemar's test does not apply (its p is NaN): read the bootstrap.
    """

    first: str
    second: str
    posts: int
    both_right: int
    only_first: int
    only_second: int
    neither: int
    mcnemar_p: float
    differences: tuple[Difference, ...]


def compare_pairs(
    first: Pairs, second: Pairs, *, names: tuple[str, str], level: float, replicates: int, seed: int
) -> Comparison:
    """Compare two coders; both hold the same gold posts in the same order."""
    codes = tuple(dict.fromkeys((*first.codes, *second.codes)))
    first, second = first.with_codes(codes), second.with_codes(codes)
    one, two = first.right, second.right
    only_first, only_second = int((one & ~two).sum()), int((two & ~one).sum())
    plain = first.clusters is None and not first.weighted
    return Comparison(
        *names, len(first), int((one & two).sum()), only_first, only_second, int((~one & ~two).sum()),
        mcnemar_p(only_first, only_second) if plain else float("nan"),
        _differences(first, second, level=level, replicates=replicates, seed=seed),
    )  # fmt: skip


def _differences(
    first: Pairs, second: Pairs, *, level: float, replicates: int, seed: int
) -> tuple[Difference, ...]:
    draws = _paired_draws(first, second, replicates, seed)
    tables = [first.table(), second.table()]
    present, posts = tables[0].sum(-1) > 0, len(first)
    rows = []
    for name in ("accuracy", "macro_f1", "alpha"):
        values = [float(_figure(name, table, present, posts)) for table in tables]
        spread = _figure(name, draws[0], present, posts) - _figure(name, draws[1], present, posts)
        gap = smoothed_figure(
            values[0] - values[1], spread, level=level, clusters=first.number_of_clusters(),
            interval="paired smoothed bootstrap",
        )  # fmt: skip
        rows.append(Difference(name, values[0], values[1], gap, bootstrap_p(spread)))
    return tuple(rows)


def _figure(name: str, table: Floats, present: NDArray[np.bool_], posts: int) -> Floats:
    if name == "accuracy":
        return metrics.accuracy(table)
    return metrics.macro_f1(table, present) if name == "macro_f1" else metrics.alpha(table, posts)


def _paired_draws(first: Pairs, second: Pairs, replicates: int, seed: int) -> list[Floats]:
    """Draw the same posts for both coders: (replicates, labels, labels) for each.

    Two imagined posts: one on which only the first coder meets gold, one on which only the second does.
    """
    size, codes = len(first.labels), len(first.codes)
    triples = np.column_stack([first.gold, first.machine, second.machine])
    rows, masses = imagined_rows(codes, 2)
    apart, weight = rows[codes:], masses[0, codes:]
    extra = np.vstack([apart[:, [0, 0, 1]], apart[:, [0, 1, 0]]])
    kinds, place = np.unique(np.vstack([triples, extra]), axis=0, return_inverse=True)
    place = place.ravel().astype(np.intp)
    spread = np.bincount(place[len(triples) :], weights=np.tile(weight, 2), minlength=len(kinds))
    draws = smoothed_cells(
        place[: len(triples)], spread.astype(float), weights=first.weights,
        clusters=first.clusters.index if first.clusters is not None else None,
        replicates=replicates, seed=seed,
    )  # fmt: skip
    tables = []
    for column in (1, 2):
        table = np.zeros((len(kinds), size * size))
        table[np.arange(len(kinds)), kinds[:, 0] * size + kinds[:, column]] = 1
        tables.append((draws @ table).reshape(replicates, size, size))
    return tables
