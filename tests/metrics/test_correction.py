"""Published and computed values of every correction."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.metrics.correction import (
    dsl_mean,
    emq,
    ppi_mean,
    rogan_gladen,
    simplex_solution,
    stratified_mean,
)
from govcode.metrics.intervals import wald

GOLD = np.array([1, 0, 0, 1, 1, 0, 1, 0, 0, 0.0])
MACHINE = np.array([1, 0, 1, 1, 0, 0, 1, 0, 0, 0.0])
UNLABELLED = np.r_[np.ones(180), np.zeros(320)]
MATRIX = np.array([[0.90, 0.10, 0.05], [0.07, 0.80, 0.15], [0.03, 0.10, 0.80]])
POSTERIORS = np.array(
    [[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.5, 0.3, 0.2], [0.1, 0.1, 0.8]]
)


@pytest.mark.parametrize(
    ("lam", "value", "low", "high"),
    [(1.0, 0.36, 0.0796443, 0.6403557), (None, 0.37624033, 0.12833284, 0.62414782),
     (0.0, 0.4, 0.0963636851, 0.7036363148)],
)  # fmt: skip
def test_ppi_values_of_ppi_python(lam, value, low, high):
    found = ppi_mean(GOLD, MACHINE, UNLABELLED, lam=lam)
    figure = wald(found.value, found.error)
    assert (figure.value, figure.low, figure.high) == pytest.approx((value, low, high), abs=1e-7)


def test_dsl_values():
    drawn = np.r_[np.ones(10, bool), np.zeros(500, bool)]
    found = dsl_mean(np.r_[MACHINE, UNLABELLED], drawn, np.r_[GOLD, np.zeros(500)], np.full(510, 10 / 510))
    assert (found.value, found.error) == pytest.approx((0.3607843137254902, 0.14177252174797558), abs=1e-12)


def test_stratified_and_dsl_on_the_same_strata():
    plain = stratified_mean(np.array([40.0, 960]), np.array([20.0, 80]), np.array([15.0, 2]))
    assert (plain.value, plain.error) == pytest.approx((0.054, 0.016387585688264348), abs=1e-12)
    gold, drawn = np.zeros(1000), np.zeros(1000, bool)
    drawn[:20], drawn[40:120], gold[:15], gold[40:42] = True, True, 1, 1
    machine, pi = np.r_[np.ones(40), np.zeros(960)], np.r_[np.full(40, 0.5), np.full(960, 80 / 960)]
    found = dsl_mean(machine, drawn, gold, pi)
    assert (found.value, found.error) == pytest.approx((0.054, 0.018039107777531833), abs=1e-12)


def test_a_stratum_taken_whole_adds_no_error():
    assert stratified_mean(np.array([1.0, 10]), np.array([1.0, 10]), np.array([1.0, 3])).error == 0
    assert math.isnan(stratified_mean(np.array([5.0, 10]), np.array([1.0, 10]), np.array([1.0, 3])).error)


def test_rogan_gladen_of_cole_2023():
    found = rogan_gladen(680 / 950, 950, (203, 241), (71, 89))
    assert (found.value, found.error) == pytest.approx((0.8023139646771527, 0.03951551439492841), abs=1e-10)


def test_rogan_gladen_of_epir():
    found = rogan_gladen(23 / 150, 150, (96, 100), (89, 100))
    assert found.value == pytest.approx(0.05098039215686287, abs=1e-12)


def test_rogan_gladen_of_a_useless_machine_is_undefined():
    assert math.isnan(rogan_gladen(0.5, 100, (50, 100), (55, 100)).value)


@pytest.mark.parametrize(
    ("observed", "shares"),
    [((0.49, 0.305, 0.205), (0.5, 0.3, 0.2)), ((0.60, 0.25, 0.15), (0.63342318, 0.23180593, 0.13477089)),
     ((0.04, 0.26, 0.70), (0, 0.15409836, 0.84590164))],
)  # fmt: skip
def test_adjusted_count_values(observed, shares):
    assert simplex_solution(MATRIX, np.array(observed)) == pytest.approx(shares, abs=1e-8)


@pytest.mark.parametrize(
    ("prior", "shares"),
    [((1 / 3, 1 / 3, 1 / 3), (0.46750368, 0.24701615, 0.28548017)),
     ((0.5, 0.3, 0.2), (0, 0.40268032, 0.59731968))],
)  # fmt: skip
def test_emq_values_of_quapy(prior, shares):
    found = emq(POSTERIORS, np.array(prior), tolerance=1e-10)
    assert found.converged and found.shares == pytest.approx(shares, abs=2e-6)


def test_emq_says_when_it_did_not_converge():
    found = emq(POSTERIORS, np.array([0.5, 0.3, 0.2]), most=5)
    assert not found.converged and found.rounds == 5


def test_emq_counts_are_repeated_posts():
    counts = np.array([3.0, 1, 2, 1, 1, 4])
    many = emq(np.repeat(POSTERIORS, counts.astype(int), axis=0), np.full(3, 1 / 3))
    few = emq(POSTERIORS, np.full(3, 1 / 3), counts=counts)
    assert few.shares == pytest.approx(many.shares.tolist(), abs=1e-9)


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_adjusted_count_finds_the_truth(size, seed):
    rng = np.random.default_rng(seed)
    matrix = (np.eye(size) * 2 + rng.dirichlet(np.ones(size), size)).T / 3
    truth = rng.dirichlet(np.ones(size))
    assert simplex_solution(matrix, matrix @ truth) == pytest.approx(truth.tolist(), abs=1e-7)
