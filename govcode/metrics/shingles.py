"""Near-duplicate texts: character shingles, their overlap, and MinHash bands that find candidates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

SIZE = 3  # characters in a shingle
BANDS, ROWS = 20, 5
_URL = re.compile(r"https?://[!-~]+")
_PUNCTUATION = re.compile(r"[\W_]+")
_WORD = np.uint32
_SEED = 2  # groups the training posts of the shipped models as they were grouped when these were built
_ROW_FACTORS = np.random.default_rng(20190201).integers(1, 2**63, ROWS, dtype=np.uint64) | np.uint64(1)
_PIECE = 65_536  # characters that are hashed at once


def normalise(text: str) -> str:
    """Return the text for comparison: NFKC, lower case, without URLs, punctuation and white space."""
    return _PUNCTUATION.sub("", _URL.sub("", unicodedata.normalize("NFKC", text)).lower())


def shingles(text: str, size: int = SIZE) -> frozenset[str]:
    """Return the distinct runs of `size` characters; a shorter text is one shingle, an empty text none."""
    if len(text) <= size:
        return frozenset({text} if text else ())
    return frozenset(text[i : i + size] for i in range(len(text) - size + 1))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Return |a ∩ b| / |a ∪ b| in [0, 1]; two empty sets have nothing in common (0)."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def containment(a: frozenset[str], b: frozenset[str]) -> float:
    """Return how much of the smaller set lies in the other, in [0, 1]: an excerpt of a text scores 1."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def hit_probability(similarity: float, *, bands: int = BANDS, rows: int = ROWS) -> float:
    """Return the chance that two texts of this Jaccard similarity become candidates: 1 - (1 - s^r)^b."""
    return 1 - (1 - similarity**rows) ** bands


def signature(text: str) -> NDArray[Any]:
    """Return the MinHash signature of a text: BANDS * ROWS numbers (uint32).

    The share of equal places of two signatures estimates the Jaccard similarity of their shingles (Broder
    1997). Long texts are taken in pieces, so memory does not grow.
    """
    sketch = RMinHash(num_perm=BANDS * ROWS, seed=_SEED)
    whole = text.encode("utf-8", "replace").decode("utf-8")
    for start in range(0, max(1, len(whole) - SIZE + 1), _PIECE):
        sketch.update(list(shingles(whole[start : start + _PIECE + SIZE - 1])))
    return np.array(sketch.digest(), dtype=_WORD)


def band_keys(signature: NDArray[Any]) -> NDArray[Any]:
    """Return one number (uint64) a band of a signature: equal bands have equal numbers, others hardly ever.

    Shape (BANDS,). Candidates are verified exactly, so a chance match costs time, not truth.
    """
    bands = signature.reshape(BANDS, ROWS).astype(np.uint64)
    keys: NDArray[Any] = (bands * _ROW_FACTORS).sum(axis=1, dtype=np.uint64)
    return keys


def candidate_groups(keys: NDArray[Any]) -> Iterator[NDArray[np.intp]]:
    """Yield groups of two or more row numbers that agree in one band, in ascending order.

    `keys` has shape (texts, BANDS), see `band_keys`.
    """
    for band in range(BANDS):
        order = np.argsort(keys[:, band], kind="stable")
        borders = np.flatnonzero(np.diff(keys[order, band])) + 1
        starts = np.concatenate(([0], borders))
        ends = np.concatenate((borders, [len(order)]))
        several = np.flatnonzero(ends - starts > 1)
        for start, end in zip(starts[several].tolist(), ends[several].tolist(), strict=True):
            yield order[start:end]


class Clusters:
    """Disjoint sets of numbers 0 … n - 1 that grow together (union-find)."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, item: int) -> int:
        """Return the representative of the set that holds `item`."""
        parent = self._parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def join(self, a: int, b: int) -> None:
        """Unite two sets; the smaller representative stays."""
        a, b = sorted((self.root(a), self.root(b)))
        self._parent[b] = a

    def sets(self) -> list[list[int]]:
        """Return the sets of two or more, by their first member."""
        found: dict[int, list[int]] = {}
        for item in range(len(self._parent)):
            if (root := self.root(item)) != item:
                found.setdefault(root, [root]).append(item)
        return sorted(found.values())
