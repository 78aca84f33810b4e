"""Scores from a confusion table, against scikit-learn, krippendorff and hand calculation."""

from __future__ import annotations

import math
import warnings

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from govcode.metrics import classification as own

pairs = st.integers(2, 6).flatmap(
    lambda k: st.tuples(
        st.just(k),
        st.lists(st.tuples(st.integers(0, k - 1), st.integers(0, k - 1)), min_size=1, max_size=60),
    )
)


def table_of(codes: list[tuple[int, int]], size: int, weights: np.ndarray | None = None) -> np.ndarray:
    gold, machine = np.array(codes, dtype=np.intp).T
    return own.confusion(gold, machine, size, np.ones(len(gold)) if weights is None else weights)


@given(pairs)
@settings(max_examples=60, deadline=None)
def test_agrees_with_scikit_learn_and_krippendorff(case):
    check_against_packages(*case)


@pytest.mark.slow
@given(pairs)
@settings(max_examples=1000, deadline=None)
def test_agrees_with_scikit_learn_and_krippendorff_on_a_thousand_tables(case):
    check_against_packages(*case)


def check_against_packages(size, codes):
    gold, machine = np.array(codes).T
    table = table_of(codes, size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        p, r, f, _ = sklearn.precision_recall_fscore_support(
            gold, machine, labels=range(size), zero_division=np.nan
        )
        mcc = sklearn.matthews_corrcoef(gold, machine)
    np.testing.assert_allclose(own.precision(table), p, atol=1e-12)
    np.testing.assert_allclose(own.recall(table), r, atol=1e-12)
    np.testing.assert_allclose(own.f1(table), f, atol=1e-12)
    assert own.accuracy(table) == pytest.approx(sklearn.accuracy_score(gold, machine), abs=1e-12)
    if not math.isnan(own.mcc(table)):
        assert own.mcc(table) == pytest.approx(mcc, abs=1e-12)
    if len({*gold, *machine}) == 1:
        assert math.isnan(own.alpha(table))
    else:
        expected = krippendorff.alpha([gold, machine], level_of_measurement="nominal")
        assert own.alpha(table) == pytest.approx(expected, abs=1e-12)


@given(pairs, st.floats(0.1, 50))
@settings(max_examples=100, deadline=None)
def test_equal_weights_change_nothing(case, weight):
    size, codes = case
    plain, weighted = table_of(codes, size), table_of(codes, size, np.full(len(codes), weight))
    np.testing.assert_allclose(own.f1(plain), own.f1(weighted), atol=1e-9)
    np.testing.assert_allclose(own.alpha(plain), own.alpha(weighted, len(codes)), atol=1e-9)


def test_one_code_only_is_undefined_not_perfect():
    table = np.array([[7.0, 0], [0, 0]])
    assert math.isnan(own.alpha(table)) and math.isnan(own.mcc(table))
    assert own.accuracy(table) == 1 and math.isnan(own.f1(table)[1])


def test_macro_f1_is_over_the_codes_gold_has():
    table = np.array([[2.0, 0, 1], [0, 3, 0], [0, 0, 0]])
    present = np.array([True, True, False])
    assert own.macro_f1(table, present) == pytest.approx((4 / 5 + 1) / 2)


def test_one_versus_rest_keeps_the_total():
    table = np.array([[5.0, 1, 0], [2, 3, 1], [0, 0, 8]])
    binary = own.one_versus_rest(table)
    assert binary.shape == (3, 2, 2) and (binary.sum((-2, -1)) == 20).all()
    assert binary[0].tolist() == [[5, 1], [2, 12]]


def test_rare_code_vector():
    """Published case: both 10, one only 5 + 5, neither 980."""
    assert own.alpha(np.array([[10.0, 5], [5, 980]])) == pytest.approx(0.6617597292724196, abs=1e-12)
