"""The general score interval against the closed forms it contains."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import multinomial

from govcode.metrics.intervals import wilson
from govcode.metrics.score import reach_above, score_interval, shares_at_bound, upper_bound

Z = 1.959963984540054


def tango(plus: int, minus: int, number: int) -> tuple[float, float]:
    """Tango's score interval (1998) for the mean of a variable in {-1, 0, 1}, by its closed-form variance."""
    gap = (plus - minus) / number

    def statistic(mean: float) -> float:
        b = -plus - minus + (2 * number - plus + minus) * mean
        c = -minus * mean * (1 - mean)
        q = (math.sqrt(max(0, b * b - 8 * number * c)) - b) / (4 * number)
        variance = number * (2 * q + mean * (1 - mean))
        return (plus - minus - number * mean) / math.sqrt(max(variance, 1e-300))

    low = -1.0 if gap <= -1 else brentq(lambda m: statistic(m) - Z, -1 + 1e-12, gap - 1e-13)
    high = 1.0 if gap >= 1 else brentq(lambda m: statistic(m) + Z, gap + 1e-13, 1 - 1e-12)
    return low, high


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(max_examples=25, deadline=None)
def test_two_values_give_wilson(case):
    hits, number = case
    low, high = score_interval(np.array([number - hits, hits]), np.array([0, 1]))
    expected = wilson(hits, number)
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-9)


@pytest.mark.parametrize(
    ("plus", "minus", "number"), [(9, 3, 32), (0, 0, 100), (5, 0, 50), (0, 7, 300), (1, 2, 100), (30, 30, 90)]
)
def test_three_values_give_tango(plus, minus, number):
    counts = np.array([minus, number - plus - minus, plus])
    assert score_interval(counts, np.array([-1, 0, 1])) == pytest.approx(tango(plus, minus, number), abs=1e-7)


def test_values_never_met_in_between_change_nothing():
    plain = score_interval(np.array([2.0, 90, 8]), np.array([-1, 0, 1]))
    more = score_interval(np.array([2.0, 0, 90, 0, 8]), np.array([-1, -0.4, 0, 0.7, 1]))
    np.testing.assert_allclose(plain, more, atol=1e-9)


def test_many_at_once_and_turned_around():
    counts = np.random.default_rng(1).integers(0, 30, (40, 4)).astype(float)
    support = np.array([-0.6, 0, 0.4, 1])
    low, high = score_interval(counts, support)
    mean = (counts * support).sum(1) / counts.sum(1)
    assert ((low <= mean) & (mean <= high)).all()
    turned = score_interval(counts, -support)
    np.testing.assert_allclose(turned[1], -low, atol=1e-9)
    one = score_interval(counts[7], support)
    assert one == pytest.approx((low[7], high[7]), abs=1e-9)


def test_the_reach_of_one_variable_and_the_shares_at_its_bound_are_those_of_the_interval():
    rng, support = np.random.default_rng(2), np.array([-3.0, -0.2, 0, 0.5, 2])
    for _ in range(20):
        counts = rng.integers(0, 8, 5) + np.array([0.0, 0, 1, 0, 0])
        mean = float(counts @ support / counts.sum())
        reach = float(upper_bound(counts, support, 0.95, True)) - mean
        assert reach_above(counts, support, Z) == pytest.approx(reach, abs=1e-5)
        shares = shares_at_bound(counts, support, 0.95, True)
        assert shares.min() >= 0 and shares.sum() == pytest.approx(1)
        assert float(shares @ support) == pytest.approx(mean + reach, abs=1e-9)


def test_no_posts_is_undefined():
    assert np.isnan(score_interval(np.zeros(2), np.array([0, 1]))).all()


def exact_coverage(errors: float, missed: float, number: int) -> float:
    """Return how often the interval for (missed - false alarms)/n holds the truth: every result is weighed."""
    most = min(number // 2, 60)
    one, two = np.meshgrid(np.arange(most), np.arange(most), indexing="ij")
    counts = np.stack([two, number - one - two, one], -1)[one + two < number].astype(float)
    low, high = score_interval(counts, np.array([-1.0, 0, 1]), careful=True)
    chances = np.array([errors * (1 - missed), number - errors, errors * missed]) / number
    mean = chances[2] - chances[0]
    return float(multinomial.pmf(counts, number, chances)[(low <= mean) & (mean <= high)].sum())


@pytest.mark.parametrize("number", [100, 300])
@pytest.mark.parametrize("missed", [0.1, 0.33, 0.5])
@pytest.mark.parametrize("errors", [0.5, 1, 2, 3, 5, 10, 15, 30])
def test_a_rectifier_is_covered_exactly(errors, missed, number):
    """The correction of a simple draw: never under .94; with few errors, of need, more than .97."""
    if errors > 0.2 * number:
        return
    covered = exact_coverage(errors, missed, number)
    assert covered >= 0.94
    assert covered <= 0.97 if errors >= 5 else covered > 0.965
