"""Intervals of one share: published values and agreement with statsmodels."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from govcode.metrics.intervals import clopper_pearson, wald, wilson

counts = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("hits", "number", "low", "high"),
    [(2, 100, 0.00550196755, 0.07001179073), (0, 100, 0, 0.03699349821),
     (0, 300, 0, 0.01264297122), (3, 400, 0.0025538892, 0.02181572072)],
)  # fmt: skip
def test_wilson_values(hits, number, low, high):
    figure = wilson(hits, number)
    assert (figure.low, figure.high) == pytest.approx((low, high), abs=1e-10)


def test_clopper_pearson_values():
    assert clopper_pearson(0, 100).high == pytest.approx(0.03622, abs=5e-6)
    assert clopper_pearson(0, 300).high == pytest.approx(0.01222, abs=5e-6)


@given(counts, st.sampled_from([0.9, 0.95, 0.99]))
@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
def test_agree_with_statsmodels(case, level):
    hits, number = case
    for own, name in ((wilson, "wilson"), (clopper_pearson, "beta")):
        figure = own(hits, number, level=level)
        expected = proportion_confint(hits, number, alpha=1 - level, method=name)
        assert (figure.low, figure.high) == pytest.approx(expected, abs=1e-9)
        assert figure.low <= figure.value <= figure.high


def test_no_posts_is_undefined():
    assert math.isnan(wilson(0, 0).value) and clopper_pearson(0, 0).note == "no posts"


def test_wald_is_symmetric_and_not_clipped():
    figure = wald(0.01, 0.02)
    assert figure.low < 0 and figure.high - 0.01 == pytest.approx(0.01 - figure.low)
