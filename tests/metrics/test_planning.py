"""Sizes against printed tables, exact tails and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from govcode.errors import NotComputableError, UsageError
from govcode.metrics.alpha import krippendorff_alpha
from govcode.metrics.planning import (
    PRINTED_ERROR,
    alpha_error,
    lacy_riffe,
    size_for_alpha,
    size_for_code,
    size_for_margin,
    size_to_rule_out,
)  # fmt: skip
from govcode.metrics.ratings import ratings_from_table
from govcode.metrics.tallies import tally

# Lacy and Riffe 1996 with SE = .05/1.645, recomputed: population -> posts for P = .85, .90, .95
UNROUNDED = {
    10_000: (138, 98, 53), 5_000: (136, 97, 52), 1_000: (123, 90, 50), 500: (110, 83, 48),
    250: (90, 72, 44), 100: (59, 51, 35),
}  # fmt: skip


@pytest.mark.parametrize("population", UNROUNDED)
def test_lacy_and_riffe_unrounded(population: int) -> None:
    assert tuple(lacy_riffe(p, population) for p in (0.85, 0.90, 0.95)) == UNROUNDED[population]


def test_lacy_and_riffe_as_printed() -> None:
    assert lacy_riffe(0.90, 1_000, error=PRINTED_ERROR) == 92
    assert lacy_riffe(0.85, 10_000, error=PRINTED_ERROR) == 141


def test_sizes_for_a_margin() -> None:
    assert size_for_margin(0.05) == 385
    assert size_for_margin(0.05, population=3_000) == 341
    assert size_for_margin(0.05, share=0.1) == 139
    assert size_for_margin(0.05, design_effect=2) == 769
    assert size_for_margin(0.01, population=50) == 50


@given(st.floats(0.005, 0.9), st.integers(1, 60))
def test_size_for_a_code_is_the_smallest_that_does(share: float, least: int) -> None:
    size = size_for_code(share, least)
    assert binom.sf(least - 1, size, share) >= 0.9 - 1e-9
    assert size == least or binom.sf(least - 1, size - 1, share) < 0.9 + 1e-9


def test_no_case_in_so_many_rules_a_share_out() -> None:
    assert size_to_rule_out(0.01) == 299
    assert (1 - 0.01) ** 299 <= 0.05 < (1 - 0.01) ** 298
    assert size_to_rule_out(0.03) == pytest.approx(3 / 0.03, abs=2)  # rule of three


@pytest.mark.parametrize(("alpha", "shares"), [(0.8, (0.6, 0.2, 0.02, 0.13, 0.05)), (0.7, (0.5, 0.5))])
def test_error_of_alpha_is_that_of_simulation(alpha: float, shares: tuple[float, ...]) -> None:
    p = np.array(shares)
    table = alpha * np.diag(p) + (1 - alpha) * np.outer(p, p)
    draws = np.random.default_rng(2).multinomial(400, table.ravel(), size=600)
    alphas = [float(krippendorff_alpha(tally(ratings_from_table(d.reshape(table.shape))))) for d in draws]
    assert np.std(alphas) == pytest.approx(alpha_error(alpha, shares) / 20, rel=0.1)
    assert np.mean(alphas) == pytest.approx(alpha, abs=0.01)


@pytest.mark.slow
def test_planned_size_has_the_planned_power() -> None:
    shares, alpha = (0.6, 0.3, 0.1), 0.8
    size = size_for_alpha(alpha, shares)
    p = np.array(shares)
    table = alpha * np.diag(p) + (1 - alpha) * np.outer(p, p)
    draws = np.random.default_rng(2).multinomial(size, table.ravel(), size=3000)
    alphas = np.array([float(krippendorff_alpha(tally(ratings_from_table(d.reshape(3, 3))))) for d in draws])
    reach = 1.96 * alpha_error(alpha, shares) / np.sqrt(size)
    assert (alphas - reach > 0.667).mean() == pytest.approx(0.8, abs=0.06)


def test_what_cannot_be_planned_is_refused() -> None:
    for call in (lambda: size_for_margin(0), lambda: lacy_riffe(1, 10), lambda: size_to_rule_out(0),
                 lambda: size_for_alpha(0.6, (0.5, 0.5))):  # fmt: skip
        with pytest.raises(UsageError):
            call()
    with pytest.raises(NotComputableError):
        size_for_code(0)
    with pytest.raises(NotComputableError):
        alpha_error(0.8, (1.0,))
