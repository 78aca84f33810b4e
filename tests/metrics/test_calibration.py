"""Calibration figures: published vector, agreement with scikit-learn, edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss

from govcode.metrics.calibration import (
    bin_sums,
    brier_scores,
    calibration_error,
    conformal_quantile,
    log_losses,
    reliability_bins,
    risk_curve,
)

CONFIDENCE = np.array([0.95, 0.9, 0.85, 0.7, 0.65, 0.55])
RIGHT = np.array([1, 1, 0, 1, 0, 1], dtype=bool)
ONES = np.ones(6)


def test_ece_vector():
    sums = bin_sums(CONFIDENCE, RIGHT, ONES)
    assert calibration_error(sums.sum(0)) == pytest.approx(0.26666666666666666, abs=1e-12)


def test_bins_are_closed_above():
    bins = reliability_bins(np.array([0.9, 0.9000001, 0.0, 1.0]), np.ones(4, bool), np.ones(4))
    assert [b.posts for b in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 1, 2]


def test_perfect_calibration_is_zero():
    sums = bin_sums(np.full(4, 0.75), np.array([1, 1, 1, 0], bool), np.ones(4))
    assert calibration_error(sums.sum(0)) == pytest.approx(0)
    assert math.isnan(calibration_error(np.zeros(30)))


@given(st.integers(2, 5), st.integers(2, 40), st.integers(0, 2**32 - 1))
@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
def test_brier_and_log_loss_agree_with_scikit_learn(size, number, seed):
    rng = np.random.default_rng(seed)
    p, gold = rng.dirichlet(np.ones(size), number), rng.integers(0, size, number)
    assert log_losses(p, gold).mean() == pytest.approx(log_loss(gold, p, labels=range(size)), rel=1e-9)
    if size == 2:
        brier = brier_score_loss(gold, p[:, 1], labels=[0, 1])
        assert brier_scores(p, gold).mean() == pytest.approx(2 * brier, rel=1e-9)


def test_risk_curve_by_hand():
    curve, area = risk_curve(CONFIDENCE, RIGHT, ONES, points=6)
    assert [p.risk for p in curve] == pytest.approx([0, 0, 1 / 3, 1 / 4, 2 / 5, 1 / 3])
    assert [p.confidence for p in curve] == CONFIDENCE.tolist()
    assert area == pytest.approx((0 + 0 + 1 / 3 + 1 / 4 + 2 / 5 + 1 / 3) / 6)


def test_conformal_vector():
    scores = np.array([0.05, 0.1, 0.12, 0.2, 0.25, 0.3, 0.33, 0.4, 0.55, 0.7, 0.8])
    assert conformal_quantile(scores, 0.1) == 0.8
    assert conformal_quantile(scores, 0.05) == math.inf
