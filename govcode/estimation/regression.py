"""A code regressed on covariates: machine codes as they are would bias it, so gold corrects each outcome."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from govcode.errors import UsageError, choices
from govcode.estimation.corpus import Column, Corpus, Floats, Ints, Sample
from govcode.estimation.formula import INTERCEPT, Formula, build_design, complete_posts
from govcode.estimation.results import Coefficient, Regression
from govcode.metrics.figures import Figure
from govcode.metrics.intervals import t_p, t_quantile
from govcode.metrics.regression import robust_fit

BLOCK = 1 << 15


def regress(
    corpus: Corpus, sample: Sample, formula: Formula, *, clusters: Column | None, logistic: bool, level: float
) -> Regression:
    """Regress a code on covariates by design-based supervised learning (Egami et al. 2023).

    Outcomes are f - (R/π)(f - Y) over all posts the machine could code: unbiased for gold whatever the
    machine's errors depend on, given right π. Posts whose covariates are missing are left out.
    """
    if formula.code not in corpus.codes:
        raise UsageError(
            f"'{formula.code}' in --regress is not a code.", hint=f"Codes: {choices(corpus.codes)}."
        )
    used = _usable(corpus, sample, complete_posts(formula, corpus.groups))
    design = build_design(formula, corpus.groups, used)
    outcome = _pseudo_outcomes(corpus, sample, corpus.codes.index(formula.code))[used]
    numbers, total = _cluster_numbers(clusters, used)
    names = design.names

    def blocks() -> Iterator[tuple[Floats, Floats, Ints]]:
        for start in range(0, len(used), BLOCK):
            rows = slice(start, start + BLOCK)
            yield design.rows[design.place[rows]], outcome[rows], numbers[rows]

    fit = robust_fit(blocks, terms=len(names), clusters=total, logistic=logistic)
    errors = np.sqrt(np.diag(fit.covariance))
    gold = int(np.isin(sample.place, used).sum())
    freedom = (total if clusters is not None else gold) - len(names)
    coefficients = tuple(
        _coefficient(name, float(b), float(e), level, logistic, freedom)
        for name, b, e in zip(names, fit.coefficients, errors, strict=True)
    )
    return Regression(
        formula.text, formula.code, "logistic" if logistic else "linear probability", len(used), gold,
        total if clusters is not None else 0, coefficients, "dsl",
        f"t ({max(1, freedom)} degrees of freedom), "
        + ("cluster-robust" if clusters is not None else "heteroskedasticity-robust (HC1)"),
    )  # fmt: skip


def _coefficient(
    name: str, value: float, error: float, level: float, logistic: bool, freedom: int
) -> Coefficient:
    """Return a coefficient with its t interval: gold, or clusters, less terms degrees of freedom."""
    z = value / error if error > 0 else float("nan")
    ratio = float(np.exp(value)) if logistic and name != INTERCEPT else float("nan")
    reach = t_quantile(freedom, level) * error
    figure = Figure(value, value - reach, value + reach, level, "t")
    return Coefficient(name, figure, error, z, t_p(z, freedom), ratio)


def _usable(corpus: Corpus, sample: Sample, complete: NDArray[np.bool_]) -> Ints:
    """Return the posts with a machine code, all covariates, and no gold NA."""
    keep = np.asarray(complete & (corpus.machine < len(corpus.codes)))
    keep[sample.place[sample.gold == len(corpus.codes)]] = False
    return np.flatnonzero(keep)


def _pseudo_outcomes(corpus: Corpus, sample: Sample, code: int) -> Floats:
    outcome: Floats = np.asarray(corpus.machine == code, dtype=np.float64)
    correction = outcome[sample.place] - (sample.gold == code)
    outcome[sample.place] -= correction * sample.weights
    return outcome


def _cluster_numbers(clusters: Column | None, used: Ints) -> tuple[Ints, int]:
    if clusters is None:
        return np.arange(len(used)), len(used)
    names, numbers = np.unique(clusters.index[used], return_inverse=True)
    return numbers.astype(np.intp), len(names)
