"""From codes of a fallible machine to shares: design-based and label-shift corrections of a mean."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A corrected share with its standard error, and λ where the method tunes one."""

    value: float
    error: float
    lam: float = 1.0


def stratified_mean(sizes: Floats, drawn: Floats, hits: Floats) -> Corrected:
    """Return the share in a population of strata from simple random samples within them.

    p̂ = Σ (N_h/N) p̂_h, variance Σ (N_h/N)² (1 - n_h/N_h) p̂_h (1 - p̂_h) / (n_h - 1) (Cochran 1977, ch. 5).
    A stratum with one post has no variance of its own and makes the error NaN, unless it was taken whole.
    """
    shares, weights = hits / drawn, sizes / sizes.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(drawn >= sizes, 0.0, shares * (1 - shares) / (drawn - 1))
    variance = (weights**2 * (1 - drawn / sizes) * spread).sum()
    return Corrected(float((weights * shares).sum()), float(np.sqrt(variance)))


def ppi_mean(gold: Floats, machine: Floats, unlabelled: Floats, *, lam: float | None = 1.0) -> Corrected:
    """Return the prediction-powered mean (Angelopoulos et al. 2023); `lam=None` tunes λ (PPI++, 2023).

    θ̂ = λ·mean(unlabelled) + mean(gold - λ·machine); se² = λ² var(unlabelled)/N + var(gold - λ·machine)/n,
    variances with denominator n. λ̂ = cov(gold, machine) / ((1 + n/N) var(all machine)), kept in [0, 1].
    For gold drawn simply at random from the same population as the unlabelled posts.
    """
    n, big = len(gold), len(unlabelled)
    if lam is None:
        spread = float(np.var(np.r_[machine, unlabelled], ddof=1))
        shared = float(np.mean((gold - gold.mean()) * (machine - machine.mean())))
        lam = min(1.0, max(0.0, shared / ((1 + n / big) * spread))) if spread > 0 else 0.0
    value = lam * unlabelled.mean() + (gold - lam * machine).mean()
    error = math.sqrt(lam**2 * unlabelled.var() / big + (gold - lam * machine).var() / n)
    return Corrected(float(value), error, lam)


def dsl_mean(machine: Floats, drawn: NDArray[np.bool_], gold: Floats, probability: Floats) -> Corrected:
    """Return the design-based supervised-learning mean (Egami et al. 2023) over all posts.

    Ỹ = f - (R/π)(f - Y) with R whether the post was drawn to be coded by hand, π > 0 its probability;
    θ̂ = mean Ỹ, se = sd(Ỹ)/√N. `gold` is read only where drawn. Unbiased however bad the machine is, as
    long as π is right.
    """
    pseudo = machine.astype(np.float64)
    pseudo[drawn] -= (machine[drawn] - gold[drawn]) / probability[drawn]
    return Corrected(float(pseudo.mean()), float(pseudo.std(ddof=1) / math.sqrt(len(pseudo))))


def rogan_gladen(observed: float, number: float, sensitivity: tuple[float, float],
                 specificity: tuple[float, float]) -> Corrected:  # fmt: skip
    """Return (observed + sp - 1)/(se + sp - 1) for one code (Rogan & Gladen 1978), not clipped.

    `observed` is the machine's share among `number` posts; sensitivity and specificity are pairs (hits,
    posts). Delta-method variance. NaN where |se + sp - 1| < .1: the machine tells almost nothing.
    """
    (tp, n1), (tn, n0) = sensitivity, specificity
    se, sp = tp / n1, tn / n0
    youden = se + sp - 1
    if abs(youden) < 0.1:
        return Corrected(math.nan, math.nan)
    share = (observed + sp - 1) / youden
    variance = (
        observed * (1 - observed) / number
        + share**2 * se * (1 - se) / n1
        + (1 - share) ** 2 * sp * (1 - sp) / n0
    )
    return Corrected(share, math.sqrt(variance) / abs(youden))


def simplex_solution(columns: Floats, observed: Floats) -> Floats:
    """Return the shares p >= 0, Σ p = 1 that minimise |M p - observed| (adjusted count; Saerens 2002).

    `columns` is M, P(machine j | gold k) with columns summing to 1: the misclassification matrix of Bachl &
    Scharkow 2017. Where the plain inverse lies in the simplex it is the answer.
    """
    from scipy.optimize import nnls

    with_sum = np.vstack([columns, np.full(columns.shape[1], HEAVY)])
    solution = nnls(with_sum, np.append(observed, HEAVY))[0]
    return np.asarray(solution / solution.sum())


HEAVY = 1e5
"""Weight that makes the shares sum to 1 in `simplex_solution`, to about 1e-10."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Shares found by expectation-maximisation, how many rounds it took, and whether it converged."""

    shares: Floats
    rounds: int
    converged: bool


def emq(
    probabilities: Floats, prior: Floats, *, tolerance: float = 1e-8, most: int = 20_000,
    counts: Floats | None = None,
) -> Shift:  # fmt: skip
    """Return the shares that best explain calibrated probabilities (Saerens, Latinne & Decaestecker 2002).

    Repeats p(k|x) ∝ (p̂_k/π_k) p_train(k|x), p̂_k ← mean p(k|x) until no share moves by more than
    `tolerance`; π is the `prior`, the shares in training. `counts` says how many posts each row stands for.
    Slow at the border of the simplex, so the number of rounds has a limit, and failure is told.
    """
    weights = np.full(len(probabilities), 1 / len(probabilities)) if counts is None else counts / counts.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(prior > 0, probabilities / prior, 0.0)
    shares = np.asarray(prior, dtype=np.float64)
    for turn in range(1, most + 1):
        posterior = ratio * shares
        posterior /= posterior.sum(1, keepdims=True)
        new = weights @ posterior
        moved, shares = float(np.abs(new - shares).max()), new
        if moved < tolerance:
            return Shift(shares, turn, True)
    return Shift(shares, most, False)
