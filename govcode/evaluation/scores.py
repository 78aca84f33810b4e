"""Scores of one coder against gold, overall and per code, with bootstrap intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.evaluation.pairs import Pairs
from govcode.metrics import classification as metrics
from govcode.metrics.figures import Figure
from govcode.metrics.intervals import wilson
from govcode.metrics.resampling import percentile_figure

Floats = NDArray[np.float64]


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


def overall_scores(
    pairs: Pairs, draws: Floats, *, level: float, chosen: NDArray[np.bool_] | None = None
) -> Scores:
    """Score all codes together; `draws` are bootstrap tables of the same posts."""
    table = pairs.table(chosen)
    posts = len(pairs) if chosen is None else int(chosen.sum())
    present = table.sum(-1) > 0

    def figure(value: Floats, spread: Floats) -> Figure:
        return percentile_figure(float(value), spread, level=level)

    return Scores(
        posts,
        _share(metrics.accuracy(table), metrics.accuracy(draws), float(posts), level),
        figure(metrics.macro_f1(table, present), metrics.macro_f1(draws, present)),
        figure(metrics.alpha(table, posts), metrics.alpha(draws, posts)),
        figure(metrics.mcc(table), metrics.mcc(draws)),
    )


def code_scores(pairs: Pairs, draws: Floats, *, level: float) -> tuple[CodeScores, ...]:
    """Score each code of the codebook; a code that nobody used has NaN scores."""
    table, counts = pairs.table(), _counts(pairs)
    values = [f(table) for f in (metrics.precision, metrics.recall, metrics.f1)]
    spread = [f(draws) for f in (metrics.precision, metrics.recall, metrics.f1)]
    binary, binary_draws = metrics.one_versus_rest(table), metrics.one_versus_rest(draws)
    rows = []
    for k, code in enumerate(pairs.codes):
        gold, machine, hits = counts[0][k], counts[1][k], counts[2][k]
        rows.append(
            CodeScores(
                code, gold, machine, hits,
                _share(values[0][k], spread[0][:, k], machine, level),
                _share(values[1][k], spread[1][:, k], gold, level),
                percentile_figure(float(values[2][k]), spread[2][:, k], level=level),
                percentile_figure(
                    float(metrics.alpha(binary[k], len(pairs))),
                    metrics.alpha(binary_draws[:, k], len(pairs)), level=level,
                ),
            )
        )  # fmt: skip
    return tuple(rows)


def _share(value: Floats, draws: Floats, number: float, level: float) -> Figure:
    """Return a share with its bootstrap interval, or Wilson's where all draws agree (0 or 1)."""
    figure = percentile_figure(float(value), draws, level=level)
    if figure.low == figure.high and number > 0:
        return wilson(float(value) * number, number, level=level)
    return figure


def _counts(pairs: Pairs) -> tuple[list[int], list[int], list[int]]:
    """Return posts by gold, by machine, and by both, per label, not weighted."""
    size = len(pairs.labels)
    both = pairs.gold[pairs.right]
    columns = (np.bincount(c, minlength=size).tolist() for c in (pairs.gold, pairs.machine, both))
    gold, machine, hits = columns
    return gold, machine, hits
