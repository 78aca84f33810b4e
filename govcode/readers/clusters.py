"""Nearly the same posts: candidates by MinHash, verified by the exact overlap of their characters."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.shingles import BANDS, band_keys, jaccard, normalise, shingles, signature

THRESHOLD = 0.8
SHORTEST = 12  # characters; shorter texts resemble each other by chance
BACK = 16  # earlier texts of one band that are looked at, the latest first
VERIFIED = 16  # candidates that are compared exactly, the likeliest
CACHED = 1_000
_HALF = np.uint64(32)

Places = NDArray[np.int32]


class Clusters:
    """Give every text that nearly repeats an earlier one the place of the first of its kind.

    A text belongs to the first leader whose set of character 3-grams overlaps with its own by at least
    `threshold` (exact Jaccard similarity, 0 to 1); one without such a leader becomes a leader itself. No
    pair below the threshold is ever joined. Candidates share one of 20 bands of 5 MinHash values: a pair at
    0.8 does with probability 0.9996 (`hit_probability`). Where many texts share a band, only the latest
    are looked at, so that time grows with the number of texts. A text needs 80 bytes of memory.
    """

    def __init__(self, threshold: float = THRESHOLD) -> None:
        self._threshold = threshold
        self._keys = bytearray()
        self._places = array("q")
        self._size = 0

    def add(self, text: str) -> None:
        """Take in the next text; its place is the number of texts before it."""
        plain = normalise(text)
        if len(plain) >= SHORTEST:
            self._keys += (band_keys(signature(plain)) >> _HALF).astype(np.uint32).tobytes()
            self._places.append(self._size)
        self._size += 1

    def leaders(self, text_of: Callable[[int], str]) -> NDArray[np.int64]:
        """Return the place of the leader of every text (its own, where it is the first of its kind).

        `text_of` gives the text at a place back, so that texts need not stay in memory. To be called
        once, after the last text: it uses the keys up.
        """
        leaders = np.arange(self._size)
        places = np.frombuffer(self._places, dtype=np.int64) if self._places else np.empty(0, np.int64)
        before = _before(np.frombuffer(self._keys, dtype=np.uint32).reshape(-1, BANDS))
        kinds = np.arange(len(places))
        grams = lru_cache(CACHED)(lambda row: shingles(normalise(text_of(int(places[row])))))
        for row in np.flatnonzero((before >= 0).any(axis=1)).tolist():
            for candidate in _likely(before, kinds, row):
                if jaccard(grams(row), grams(candidate)) >= self._threshold:
                    kinds[row] = candidate
                    break
        leaders[places] = places[kinds]
        return leaders


def _before(keys: NDArray[np.uint32]) -> Places:
    """Return for every text and band the latest earlier text with the same key, or -1.

    `keys` of shape (texts, BANDS) becomes the result in its own memory, a band at a time.
    """
    before = keys.view(np.int32)
    for band in range(BANDS):
        own = keys[:, band].copy()
        order = np.argsort(own, kind="stable")
        same = own[order[1:]] == own[order[:-1]]
        before[:, band] = -1
        before[order[1:][same], band] = order[:-1][same]
    return before


def _likely(before: Places, kinds: NDArray[np.int64], row: int) -> list[int]:
    """Return leaders that may resemble a text, the earliest first: those that share most bands with it."""
    met: Counter[int] = Counter()
    bands = np.flatnonzero(before[row] >= 0)
    earlier = before[row, bands]
    for _ in range(BACK):
        met.update(kinds[earlier].tolist())
        earlier = before[earlier, bands]
        if not (alive := earlier >= 0).all():
            earlier, bands = earlier[alive], bands[alive]
        if not len(bands):
            break
    return sorted(sorted(met, key=lambda leader: (-met[leader], leader))[:VERIFIED])
