"""Keys in sorted arrays, beside a dictionary."""

from __future__ import annotations

import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcode.readers import keys
from govcode.readers.keys import Keys

KEY = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(st.tuples(KEY, st.integers(-(2**62), 2**62)), unique_by=lambda pair: pair[0]), st.lists(KEY))
def test_what_was_added_is_found_and_nothing_else(pairs: list[tuple[int, int]], others: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "RECENT", 4)
        found = Keys()
        for key, number in pairs:
            assert found.get(key) is None
            found.add(key, number)
        known = dict(pairs)
        assert {key: found.get(key) for key in known} == known
        assert all(found.get(key) == known.get(key) for key in others)


@pytest.mark.slow
def test_a_million_keys_take_few_bytes_each() -> None:
    draw = random.Random(1)
    tracemalloc.start()
    try:
        found = Keys()
        for n in range(1_000_000):
            found.add(draw.getrandbits(64) - 2**63, n)
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held < 40e6  # a dictionary takes some 150 MB
    assert found.get(0) is None
