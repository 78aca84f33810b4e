"""Many whole numbers looked up at once."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Keys = NDArray[np.signedinteger[Any]]
# Multiplied by such a number (odd, no pattern), keys fall evenly into slots; two give two places a key.
_SPREADS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_Whole = TypeVar("_Whole", bound=np.signedinteger[Any])
_EMPTY = -1
_ROUNDS = 500


class Lookup:
    """A fixed mapping from keys (any but -1) to numbers from 0 to 2**31 - 1, asked for whole arrays.

    Cuckoo hashing (Pagh & Rodler 2004): every key lies in one of its two places, so that two steps answer
    for all keys at once, where probing would need as many steps as the longest row of taken slots. Of keys
    that want one place the first has it: those that are asked for most should come first.
    """

    def __init__(self, keys: Ints, numbers: Ints) -> None:
        bits = max(4, len(keys).bit_length())  # so a quarter to half of all places are taken
        while not self._fill(keys, numbers, bits):
            bits += 1

    def __call__(self, wanted: Ints) -> Numbers:
        """Return the number of each key, -1 where there is none."""
        found: Numbers = np.full(len(wanted), -1, dtype=np.int32)
        places, numbers = self.known(wanted)
        found[places] = numbers
        return found

    def known(self, wanted: Ints) -> tuple[Ints, Numbers]:
        """Return the places in `wanted` of the keys that are known, in any order, and their numbers."""
        slots = self._slots(wanted, 0)
        keys = self._keys[0].take(slots)
        hit = keys == wanted
        here, left = np.flatnonzero(hit), np.flatnonzero(~hit)
        left = left.compress(keys.take(left) != _EMPTY)  # their first place is another's
        others = wanted.take(left)
        second = self._slots(others, 1)
        there = np.flatnonzero(self._keys[1].take(second) == others)
        numbers = [self._numbers[0].take(slots.take(here)), self._numbers[1].take(second.take(there))]
        return np.concatenate([here, left.take(there)]), np.concatenate(numbers)

    def on(self, base: Keys, wanted: Ints) -> Keys:
        """Return `base` + number for each key that is known, in any order."""
        places, numbers = self.known(wanted)
        added: Keys = base.take(places) + numbers
        return added

    def _fill(self, keys: Ints, numbers: Ints, bits: int) -> bool:
        """Put every key into one of its places; tell whether that came to an end."""
        self._shift = np.uint64(64 - bits)
        self._keys = np.full((2, 1 << bits), _EMPTY, dtype=np.int64)
        self._numbers = np.full((2, 1 << bits), -1, dtype=np.int32)
        places = [self._slots(keys, side) for side in (0, 1)]
        owner = np.full((2, 1 << bits), _EMPTY, dtype=np.int64)
        homeless, side = np.arange(len(keys)), 0
        for _ in range(_ROUNDS):
            slots = places[side][homeless]
            before = owner[side, slots]
            owner[side, slots[::-1]] = homeless[::-1]  # where several want one slot, the first one has it
            lost = homeless[owner[side, slots] != homeless]
            homeless = np.concatenate([lost, np.unique(before[before != _EMPTY])])
            if not len(homeless):
                break
            side = 1 - side
        for which in (0, 1):
            taken = np.flatnonzero(owner[which] != _EMPTY)
            self._keys[which, taken] = keys[owner[which, taken]]
            self._numbers[which, taken] = numbers[owner[which, taken]]
        return not len(homeless)

    def _slots(self, keys: Ints, side: int) -> Ints:
        spread = np.ascontiguousarray(keys, dtype=np.int64).view(np.uint64) * _SPREADS[side]
        spread >>= self._shift
        slots: Ints = spread.view(np.int64)
        return slots


def distinct(keys: NDArray[_Whole]) -> NDArray[_Whole]:
    """Sort the keys in place and return them, each once (np.unique would hash them, which is slower here)."""
    keys.sort()
    first = np.empty(len(keys), dtype=np.bool_)
    first[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    found: NDArray[_Whole] = keys[first]
    return found


def known_keys(base: Keys, numbers: Numbers) -> Keys:
    """Return the keys (first key of the row + feature number) of the features that are known."""
    known = np.flatnonzero(numbers >= 0)
    keys: Keys = base.take(known) + numbers.take(known)
    return keys
