"""What the linear coder sees of a post: words, word pairs, characters of the headline, and marks.

The same function serves training and coding, so that a model can only be scored on what it was trained on.
Features are binary: a post has one or it does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from govcode.text.clean import CodingText

# Prefixes keep kinds apart; no word contains a blank, so pairs cannot be mistaken for words.
TITLE = "t "
CHARACTERS = "c "
MARK = "m "

_DIGITS = re.compile(r"\d+")
MARKS = "？！｜|：:《》“”、…#+—。"


@dataclass(frozen=True, slots=True)
class FeatureSettings:
    """Which features there are.

    `words_of_body`: words of the body that are read (0 = all). `pairs`: neighbouring words.
    `title`: words of the title count once more as such. `characters`: longest run of characters taken
    from the headline (the title, else the opening; 0 = none). `headline`: characters of an opening that
    stand for a missing title. `marks`: punctuation, length and first and last characters.
    """

    words_of_body: int = 150
    pairs: bool = True
    title: bool = True
    characters: int = 3
    headline: int = 40
    marks: bool = True

    @classmethod
    def from_card(cls, values: dict[str, Any]) -> FeatureSettings:
        """Return the settings that a model card holds."""
        return cls(**values)

    def to_card(self) -> dict[str, Any]:
        """Return the settings as a model card holds them."""
        return asdict(self)


class Features:
    """List the features of coding texts; `segment` cuts a text into words."""

    def __init__(self, settings: FeatureSettings, segment: Callable[[str], list[str]]) -> None:
        self.settings = settings
        self._segment = segment

    def of(self, text: CodingText) -> list[str]:
        """Return the features of one text, each once, in the order in which they are met."""
        title, body = _DIGITS.sub(_zeros, text.title), _DIGITS.sub(_zeros, text.body)
        settings = self.settings
        found: list[str] = []
        in_title = self._segment(title) if title else []
        in_body = self._segment(body) if body else []
        if settings.words_of_body:
            in_body = in_body[: settings.words_of_body]
        found += in_title
        found += in_body
        if settings.title:
            found += [TITLE + word for word in in_title]
        if settings.pairs:
            pairs = [f"{a} {b}" for a, b in pairwise(in_title)]
            found += pairs
            if settings.title:
                found += [TITLE + pair for pair in pairs]
            found += [f"{a} {b}" for a, b in pairwise(in_body)]
        headline = (title or body[: settings.headline]).replace("\n", " ")  # terms are lines of a file
        for size in range(1, settings.characters + 1):
            found += [CHARACTERS + headline[i : i + size] for i in range(len(headline) - size + 1)]
        if settings.marks:
            found += _marks(title, body, headline)
        return list(dict.fromkeys(found))


def _zeros(digits: re.Match[str]) -> str:
    """Keep the length of a number, not its value: 2021 is 0000."""
    return "0" * min(len(digits[0]), 6)


def _marks(title: str, body: str, headline: str) -> list[str]:
    """Return features of form: punctuation of the headline, lengths, first and last characters."""
    found = [MARK + mark for mark in MARKS if mark in headline]
    found.append(f"{MARK}title {min(8, len(title) // 6)}")
    found.append(f"{MARK}body {min(12, len(body).bit_length())}")
    if headline:
        found += [
            f"{MARK}first {headline[0]}", f"{MARK}first {headline[:2]}",
            f"{MARK}last {headline[-1]}", f"{MARK}last {headline[-2:]}",
        ]  # fmt: skip
    return found
