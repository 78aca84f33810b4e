"""Nearly the same posts: candidates by MinHash, verified by the exact overlap of their characters."""

from __future__ import annotations

from collections.abc import Callable

from datasketch import MinHash, MinHashLSH

from govcode.metrics.shingles import jaccard, normalise, shingles

THRESHOLD = 0.8
PERMUTATIONS = 64
SHORTEST = 12  # characters; shorter texts resemble each other by chance


class Clusters:
    """Give every post that nearly repeats an earlier one the id of the first of its kind.

    A post belongs to the first leader whose set of character 3-grams overlaps with its own by at least
    `threshold` (exact Jaccard similarity, 0 to 1); one without such a leader becomes a leader itself.
    Candidates come from MinHash with locality-sensitive hashing, so a pair just above the threshold
    may be missed; no pair below it is ever joined. `text_of` gives the text of a leader back, so that
    texts need not stay in memory.
    """

    def __init__(self, text_of: Callable[[int], str], threshold: float = THRESHOLD) -> None:
        self._text_of = text_of
        self._threshold = threshold
        self._index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, weights=(0.2, 0.8))
        self.sizes: dict[int, int] = {}

    def leader(self, key: int, text: str) -> int:
        """Return the key of the leader of this text (its own, where it is the first of its kind)."""
        plain = normalise(text)
        if len(plain) < SHORTEST:
            return key
        own = shingles(plain)
        sketch = MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=_hash)
        sketch.update_batch(sorted(own))
        for candidate in sorted(self._index.query(sketch)):
            if jaccard(own, shingles(normalise(self._text_of(candidate)))) >= self._threshold:
                self.sizes[candidate] += 1
                return int(candidate)
        self._index.insert(key, sketch)
        self.sizes[key] = 1
        return key


def _hash(gram: str) -> int:
    """Hash a 3-gram to 32 bits: the same in every run, and fast."""
    value = 0
    for character in gram:
        value = (value * 0x01000193 ^ ord(character)) & 0xFFFFFFFF
    return (value * 0x9E3779B1 ^ value >> 15) & 0xFFFFFFFF
