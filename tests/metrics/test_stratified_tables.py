"""Figures of tables drawn by strata of machine codes: special cases, and coverage computed exactly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from govcode.metrics import classification as metrics
from govcode.metrics.intervals import wilson
from govcode.metrics.stratified_tables import StratifiedTable

OWN = np.array([[[True, False], [True, False]], [[False, True], [False, True]]])


def strata(missed: int, false: int, posts: int, share: float) -> StratifiedTable:
    """`posts` in each of two strata: the machine's rest (with missed posts), and the machine's code."""
    counts = np.array([[[posts - missed, 0], [missed, 0]], [[0, false], [0, posts - false]]], dtype=float)
    return StratifiedTable(counts, np.array([1 - share, share]), OWN)


def test_accuracy_of_one_class_is_wilsons():
    counts = np.array([[[50.0, 8], [7, 35]]])
    table = StratifiedTable(counts, np.ones(1), np.ones((1, 2, 2), bool))
    figure, expected = table.figure(metrics.accuracy, level=0.95), wilson(85, 100)
    assert [figure.value, figure.low, figure.high] == pytest.approx(
        [0.85, expected.low, expected.high], abs=1e-6
    )


def test_the_value_is_that_of_the_whole_table():
    table = strata(2, 30, 150, 0.05)
    whole = np.array([[0.95 * 148 / 150, 0.05 * 0.2], [0.95 * 2 / 150, 0.05 * 0.8]])
    assert table.figure(metrics.mcc, level=0.95).value == pytest.approx(float(metrics.mcc(whole)))
    own = table.of_code(0).figure(metrics.alpha, level=0.95).value
    assert own == pytest.approx(float(metrics.alpha(whole)))


def test_no_error_is_not_no_uncertainty():
    figure = strata(0, 0, 50, 0.05).figure(metrics.alpha, level=0.95, highest=1.0)
    assert figure.value == 1 and figure.high == 1 and 0.3 < figure.low < 0.8


def test_an_undefined_figure_has_no_interval():
    counts = np.array([[[50.0, 0], [0, 0]]])
    figure = StratifiedTable(counts, np.ones(1), np.ones((1, 2, 2), bool)).figure(metrics.alpha, level=0.95)
    assert np.isnan([figure.value, figure.low, figure.high]).all() and figure.note == "undefined"


def exact_coverage(missed: float, precision: float, posts: int, share: float) -> float:
    """Return how often alpha's interval holds the truth: every pair of missed posts and false alarms."""
    truth = strata(0, 0, posts, share)
    errors = (missed / posts, 1 - precision)
    cells = np.array([[[1 - errors[0], 0], [errors[0], 0]], [[0, errors[1]], [0, 1 - errors[1]]]])
    alpha = float(metrics.alpha(StratifiedTable(cells * posts, truth.shares, OWN).whole(), 1e9))
    one, two = (binom.pmf(np.arange(posts + 1), posts, error) for error in errors)
    held = told = 0.0
    for m in np.flatnonzero(one > 1e-3):
        for f in np.flatnonzero(two > 2e-3)[::3]:
            figure = strata(m, f, posts, share).figure(lambda t: metrics.alpha(t, 1e9), level=0.95)
            told += one[m] * two[f]
            held += one[m] * two[f] * (figure.low <= alpha <= figure.high)
    return held / told


@pytest.mark.parametrize(
    ("missed", "precision", "share"), [(0.2, 0.95, 0.05), (1.5, 0.81, 0.05), (5, 0.81, 0.05)]
)
def test_alpha_is_covered_exactly(missed, precision, share):
    """Also where one or two missed posts are expected, each weighing as much as twenty false alarms."""
    covered = exact_coverage(missed, precision, 150, share)
    assert covered >= 0.935, covered
    assert covered <= 0.97 or missed < 1, covered


@pytest.mark.slow
@pytest.mark.parametrize("missed", [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 9])
@pytest.mark.parametrize(("posts", "precision", "share"), [(150, 0.95, 0.05), (50, 0.86, 0.3), (50, 0.8, 0.05),
                                                           (150, 0.8, 0.01)])  # fmt: skip
def test_alpha_is_never_covered_too_little(missed, posts, precision, share):
    covered = exact_coverage(missed, precision, posts, share)
    assert covered >= 0.93, covered
    assert covered <= 0.97 or missed < 1, covered
