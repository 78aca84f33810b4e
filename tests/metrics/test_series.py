"""Series and networks: computed values, other implementations, and properties."""

from __future__ import annotations

import numpy as np
import pytest

from govcode.metrics.granger import granger
from govcode.metrics.series import autoregression, network_association, prewhitened


@pytest.fixture(scope="module")
def delayed() -> tuple[list[float], list[float]]:
    """An autoregressive series, and another that follows it two periods later."""
    draw = np.random.default_rng(1)
    x = np.zeros(150)
    for t in range(1, 150):
        x[t] = 0.7 * x[t - 1] + draw.normal()
    y = np.concatenate(([0, 0], x[:-2])) + 0.5 * draw.normal(size=150)
    return x.tolist(), y.tolist()


def test_the_memory_of_a_series_is_found(delayed: tuple[list[float], list[float]]) -> None:
    ar_model = pytest.importorskip("statsmodels.tsa.ar_model")
    x = np.array(delayed[0])
    found = autoregression(x.tolist())
    assert len(found) == 1
    reference = ar_model.AutoReg(x - x.mean(), 1, trend="n").fit().params[0]
    assert found[0] == pytest.approx(reference, abs=0.03)
    assert len(autoregression(np.random.default_rng(2).normal(size=200).tolist())) == 0


def test_a_follower_is_found_at_its_lag(delayed: tuple[list[float], list[float]]) -> None:
    x, y = delayed
    found = prewhitened(x, y)
    assert found is not None
    lag, r = found.peak
    assert (lag, found.order, found.n) == (2, 1, 149)
    assert r > 3 * found.bound
    back = prewhitened(y, x)
    assert back is not None
    assert back.peak[0] == -2


def test_without_memory_it_is_the_plain_cross_correlation() -> None:
    x = [3.0, 5, 2, 8, 6, 1, 4, 7, 9, 2]
    y = [0.0, 0, 3, 5, 2, 8, 6, 1, 4, 7]
    found = prewhitened(x, y, most_lag=3)
    assert found is not None
    assert found.order == 0
    values = dict(found.lags)
    assert [round(values[k], 4) for k in range(4)] == [-0.3119, 0.1557, 0.5698, -0.1975]


def test_independent_series_stay_within_the_bound_most_of_the_time() -> None:
    draw = np.random.default_rng(3)
    inside = []
    for _ in range(60):
        found = prewhitened(draw.normal(size=80).tolist(), draw.normal(size=80).tolist())
        assert found is not None
        inside += [abs(r) <= found.bound for _, r in found.lags]
    assert np.mean(inside) > 0.92


def test_a_flat_series_has_none() -> None:
    assert prewhitened([1.0] * 30, list(map(float, range(30)))) is None


def test_granger_has_a_direction(delayed: tuple[list[float], list[float]]) -> None:
    pytest.importorskip("statsmodels")
    x, y = delayed
    forth, back = granger(x, y), granger(y, x)
    assert forth is not None
    assert back is not None
    assert forth.p < 1e-6 < 0.01 < back.p
    assert (forth.lags, forth.differences) == (2, 0)
    assert granger(x[:59], y[:59]) is None
    assert granger([1.0] * 80, y[:80]) is None


def test_a_walk_is_differenced() -> None:
    pytest.importorskip("statsmodels")
    draw = np.random.default_rng(5)
    x, y = np.cumsum(draw.normal(size=(2, 120)), axis=1).tolist()
    found = granger(x, y)
    assert found is not None
    assert found.differences == 1


def test_networks_are_compared_by_permutation() -> None:
    draw = np.random.default_rng(4)
    a = draw.integers(0, 20, (8, 8)).astype(float)
    a = a + a.T
    same = network_association(a, 2 * a + 1, permutations=499)
    assert same is not None
    assert same.r == pytest.approx(1)
    assert same.p == 1 / 500
    assert same.pairs == 28
    order = draw.permutation(8)
    other = network_association(a, a[np.ix_(order, order)], permutations=499)
    assert other is not None
    assert other.p > 1 / 500
    assert network_association(a[:3, :3], a[:3, :3]) is None
    assert network_association(a, np.ones((8, 8))) is None
