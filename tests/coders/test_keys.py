from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from govcode.coders.keys import Lookup

KEYS = st.integers(0, 2**63 - 1) | st.integers(0, 200) | st.integers(-(2**63), -2)


@given(st.dictionaries(KEYS, st.integers(0, 2**31 - 1), max_size=300), st.lists(KEYS, max_size=60))
def test_lookup_is_a_mapping(values: dict[int, int], others: list[int]) -> None:
    lookup = Lookup(np.array(list(values), dtype=np.int64), np.array(list(values.values()), dtype=np.int64))
    wanted = [*others, *values]
    assert lookup(np.array(wanted, dtype=np.int64)).tolist() == [values.get(key, -1) for key in wanted]
    base = np.arange(len(wanted), dtype=np.int64) << 32
    found = [(row << 32) + values[key] for row, key in enumerate(wanted) if key in values]
    assert sorted(lookup.on(base, np.array(wanted, dtype=np.int64)).tolist()) == found


def test_crowded_keys_are_all_found() -> None:
    keys = np.arange(50_000, dtype=np.int64) << 40
    lookup = Lookup(keys, np.arange(50_000, dtype=np.int64))
    assert (lookup(keys) == np.arange(50_000)).all()
    assert (lookup(keys + 1) == -1).all()
