"""Features of a batch of texts as numbers, without making a string for each.

The same features as `features.Features`, found the other way round: words and characters become
numbers once, pairs and runs become keys made of numbers, and keys are looked up for a whole batch at a
time. Features that the model does not know are never written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govcode.coders.features import FeatureSettings
from govcode.coders.keys import distinct
from govcode.coders.surface import Headlines, Marks, Runs, known_keys
from govcode.coders.terms import TermTable
from govcode.coders.words import Vocabulary, WordFeatures
from govcode.text.clean import CodingText
from govcode.text.segment import SEPARATOR, Segmenter

Ints = NDArray[np.int64]
_DIGIT = re.compile(r"\d")
_MANY = re.compile("0{7,}")
_BORDER = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9.%]")  # no word crosses such a character
_BLANK, _NEXT = ord(" "), ord(SEPARATOR)


@dataclass(frozen=True)
class Rows:
    """Feature numbers of a batch, row after row, ascending and each once; `starts` has one more entry."""

    numbers: Ints
    starts: Ints

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Rows:
        """Return rows given as lists of feature numbers."""
        starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        return cls(np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(starts[-1])), starts)

    def sums(self, values: NDArray[Any], kind: type[np.integer[Any]]) -> NDArray[Any]:
        """Return the sums of the features' whole-number values (one or several columns), row by row."""
        filled = np.flatnonzero(np.diff(self.starts))
        found = np.zeros((len(self.starts) - 1, *values.shape[1:]), dtype=kind)
        if len(filled):
            own = values.take(self.numbers, axis=0)
            found[filled] = np.add.reduceat(own, self.starts[filled], axis=0, dtype=kind)
        return found

    def __getitem__(self, row: int) -> list[int]:
        """Return the feature numbers of one row."""
        numbers: list[int] = self.numbers[self.starts[row] : self.starts[row + 1]].tolist()
        return numbers


class Vectoriser:
    """Turn texts into feature numbers; `terms` are those of the model, feature `i` being `terms[i]`."""

    def __init__(self, settings: FeatureSettings, segmenter: Segmenter, terms: Sequence[str]) -> None:
        self._settings = settings
        self._segmenter = segmenter
        self._count = len(terms)
        table = TermTable(terms)
        self._vocabulary = Vocabulary(table)
        self._levels = [WordFeatures(table, table.words, self._vocabulary)]
        if settings.title:
            self._levels.append(WordFeatures(table, table.in_title, self._vocabulary))
        self._marks = Marks(table) if settings.marks else None
        self._runs = Runs(table, settings.characters) if settings.characters else None

    def rows(self, texts: Sequence[CodingText]) -> Rows:
        """Return the known features of each text."""
        if not texts:
            return Rows(np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.int64))
        fields = _zeroed(list(chain.from_iterable(texts)))
        titles, bodies = fields[::2], fields[1::2]
        opening = self._settings.headline
        headlines = Headlines(
            [title or body[:opening] for title, body in zip(titles, bodies, strict=True)], self._count
        )
        keys = [*self._words(titles, bodies)]
        if self._runs:
            keys += self._runs.keys(headlines)
        if self._marks:
            keys += self._marks.keys(titles, bodies, headlines)
        found = distinct(np.concatenate(keys)) if keys else np.empty(0, dtype=np.int64)
        starts = np.searchsorted(found, np.arange(len(texts) + 1, dtype=np.int64) * self._count)
        return Rows(found % self._count, starts)

    def _words(self, titles: list[str], bodies: list[str]) -> Iterator[Ints]:
        """Yield keys (row, feature) of the words and pairs of words of each row."""
        words, field = self._numbers(titles, bodies)
        if not len(words):
            return
        base = (field >> 1) * self._count
        known = words >= 0
        pair = known[:-1] & known[1:] & (field[:-1] == field[1:])
        for level, here in zip(self._levels, (known, known & ((field & 1) == 0)), strict=False):
            yield known_keys(base[here], level.of(words[here]))
            if self._settings.pairs:
                both = np.flatnonzero(pair & here[:-1])
                yield known_keys(base[both], level.of_pairs(words[both], words[both + 1]))

    def _numbers(self, titles: list[str], bodies: list[str]) -> tuple[Ints, Ints]:
        """Return the words that count as numbers, and their fields (0 = first title, 1 = first body …)."""
        limit = self._settings.words_of_body
        heads = [_head(body, 3 * limit) for body in bodies] if limit else bodies
        words, field = self._segmented(titles, heads)
        if not limit:
            return words, field
        length = np.bincount(field, minlength=2 * len(bodies))
        short = np.flatnonzero(length[1::2] < limit).tolist()
        if any(len(heads[row]) < len(bodies[row]) for row in short):  # very long words: rare
            words, field = self._segmented(titles, bodies)
            length = np.bincount(field, minlength=2 * len(bodies))
        place = np.arange(len(words)) - (np.cumsum(length) - length)[field]
        counts = (place < limit) | ((field & 1) == 0)
        return words[counts], field[counts]

    def _segmented(self, titles: list[str], bodies: list[str]) -> tuple[Ints, Ints]:
        found = self._segmenter.segment_batch(list(chain.from_iterable(zip(titles, bodies, strict=True))))
        words, keys = self._vocabulary.numbers(found)
        field = np.cumsum(keys == _NEXT)
        here = (keys != _NEXT) & (keys != _BLANK)
        return words[here], field[here]


def _head(body: str, size: int) -> str:
    """Return the beginning of a long body, cut where no word is."""
    if len(body) <= size:
        return body
    border = _BORDER.search(body, size)
    return body[: border.start()] if border else body


def _zeroed(fields: list[str]) -> list[str]:
    """Keep the length of a number up to six digits, not its value."""
    joined = SEPARATOR.join(fields)
    if joined.count(SEPARATOR) != len(fields) - 1:
        fields = [field.replace(SEPARATOR, " ") for field in fields]
        joined = SEPARATOR.join(fields)
    zeroed = _DIGIT.sub("0", joined)
    if "0000000" in zeroed:
        zeroed = _MANY.sub("000000", zeroed)
    return zeroed.split(SEPARATOR)
