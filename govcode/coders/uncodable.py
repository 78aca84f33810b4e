"""The NA rule of a codebook: too little text, and no visible purpose."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from govcode.codebook.model import Codebook
from govcode.text.clean import CodingText, has_characters

if TYPE_CHECKING:
    from govcode.coders.expressions.matcher import Matcher


class Uncodable:
    """Tell whether a post is uncodable (`NA`) by the rule of its codebook.

    Where a codebook has any Chinese wording its minimum counts Chinese characters, else letters and digits.
    A post of no characters at all is uncodable under any codebook.
    """

    def __init__(self, codebook: Codebook) -> None:
        self._minimum = codebook.na_minimum
        self._enough = 8 * self._minimum + 8  # characters of a text that is never uncodable
        self._chinese = any("zh" in (*code.label, *code.definition) for code in codebook.codes)
        self._codebook = codebook

    def plainly_not(self, text: CodingText) -> bool:
        """Tell quickly of most texts that they are codable; those left need a closer look."""
        title, body = text
        return len(title) + len(body) >= self._enough or (
            self._chinese and has_characters(text, max(self._minimum, 1))
        )

    def __call__(self, text: CodingText) -> bool:
        """Return whether the cleaned text has fewer characters than the minimum and shows no purpose."""
        if self.plainly_not(text):
            return False
        title, body = text
        letters = sum(map(str.isalnum, title)) + sum(map(str.isalnum, body))
        if not letters:
            return True
        if not self._minimum or (not self._chinese and letters >= self._minimum):
            return False
        from govcode.coders.expressions.unit import Unit  # most runs never come here

        return next(self._purpose.matches(Unit(title, body, str.split)), None) is None

    @cached_property
    def _purpose(self) -> Matcher:
        from govcode.coders.expressions.matcher import Matcher
        from govcode.coders.expressions.parser import parse

        return Matcher([parse(e.source, self._codebook.lists) for e in self._codebook.na_purpose])
