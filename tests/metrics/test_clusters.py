"""What whole clusters do to a variance, and when they say too little."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.metrics.clusters import (
    cluster_freedom,
    cluster_inflation,
    cluster_totals,
    cluster_variance,
    too_few_clusters,
)
from govcode.metrics.intervals import normal_quantile, t_quantile


def test_variance_is_that_of_cluster_means():
    """Clusters of one size and weight: the variance of a mean of C cluster means."""
    values = np.random.default_rng(1).random((60, 2))
    clusters = np.repeat(np.arange(12), 5)
    means = values.reshape(12, 5, 2).mean(1)
    found = cluster_variance(values, np.full(60, 1 / 60), clusters)
    np.testing.assert_allclose(found, means.var(0, ddof=1) / 12)


def test_freedom_falls_where_one_cluster_holds_everything():
    even = np.array([[1.0], [-1.0]] * 10)
    alone = np.full((20, 1), -1 / 19)
    alone[0] = 1
    assert cluster_freedom(even) == 19
    assert cluster_freedom(alone)[0] == pytest.approx(2, abs=0.5)
    assert cluster_freedom(np.zeros((20, 1))) == 19


@given(st.integers(5, 60), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_freedom_lies_between_two_and_clusters_less_one(number, seed):
    totals = np.random.default_rng(seed).standard_cauchy((number, 3))
    found = cluster_freedom(totals - totals.mean(0))
    assert ((found >= 2) & (found <= number - 1)).all()


def test_inflation_of_single_posts_is_the_t_factor_alone():
    values = np.random.default_rng(2).integers(0, 2, (40, 1)).astype(float)
    weights = np.full(40, 1 / 40)
    freedom = cluster_freedom(cluster_totals(values, weights, np.arange(40)))[0]
    found = cluster_inflation(values, weights, np.arange(40), 0.95)[0]
    assert found == pytest.approx((t_quantile(freedom, 0.95) / normal_quantile(0.95)) ** 2)
    assert cluster_inflation(values, weights, None, 0.95) == 1


@pytest.mark.parametrize(
    ("number", "holding", "words"),
    [
        (4, 4, "4 clusters, 5 are the least"),
        (8, 3, "only 3 of 8 clusters"),
        (8, 4, ""),
        (19, 3, "only 3 of 19"),
        (20, 1, ""),
    ],
)
def test_too_few_clusters_say_why(number, holding, words):
    clusters = np.repeat(np.arange(number), 6)
    events = np.zeros((len(clusters), 1), bool)
    events[clusters < holding] = np.array([True, False] * 3 * holding)[:, None]
    for sides in ((events, ~events), (~events, events)):
        (reason,) = too_few_clusters(*sides, clusters)
        assert words in reason and bool(words) == bool(reason)
    assert too_few_clusters(events, ~events, None) == [""]
