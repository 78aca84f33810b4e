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
from govcode.metrics.resampling import bootstrap_sums, percentile_figure

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CodeCalibration:
    """Mean probability of a code beside its share in gold: equal when calibrated in the large."""

    code: str
    mean_probability: float
    share: float


@dataclass(frozen=True)
class Calibration:
    """How probabilities meet gold, over the posts that have both (`posts`).

    `ece` of the machine's code in ten equal bins, `brier` and `log_loss` over all codes (lower is
    better), `bins` the reliability table; `risk` the coverage-risk curve with its area `aurc`.
    """

    posts: int
    ece: Figure
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
    ece, brier, loss = (
        percentile_figure(float(v), d, level=level) for v, d in zip(value, spread.T, strict=True)
    )
    curve, area = risk_curve(confidence, right, weights)
    means, shares = np.average(p, axis=0, weights=weights), _shares(gold, weights, p.shape[1])
    per_code = tuple(
        CodeCalibration(code, float(means[k]), float(shares[k])) for k, code in enumerate(pairs.codes)
    )
    return Calibration(
        len(p), ece, brier, loss, per_code, reliability_bins(confidence, right, weights), curve, area
    )


def _figures(sums: Floats) -> Floats:
    """Return ECE, Brier score and log loss from summed features, on the last axis."""
    weight = sums[..., -1]
    return np.stack([calibration_error(sums[..., :-3]), sums[..., -3] / weight, sums[..., -2] / weight], -1)


def _shares(gold: NDArray[np.intp], weights: Floats, size: int) -> Floats:
    counts = np.bincount(gold, weights=weights, minlength=size).astype(np.float64)
    return np.asarray(counts / weights.sum())
