"""Score intervals of coefficients: what they contain, where they end, and what they say of zero."""

from __future__ import annotations

import math

import numpy as np
import pytest

from govcode.metrics.intervals import wilson
from govcode.metrics.regression import Outcomes, plain_fit, robust_covariance
from govcode.metrics.score_slopes import Term


def by_hand(hits: list[int], posts: list[int], clusters=None) -> Outcomes:
    """Two groups in which everything is coded by hand."""
    place = np.repeat([0, 1], posts)
    values = np.concatenate([np.arange(n) < h for h, n in zip(hits, posts, strict=True)]).astype(float)
    rows = np.array([[1.0, 0.0], [1.0, 1.0]])
    everyone = np.arange(len(place))
    return Outcomes(rows, place, values, everyone, np.ones(len(place)), clusters)


def intervals(posts: Outcomes, *, logistic: bool, freedom: int = 10**6):
    fit = plain_fit(posts, logistic=logistic)
    errors = np.sqrt(np.diag(robust_covariance(posts, fit)))
    terms = [Term(posts, fit, k, logistic=logistic) for k in range(2)]
    return [
        (t.value, e, t.interval(e, level=0.95, freedom=freedom)) for t, e in zip(terms, errors, strict=True)
    ]


@pytest.mark.parametrize("logistic", [True, False])
def test_many_cases_give_the_usual_interval(logistic):
    for value, error, found in intervals(by_hand([900, 1100], [3000, 3000]), logistic=logistic):
        assert [found.low, found.high] == pytest.approx(
            [value - 1.96 * error, value + 1.96 * error], abs=0.06 * error
        )
        assert found.t == pytest.approx(value / error, rel=0.1)


def test_a_share_of_half_the_posts_is_wilsons():
    """The intercept of a regression is the first group's share; its careful interval holds Wilson's."""
    (_, _, found), _ = intervals(by_hand([30, 45], [100, 150]), logistic=False)
    expected = wilson(30, 100)
    assert [found.low, found.high] == pytest.approx([expected.low, expected.high], abs=0.02)


def test_a_logistic_slope_is_that_of_its_two_shares_turned_around():
    slopes = [intervals(by_hand(h, [80, 60]), logistic=True)[1][2] for h in ([6, 15], [74, 45])]
    assert [slopes[0].low, slopes[0].high] == pytest.approx([-slopes[1].high, -slopes[1].low], abs=1e-3)


@pytest.mark.parametrize("logistic", [True, False])
@pytest.mark.parametrize("hits", [[3, 12], [4, 12], [5, 12], [6, 12], [7, 12], [12, 2]])
def test_p_says_what_the_interval_says(hits, logistic):
    _, (_, _, found) = intervals(by_hand(hits, [60, 60]), logistic=logistic, freedom=118)
    assert (found.p < 0.05) == (not found.low <= 0 <= found.high)
    assert math.copysign(1, found.t) == np.sign(hits[1] - hits[0])


def test_a_group_without_a_case_is_not_without_error():
    _, (value, error, found) = intervals(by_hand([0, 0], [40, 40]), logistic=False)
    assert value == 0 and error == 0 and found.low < -0.02 and found.high > 0.02


def test_an_end_that_gold_cannot_tell_is_infinite():
    """One gold post in twenty; false alarms could account for all that the machine found in group 0."""
    place = np.repeat([0, 1], 1000)
    values = (np.arange(2000) % 20 < 3).astype(float)
    gold = np.arange(0, 2000, 20)
    values[gold] = 0.0
    values[gold[:4]] = 1 - 20.0
    values[gold[60:75]] = 20.0
    posts = Outcomes(np.array([[1.0, 0.0], [1.0, 1.0]]), place, values, gold, np.full(100, 20.0))
    _, (value, _, found) = intervals(posts, logistic=True)
    assert found.high == math.inf and found.low < value


def test_clusters_that_differ_widen_the_interval():
    rng = np.random.default_rng(5)
    clusters = np.arange(600) // 30
    share = np.clip(0.4 + rng.normal(0, 0.25, 20), 0.02, 0.98)[clusters]
    place = (clusters % 2).astype(np.intp)
    values = (rng.random(600) < share).astype(float)
    rows, everyone = np.array([[1.0, 0.0], [1.0, 1.0]]), np.arange(600)
    widths = []
    for of in (None, clusters):
        _, (_, error, found) = intervals(
            Outcomes(rows, place, values, everyone, np.ones(600), of), logistic=False, freedom=18
        )
        widths.append(found.high - found.low)
        assert found.high - found.low >= 0.999 * 2 * 2.1009 * error or of is None
    assert widths[1] > 1.5 * widths[0]


@pytest.mark.slow
@pytest.mark.parametrize(("share", "number"), [(0.05, 300), (0.3, 300)])
def test_a_covariate_of_many_values_is_covered(share, number):
    """Posts far out do not decide: the interval is near Wald's where that one holds."""
    rng, held, wider = np.random.default_rng(8), [], []
    for _ in range(800):
        x, gold = rng.normal(size=2000), rng.random(2000) < share
        machine = np.where(gold, rng.random(2000) < 0.8, rng.random(2000) < 0.05).astype(float)
        place, weight = rng.choice(2000, number, replace=False), 2000 / number
        values = machine.copy()
        values[place] -= (machine[place] - gold[place]) * weight
        rows = np.column_stack([np.ones(2000), x])
        posts = Outcomes(rows, np.arange(2000), values, place, np.full(number, weight))
        fit = plain_fit(posts, logistic=False)
        error = np.sqrt(robust_covariance(posts, fit)[1, 1])
        found = Term(posts, fit, 1, logistic=False).interval(error, level=0.95, freedom=number - 2)
        held.append(found.low <= 0 <= found.high)
        wider.append((found.high - found.low) / (3.92 * error))
    assert 0.93 <= np.mean(held) <= 0.97, np.mean(held)
    assert np.median(wider) < 1.15
