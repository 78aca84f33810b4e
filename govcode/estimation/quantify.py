"""Label-shift corrections (ACC, PACC, EMQ): extras for corpora or accounts without gold of their own.

They rest on errors being the same in gold and corpus for every code, which accounts of another style violate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from govcode.errors import NotComputableError
from govcode.estimation.corpus import Corpus, Floats, Part, Sample
from govcode.estimation.results import Estimate
from govcode.estimation.shares import naive_shares
from govcode.metrics.correction import emq, simplex_solution
from govcode.metrics.figures import Figure
from govcode.metrics.resampling import percentile_figure

FEW_OF_CODE = 10
WORST_CONDITION = 20.0
DRAWS = 1000
SINGULAR = 1e-12
IMAGINED = 0.75
"""Posts imagined in every cell of ACC: errors that gold did not meet are rare, not impossible."""
NO_INTERVAL = "no interval: EMQ errs by its assumptions, which drawing posts again does not test"


def adjusted_shares(
    corpus: Corpus, sample: Sample, parts: Sequence[Part], *, method: str, level: float, seed: int
) -> list[Estimate]:
    """Estimate shares by `acc` or `pacc`; intervals are percentiles of draws.

    In each draw gold posts (or clusters) get exponential weights, and so do imagined ones, and what the
    machine says of the corpus varies as its errors would let it.

    Refuses (NotComputableError) where gold has a code fewer than 10 times or the errors cannot be undone
    (condition number of the misclassification matrix over 20).
    """
    features = _features(corpus, sample, method)
    _check(corpus, sample, _matrix(features.sum(0), len(corpus.codes)))
    rng = np.random.default_rng(seed)
    size = len(corpus.codes)
    draws = _drawn_sums(features, sample, rng).reshape(-1, size, size)
    draws += _imagined(size, method, rng) * sample.weights.mean()
    matrices = draws / draws.sum(1, keepdims=True)
    matrices = matrices[np.abs(np.linalg.det(matrices)) > SINGULAR]
    matrix = _matrix(features.sum(0), size)
    scatter = _scatter(features, sample, size)
    estimates = []
    for part, observed in zip(parts, _observed(corpus, parts, method), strict=True):
        shares = simplex_solution(matrix, observed)
        noise = rng.multivariate_normal(
            np.zeros(size), np.tensordot(shares, scatter, 1) / max(1.0, part.counts.sum()), len(matrices),
            method="eigh",
        )  # fmt: skip
        spread = _solutions(matrices, observed + noise)
        exact = np.linalg.solve(matrix, observed)
        naive = naive_shares(part)
        for k, code in enumerate(corpus.codes):
            figure = percentile_figure(
                float(shares[k]), spread[:, k], level=level, interval="smoothed bootstrap over gold"
            )
            estimates.append(
                Estimate(code, part.group, figure, float(exact[k]), float(spread[:, k].std()), naive[k],
                         part.posts, len(sample), method)
            )  # fmt: skip
    return estimates


def _solutions(matrices: Floats, observed: Floats) -> Floats:
    """Solve many adjustments; the plain inverse is the answer wherever it lies in the simplex."""
    shares = np.linalg.solve(matrices, observed[..., None])[..., 0]
    if shares.shape[1] == 2:
        first = np.clip(shares[:, 0] / shares.sum(1), 0, 1)
        return np.stack([first, 1 - first], 1)
    for i in np.flatnonzero((shares < 0).any(1)):
        shares[i] = simplex_solution(matrices[i], observed[i])
    return np.asarray(shares)


def _imagined(size: int, method: str, rng: np.random.Generator) -> Floats:
    """Return what imagined posts add to each draw: (DRAWS, k, k).

    With `acc` part of a post in every cell; with `pacc` two posts of every code with even probabilities.
    """
    if method == "acc":
        return np.asarray(rng.standard_gamma(IMAGINED, (DRAWS, size, size)))
    return np.asarray(rng.standard_gamma(2.0, (DRAWS, 1, size)) / np.full((size, 1), size))


def _drawn_sums(features: Floats, sample: Sample, rng: np.random.Generator) -> Floats:
    """Return summed features under exponential weights: (DRAWS, k·k)."""
    if sample.clusters is not None:
        names, place = np.unique(sample.clusters, return_inverse=True)
        gathered = np.zeros((len(names), features.shape[1]))
        np.add.at(gathered, place, features)
        features = gathered
    weights = rng.standard_exponential((DRAWS, len(features)))
    return np.asarray(weights @ features)


def _scatter(features: Floats, sample: Sample, size: int) -> Floats:
    """Return, per gold code, the weighted covariance of what the machine says of one post: (k, k, k)."""
    said = features.reshape(-1, size, size).sum(2) / sample.weights[:, None]
    found = []
    for k in range(size):
        inside = sample.gold == k
        share = sample.weights[inside] / sample.weights[inside].sum()
        apart = said[inside] - share @ said[inside]
        found.append((apart * share[:, None]).T @ apart)
    return np.stack(found)


def shift_shares(
    corpus: Corpus, sample: Sample, parts: Sequence[Part], *, prior: Floats | None, level: float
) -> list[Estimate]:
    """Estimate shares by `emq`; `prior` are the shares of the codes in training, which it needs."""
    if prior is None:
        raise NotComputableError(
            "EMQ needs the shares of the codes in the training data.",
            hint="Give them in codebook order, as in --prior .5,.2,.1,.15,.05, or use --method dsl.",
        )
    estimates = []
    for part, rows in zip(parts, _rows(corpus, parts), strict=True):
        found = emq(_probabilities(corpus)[rows].astype(np.float64), prior)
        note = NO_INTERVAL if found.converged else f"did not converge in {found.rounds} rounds"
        naive = naive_shares(part)
        for k, code in enumerate(corpus.codes):
            share = float(found.shares[k])
            figure = Figure(share, level=level, note=note)
            estimates.append(
                Estimate(code, part.group, figure, share, math.nan, naive[k], part.posts, len(sample), "emq")
            )
    return estimates


def _probabilities(corpus: Corpus) -> Floats:
    if corpus.probabilities is None:
        raise NotComputableError(
            "The coded table has no probabilities (p_ columns), which PACC and EMQ need.",
            hint="Use --method acc, or code with a model that gives probabilities.",
        )
    return np.asarray(corpus.probabilities)


def _features(corpus: Corpus, sample: Sample, method: str) -> Floats:
    """Return (n, k·k): per gold post what the machine says, weighted, in the place of its gold code."""
    size = len(corpus.codes)
    machine = corpus.machine[sample.place]
    said = np.eye(size + 1)[machine][:, :size]
    if method == "pacc":
        said = np.where((machine < size)[:, None], _probabilities(corpus)[sample.place], 0.0)
    truth = np.eye(size + 1)[sample.gold][:, :size] * sample.weights[:, None]
    return np.asarray((said[:, :, None] * truth[:, None, :]).reshape(len(sample), size * size))


def _matrix(sums: Floats, size: int) -> Floats:
    """Return P(machine j | gold k) with columns summing to 1."""
    table = sums.reshape(size, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(table / table.sum(0))


def _check(corpus: Corpus, sample: Sample, matrix: Floats) -> None:
    counts = np.bincount(sample.gold, minlength=len(corpus.codes) + 1)
    for code, count in zip(corpus.codes, counts, strict=False):
        if count < FEW_OF_CODE:
            raise NotComputableError(
                f"Gold has '{code}' {count} times; the machine's errors on it cannot be known from fewer "
                f"than {FEW_OF_CODE}.",
                hint="Code more posts of it by hand, or use --method dsl.",
            )
    condition = float(np.linalg.cond(matrix))
    if not condition <= WORST_CONDITION:
        raise NotComputableError(
            f"The machine confuses codes so much that its errors cannot be undone (condition number "
            f"{condition:.0f}, at most {WORST_CONDITION:.0f}).",
            hint="Use --method dsl, which does not invert the errors.",
        )


def _observed(corpus: Corpus, parts: Sequence[Part], method: str) -> list[Floats]:
    """Return what the machine says of each part: shares of codes, or mean probabilities."""
    if method == "acc":
        return [part.counts[:-1] / max(1.0, part.counts[:-1].sum()) for part in parts]
    table = _probabilities(corpus)
    return [table[rows].mean(0, dtype=np.float64) for rows in _rows(corpus, parts)]


def _rows(corpus: Corpus, parts: Sequence[Part]) -> list[np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Return the rows of each part that the machine coded."""
    coded = (corpus.machine < len(corpus.codes)) & ~np.isnan(_probabilities(corpus)).any(1)
    rows = []
    for part in parts:
        inside = coded.copy()
        for name, value in part.group.items():
            column = corpus.groups[name]
            inside &= column.index == column.values.index(value)
        rows.append(np.flatnonzero(inside))
    return rows
