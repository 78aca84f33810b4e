"""Features of a batch that need no words: runs of characters of headlines, and marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from govcode.coders.features import MARKS
from govcode.coders.fields import Fields
from govcode.coders.keys import Keys, Lookup, Numbers, known_keys
from govcode.coders.terms import TermTable

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]
LONGEST = 4  # characters in a run whose key surely fits into 64 bits
_POINTS = 0x110000
_HIGH = 21  # bits of a code point
_LAST = 1 << 2 * _HIGH  # marks the key of a last character
_FIRST, _OF_LAST = "first ", "last "  # how such marks begin


class Headlines:
    """Characters of headlines one after the other, their sizes, and the first key of each row."""

    def __init__(self, points: NDArray[np.uint32], sizes: Ints, rows: Keys) -> None:
        self.points, self.sizes, self.rows = points, sizes, rows
        self.base = np.repeat(rows, sizes)


class Runs:
    """Runs of one to `longest` neighbouring characters."""

    def __init__(self, table: TermTable, longest: int) -> None:
        if longest > LONGEST:
            raise ValueError(f"runs of {longest} characters are too long: at most {LONGEST}")
        spans, points = table.runs, table.points
        length = spans.end - spans.begin
        own = (length > 0) & (length <= longest)
        letters = np.zeros(_POINTS, dtype=np.bool_)
        for nth in range(longest):
            letters[points[spans.begin[own & (length > nth)] + nth]] = True
        alphabet = np.flatnonzero(letters)
        self._radix = len(alphabet) + 1
        self._letter = np.zeros(_POINTS, dtype=np.int32)
        self._letter[alphabet] = np.arange(1, self._radix)
        keys = np.zeros(len(length), dtype=np.int64)
        for nth in range(longest):  # letters count from 1, so that no short run has the key of a long one
            here = np.flatnonzero(own & (length > nth))
            keys[here] = keys[here] * self._radix + self._letter[points[spans.begin[here] + nth]]
        self._longest = longest
        self._lookup = Lookup(keys[own], spans.numbers[own])

    def keys(self, headlines: Headlines) -> Keys:
        """Return keys (row, feature) of the runs of each headline."""
        base = headlines.base
        letters = self._letter.take(headlines.points).astype(np.int64)
        run, whole = letters, letters > 0
        bases, runs = [base[whole]], [run[whole]]
        for more in range(1, self._longest):
            end = letters[more:]
            size = len(end)
            run = run[:size] * self._radix + end
            whole = whole[:size] & (end > 0) & (base[:size] == base[more:])
            bases.append(base[:size][whole])
            runs.append(run[whole])
        return self._lookup.on(np.concatenate(bases), np.concatenate(runs))


class Marks:
    """Features of form: punctuation of the headline, lengths, first and last characters."""

    def __init__(self, table: TermTable) -> None:
        ends = {end: _beginning(table, end) for end in (_FIRST, _OF_LAST)}
        marks = table.pieces(table.marks.only(~(ends[_FIRST] | ends[_OF_LAST])))
        self._mark = np.full(_POINTS, -1, dtype=np.int32)
        for mark in MARKS:
            self._mark[ord(mark)] = marks.get(mark, -1)
        self._title: Numbers = np.array([marks.get(f"title {size}", -1) for size in range(9)], dtype=np.int32)
        self._body: Numbers = np.array([marks.get(f"body {size}", -1) for size in range(13)], dtype=np.int32)
        self._ends = _ends(table, ends)

    def keys(self, fields: Fields, headlines: Headlines) -> Iterator[Keys]:
        """Yield keys (row, feature) of the marks of each row."""
        rows, points = headlines.rows, headlines.points
        yield known_keys(headlines.base, self._mark.take(points))
        yield known_keys(rows, self._title.take(fields.sizes[::2] // 6, mode="clip"))
        bits = np.frexp(fields.sizes[1::2].astype(np.float64))[1]  # n has so many binary digits
        yield known_keys(rows, self._body[np.minimum(bits, 12)])
        some = np.flatnonzero(headlines.sizes)
        ends = np.cumsum(headlines.sizes)[some]
        begins, rows = ends - headlines.sizes[some], rows[some]
        wide = points.astype(np.int64)
        second = np.minimum(begins + 1, ends - 1)
        long = second > begins
        yield self._ends.on(
            np.concatenate([rows, rows[long], rows, rows[long]]),
            np.concatenate([
                wide[begins],
                (wide[begins] << _HIGH | wide[second])[long],
                wide[ends - 1] | _LAST,
                (wide[ends - 2] << _HIGH | wide[ends - 1] | _LAST)[long],
            ]),
        )  # fmt: skip


def _beginning(table: TermTable, prefix: str) -> Truths:
    """Tell which marks begin with `prefix` and go on."""
    marks = table.marks
    own: Truths = marks.end - marks.begin > len(prefix)
    for place, character in enumerate(prefix):
        own &= table.points.take(marks.begin + place, mode="clip") == ord(character)
    return own


def _ends(table: TermTable, own: Mapping[str, Truths]) -> Lookup:
    """Return the features that are one or two characters at either end of a headline, by these characters."""
    keys, numbers = [], []
    for prefix, side in ((_FIRST, 0), (_OF_LAST, _LAST)):
        marks = table.marks.only(own[prefix])
        begin = marks.begin + len(prefix)
        one, two = table.points[begin], table.points[begin] << _HIGH | table.points[begin + 1]
        size = marks.end - begin
        keys.append(np.where(size == 1, one, two)[size <= 2] | side)
        numbers.append(marks.numbers[size <= 2])
    return Lookup(np.concatenate(keys), np.concatenate(numbers))
