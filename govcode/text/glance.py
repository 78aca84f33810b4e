"""One glance at all characters of a batch: which texts need which step of cleaning.

Most texts need none. To find that out text by text took longer than all steps together. What calls for a
step is a character, or one character followed by another: so a text may be said to have more than it has
(the first of one cue, the second of another), never less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from string import ascii_uppercase, digits

import numpy as np
from numpy.typing import NDArray

from govcode.text.boilerplate import CUES, WINDOW
from govcode.text.characters import BLANKS, PLAIN, traditional
from govcode.text.clean import (
    ANYWHERE,
    BLANK,
    CAPITAL,
    EVERYTHING,
    LATE,
    LINE,
    ODD,
    PLACES,
    SIGN,
    TRADITIONAL,
)

SEPARATOR = "\x1f"
_LOOK = np.uint8(128)  # in the table of kinds: perhaps the first of two characters
_ALL_CUES = (1 << LATE) - (1 << ANYWHERE)
_TO_LATE = LATE - ANYWHERE
_ALONE = _TO_LATE  # in the tables of pairs: so much higher are the bits of cues of one character
_EDGE = 16  # and so much higher that of a blank at the beginning, so that no empty text has it

Table = NDArray[np.uint8]
Bits = NDArray[np.int32]


def needs(texts: Sequence[str]) -> list[int]:
    """Return for each text the bits of what is in it; what a bit says not is not there.

    SIGN: @, [ or the beginning of a link. BLANK: blanks that are to be tidied. From ANYWHERE on: cues of
    boilerplate, a bit for each of its kinds; from LATE on: the same in the last `WINDOW` characters.
    """
    joined = SEPARATOR.join(["", *texts, ""])
    if joined.count(SEPARATOR) != len(texts) + 1:
        return [EVERYTHING] * len(texts)
    points = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    table, first, second = _tables()
    kinds = table.take(points)
    borders = np.flatnonzero(points == ord(SEPARATOR))
    found = (np.bitwise_or.reduceat(kinds, borders[:-1]) & ~_LOOK).astype(np.int32)
    places = np.flatnonzero(kinds[:-1] >= _LOOK)
    bits = first.take(points.take(places)) & second.take(points.take(places + 1))
    pairs = np.flatnonzero(bits)
    places, bits = places.take(pairs), bits.take(pairs)
    ends = borders[1:]
    where = np.searchsorted(ends, places + 1)
    bits = bits & ((1 << LATE) - 1) | bits >> _ALONE & _ALL_CUES | bits >> _EDGE & BLANK
    late = ends.take(where) - places <= WINDOW
    np.bitwise_or.at(found, where, bits | (bits & _ALL_CUES) * late << _TO_LATE)
    needed: list[int] = found.tolist()
    return needed


@cache
def _tables() -> tuple[Table, Bits, Bits]:
    """Return the bits of every number of 16 bits, and which it has as first and second of two.

    Characters above U+FFFF are two such numbers here, both odd.
    """
    kinds = np.full(0x10000, ODD, dtype=np.uint8)
    for one, last in re.findall("(.)(?:-(.))?", PLAIN, re.DOTALL):
        kinds[ord(one) : ord(last or one) + 1] = 0
    kinds[[ord(char) for char in traditional() if char <= "\uffff"]] |= TRADITIONAL
    for signs, bit in (("@[", SIGN), ("\n", LINE), (BLANKS.replace(" ", ""), BLANK), (SEPARATOR, 0)):
        kinds[list(map(ord, signs))] = bit
    first, second = np.zeros((2, 0x10000), dtype=np.int32)
    for before, after, bit in _pairs():
        first[[ord(char) for char in before if char <= "\uffff"]] |= bit
        second[list(map(ord, after)) if after else slice(None)] |= bit
    kinds[first > 0] |= _LOOK
    return kinds, first, second


def _pairs() -> Iterator[tuple[str, str, int]]:
    """Yield which characters say something before which others (any where there are none)."""
    yield " ", BLANKS + SEPARATOR, BLANK
    yield SEPARATOR, " ", BLANK << _EDGE
    yield ascii_uppercase, digits + PLACES, CAPITAL
    yield ":n", "/", SIGN  # ://, t.cn/
    yield "w", "w", SIGN
    for kind, cues in enumerate(CUES):
        for cue in cues:
            yield cue[0], cue[1:2], 1 << ANYWHERE + kind + (_ALONE if len(cue) == 1 else 0)
