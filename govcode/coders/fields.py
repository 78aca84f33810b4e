"""Titles and bodies of a batch as one array of characters.

What `features` says in regular expressions (digits become zeros, words are cut inside runs of one script)
is done here for all characters of a batch at once; both give the same words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from govcode.text.clean import CodingText
from govcode.text.segment import SEPARATOR

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]
_BLANK, _ZERO, _LINE = ord(" "), ord("0"), ord("\n")
_OTHER, _CHINESE, _LETTER, _DIGIT, _DOT, _PERCENT, _END, _UNSEEN = range(8)
_LONGEST_NUMBER = 6


def kinds() -> NDArray[np.uint8]:
    """Return the kind of every code point; what is rare is looked at when it is first met."""
    table = np.full(0x110000, _UNSEEN, dtype=np.uint8)
    table[:128] = _OTHER
    table[0x3000:0x3100] = table[0x2010:0x2030] = table[0xFF01:0xFF10] = _OTHER
    table[0x4E00:0xA000] = _CHINESE
    for first, last, kind in (("A", "Z", _LETTER), ("a", "z", _LETTER), ("0", "9", _DIGIT)):
        table[ord(first) : ord(last) + 1] = kind
    table[ord(".")], table[ord("%")], table[ord(SEPARATOR)] = _DOT, _PERCENT, _END
    return table


class Fields:
    """Characters of all fields (title, body, title, body …), numbers zeroed, and where fields lie in them."""

    def __init__(self, texts: Sequence[CodingText], kinds: NDArray[np.uint8]) -> None:
        joined = SEPARATOR.join([part for text in texts for part in text])
        if joined.count(SEPARATOR) != 2 * len(texts) - 1:
            joined = SEPARATOR.join([part.replace(SEPARATOR, " ") for text in texts for part in text])
        encoded = (joined + SEPARATOR).encode("utf-32-le", "surrogatepass")
        points = np.frombuffer(encoded, dtype=np.uint32)
        self._kind = _known(kinds, points)
        self.points = self._zeroed(points)
        self.ends = np.flatnonzero(self._kind == _END)
        self.begins = np.append(0, self.ends[:-1] + 1)
        self.sizes = self.ends - self.begins

    def _zeroed(self, points: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Keep the length of a number up to six digits, not its value."""
        digit = self._kind == _DIGIT
        over = digit[_LONGEST_NUMBER:]
        for back in range(1, _LONGEST_NUMBER + 1):
            over = over & digit[_LONGEST_NUMBER - back : max(0, len(digit) - back)]
        if over.any():
            keep = np.append(np.ones(_LONGEST_NUMBER, dtype=np.bool_), ~over)
            points, digit, self._kind = points[keep], digit[keep], self._kind[keep]
        return np.where(digit, np.uint32(_ZERO), points)

    def headlines(self, opening: int) -> tuple[NDArray[np.uint32], Ints]:
        """Return the characters of all headlines (title, else opening of the body), and their sizes."""
        titled = self.sizes[::2] > 0
        begins = np.where(titled, self.begins[::2], self.begins[1::2])
        sizes = np.where(titled, self.sizes[::2], np.minimum(self.sizes[1::2], opening))
        offsets = np.repeat(begins - (np.cumsum(sizes) - sizes), sizes)
        points = self.points.take(offsets + np.arange(len(offsets)))
        points[points == _LINE] = _BLANK  # terms are lines of a file
        return points, sizes

    def cut_off(self, size: int) -> Truths | None:
        """Return which characters stand after the first `size` of a body, up to where no word is cut."""
        long = np.flatnonzero(self.sizes[1::2] > size) * 2 + 1
        if not len(long):
            return None
        beyond = np.zeros(len(self.points), dtype=np.bool_)
        for begin, end in zip((self.begins[long] + size).tolist(), self.ends[long].tolist(), strict=True):
            divides = self._kind[begin:end] == _OTHER
            first = int(divides.argmax())  # 0 where nothing divides
            beyond[begin + first : end] = divides[first]
        return beyond

    def runs(self, without: Truths | None = None) -> NDArray[np.uint16]:
        """Return the runs in which words are cut, blanks between them, SEPARATOR after every field.

        Chinese characters form runs, and so do letters and digits with one decimal part and one %: nothing
        that needs more than 16 bits.
        """
        kind = self._kind if without is None else np.where(without, np.uint8(_OTHER), self._kind)
        han, digit = kind == _CHINESE, kind == _DIGIT
        script = digit | (kind == _LETTER)
        percent = (kind[1:] == _PERCENT) & script[:-1]
        dots, part_ends = _decimals(kind, digit, script)
        word = han | script
        word[1:] |= percent
        word[dots] = True
        border = word[1:] & word[:-1] & (han[1:] != han[:-1])
        border[1:] |= percent[:-1] & word[2:]
        border[part_ends - 1] = True
        end = kind == _END
        copies = word.astype(np.int8)
        copies[1:] |= word[:-1]  # one blank after a run
        copies |= end
        copies[1:] += border
        points = np.where(word | end, self.points.astype(np.uint16), np.uint16(_BLANK))
        spaced: NDArray[np.uint16] = np.repeat(points, copies)
        second = np.flatnonzero(border) + 1  # come twice: the first time as a blank
        pieces = np.add.reduceat(copies, np.append(0, second), dtype=np.int64)
        spaced[np.cumsum(pieces[:-1])] = _BLANK
        return spaced


def _known(kinds: NDArray[np.uint8], points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return the kind of each character, after a look at those that were not met before."""
    kind = kinds.take(points)
    unseen = kind == _UNSEEN
    if unseen.any():
        for point in set(points[unseen].tolist()):
            kinds[point] = _DIGIT if chr(point).isdecimal() else _OTHER
        kind = kinds.take(points)
    return kind


def _decimals(kind: NDArray[np.uint8], digit: Truths, script: Truths) -> tuple[Ints, Ints]:
    """Return the points that begin a decimal part, and where letters follow such a part at once.

    In 1.2.3 only every second point does: a number has one decimal part, then another number begins.
    """
    dots = np.flatnonzero((kind[1:-1] == _DOT) & script[:-2] & digit[2:]) + 1
    if not len(dots):
        return dots, dots
    digits = np.flatnonzero(digit)

    def before(places: Ints) -> Ints:
        return np.searchsorted(digits, places)

    linked = np.append(False, before(dots[1:]) - before(dots[:-1] + 1) == np.diff(dots) - 1)
    place = np.arange(len(dots))
    dots = dots[(place - np.maximum.accumulate(np.where(linked, 0, place))) % 2 == 0]
    letters = np.flatnonzero((kind[1:] == _LETTER) & digit[:-1]) + 1
    last = np.searchsorted(dots, letters) - 1
    letters, last = letters[last >= 0], dots[last[last >= 0]]
    return dots, letters[before(letters) - before(last + 1) == letters - last - 1]
