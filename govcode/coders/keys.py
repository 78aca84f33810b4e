"""Many whole numbers looked up at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: multiplied, keys fall evenly into slots
_EMPTY = -1


class Lookup:
    """A fixed mapping from keys (any but -1) to numbers >= 0, asked for whole arrays (open addressing)."""

    def __init__(self, keys: Ints, numbers: Ints) -> None:
        bits = max(4, (2 * len(keys)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._last = (1 << bits) - 1
        self._keys = np.full(1 << bits, _EMPTY, dtype=np.int64)
        self._numbers = np.full(1 << bits, -1, dtype=np.int32)
        slots = self._slots(keys)
        while len(keys):
            free = self._keys[slots] == _EMPTY
            self._keys[slots[free]] = keys[free]  # where several want one slot, the last one has it
            stays = self._keys[slots] == keys
            self._numbers[slots[stays]] = numbers[stays]
            keys, numbers, slots = keys[~stays], numbers[~stays], (slots[~stays] + 1) & self._last

    def __call__(self, wanted: Ints) -> Ints:
        """Return the number of each key, -1 where there is none."""
        slots = self._slots(wanted)
        keys = self._keys[slots]
        found = np.where(keys == wanted, self._numbers[slots], -1).astype(np.int64)
        left = np.flatnonzero((keys != wanted) & (keys != _EMPTY))
        slots = slots[left]
        while len(left):
            slots = (slots + 1) & self._last
            keys, asked = self._keys[slots], wanted[left]
            hit = keys == asked
            found[left[hit]] = self._numbers[slots[hit]]
            on = ~hit & (keys != _EMPTY)
            left, slots = left[on], slots[on]
        return found

    def _slots(self, keys: Ints) -> Ints:
        spread = np.ascontiguousarray(keys, dtype=np.int64).view(np.uint64) * _SPREAD
        slots: Ints = (spread >> self._shift).view(np.int64)
        return slots


def distinct(keys: Ints) -> Ints:
    """Sort the keys in place and return them, each once (np.unique would hash them, which is slower here)."""
    keys.sort()
    first = np.empty(len(keys), dtype=np.bool_)
    first[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    distinct: Ints = keys[first]
    return distinct
