"""Published and computed values of differences between shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from govcode.metrics.comparison import equal_shares_p, holm, newcombe


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
