"""The bootstrap: totals kept, clusters and strata respected, blocks without effect."""

from __future__ import annotations

import math

import numpy as np
import pytest

from govcode.metrics import resampling

RNG = np.random.default_rng(3)
CELLS = RNG.integers(0, 4, 200)
ONES = np.ones(200)


def test_every_draw_has_as_many_posts():
    draws = resampling.bootstrap_cells(CELLS, 4, weights=ONES, replicates=200)
    assert (draws.sum(1) == 200).all()
    np.testing.assert_allclose(draws.mean(0), np.bincount(CELLS), atol=2)


def test_spread_is_that_of_resampled_posts():
    draws = resampling.bootstrap_cells(CELLS, 4, weights=ONES, replicates=4000)[:, 0] / 200
    share = (CELLS == 0).mean()
    assert draws.std() == pytest.approx(math.sqrt(share * (1 - share) / 200), rel=0.05)


def test_same_seed_same_draws_whatever_the_block(monkeypatch):
    first = resampling.bootstrap_cells(CELLS, 4, weights=ONES, replicates=100, seed=5)
    again = resampling.bootstrap_cells(CELLS, 4, weights=ONES, replicates=100, seed=5)
    monkeypatch.setattr(resampling, "BLOCK", 8)
    small = resampling.bootstrap_cells(CELLS, 4, weights=ONES, replicates=100, seed=5)
    assert (first == again).all() and (first == small).all()


def test_strata_keep_their_size():
    strata = np.repeat([0, 1], [50, 150])
    cells = strata.copy()
    draws = resampling.bootstrap_cells(cells, 2, weights=ONES, strata=strata, replicates=50)
    assert (draws == [50, 150]).all()


def test_clusters_are_drawn_whole_and_spread_wider():
    clusters = np.repeat(np.arange(20), 10)
    cells = np.repeat(RNG.integers(0, 2, 20), 10)
    whole = resampling.bootstrap_cells(cells, 2, weights=ONES, clusters=clusters, replicates=2000)
    posts = resampling.bootstrap_cells(cells, 2, weights=ONES, replicates=2000)
    assert (whole % 10 == 0).all()
    assert whole[:, 0].std() > 2 * posts[:, 0].std()


def test_weights_are_summed():
    draws = resampling.bootstrap_cells(np.zeros(5, int), 1, weights=np.full(5, 2.5), replicates=3)
    assert (draws == 12.5).all()


def test_undefined_draws_are_dropped_and_told():
    draws = np.r_[np.linspace(0, 1, 99), math.nan]
    figure = resampling.percentile_figure(0.5, draws)
    assert figure.low == pytest.approx(0.025, abs=0.01) and "1 of 100" in figure.note
    assert math.isnan(resampling.percentile_figure(0.5, np.full(10, math.nan)).low)
    assert resampling.percentile_figure(math.nan, draws).note == "undefined"


def test_sums_are_those_of_cells():
    features = np.eye(4)[CELLS]
    sums = resampling.bootstrap_sums(features, replicates=3000)
    cells = resampling.bootstrap_cells(CELLS, 4, weights=ONES, replicates=3000)
    assert (sums.sum(1) == 200).all()
    np.testing.assert_allclose(sums.mean(0), cells.mean(0), atol=1)
    np.testing.assert_allclose(sums.std(0), cells.std(0), rtol=0.08)
    clusters = np.repeat(np.arange(20), 10)
    whole = resampling.bootstrap_sums(np.ones((200, 1)), clusters=clusters, replicates=50)
    assert (whole == 200).all()
