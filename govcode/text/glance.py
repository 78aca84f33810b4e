"""One glance at all characters of a batch: which texts need which step of cleaning.

Most texts need none. To find that out text by text took longer than all steps together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from govcode.text.boilerplate import CUES, WINDOW
from govcode.text.characters import BLANKS, PLAIN, traditional
from govcode.text.clean import BLANK, CAPITAL, CUE, EVERYTHING, LATE_CUE, LINE, ODD, SIGN, TRADITIONAL

SEPARATOR = "\x1f"
_BEGINS = np.uint8(LATE_CUE)  # in the table of kinds: perhaps the first character of a cue
_GROUPS = 31  # of cues, so that the first character of one and the second of another seldom meet

Table = NDArray[np.uint8]


def needs(texts: Sequence[str]) -> list[int]:
    """Return for each text the bits of what is in it; what a bit says not is not there.

    SIGN: @, [ or the beginning of a link. CUE: perhaps a cue of boilerplate, LATE_CUE: in the last
    `WINDOW` characters.
    """
    joined = SEPARATOR.join([*texts, ""])
    if joined.count(SEPARATOR) != len(texts):
        return [EVERYTHING] * len(texts)
    points = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    table, first, second = _tables()
    kinds = table.take(points)
    ends = np.flatnonzero(points == ord(SEPARATOR))
    found = np.bitwise_or.reduceat(kinds, np.append(0, ends[:-1] + 1)) & ~_BEGINS
    cues = np.flatnonzero(kinds[:-1] >= _BEGINS)
    cues = cues[first.take(points.take(cues)) & second.take(points.take(cues + 1)) > 0]
    where = np.searchsorted(ends, cues)
    found[where] |= CUE
    found[where[ends[where] - cues <= WINDOW]] |= LATE_CUE
    needed: list[int] = found.tolist()
    return needed


@cache
def _tables() -> tuple[Table, NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the bits of every number of 16 bits, and which can be first and second of a cue, by groups.

    Characters above U+FFFF are two such numbers here, both odd.
    """
    kinds = np.full(0x10000, ODD, dtype=np.uint8)
    for plain in re.finditer(f"[{PLAIN}]+", "".join(map(chr, range(0x10000)))):
        kinds[plain.start() : plain.end()] = 0
    kinds[[ord(char) for char in traditional() if char <= "\uffff"]] |= TRADITIONAL
    for sign, bit in (("@", SIGN), ("[", SIGN), ("/", SIGN), ("w", SIGN), ("\n", LINE)):
        kinds[ord(sign)] = bit
    kinds[[ord(blank) for blank in BLANKS]] = BLANK
    kinds[ord("A") : ord("Z") + 1] = CAPITAL
    kinds[ord(SEPARATOR)] = 0
    first = np.zeros(0x10000, dtype=np.uint32)
    second = np.full(0x10000, 1 << _GROUPS, dtype=np.uint32)
    for number, cue in enumerate(cue for cue in CUES if cue[0] <= "\uffff"):
        group = number % _GROUPS if len(cue) > 1 else _GROUPS
        first[ord(cue[0])] |= 1 << group
        if len(cue) > 1:
            second[ord(cue[1])] |= 1 << group
    kinds[first > 0] |= _BEGINS
    return kinds, first, second
