"""Published and computed values of rank and time-series agreement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from govcode.metrics.sequences import cross_correlation, kendall, rank_biased_overlap, spearman

X, Y = [1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5]


def test_known_rankings() -> None:
    assert spearman(X, Y) == pytest.approx(0.8285714285714287, abs=1e-12)
    assert kendall(X, Y) == pytest.approx(0.6, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=20))
def test_same_as_scipy_with_ties(pairs: list[tuple[int, int]]) -> None:
    x, y = [list(map(float, side)) for side in zip(*pairs, strict=True)]
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert spearman(x, y) is None
        assert kendall(x, y) is None
        return
    assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)
    assert kendall(x, y) == pytest.approx(stats.kendalltau(x, y).statistic, abs=1e-9)


def test_rank_biased_overlap() -> None:
    assert rank_biased_overlap("abcdef", "bacdef") == pytest.approx(0.90, abs=1e-12)
    assert rank_biased_overlap("abc", "abc") == pytest.approx(1)
    assert rank_biased_overlap("abc", "xyz") == 0
    assert rank_biased_overlap("", "abc") == 0


def test_cross_correlation_of_a_delayed_series() -> None:
    x = [3, 5, 2, 8, 6, 1, 4, 7, 9, 2]
    y = [0, 0, *x[:-2]]
    found = [cross_correlation(x, y, lag) for lag in range(4)]
    assert found == pytest.approx([-0.3119, 0.1557, 0.5698, -0.1975], abs=5e-5)
    assert cross_correlation([1, 1, 1], [1, 2, 3], 0) is None
