"""Scores of one coder against gold, overall and per code, with intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from govcode.evaluation.pairs import Pairs
from govcode.metrics import classification as metrics
from govcode.metrics.design import share_of_hits
from govcode.metrics.figures import Figure
from govcode.metrics.smoothing import smoothed_figure

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class CodeScores:
    """Scores of one code. `gold` and `machine` count posts; `alpha` is code against the rest."""

    code: str
    gold: int
    machine: int
    hits: int
    precision: Figure
    recall: Figure
    f1: Figure
    alpha: Figure


@dataclass(frozen=True)
class Scores:
    """Scores over all codes. Macro-F1 is the plain mean over the codes that gold has."""

    posts: int
    accuracy: Figure
    macro_f1: Figure
    alpha: Figure
    mcc: Figure


def overall_scores(pairs: Pairs, draws: Floats, *, level: float, chosen: Bools | None = None) -> Scores:
    """Score all codes together; `draws` are bootstrap tables of the same posts."""
    table = pairs.table(chosen)
    posts = len(pairs) if chosen is None else int(chosen.sum())
    present, clusters = table.sum(-1) > 0, pairs.number_of_clusters(chosen)
    strata = pairs.stratified(chosen)

    def figure(formula: Callable[[Floats], Floats], lowest: float = -1.0) -> Figure:
        if strata is not None:
            return strata.figure(formula, level=level, lowest=lowest, highest=1.0)
        return smoothed_figure(
            float(formula(table)), formula(draws), level=level, clusters=clusters, lowest=lowest, highest=1.0
        )

    return Scores(
        posts, accuracy_of(pairs, level=level, chosen=chosen),
        figure(lambda t: metrics.macro_f1(t, present), 0.0),
        figure(lambda t: metrics.alpha(t, posts)),
        figure(metrics.mcc),
    )  # fmt: skip


def accuracy_of(pairs: Pairs, *, level: float, chosen: Bools | None = None) -> Figure:
    """Return the share of posts coded as gold does, with the interval of `share_of_hits`."""
    rows = np.ones(len(pairs), np.bool_) if chosen is None else chosen
    right = pairs.right[rows][:, None]
    return share_of_hits(right, ~right, pairs.weights[rows], _clusters(pairs, rows), level=level)[0]


def code_scores(pairs: Pairs, *, level: float, replicates: int, seed: int) -> tuple[CodeScores, ...]:
    """Score each code of the codebook; a code that nobody used has NaN scores.

    F1 = 2J/(1 + J) with J the share of hits among the posts that gold or machine gave the code, and so has
    the interval of that share.
    """
    gold, machine, hits = _counts(pairs)
    everyone = np.arange(len(pairs.codes))
    in_gold, in_machine = pairs.gold[:, None] == everyone, pairs.machine[:, None] == everyone
    both, clusters = in_gold & in_machine, pairs.clusters.index if pairs.clusters is not None else None
    misses = np.hstack([kind & ~both for kind in (in_machine, in_gold, in_gold | in_machine)])
    size = len(pairs.codes)
    elsewhere = np.hstack([pairs.never_given(), np.zeros((len(pairs), 2 * size), np.bool_)])
    found = share_of_hits(
        np.hstack([both] * 3), misses, pairs.weights, clusters, level=level, elsewhere=elsewhere
    )
    precision, recall, jaccard = found[:size], found[size : 2 * size], found[2 * size :]
    alphas = [_alpha_of_code(pairs, k, level=level, replicates=replicates, seed=seed) for k in range(size)]
    return tuple(
        CodeScores(
            code, gold[k], machine[k], hits[k], precision[k], recall[k], _f1(jaccard[k]), alphas[k]
        )
        for k, code in enumerate(pairs.codes)
    )  # fmt: skip


def _alpha_of_code(pairs: Pairs, code: int, *, level: float, replicates: int, seed: int) -> Figure:
    """Return the alpha of one code against the rest."""
    strata = pairs.stratified()
    if strata is not None:
        return strata.of_code(code).figure(
            lambda t: metrics.alpha(t, len(pairs)), level=level, lowest=-1.0, highest=1.0
        )
    table = metrics.one_versus_rest(pairs.table())[code]
    draws = pairs.binary_draws(code, replicates=replicates, seed=seed)
    return smoothed_figure(
        float(metrics.alpha(table, len(pairs))), metrics.alpha(draws, len(pairs)),
        level=level, clusters=pairs.number_of_clusters(), lowest=-1.0, highest=1.0,
    )  # fmt: skip


def _f1(jaccard: Figure) -> Figure:
    value, low, high = (2 * v / (1 + v) for v in (jaccard.value, jaccard.low, jaccard.high))
    return replace(jaccard, value=value, low=low, high=high)


def _clusters(pairs: Pairs, rows: Bools) -> NDArray[np.intp] | None:
    return None if pairs.clusters is None else pairs.clusters.index[rows]


def _counts(pairs: Pairs) -> tuple[list[int], list[int], list[int]]:
    """Return posts by gold, by machine, and by both, per label, not weighted."""
    size = len(pairs.labels)
    both = pairs.gold[pairs.right]
    columns = (np.bincount(c, minlength=size).tolist() for c in (pairs.gold, pairs.machine, both))
    gold, machine, hits = columns
    return gold, machine, hits
