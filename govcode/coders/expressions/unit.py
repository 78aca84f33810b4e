"""One post as expressions see it: title and body in one string, with windows and words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property

Span = tuple[int, int]  # start and end in `Unit.text`
Words = Callable[[str], list[str]]

READ = 6000
"""Characters of a body that are read: what a post is shows long before."""
START = 40
END = 60
TITLE_LIKE = 60

_BRACKET = re.compile(r"[^【。！？\n]{0,40}【([^】]{2,80})】")
SENTENCE = re.compile(r"(?:[^。！？!?；;.\n]|\.(?!\s|$))+[。！？!?；;.]*")


class Unit:
    """The text of a post in lower case, and where its parts are.

    Without a title the opening 【…】 or else the first sentence stands for it; without a body the title
    is the whole body. `words` cuts a text into words and is called only when an expression needs it.
    `present` are the anchors known to occur (None: not looked up), set by a `Matcher` that knows them all.
    """

    def __init__(self, title: str, body: str, words: Words) -> None:
        body = body[:READ]
        self.text = f"{title}\n{body}".lower() if title else body.lower()
        if len(self.text) != len(title) + len(body) + bool(title):  # a letter whose small form is longer
            self.text = f"{title}\n{body}" if title else body
        self._words = words
        self.present: frozenset[str] | set[str] | None = None
        end = len(self.text)
        self.all: Span = (0, end)
        self.title_only = not body
        if title:
            self.title: Span = (0, len(title))
            self.body: Span = (len(title) + 1, end) if body else (0, end)
        else:
            self.title, self.body = self._opening(), (0, end)

    def _opening(self) -> Span:
        if bracket := _BRACKET.match(self.text):
            return bracket.span(1)
        first = SENTENCE.match(self.text)
        return (0, min(first.end(), TITLE_LIKE)) if first else (0, 0)

    def window(self, scope: str, within: Span) -> Span:
        """Return the part of `within` that a scope (title, text, start, end) leaves."""
        if scope == "start":
            return within[0], min(within[1], within[0] + START)
        if scope == "end":
            return max(within[0], within[1] - END), within[1]
        part = self.title if scope == "title" else self.body
        return max(part[0], within[0]), min(part[1], within[1])

    def part(self, span: Span) -> str:
        """Return `title` or `text`: where a span stands."""
        return "title" if self.title[0] <= span[0] < self.title[1] else "text"

    @cached_property
    def word_spans(self) -> list[Span]:
        """The words with their places, in order."""
        spans, at = [], 0
        for word in self._words(self.text):
            start = self.text.find(word, at)
            if start >= 0:
                at = start + len(word)
                spans.append((start, at))
        return spans

    @cached_property
    def starts(self) -> list[int]:
        """Where the words start."""
        return [start for start, _ in self.word_spans]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Word -> its numbers in the order of the text."""
        found: dict[str, list[int]] = {}
        for number, (start, end) in enumerate(self.word_spans):
            found.setdefault(self.text[start:end], []).append(number)
        return found

    def word_number(self, place: int) -> int:
        """Return the number of the word at or before a character place."""
        return max(0, bisect_right(self.starts, place) - 1)
