"""Words of a batch as numbers, and from these the features that are words or pairs of words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govcode.coders.keys import Lookup, distinct
from govcode.coders.packing import by_name, pack, points_of
from govcode.coders.terms import Spans, TermTable

Ints = NDArray[np.int64]


class Vocabulary:
    """Number the words that occur in the terms of a model."""

    def __init__(self, table: TermTable) -> None:
        spans = [table.words.words(), table.in_title.words()]
        begin = np.concatenate([begins for begins, _ in spans])
        length = np.concatenate([ends for _, ends in spans]) - begin
        named = by_name(table.points, begin, length)
        keys = distinct(pack(table.points, begin[~named], length[~named]))
        self._short = Lookup(keys, np.arange(len(keys), dtype=np.int64))
        places = zip(begin[named].tolist(), length[named].tolist(), strict=True)
        others = sorted({table.text[start : start + size] for start, size in places})
        self._others = {word: number for number, word in enumerate(others, start=len(keys))}
        self.size = max(1, len(keys) + len(others))

    def numbers(self, words: Sequence[str]) -> tuple[Ints, Ints]:
        """Return the number of each word (-1 for unknown ones), and its first four characters packed."""
        length = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        points = points_of("".join(words))
        begin = np.cumsum(length) - length
        keys = pack(points, begin, length)
        numbers = self._short(keys)
        get = self._others.get
        for index in np.flatnonzero(by_name(points, begin, length)).tolist():
            numbers[index] = get(words[index], -1)
        return numbers, keys

    def of_spans(self, table: TermTable, begin: Ints, end: Ints) -> Ints:
        """Return the numbers of words of the table itself."""
        length = end - begin
        numbers = self._short(pack(table.points, begin, length))
        for index in np.flatnonzero(by_name(table.points, begin, length)).tolist():
            numbers[index] = self._others[table.text[begin[index] : end[index]]]
        return numbers


class WordFeatures:
    """Words and pairs of one place (anywhere, or in the title) with their feature numbers."""

    def __init__(self, table: TermTable, spans: Spans, vocabulary: Vocabulary) -> None:
        self._size = vocabulary.size
        self._single = np.full(self._size, -1, dtype=np.int64)
        pair = spans.middle < spans.end
        first = vocabulary.of_spans(table, spans.begin, spans.middle)
        second = vocabulary.of_spans(table, spans.middle[pair] + 1, spans.end[pair])
        self._single[first[~pair]] = spans.numbers[~pair]
        self._pairs = Lookup(first[pair] * self._size + second, spans.numbers[pair])

    def of(self, words: Ints) -> Ints:
        """Return the features of known words, -1 for none."""
        found: Ints = self._single[words]
        return found

    def of_pairs(self, first: Ints, second: Ints) -> Ints:
        """Return the features of pairs of known words, -1 for none."""
        return self._pairs(first * self._size + second)
