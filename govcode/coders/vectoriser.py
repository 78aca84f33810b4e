"""Features of a batch of texts as numbers, without making a string for each.

The same features as `features.Features`, found the other way round: words and characters become
numbers once, pairs and runs become keys made of numbers, and keys are looked up for a whole batch at a
time. Features that the model does not know are never written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govcode.coders.features import FeatureSettings
from govcode.coders.fields import Fields, kinds
from govcode.coders.keys import Keys, Numbers, distinct
from govcode.coders.rows import Rows
from govcode.coders.surface import Headlines, Marks, Runs
from govcode.coders.terms import TermTable
from govcode.coders.words import Vocabulary, WordFeatures
from govcode.text.clean import CodingText
from govcode.text.segment import SEPARATOR, Segmenter

Ints = NDArray[np.int64]
MOST = 240_000  # characters at a time: so memory does not grow where posts are long
_BLANK, _NEXT = ord(" "), ord(SEPARATOR)


class Vectoriser:
    """Turn texts into feature numbers; `terms` are those of the model, feature `i` being `terms[i]`."""

    def __init__(self, settings: FeatureSettings, segmenter: Segmenter, terms: Sequence[str]) -> None:
        self._settings = settings
        self._segmenter = segmenter
        self._count = len(terms)
        self._kinds = kinds()
        table = TermTable(terms)
        self._vocabulary = Vocabulary(table)
        levels = [table.words, table.in_title] if settings.title else [table.words]
        self._words = WordFeatures(table, levels, self._vocabulary)
        self._marks = Marks(table) if settings.marks else None
        self._runs = Runs(table, settings.characters) if settings.characters else None

    def rows(self, texts: Sequence[CodingText]) -> Rows:
        """Return the known features of each text."""
        if not texts:
            return Rows(np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.int64))
        if len(texts) > 1 and sum(len(text.title) + len(text.body) for text in texts) > MOST:
            half = len(texts) // 2
            return Rows.joined(self.rows(texts[:half]), self.rows(texts[half:]))
        fields = Fields(texts, self._kinds)
        narrow = len(texts) * self._count < 1 << 31  # half as much to sort
        first: Keys = np.arange(len(texts) + 1, dtype=np.int64) * self._count
        first = first.astype(np.int32) if narrow else first
        headlines = Headlines(*fields.headlines(self._settings.headline), first[:-1])
        keys = [first[:0], *self._of_words(fields, first)]
        if self._runs:
            keys.append(self._runs.keys(headlines))
        if self._marks:
            keys += self._marks.keys(fields, headlines)
        found = distinct(np.concatenate(keys))
        starts = np.searchsorted(found, first)
        numbers = found - np.repeat(first[:-1], np.diff(starts))
        return Rows(numbers.astype(np.int64), starts)

    def _of_words(self, fields: Fields, first: Keys) -> Iterator[Keys]:
        """Yield keys (row, feature) of the words and pairs of words of each row."""
        words, field = self._numbers(fields)
        if len(words):
            base, titled = first.take(field >> 1), (field & 1) == 0
            yield self._words.singles(base, words, titled)
            if self._settings.pairs:
                yield self._words.pairs(base, words, titled, field)

    def _numbers(self, fields: Fields) -> tuple[Numbers, Ints]:
        """Return the words that count as numbers, and their fields (0 = first title, 1 = first body …)."""
        limit = self._settings.words_of_body
        beyond = fields.cut_off(3 * limit) if limit else None
        words, field = self._segmented(fields.runs(beyond))
        if not limit:
            return words, field
        length = np.bincount(field, minlength=len(fields.sizes))
        if beyond is not None and (length[1::2] < limit)[fields.sizes[1::2] > 3 * limit].any():
            words, field = self._segmented(fields.runs())  # very long words: rare
            length = np.bincount(field, minlength=len(fields.sizes))
        place = np.arange(len(words)) - (np.cumsum(length) - length).take(field)
        counts = (place < limit) | ((field & 1) == 0)
        return words[counts], field[counts]

    def _segmented(self, runs: NDArray[np.uint16]) -> tuple[Numbers, Ints]:
        text = runs.tobytes().decode("utf-16-le")
        sizes = _sizes(self._segmenter.cut(text))
        begins = np.cumsum(sizes) - sizes
        first = runs.take(begins)
        here = np.flatnonzero(first > _BLANK)
        ends = np.searchsorted(here, np.flatnonzero(first == _NEXT))
        field = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
        return self._vocabulary.numbers(runs, begins.take(here), sizes.take(here), text), field


def _sizes(pieces: Iterable[Sequence[str]]) -> Ints:
    """Return the numbers of characters of all words."""
    return np.concatenate([_lengths(words) for words in pieces], dtype=np.int64)


def _lengths(words: Sequence[str]) -> NDArray[Any]:
    """Return the numbers of characters; bytes are made sooner, and hardly any word has more than 255."""
    try:
        return np.frombuffer(bytearray(map(len, words)), dtype=np.uint8)
    except ValueError:
        return np.fromiter(map(len, words), dtype=np.int64, count=len(words))
