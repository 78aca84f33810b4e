"""Whether probabilities mean what they say, and what confidence is worth.

Probabilities are (posts, codes), gold and machine are code positions, weights one per post.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

BINS = 10
TINY = 1e-15


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin (low, high] of confidence: posts, mean confidence and share right (NaN when empty)."""

    low: float
    high: float
    posts: int
    confidence: float
    accuracy: float


def bin_sums(confidence: Floats, right: NDArray[np.bool_], weights: Floats, bins: int = BINS) -> Floats:
    """Return (posts, 3·bins): each post's weight, weighted rightness and confidence in its bin's place.

    Sums of its rows over any choice of posts are what `calibration_error` needs, so that bootstrap draws are
    one matrix product.
    """
    place = np.clip(np.ceil(confidence * bins - 1e-9).astype(np.intp) - 1, 0, bins - 1)
    rows = np.arange(len(confidence))
    out = np.zeros((len(confidence), 3, bins))
    out[rows, 0, place] = weights
    out[rows, 1, place] = weights * right
    out[rows, 2, place] = weights * confidence
    return out.reshape(len(confidence), 3 * bins)


def calibration_error(sums: Floats) -> Floats:
    """Return the expected calibration error of the top code (Naeini et al. 2015; Guo et al. 2017).

    Σ_b (w_b / w) |accuracy_b - confidence_b| over equal-width bins (low, high]. `sums` are (..., 3·bins)
    from `bin_sums`. Biased up in small samples: read it with its interval. NaN without posts.
    """
    weight, right, confidence = np.moveaxis(sums.reshape(*sums.shape[:-1], 3, -1), -2, 0)
    total = weight.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        error: Floats = np.abs(right - confidence).sum(-1) / total
    return error


def reliability_bins(confidence: Floats, right: NDArray[np.bool_], weights: Floats) -> tuple[Bin, ...]:
    """Return the bins of the reliability diagram, empty ones included."""
    sums = bin_sums(confidence, right, weights)
    weight, hits, confident = sums.sum(0).reshape(3, BINS)
    posts = (sums.reshape(-1, 3, BINS)[:, 0] > 0).sum(0)
    with np.errstate(invalid="ignore"):
        mean, share = confident / weight, hits / weight
    return tuple(
        Bin(b / BINS, (b + 1) / BINS, int(posts[b]), float(mean[b]), float(share[b])) for b in range(BINS)
    )


def brier_scores(probabilities: Floats, gold: Ints) -> Floats:
    """Per post Σ_k (p_k - [k is gold])² (Brier 1950), 0 best, 2 worst."""
    truth = np.eye(probabilities.shape[1])[gold]
    scores: Floats = ((probabilities - truth) ** 2).sum(1)
    return scores


def log_losses(probabilities: Floats, gold: Ints) -> Floats:
    """Per post -ln p(gold), with p not under 1e-15."""
    return -np.log(np.maximum(probabilities[np.arange(len(gold)), gold], TINY))


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """If only posts with at least `confidence` are coded by machine: their share, error and number."""

    coverage: float
    risk: float
    confidence: float
    posts: int


def risk_curve(
    confidence: Floats, right: NDArray[np.bool_], weights: Floats, points: int = 10
) -> tuple[tuple[RiskPoint, ...], float]:
    """Return the coverage-risk curve at `points` coverages, and the area under the whole curve.

    Posts enter by falling confidence (ties keep their order); risk is the weighted share of wrong ones
    among those in. The area is the mean risk over all coverages (AURC, Geifman & El-Yaniv 2017).
    """
    order = np.argsort(-confidence, kind="stable")
    covered = np.cumsum(weights[order])
    risks = np.cumsum(weights[order] * ~right[order]) / covered
    coverages = covered / covered[-1]
    chosen = [int(np.searchsorted(coverages, (k + 1) / points - 1e-12)) for k in range(points)]
    curve = tuple(
        RiskPoint(float(coverages[i]), float(risks[i]), float(confidence[order][i]), i + 1) for i in chosen
    )
    return curve, float(np.average(risks, weights=weights[order]))


def conformal_quantile(scores: Floats, miss: float) -> float:
    """Return the ⌈(n+1)(1-miss)⌉-th smallest score: split conformal prediction (Papadopoulos et al. 2002).

    Sets of all codes with 1 - p <= this value hold the gold code with probability >= 1 - miss, for
    exchangeable posts. Infinite where n is too small (n < 1/miss - 1): then every code is in the set.
    """
    rank = math.ceil((len(scores) + 1) * (1 - miss) - 1e-9)
    return float(np.sort(scores)[rank - 1]) if rank <= len(scores) else math.inf
