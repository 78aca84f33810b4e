"""Features of a batch that need no words: runs of characters of headlines, and marks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from govcode.coders.features import MARKS
from govcode.coders.keys import Lookup, distinct
from govcode.coders.terms import TermTable

Ints = NDArray[np.int64]
LONGEST = 4  # characters in a run whose key surely fits into 64 bits
_POINTS = 0x110000


class Headlines:
    """Characters of headlines one after the other, and for each the first key of its row."""

    def __init__(self, headlines: list[str], count: int) -> None:
        self.texts = [text.replace("\n", " ") if "\n" in text else text for text in headlines]
        lengths = np.fromiter(map(len, headlines), dtype=np.int64, count=len(headlines))
        encoded = "".join(self.texts).encode("utf-32-le", "surrogatepass")
        self.points = np.frombuffer(encoded, dtype=np.uint32)
        self.rows = np.arange(len(headlines), dtype=np.int64) * count
        self.base = np.repeat(self.rows, lengths)


class Runs:
    """Runs of one to `longest` neighbouring characters."""

    def __init__(self, table: TermTable, longest: int) -> None:
        if longest > LONGEST:
            raise ValueError(f"runs of {longest} characters are too long: at most {LONGEST}")
        spans, points = table.runs, table.points
        length = spans.end - spans.begin
        own = (length > 0) & (length <= longest)
        alphabet = distinct(
            np.concatenate([points[spans.begin[own & (length > n)] + n] for n in range(longest)])
        )
        self._radix = len(alphabet) + 1
        self._letter = np.zeros(_POINTS, dtype=np.int32)
        self._letter[alphabet] = np.arange(1, self._radix)
        self._lookups = []
        for size in range(1, longest + 1):
            begin = spans.begin[length == size]
            keys = np.zeros(len(begin), dtype=np.int64)
            for nth in range(size):
                keys = keys * self._radix + self._letter[points[begin + nth]]
            self._lookups.append(Lookup(keys, spans.numbers[length == size]))

    def keys(self, headlines: Headlines) -> Iterator[Ints]:
        """Yield keys (row, feature) of the runs of each headline."""
        base = headlines.base
        letters = self._letter[headlines.points].astype(np.int64)
        run, whole = letters, letters > 0
        for more, lookup in enumerate(self._lookups):
            if more:
                end = letters[more:]
                size = len(end)
                run = run[:size] * self._radix + end
                whole = whole[:size] & (end > 0) & (base[:size] == base[more:])
            yield known_keys(base[: len(run)][whole], lookup(run[whole]))


class Marks:
    """Features of form: punctuation of the headline, lengths, first and last characters."""

    def __init__(self, table: TermTable) -> None:
        marks = table.pieces(table.marks)
        self._mark = np.full(_POINTS, -1, dtype=np.int32)
        for mark in MARKS:
            self._mark[ord(mark)] = marks.get(mark, -1)
        self._title = [marks.get(f"title {size}", -1) for size in range(9)]
        self._body = [marks.get(f"body {size}", -1) for size in range(13)]
        self._ends = {key: number for key, number in marks.items() if key.startswith(("first ", "last "))}

    def keys(self, titles: list[str], bodies: list[str], headlines: Headlines) -> Iterator[Ints]:
        """Yield keys (row, feature) of the marks of each row."""
        yield known_keys(headlines.base, self._mark[headlines.points].astype(np.int64))
        get, title_sizes, body_sizes = self._ends.get, self._title, self._body
        numbers: list[int] = []
        for title, body, text in zip(titles, bodies, headlines.texts, strict=True):
            numbers += (
                title_sizes[min(8, len(title) // 6)], body_sizes[min(12, len(body).bit_length())],
                get("first " + text[:1], -1), get("first " + text[:2], -1),
                get("last " + text[-1:], -1), get("last " + text[-2:], -1),
            )  # fmt: skip
        yield known_keys(np.repeat(headlines.rows, 6), np.array(numbers, dtype=np.int64))


def known_keys(base: Ints, numbers: Ints) -> Ints:
    """Return the keys (first key of the row + feature number) of the features that are known."""
    known = numbers >= 0
    keys: Ints = base[known] + numbers[known]
    return keys
