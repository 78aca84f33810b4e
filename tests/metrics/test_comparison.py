"""Tests of differences: against statsmodels and scipy."""

from __future__ import annotations

import math
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from govcode.metrics.comparison import (
    bootstrap_p,
    difference,
    equal_shares_p,
    holm,
    mcnemar_p,
    newcombe,
    two_sided_p,
)
from govcode.metrics.intervals import wilson


@given(st.integers(0, 300), st.integers(0, 300))
@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
def test_mcnemar_agrees_with_statsmodels(b, c):
    expected = mcnemar([[0, b], [c, 0]], exact=True).pvalue if b + c else 1.0
    assert mcnemar_p(b, c) == pytest.approx(min(1.0, expected), abs=1e-9)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
def test_holm_agrees_with_statsmodels(number, seed):
    p_values = np.random.default_rng(seed).beta(0.4, 1, number).tolist()
    with patch("gc.collect"):  # statsmodels collects garbage at each call: .1 s
        expected = multipletests(p_values, method="holm")[1]
    assert holm(p_values) == pytest.approx(expected.tolist(), abs=1e-12)


def test_holm_leaves_undefined_out():
    adjusted = holm([0.01, math.nan, 0.04])
    assert adjusted[0] == pytest.approx(0.02) and math.isnan(adjusted[1]) and adjusted[2] == 0.04


@given(st.integers(0, 50), st.integers(0, 70))
@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
def test_difference_of_wilson_intervals_is_newcombes(a, b):
    own = difference(wilson(a, 50), wilson(b, 70))
    expected = confint_proportions_2indep(a, 50, b, 70, compare="diff", method="newcomb")
    assert (own.low, own.high) == pytest.approx(expected, abs=1e-9)


def test_bootstrap_p():
    draws = np.r_[np.ones(99), -1.0]
    assert bootstrap_p(draws) == pytest.approx(2 * 2 / 101)
    assert bootstrap_p(np.zeros(10)) == 1 and math.isnan(bootstrap_p(np.array([math.nan])))


def test_normal_p():
    assert two_sided_p(1.959964, 1) == pytest.approx(0.05, abs=1e-6)
    assert two_sided_p(0, 0) == 1 and two_sided_p(1, 0) == 0


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((10, 10, 0, 20), 0.6791, 1.0)],
)
def test_intervals_of_newcombe_1998_table_2(counts: tuple[int, ...], low: float, high: float) -> None:
    found = newcombe(*counts)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 40), st.integers(0, 40))
def test_score_test_is_chi_square_without_correction(a: int, b: int) -> None:
    table = [[a, 40 - a], [b, 40 - b]]
    if a + b in (0, 80):
        assert equal_shares_p(a, 40, b, 40) == 1
        return
    assert equal_shares_p(a, 40, b, 40) == pytest.approx(
        stats.chi2_contingency(table, correction=False).pvalue, abs=1e-9
    )


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([]) == []
