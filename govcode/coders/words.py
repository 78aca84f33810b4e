"""Words of a batch as numbers, and from these the features that are words or pairs of words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govcode.coders.keys import Keys, Lookup, Numbers, distinct, known_keys
from govcode.coders.packing import PACKED, by_name, fours_of_short, pack
from govcode.coders.terms import Spans, TermTable

Ints = NDArray[np.int64]
_COMMON = 1 << 14  # words of the first terms, which are the commonest


class Vocabulary:
    """Number the words that occur in the terms of a model."""

    def __init__(self, table: TermTable) -> None:
        spans = [table.words.words(), table.in_title.words()]
        begin = np.concatenate([begins for begins, _ in spans])
        length = np.concatenate([ends for _, ends in spans]) - begin
        named = by_name(table.points, begin, length)
        packed = pack(table.fours, begin[~named], length[~named])
        common = packed[:_COMMON].copy()
        keys = distinct(packed)
        self._short = Lookup(*_with_first(keys, common))
        places = zip(begin[named].tolist(), length[named].tolist(), strict=True)
        others = sorted({table.text[start : start + size] for start, size in places})
        self._others = {word: number for number, word in enumerate(others, start=len(keys))}
        self.size = max(1, len(keys) + len(others))

    def numbers(self, points: NDArray[np.uint16], begins: Ints, sizes: Ints, text: str) -> Numbers:
        """Return the numbers of words by their places in a text (given twice), -1 for unknown ones."""
        numbers = self._short(pack(fours_of_short(points), begins, sizes))
        long = np.flatnonzero(sizes > PACKED)
        starts, ends = begins.take(long), begins.take(long) + sizes.take(long)
        get = self._others.get
        numbers[long] = [
            get(text[start:end], -1) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        return numbers

    def of_spans(self, table: TermTable, begin: Ints, end: Ints) -> Numbers:
        """Return the numbers of words of the table itself."""
        length = end - begin
        numbers = self._short(pack(table.fours, begin, length))
        for index in np.flatnonzero(by_name(table.points, begin, length)).tolist():
            numbers[index] = self._others[table.text[begin[index] : end[index]]]
        return numbers


class WordFeatures:
    """Words and pairs of words with their feature numbers: of any place, and again of titles.

    `levels`: the spans of features of any place, then, if there are such, of features of titles.
    """

    def __init__(self, table: TermTable, levels: Sequence[Spans], vocabulary: Vocabulary) -> None:
        self._size = vocabulary.size
        self._titles = len(levels) > 1
        self._single = np.full(self._size * len(levels), -1, dtype=np.int32)
        keys, numbers = [], []
        for level, spans in enumerate(levels):
            pair = spans.middle < spans.end
            first = vocabulary.of_spans(table, spans.begin, spans.middle)
            second = vocabulary.of_spans(table, spans.middle[pair] + 1, spans.end[pair])
            self._single[level * self._size + first[~pair]] = spans.numbers[~pair]
            keys.append(self._key(first[pair], second) + level * self._size**2)
            numbers.append(spans.numbers[pair])
        self._pairs = Lookup(np.concatenate(keys), np.concatenate(numbers))

    def singles(self, base: Keys, words: Numbers, titled: NDArray[np.bool_]) -> Keys:
        """Return keys (row, feature) of words; `base`: first keys of their rows, -1: an unknown word."""
        known = words >= 0
        here, there = np.flatnonzero(known), np.flatnonzero(known & titled)
        places, found = here, words.take(here)
        if self._titles:
            places = np.concatenate([here, there])
            found = np.concatenate([found, words.take(there) + self._size])
        return known_keys(base.take(places), self._single.take(found))

    def pairs(self, base: Keys, words: Numbers, titled: NDArray[np.bool_], field: Ints) -> Keys:
        """Return keys (row, feature) of neighbouring words of one field."""
        known = words >= 0
        pair = known[:-1] & known[1:] & (field[:-1] == field[1:])
        here = np.flatnonzero(pair)
        places, keys = here, self._key(words.take(here), words.take(here + 1))
        if self._titles:
            there = np.flatnonzero(titled.take(here))
            places = np.concatenate([here, here.take(there)])
            keys = np.concatenate([keys, keys.take(there) + self._size**2])
        return self._pairs.on(base.take(places), keys)

    def _key(self, first: Numbers, second: Numbers) -> Ints:
        key: Ints = first.astype(np.int64) * self._size + second
        return key


def _with_first(keys: Ints, some: Ints) -> tuple[Ints, Ints]:
    """Return ascending keys with `some` of them in front, and their places before."""
    first = np.zeros(len(keys), dtype=np.bool_)
    first[np.searchsorted(keys, some)] = True
    order = np.concatenate([np.flatnonzero(first), np.flatnonzero(~first)])
    return keys.take(order), order
