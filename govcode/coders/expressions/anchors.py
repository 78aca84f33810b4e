"""Which of many short strings occur in a text, or in each of many texts.

Strings of one or two characters are found by the characters and pairs of the text; a longer one is searched
for when its rarest pair occurs. Of many texts all pairs are looked at together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import add
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW = 4  # texts for which numpy would take longer
_SEPARATOR = "\x1f"
_GROUPS = 8  # of pairs, so that the first character of one and the second of another seldom meet
_HIGH = 21  # bits of a code point
_LAST = 0xFFFF  # characters above it are looked up as this one


class Anchors:
    """Find which of the given strings (none is empty) occur in texts."""

    def __init__(self, anchors: Iterable[str]) -> None:
        everything = frozenset(anchors)
        self._short = frozenset(anchor for anchor in everything if len(anchor) <= 2)
        self._long = _by_rarest_pair(everything - self._short)
        self._pairs = frozenset(self._long)

    def of(self, text: str) -> set[str]:
        """Return the strings that occur in a text."""
        pairs = set(map(add, text, text[1:]))
        pairs.update(text)
        return self._present(pairs, text)

    def of_many(self, texts: Sequence[str]) -> list[set[str]]:
        """Return the strings that occur in each text."""
        joined = _SEPARATOR.join([*texts, ""])
        if len(texts) < FEW or joined.count(_SEPARATOR) != len(texts):
            return list(map(self.of, texts))
        import numpy as np

        points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        ends = np.flatnonzero(points == ord(_SEPARATOR))
        first, second, single = self._tables
        clipped = np.minimum(points, _LAST)
        groups = first.take(clipped)
        begins = np.flatnonzero(groups[:-1] > 0)
        pairs = begins[groups.take(begins) & second.take(clipped.take(begins + 1)) > 0]
        singles = np.flatnonzero(single.take(clipped))
        keys = (points[pairs].astype(np.int64) << _HIGH) | points[pairs + 1]
        rows = np.searchsorted(ends, np.append(pairs, singles)).tolist()
        found: list[set[str]] = [set() for _ in texts]
        name = self._names.get
        for row, key in zip(rows, [*keys.tolist(), *points[singles].tolist()], strict=True):
            if (anchor := name(key)) is not None:
                found[row].add(anchor)
        return list(map(self._present, found, texts))

    def _present(self, pairs: set[str], text: str) -> set[str]:
        present = pairs & self._short
        for pair in pairs & self._pairs:
            for anchor in self._long[pair]:
                if anchor in text:
                    present.add(anchor)
        return present

    @cached_property
    def _names(self) -> dict[int, str]:
        """Characters and pairs by number."""
        known = sorted(self._short | self._pairs)
        return {ord(a[0]) << _HIGH | ord(a[1]) if len(a) > 1 else ord(a): a for a in known}

    @cached_property
    def _tables(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Which characters can be first and second of a pair, by groups, and which stand alone."""
        import numpy as np

        first, second = (np.zeros(_LAST + 1, dtype=np.uint8) for _ in range(2))
        single = np.zeros(_LAST + 1, dtype=np.bool_)
        for number, anchor in enumerate(self._names.values()):
            points = [min(ord(character), _LAST) for character in anchor]
            if len(points) == 1:
                single[points[0]] = True
            else:
                first[points[0]] |= 1 << number % _GROUPS
                second[points[1]] |= 1 << number % _GROUPS
        return first, second, single


def _by_rarest_pair(anchors: Iterable[str]) -> dict[str, list[str]]:
    """Return the anchors under the pair of characters that the fewest of them share."""
    uses: dict[str, int] = {}
    for anchor in anchors:
        for pair in _pairs_of(anchor):
            uses[pair] = uses.get(pair, 0) + 1
    table: dict[str, list[str]] = {}
    for anchor in sorted(anchors):
        rarest = min(_pairs_of(anchor), key=lambda pair: (uses[pair], pair))
        table.setdefault(rarest, []).append(anchor)
    return table


def _pairs_of(anchor: str) -> list[str]:
    return [anchor[i : i + 2] for i in range(len(anchor) - 1)]
