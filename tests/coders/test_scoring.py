"""Sums of weights by groups are the sums of weights."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.coders.rows import Rows
from govcode.coders.scoring import LARGEST_WEIGHT, WeightTable

TERMS, COLUMNS = 40, 7
ROWS = st.lists(st.lists(st.integers(0, TERMS - 1), max_size=90, unique=True).map(sorted), max_size=6)


@pytest.mark.parametrize("largest", [LARGEST_WEIGHT, 32767], ids=["ours", "largest of 16 bits"])
@settings(max_examples=60, deadline=None)
@given(rows=ROWS, seed=st.integers(0, 9))
def test_sums_are_exact(largest: int, rows: list[list[int]], seed: int) -> None:
    random = np.random.default_rng(seed)
    weights = random.choice(np.array([-largest, largest, 3], dtype=np.int16), size=(TERMS, COLUMNS))
    squares = random.integers(0, 1 << 45, size=TERMS)
    sums, lengths = WeightTable(weights, squares).sums(Rows.of(rows))
    assert sums.tolist() == [weights[row].sum(axis=0, dtype=np.int64).tolist() for row in rows]
    assert lengths.tolist() == [int(squares[row].sum()) for row in rows]


def test_four_of_our_largest_weights_fit_into_16_bits() -> None:
    assert np.iinfo(np.int16).max >= 4 * LARGEST_WEIGHT
    weights = np.full((80, 1), -LARGEST_WEIGHT, dtype=np.int16)
    sums, _ = WeightTable(weights, np.zeros(80, dtype=np.int64)).sums(Rows.of([list(range(80))]))
    assert sums.tolist() == [[-80 * LARGEST_WEIGHT]]


def test_a_model_without_terms() -> None:
    empty = WeightTable(np.zeros((0, 3), dtype=np.int16), np.zeros(0, dtype=np.int64))
    assert empty.sums(Rows.of([[], []]))[0].tolist() == [[0, 0, 0], [0, 0, 0]]
