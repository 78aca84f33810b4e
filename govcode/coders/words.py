"""Words of a batch as numbers, and from these the features that are words or pairs of words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from govcode.coders.keys import Lookup, Numbers, distinct
from govcode.coders.packing import PACKED, by_name, fours_of_short, pack
from govcode.coders.terms import Spans, TermTable

Ints = NDArray[np.int64]


class Vocabulary:
    """Number the words that occur in the terms of a model."""

    def __init__(self, table: TermTable) -> None:
        spans = [table.words.words(), table.in_title.words()]
        begin = np.concatenate([begins for begins, _ in spans])
        length = np.concatenate([ends for _, ends in spans]) - begin
        named = by_name(table.points, begin, length)
        keys = distinct(pack(table.fours, begin[~named], length[~named]))
        self._short = Lookup(keys, np.arange(len(keys), dtype=np.int64))
        places = zip(begin[named].tolist(), length[named].tolist(), strict=True)
        others = sorted({table.text[start : start + size] for start, size in places})
        self._others = {word: number for number, word in enumerate(others, start=len(keys))}
        self.size = max(1, len(keys) + len(others))

    def numbers(self, text: NDArray[np.uint16], begins: Ints, sizes: Ints) -> Numbers:
        """Return the numbers of words by their places in a text, -1 for unknown ones."""
        numbers = self._short(pack(fours_of_short(text), begins, sizes))
        long = np.flatnonzero(sizes > PACKED)
        if len(long):
            get = self._others.get
            for place, begin, size in zip(
                *(a.tolist() for a in (long, begins[long], sizes[long])), strict=True
            ):
                numbers[place] = get(text[begin : begin + size].tobytes().decode("utf-16-le"), -1)
        return numbers

    def of_spans(self, table: TermTable, begin: Ints, end: Ints) -> Numbers:
        """Return the numbers of words of the table itself."""
        length = end - begin
        numbers = self._short(pack(table.fours, begin, length))
        for index in np.flatnonzero(by_name(table.points, begin, length)).tolist():
            numbers[index] = self._others[table.text[begin[index] : end[index]]]
        return numbers


class WordFeatures:
    """Words and pairs of one place (anywhere, or in the title) with their feature numbers."""

    def __init__(self, table: TermTable, spans: Spans, vocabulary: Vocabulary) -> None:
        self._size = vocabulary.size
        self._single = np.full(self._size, -1, dtype=np.int32)
        pair = spans.middle < spans.end
        first = vocabulary.of_spans(table, spans.begin, spans.middle)
        second = vocabulary.of_spans(table, spans.middle[pair] + 1, spans.end[pair])
        self._single[first[~pair]] = spans.numbers[~pair]
        self._pairs = Lookup(self._key(first[pair], second), spans.numbers[pair])

    def of(self, words: Numbers) -> Numbers:
        """Return the features of known words, -1 for none."""
        found: Numbers = self._single.take(words)
        return found

    def of_pairs(self, first: Numbers, second: Numbers) -> Numbers:
        """Return the features of pairs of known words, -1 for none."""
        return self._pairs(self._key(first, second))

    def _key(self, first: Numbers, second: Numbers) -> Ints:
        key: Ints = first.astype(np.int64) * self._size + second
        return key
