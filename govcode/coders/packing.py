"""Characters as numbers, and short words as one number of 64 bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.int64]
Ints = NDArray[np.int64]
PACKED = 4  # characters of 16 bits in one key
WIDE = 1 << 16


def points_of(text: str) -> Points:
    """Return the code points of `text`, and `PACKED` zeros after them."""
    encoded = text.encode("utf-32-le", "surrogatepass")
    points = np.zeros(len(encoded) // 4 + PACKED, dtype=np.int64)
    points[: len(points) - PACKED] = np.frombuffer(encoded, dtype=np.uint32)
    return points


_PIECES = tuple((np.uint64(1) << np.uint64(16 * size)) - np.uint64(1) for size in range(PACKED))
_UP_TO = np.array([*_PIECES, ~np.uint64(0)])  # which bits of a key a piece of 0, 1 … characters has


def fours_of(points: Points) -> NDArray[np.uint64]:
    """Return at each place its character and the three after it, 16 bits each."""
    if points.max(initial=0) < WIDE:
        return fours_of_short(points.astype(np.uint16))
    every = points.view(np.uint64)
    fours = every.copy()
    for nth in range(1, PACKED):
        fours[:-nth] |= every[nth:] << np.uint64(16 * nth)
    return fours


def fours_of_short(points: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """Return what `fours_of` gives for characters of 16 bits; after the last one come zeros."""
    text = points.tobytes() + bytes(2 * PACKED)
    fours = np.empty(len(points), dtype=np.uint64)
    for first in range(PACKED):
        own = fours[first::PACKED]
        own[:] = np.frombuffer(text, dtype="<u8", count=len(own), offset=2 * first)
    return fours


def pack(fours: NDArray[np.uint64], begin: Ints, length: Ints) -> Ints:
    """Return the first four characters of each piece in one key; no characters give 0."""
    keys: Ints = (fours.take(begin) & _UP_TO.take(length, mode="clip")).view(np.int64)
    return keys


def by_name(points: Points, begin: Ints, length: Ints) -> NDArray[np.bool_]:
    """Tell which pieces do not fit into a key: long ones, and those with characters above U+FFFF."""
    long: NDArray[np.bool_] = length > PACKED
    wide = points >= WIDE
    if wide.any():
        count = np.append(0, np.cumsum(wide))
        long |= count[begin + length] > count[begin]
    return long
