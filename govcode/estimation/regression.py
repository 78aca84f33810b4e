"""A code regressed on covariates: machine codes as they are would bias it, so gold corrects each outcome."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from govcode.errors import UsageError, choices
from govcode.estimation.corpus import Column, Corpus, Floats, Ints, Sample
from govcode.estimation.formula import INTERCEPT, Design, Formula, build_design, complete_posts
from govcode.estimation.results import Coefficient, Regression
from govcode.metrics.figures import Figure
from govcode.metrics.regression import Outcomes, plain_fit, robust_covariance
from govcode.metrics.score_slopes import Term


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
    posts = _outcomes(corpus, sample, corpus.codes.index(formula.code), used, design, clusters)
    fit = plain_fit(posts, logistic=logistic)
    variances = np.diag(robust_covariance(posts, fit))
    errors = np.sqrt(np.maximum(variances, 0.0))  # of a group without any case it is 0 but for rounding
    gold, names = len(posts.gold), design.names
    freedom = max(1, (posts.number if clusters is not None else gold) - len(names))
    coefficients = tuple(
        _coefficient(name, Term(posts, fit, place, logistic=logistic), float(error), level, freedom)
        for place, (name, error) in enumerate(zip(names, errors, strict=True))
    )
    return Regression(
        formula.text, formula.code, "logistic" if logistic else "linear probability", len(used), gold,
        posts.number if clusters is not None else 0, coefficients, "dsl",
        f"intervals and p by score, t ({freedom} degrees of freedom); errors "
        + ("cluster-robust" if clusters is not None else "heteroskedasticity-robust (HC1)"),
    )  # fmt: skip


def _coefficient(name: str, term: Term, error: float, level: float, freedom: int) -> Coefficient:
    """Return a coefficient with its score interval: gold, or clusters, less terms degrees of freedom."""
    ratio = float(np.exp(term.value)) if term.logistic and name != INTERCEPT else float("nan")
    found = term.interval(error, level=level, freedom=freedom)
    open_ends = [end for end, at in (("lower", found.low), ("upper", found.high)) if np.isinf(at)]
    note = f"no {' and no '.join(open_ends)} end: gold has too few cases" if open_ends else ""
    figure = Figure(term.value, found.low, found.high, level, "score", note)
    return Coefficient(name, figure, error, found.t, found.p, ratio)


def _usable(corpus: Corpus, sample: Sample, complete: NDArray[np.bool_]) -> Ints:
    """Return the posts with a machine code, all covariates, and no gold NA."""
    keep = np.asarray(complete & (corpus.machine < len(corpus.codes)))
    keep[sample.place[sample.gold == len(corpus.codes)]] = False
    return np.flatnonzero(keep)


def _outcomes(
    corpus: Corpus, sample: Sample, code: int, used: Ints, design: Design, clusters: Column | None
) -> Outcomes:
    """Return f - (R/π)(f - Y) of all posts used, by their row of the design."""
    outcome: Floats = np.asarray(corpus.machine == code, dtype=np.float64)
    correction = outcome[sample.place] - (sample.gold == code)
    outcome[sample.place] -= correction * sample.weights
    place = np.searchsorted(used, sample.place)
    inside = used[np.minimum(place, len(used) - 1)] == sample.place
    numbers = None
    if clusters is not None:
        numbers = np.unique(clusters.index[used], return_inverse=True)[1].astype(np.intp)
    return Outcomes(design.rows, design.place, outcome[used], place[inside], sample.weights[inside], numbers)
