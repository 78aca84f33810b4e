"""Many millions of keys in little memory: the recent ones in a dictionary, all others in sorted arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RECENT = 1 << 17
BITS = 16  # of the filter, a key


class Keys:
    """Remember a number with each 64-bit key (signed, as `hash` gives it): some 20 bytes a key.

    What is remembered once is never changed. A filter of one bit a key (of 16 to 32) spares nearly all
    searches in the arrays for keys that are not there.
    """

    __slots__ = ("_bits", "_mask", "_recent", "_runs")

    def __init__(self) -> None:
        self._recent: dict[int, int] = {}
        self._runs: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
        self._bits = bytearray()
        self._mask = 0

    def get(self, key: int) -> int | None:
        """Return the number of a key, or None."""
        number = self._recent.get(key)
        if number is not None or not self._runs or not self._bits[key >> 3 & self._mask] >> (key & 7) & 1:
            return number
        for keys, numbers in self._runs:
            place = int(keys.searchsorted(key))
            if place < len(keys) and keys[place] == key:
                return int(numbers[place])
        return None

    def add(self, key: int, number: int) -> None:
        """Remember a key that is not there yet."""
        recent = self._recent
        recent[key] = number
        if len(recent) >= RECENT:
            self._settle()

    def _settle(self) -> None:
        """Move the recent keys into a sorted array, joined with arrays that are not much larger."""
        number = len(self._recent)
        run = (
            np.fromiter(self._recent.keys(), np.int64, number),
            np.fromiter(self._recent.values(), np.int64, number),
        )
        self._recent.clear()
        new = [run[0]]
        while self._runs and len(self._runs[-1][0]) < 2 * len(run[0]):
            last = self._runs.pop()
            run = (np.concatenate((last[0], run[0])), np.concatenate((last[1], run[1])))
        order = np.argsort(run[0])
        self._runs.append((run[0][order], run[1][order]))
        held = sum(len(keys) for keys, _ in self._runs)
        if held * BITS > 8 * len(self._bits):
            size = 1 << (held * BITS // 8).bit_length()
            self._bits, self._mask = bytearray(size), size - 1
            new = [keys for keys, _ in self._runs]
        bits = np.frombuffer(self._bits, np.uint8)
        for keys in new:
            np.bitwise_or.at(bits, keys >> 3 & self._mask, np.left_shift(1, keys & 7).astype(np.uint8))
