"""What people write into coding sheets, matched with what the codebook knows."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from govcode.codebook.model import Codebook, Text
from govcode.codebook.sheet import entry
from govcode.records import NA

NONE_WORDS = frozenset({"", "none", "no", "-", "/", "无", "没有", "nan", "null"})
YES_WORDS = frozenset({"1", "1.0", "true", "yes", "y", "sure", "是", "确定", "有把握"})
NO_WORDS = frozenset({"0", "0.0", "false", "no", "n", "unsure", "否", "不确定", "没把握"})
NA_WORDS = ("n/a", "不可编码", "无法编码", "uncodable")
_DAMAGED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")


class Match(NamedTuple):
    """A written value and the id it stands for: `exact`, or accepted in another spelling."""

    id: str
    exact: bool


def fold(value: object) -> str:
    """Return the value as text without differences of width, case and outer or repeated blanks."""
    return _fold(value if type(value) is str else "" if value is None else str(value))


@lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Names:
    """Look up ids by any way of writing them: id, label, drop-down entry; blanks and width aside."""

    def __init__(self, labels: Mapping[str, Text], words: Mapping[str, str] | None = None) -> None:
        self._exact = {item: item for item in labels}
        self._exact.update({entry(item, label): item for item, label in labels.items()})
        self._folded: dict[str, str] = {}
        ambiguous: set[str] = set()
        for item, label in labels.items():
            for written in {fold(w) for w in (item, entry(item, label), *label.values())}:
                if self._folded.setdefault(written, item) != item:
                    ambiguous.add(written)
        for item in labels:  # an id is always itself
            self._folded[fold(item)] = item
            ambiguous.discard(fold(item))
        for written in ambiguous:
            del self._folded[written]
        for word, item in (words or {}).items():
            self._exact.setdefault(word, item)
            self._folded.setdefault(fold(word), item)

    def find(self, value: object) -> Match | None:
        """Return the id that `value` stands for, or None."""
        text = "" if value is None else str(value)
        if text in self._exact:
            return Match(self._exact[text], True)
        found = self._folded.get(fold(text))
        return Match(found, False) if found is not None else None

    def nearest(self, value: object) -> str:
        """Return the id spelled most like `value`, or an empty string."""
        close = get_close_matches(fold(value), list(self._folded), n=1, cutoff=0.5)
        return self._folded[close[0]] if close else ""


class AnyNames(Names):
    """Accept every value as it is (blanks and width aside): no codebook, no check."""

    def __init__(self) -> None:
        super().__init__({})

    def find(self, value: object) -> Match | None:
        """Return the value itself, with width and blanks put right."""
        text = read_id(value) if isinstance(value, float) else "" if value is None else str(value)
        clean = " ".join(unicodedata.normalize("NFKC", text).split())
        return Match(clean, clean == text)


def names_of_codes(codebook: Codebook | None) -> Names:
    """Return the names of the codes, and of NA."""
    if codebook is None:
        return AnyNames()
    return Names({code.id: code.label for code in codebook.codes}, {NA: NA, **dict.fromkeys(NA_WORDS, NA)})


def names_of_forms(codebook: Codebook | None) -> Names:
    """Return the names of the forms."""
    return AnyNames() if codebook is None else Names({form.id: form.label for form in codebook.forms})


def read_sure(value: object) -> bool | None:
    """Return 1/0, yes/no, 是/否 as a truth value; None where nothing (or nothing known) is written."""
    word = fold(value)
    return True if word in YES_WORDS else False if word in NO_WORDS else None


def damaged_id(text: str) -> bool:
    """Tell whether a spreadsheet has turned this id into a rounded number (4.5E+15)."""
    return not text.isdigit() and bool(_DAMAGED.fullmatch(text))


def read_id(value: object) -> str:
    """Return an id as text: outer blanks, the trailing tab of some crawlers and `.0` of numbers go."""
    if type(value) is str:
        return value.strip().lstrip("'")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip().lstrip("'") if value is not None else ""


def same_hash(first: str, second: str) -> bool:
    """Tell whether two hashes agree; either may be shortened to its first 12 digits."""
    a, b = (h.strip().casefold().removeprefix("sha256:") for h in (first, second))
    length = min(len(a), len(b))
    return length >= 12 and a[:length] == b[:length]


def read_text(value: object) -> str:
    """Return a cell as text without outer blanks; nothing is empty text."""
    return "" if value is None else (value if type(value) is str else str(value)).strip()


def read_probability(value: object) -> float | None:
    """Return a cell as a number, None where it is empty, -1 where it is none."""
    if value is None or value == "" or str(value).strip() == "":
        return None
    try:
        number = float(str(value))
    except ValueError:
        return -1.0
    return number if math.isfinite(number) else -1.0
