"""Calibration and selective coding: whether the machine's probabilities are to be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.evaluation.pairs import Pairs
from govcode.metrics.calibration import (
    Bin,
    RiskPoint,
    bin_sums,
    brier_scores,
    calibration_error,
    log_losses,
    reliability_bins,
    risk_curve,
)
from govcode.metrics.design import share_of_hits, skewed_mean
from govcode.metrics.figures import Figure

Floats = NDArray[np.float64]

MOST_CHANCES = 5_000_000
FEW_WRONG = 5


@dataclass(frozen=True)
class CodeCalibration:
    """Mean probability of a code beside its share in gold: equal when calibrated in the large."""

    code: str
    mean_probability: float
    share: float


@dataclass(frozen=True)
class Calibration:
    """How probabilities meet gold, over the posts that have both (`posts`).

    `ece` of the machine's code in ten equal bins: it cannot be 0 in a sample, so it has no interval but
    what chance alone makes it in posts of these probabilities, were they true (`ece_chance` on average,
    `ece_limit` or less in 95 of 100 samples); `brier` and `log_loss` over all codes (lower is
    better), `bins` the reliability table; `risk` the coverage-risk curve with its area `aurc`. `right` and
    `errors` are the shares of right and wrong posts of each bin and each point, with intervals.
    """

    posts: int
    ece: Figure
    ece_chance: float
    ece_limit: float
    brier: Figure
    log_loss: Figure
    per_code: tuple[CodeCalibration, ...]
    bins: tuple[Bin, ...]
    risk: tuple[RiskPoint, ...]
    aurc: Figure
    right: tuple[Figure, ...]
    errors: tuple[Figure, ...]


def calibration_of(pairs: Pairs, *, level: float, seed: int) -> Calibration | None:
    """Judge the probabilities; None where the coder gave none."""
    if pairs.probabilities is None:
        return None
    usable = ~np.isnan(pairs.probabilities).any(1) & (pairs.machine < len(pairs.codes))
    if not usable.any():
        return None
    p, gold = pairs.probabilities[usable], pairs.gold[usable]
    weights, right = pairs.weights[usable], pairs.right[usable]
    confidence = p[np.arange(len(p)), pairs.machine[usable]]
    binned = bin_sums(confidence, right, weights)
    sums = binned.sum(0)
    clusters = pairs.clusters.index[usable] if pairs.clusters is not None else None
    brier, loss = _losses(p, gold, right, weights, clusters, level)
    ece = Figure(float(calibration_error(sums)), level=level, note="biased up: compare with chance")
    curve, area = risk_curve(confidence, right, weights)
    means, shares = np.average(p, axis=0, weights=weights), _shares(gold, weights, p.shape[1])
    per_code = tuple(
        CodeCalibration(code, float(means[k]), float(shares[k])) for k, code in enumerate(pairs.codes)
    )
    chance = _chance_errors(confidence, weights, seed)
    in_bin = binned.reshape(len(p), 3, -1)[:, 0] > 0
    place = np.argsort(np.argsort(-confidence, kind="stable"))
    surest = place[:, None] < np.array([point.posts for point in curve])
    wrong = ~right[:, None]
    return Calibration(
        len(p),
        ece,
        float(chance.mean()),
        float(np.quantile(chance, 0.95)),
        brier,
        loss,
        per_code,
        reliability_bins(confidence, right, weights),
        curve,
        Figure(area, level=level, note="no interval: a post counts at every coverage from its own on"),
        tuple(share_of_hits(in_bin & ~wrong, in_bin & wrong, weights, clusters, level=level)),
        tuple(share_of_hits(surest & wrong, surest & ~wrong, weights, clusters, level=level)),
    )


def _losses(
    p: Floats, gold: NDArray[np.intp], right: NDArray[np.bool_], weights: Floats,
    clusters: NDArray[np.intp] | None, level: float,
) -> tuple[Figure, Figure]:  # fmt: skip
    """Return Brier score and log loss; without intervals where only a handful of posts decide them."""
    brier, loss = (
        skewed_mean(losses(p, gold), weights, clusters, level=level) for losses in (brier_scores, log_losses)
    )
    if (~right).sum() >= FEW_WRONG:
        return brier, loss
    note = f"no interval: only {int((~right).sum())} posts are wrong, and their losses decide"
    return Figure(brier.value, level=level, note=note), Figure(loss.value, level=level, note=note)


def _chance_errors(confidence: Floats, weights: Floats, seed: int) -> Floats:
    """Return calibration errors of samples in which every probability is true (Bröcker & Smith 2007)."""
    rng = np.random.default_rng(seed)
    draws = max(200, min(1000, MOST_CHANCES // len(confidence)))
    return np.array([
        calibration_error(bin_sums(confidence, rng.random(len(confidence)) < confidence, weights).sum(0))
        for _ in range(draws)
    ])  # fmt: skip


def _shares(gold: NDArray[np.intp], weights: Floats, size: int) -> Floats:
    counts = np.bincount(gold, weights=weights, minlength=size).astype(np.float64)
    return np.asarray(counts / weights.sum())
