from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from govcode.coders.conformal import Abstention, fit_abstention, least_probability


def sample(number: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw posts whose probabilities are calibrated: gold is drawn from them."""
    draw = np.random.default_rng(seed)
    probabilities = draw.dirichlet([0.6, 0.4, 0.15], size=number)
    gold = (draw.random((number, 1)) > probabilities.cumsum(axis=1)).sum(axis=1)
    return probabilities, np.minimum(gold, 2)


@pytest.mark.parametrize("max_error", [0.05, 0.10, 0.20])
def test_the_promise_holds_in_every_code(max_error: float) -> None:
    wrong = np.zeros(3)
    for seed in range(8):
        rule = fit_abstention(*sample(1500, seed), max_error)
        probabilities, gold = sample(1500, 1000 + seed)
        best = probabilities.argmax(axis=1)
        coded = np.array([rule.accepts(p.tolist(), int(b)) for p, b in zip(probabilities, best, strict=True)])
        wrong += [(coded & (best != gold))[gold == k].mean() / 8 for k in range(3)]
    assert (wrong <= max_error + 0.02).all()


@pytest.mark.parametrize("max_error", [0.05, 0.10, 0.20])
def test_errors_among_the_posts_given_a_code_keep_within_the_limit(max_error: float) -> None:
    """Conformal sets alone do not do this: a rare code collects the errors of the common ones."""
    rates: list[list[float]] = [[], [], []]
    alone = []
    for seed in range(20):
        rule = fit_abstention(*sample(1500, seed), max_error)
        probabilities, gold = sample(1500, 1000 + seed)
        best = probabilities.argmax(axis=1)
        for number, rate in enumerate(rates):
            given = rule.accepted(probabilities, best) & (best == number)
            rate += [float((gold != number)[given].mean())] if given.sum() >= 25 else []
        only_sets = Abstention(quantiles=rule.quantiles).accepted(probabilities, best) & (best == 2)
        alone.append(float((gold != 2)[only_sets].mean()))
    assert all(np.mean(rate) <= max_error + 0.01 for rate in rates if len(rate) >= 10)
    if max_error == 0.20:
        assert np.mean(alone) > max_error + 0.01


@pytest.mark.parametrize(("posts", "errors"), [(7, 0), (6, 0), (17, 1), (16, 1), (200, 18), (200, 21)])
def test_the_least_probability_follows_the_exact_limit(posts: int, errors: int) -> None:
    """Against the quantile of the beta distribution, which gives the limit itself."""
    given = np.linspace(0.9, 0.5, posts)
    wrong = np.arange(posts) < errors  # the worst first: no shorter run is within the limit either
    limit = beta.ppf(0.5, errors + 1, posts - errors)
    expected = given[-1] if limit <= 0.10 else np.inf
    assert least_probability(given, wrong, 0.10) == expected


def test_without_posts_no_probability_is_enough() -> None:
    assert least_probability(np.empty(0), np.empty(0, dtype=bool), 0.10) == np.inf


def test_posts_of_one_probability_stand_or_fall_together() -> None:
    given = np.array([0.9] * 30)
    wrong = np.arange(30) >= 15
    assert least_probability(given, wrong, 0.10) == np.inf


def test_less_tolerance_codes_less() -> None:
    probabilities, gold = sample(1500, 1)
    shares = []
    for max_error in (0.02, 0.1, 0.3):
        rule = fit_abstention(probabilities, gold, max_error)
        shares.append(np.mean([rule.accepts(p.tolist(), int(p.argmax())) for p in probabilities]))
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[2] <= 1


def test_too_few_posts_of_a_code_keep_it_in_every_set() -> None:
    probabilities = np.array([[0.9, 0.1]] * 30 + [[0.2, 0.8]] * 3)
    rule = fit_abstention(probabilities, np.array([0] * 30 + [1] * 3), 0.1)
    assert rule.quantiles[1] == np.inf
    assert not rule.accepts([0.999, 0.001], 0)
    assert not rule.accepts([0.001, 0.999], 1), "three posts cannot show that one in ten is wrong"


def test_without_a_tolerance_the_card_decides() -> None:
    rule = Abstention(minimum=(0.5, 0.7))
    assert rule.accepts([0.5, 0.5], 0)
    assert not rule.accepts([0.4, 0.6], 1)
