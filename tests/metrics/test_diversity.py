"""Published values, hand calculations and properties of diversity."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcode.metrics.diversity import diversity, jensen_shannon, shannon_entropy

SHARES = (0.6, 0.2, 0.02, 0.13, 0.05)


def test_entropy_of_a_known_distribution() -> None:
    assert shannon_entropy(SHARES) == pytest.approx(1.121638738241129, abs=1e-12)
    found = diversity([60, 20, 2, 13, 5])
    assert found.normalised == pytest.approx(0.6969133320245775, abs=1e-12)
    assert found.simpson == pytest.approx(0.5802, abs=1e-12)
    assert found.corrected_entropy == pytest.approx(1.141638738241129, abs=1e-12)


def test_uniform_is_one_and_one_code_is_zero() -> None:
    assert diversity([7, 7, 7, 7]).normalised == pytest.approx(1)
    assert diversity([7, 7, 7, 7]).corrected == 1
    alone = diversity([9, 0, 0])
    assert (alone.normalised, alone.corrected, alone.simpson) == (0, 0, 0)
    assert diversity([4]).normalised == 0


def test_no_posts_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        diversity([0, 0])


@given(st.lists(st.integers(0, 500), min_size=2, max_size=9).filter(any))
def test_diversity_does_not_depend_on_order_and_stays_in_range(counts: list[int]) -> None:
    found, turned = diversity(counts), diversity(counts[::-1])
    assert found.entropy == pytest.approx(turned.entropy)
    assert 0 <= found.normalised <= 1 + 1e-12
    assert found.normalised <= found.corrected + 1e-12 <= 1 + 2e-12
    assert found.entropy <= log(len(counts)) + 1e-12


def test_divergence_of_two_known_distributions() -> None:
    assert jensen_shannon(SHARES, (0.3, 0.3, 0.2, 0.1, 0.1)) == pytest.approx(0.11322773142334207, abs=1e-12)
    assert jensen_shannon(SHARES, SHARES) == 0
    assert jensen_shannon((1, 0), (0, 1)) == pytest.approx(1)
