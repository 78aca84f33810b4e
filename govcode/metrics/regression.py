"""Linear and logistic regression by estimating equations, in blocks, with cluster-robust errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.errors import NotComputableError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Blocks = Callable[[], Iterator[tuple[Floats, Floats, Ints]]]

MOST_ROUNDS = 60
CLOSE = 1e-9
WORST_CONDITION = 1e12
LEAST_FREEDOM = 4


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients and their covariance."""

    coefficients: Floats
    covariance: Floats


def robust_fit(blocks: Blocks, *, terms: int, clusters: int, logistic: bool) -> Fit:
    """Solve Σ x (y - g(xβ)) = 0 and return β with its sandwich covariance; column 0 is the intercept.

    `blocks` starts a pass over (design rows, outcomes, cluster numbers). Outcomes may be pseudo-outcomes
    outside [0, 1] (Egami et al. 2023): both scores are linear in y. Covariance A⁻¹ (Σ_c s_c s_c') A⁻¹ times
    G/(G - K), with s_c the summed score of cluster c (Liang & Zeger 1986): unbiased for covariates that
    belong to clusters of one size, where the usual G/(G - 1) is too small (Bell & McCaffrey 2002); one post
    per cluster gives HC1. Raises NotComputableError for fewer than K + 4 clusters, collinear covariates or a
    solution that runs away.
    """
    if clusters < terms + LEAST_FREEDOM:
        raise NotComputableError(
            f"{clusters} clusters are too few for the errors of {terms} coefficients; "
            f"{terms + LEAST_FREEDOM} are the least.",
            hint="Use fewer terms, or finer --clusters.",
        )
    blocks, back = _standardised(blocks, terms)
    beta = np.zeros(terms)
    for _ in range(MOST_ROUNDS):
        slope, score, _ = _pass(blocks, beta, terms, 0, logistic)
        if not np.isfinite(slope).all() or np.linalg.cond(slope) > WORST_CONDITION:
            raise NotComputableError(
                "The regression cannot be solved: covariates repeat each other or a group has no variation.",
                hint="Drop a covariate, or join rare values of C(...) columns.",
            )
        step = np.linalg.solve(slope, score)
        beta = beta + step * min(1.0, 5.0 / max(1e-12, float(np.abs(step).max())))
        if np.abs(step).max() < CLOSE * (1 + np.abs(beta).max()):
            break
    else:
        raise NotComputableError(
            f"The regression did not converge in {MOST_ROUNDS} rounds.",
            hint="A value of a covariate may settle the outcome: join rare values, or try --model linear.",
        )
    slope, _, meat = _pass(blocks, beta, terms, clusters, logistic)
    inverse = np.linalg.inv(slope)
    factor = clusters / (clusters - terms)
    return Fit(back @ beta, back @ inverse @ meat @ inverse @ back.T * factor)


def _standardised(blocks: Blocks, terms: int) -> tuple[Blocks, Floats]:
    """Return blocks with centred and scaled columns, and the matrix that turns coefficients back.

    Without it a year around 2020 beside an intercept looks collinear.
    """
    total, squares, rows = np.zeros(terms), np.zeros(terms), 0
    for x, _, _ in blocks():
        total, squares, rows = total + x.sum(0), squares + (x**2).sum(0), rows + len(x)
    mean = total / max(1, rows)
    spread = np.sqrt(np.maximum(squares / max(1, rows) - mean**2, 0))
    mean[0], spread[0] = 0.0, 1.0
    spread[spread <= 1e-9 * (1 + np.abs(mean))] = 0.0
    back = np.diag(np.divide(1.0, spread, out=np.zeros(terms), where=spread > 0))
    back[0, 1:] = -(mean * np.diag(back))[1:]

    def scaled() -> Iterator[tuple[Floats, Floats, Ints]]:
        for x, y, cluster in blocks():
            yield (x - mean) * np.diag(back), y, cluster

    return scaled, back


def _pass(
    blocks: Blocks, beta: Floats, terms: int, clusters: int, logistic: bool
) -> tuple[Floats, Floats, Floats]:
    """Return the slope matrix, the summed score, and (with clusters) the middle of the sandwich."""
    slope, score = np.zeros((terms, terms)), np.zeros(terms)
    sums = np.zeros((clusters, terms))
    for x, y, cluster in blocks():
        mean = x @ beta
        weight = np.ones(len(mean))
        if logistic:
            mean = 1 / (1 + np.exp(-np.clip(mean, -500, 500)))
            weight = mean * (1 - mean)
        part = x * (y - mean)[:, None]
        slope += x.T @ (x * weight[:, None])
        score += part.sum(0)
        if clusters:
            np.add.at(sums, cluster, part)
    return slope, score, sums.T @ sums
