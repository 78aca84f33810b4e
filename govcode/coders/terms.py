"""The terms of a model taken apart: which part of the joined text is which word, run or mark.

A model has some hundred thousand terms, so all are cut at once, as places in one array of characters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govcode.coders.features import CHARACTERS, MARK, TITLE
from govcode.coders.packing import Points, fours_of, points_of
from govcode.coders.termlist import Terms

Ints = NDArray[np.int64]
_BLANK, _END = ord(" "), ord("\n")


class Spans:
    """Pieces of text: `numbers` of the features, where pieces begin, end, and the blank between two words.

    `middle` is the end where there is only one word.
    """

    def __init__(self, numbers: Ints, begin: Ints, middle: Ints, end: Ints) -> None:
        self.numbers, self.begin, self.middle, self.end = numbers, begin, middle, end

    def only(self, own: NDArray[np.bool_]) -> Spans:
        """Return those that are `own`."""
        return Spans(self.numbers[own], self.begin[own], self.middle[own], self.end[own])

    def words(self) -> tuple[Ints, Ints]:
        """Return where words begin and end: all first words, then the second ones of pairs."""
        pair = self.middle < self.end
        begins = np.concatenate([self.begin, self.middle[pair] + 1])
        return begins, np.concatenate([self.middle, self.end[pair]])


class TermTable:
    """Terms by kind; a term of one blank may be a pair of words as well as another kind (`c 语言`)."""

    def __init__(self, terms: Sequence[str]) -> None:
        terms = Terms.of(terms)
        self.text = terms.text
        self.points: Points = points_of(self.text)
        self.fours = fours_of(self.points)
        self._ends = np.flatnonzero(self.points[: len(self.text)] == _END)
        self._starts = np.append(0, self._ends[:-1] + 1)[: len(terms)]
        blank = self.points[: len(self.text)] == _BLANK
        self._blanks = np.append(np.flatnonzero(blank), len(self.text))
        self._before = np.append(0, np.cumsum(blank, dtype=np.int32))  # blanks before each place
        self.words = self._up_to_two(self._starts, self._ends)
        self.in_title = self._up_to_two(*self._of(TITLE))
        self.runs = self._whole(*self._of(CHARACTERS))
        self.marks = self._whole(*self._of(MARK))

    def pieces(self, spans: Spans) -> dict[str, int]:
        """Return the pieces as strings, with their feature numbers."""
        places = zip(spans.begin.tolist(), spans.end.tolist(), spans.numbers.tolist(), strict=True)
        return {self.text[begin:end]: number for begin, end, number in places}

    def _of(self, prefix: str) -> tuple[Ints, Ints]:
        """Return begin (-1 for other terms) and end of the terms with a prefix, without it."""
        first, second = map(ord, prefix)
        own = (self.points[self._starts] == first) & (self.points[self._starts + 1] == second)
        return np.where(own, self._starts + 2, -1), self._ends

    def _whole(self, begin: Ints, end: Ints) -> Spans:
        own = np.flatnonzero((begin >= 0) & (begin < end))
        return Spans(own, begin[own], end[own], end[own])

    def _up_to_two(self, begin: Ints, end: Ints) -> Spans:
        """Return pieces of one or two words; those of more are none of ours."""
        before = self._before.take(begin, mode="clip")  # no place is clipped to 0
        blanks = self._before.take(end) - before
        own = np.flatnonzero((begin >= 0) & (begin < end) & (blanks <= 1))
        middle = np.where(blanks == 1, self._blanks[np.minimum(before, len(self._blanks) - 1)], end)
        return Spans(own, begin[own], middle[own], end[own])
