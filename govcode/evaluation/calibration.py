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
from govcode.metrics.figures import Figure
from govcode.metrics.resampling import bootstrap_sums
from govcode.metrics.smoothing import smoothed_figure

Floats = NDArray[np.float64]

MOST_CHANCES = 5_000_000


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
    better), `bins` the reliability table; `risk` the coverage-risk curve with its area `aurc`.
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
    aurc: float


def calibration_of(pairs: Pairs, *, level: float, replicates: int, seed: int) -> Calibration | None:
    """Judge the probabilities; None where the coder gave none."""
    if pairs.probabilities is None:
        return None
    usable = ~np.isnan(pairs.probabilities).any(1) & (pairs.machine < len(pairs.codes))
    if not usable.any():
        return None
    p, gold = pairs.probabilities[usable], pairs.gold[usable]
    weights, right = pairs.weights[usable], pairs.right[usable]
    confidence = p[np.arange(len(p)), pairs.machine[usable]]
    bins = bin_sums(confidence, right, weights)
    losses = np.column_stack([brier_scores(p, gold), log_losses(p, gold), np.ones(len(p))])
    features = np.hstack([bins, losses * weights[:, None]])
    draws = bootstrap_sums(
        features, replicates=replicates, seed=seed,
        strata=pairs.strata[usable] if pairs.strata is not None else None,
        clusters=pairs.clusters.index[usable] if pairs.clusters is not None else None,
    )  # fmt: skip
    value, spread = _figures(features.sum(0)), _figures(draws)
    brier, loss = (
        smoothed_figure(float(v), d, level=level, clusters=pairs.number_of_clusters(usable), lowest=0.0,
                        interval="bootstrap")
        for v, d in zip(value[1:], spread.T[1:], strict=True)
    )  # fmt: skip
    ece = Figure(float(value[0]), level=level, note="biased up: compare with chance")
    curve, area = risk_curve(confidence, right, weights)
    means, shares = np.average(p, axis=0, weights=weights), _shares(gold, weights, p.shape[1])
    per_code = tuple(
        CodeCalibration(code, float(means[k]), float(shares[k])) for k, code in enumerate(pairs.codes)
    )
    chance = _chance_errors(confidence, weights, seed)
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
        area,
    )


def _figures(sums: Floats) -> Floats:
    """Return ECE, Brier score and log loss from summed features, on the last axis."""
    weight = sums[..., -1]
    return np.stack([calibration_error(sums[..., :-3]), sums[..., -3] / weight, sums[..., -2] / weight], -1)


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
