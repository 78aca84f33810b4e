"""The parts of an expression. Each says whether it matches a unit, where, and what must occur for it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from govcode.coders.expressions.patterns import Search, rarity
from govcode.coders.expressions.unit import Span, Unit

Spans = list[Span]
COMPARE: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip


class Node(Protocol):
    """A part of an expression."""

    def match(self, unit: Unit, window: Span) -> Spans | None:
        """Return where it matches inside the window (empty: it holds nowhere in particular), else None."""
        ...

    def anchors(self) -> frozenset[str] | None:
        """Return strings of which one must occur for a match, or None where nothing need occur."""
        ...


@dataclass(frozen=True, slots=True)
class String:
    """A raw string; `search` is there for wildcards, Latin edges and regular expressions."""

    source: str
    anchor: str
    search: re.Pattern[str] | Search | None = None
    regex: bool = False
    options: frozenset[str] = frozenset()

    def match(self, unit: Unit, window: Span) -> Spans | None:
        """Return all places inside the window."""
        start, end = window
        if unit.present is not None and self.anchor and self.anchor not in unit.present:
            return None
        if self.search is not None:
            return [found.span() for found in self.search.finditer(unit.text, start, end)] or None
        spans, size, at = [], len(self.anchor), unit.text.find(self.anchor, start, end)
        while at >= 0:
            spans.append((at, at + size))
            at = unit.text.find(self.anchor, at + size, end)
        return spans or None

    def anchors(self) -> frozenset[str] | None:
        """Return the fixed piece, or the pieces of which a regular expression needs one."""
        return self.options or (frozenset((self.anchor,)) if self.anchor else None)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the segmented text, as a whole; `search` is there for wildcards."""

    source: str
    anchor: str
    search: Search | None = None

    def numbers(self, unit: Unit) -> list[int]:
        """Return the numbers of the words that match."""
        if self.search is None:
            return unit.places.get(self.source, [])
        return sorted(n for word, at in unit.places.items() if self.search.fullmatch(word) for n in at)

    def match(self, unit: Unit, window: Span) -> Spans | None:
        """Return all places inside the window."""
        spans = (unit.word_spans[number] for number in self.numbers(unit))
        return _inside(spans, window) or None

    def anchors(self) -> frozenset[str] | None:
        """Return the fixed piece."""
        return frozenset((self.anchor,)) if self.anchor else None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other at once."""

    words: tuple[Word, ...]

    def match(self, unit: Unit, window: Span) -> Spans | None:
        """Return all places inside the window."""
        starts = set(self.words[0].numbers(unit))
        for distance, word in enumerate(self.words[1:], 1):
            starts &= {number - distance for number in word.numbers(unit)}
        last, spans = len(self.words) - 1, unit.word_spans
        return _inside(((spans[n][0], spans[n + last][1]) for n in sorted(starts)), window) or None

    def anchors(self) -> frozenset[str] | None:
        """Return the most telling word."""
        return _best(self.words)


@dataclass(frozen=True, slots=True)
class Near:
    """Parts of which each stands at most `distance` words from the one before (`ordered`: after it)."""

    parts: tuple[Node, ...]
    distance: int
    ordered: bool

    def match(self, unit: Unit, window: Span) -> Spans | None:
        """Return the places of the parts that stand near each other."""
        found = []
        for part in self.parts:
            spans = part.match(unit, window)
            if not spans:
                return None
            found.append(spans)
        places = [[(unit.word_number(start), (start, end)) for start, end in spans] for spans in found]
        chains = [[place] for place in places[0]]
        for following in places[1:]:
            chains = [[*chain, p] for chain in chains if (p := self._next(chain[-1], following))]
        return [span for chain in chains[:1] for _, span in chain] or None

    def _next(self, before: tuple[int, Span], places: list[tuple[int, Span]]) -> tuple[int, Span] | None:
        number, span = before
        reach = (
            place for place in places
            if abs(place[0] - number) <= self.distance
            and (place[1][0] >= span[1] or (not self.ordered and place[1][1] <= span[0]))
        )  # fmt: skip
        return min(reach, key=lambda place: abs(place[0] - number), default=None)

    def anchors(self) -> frozenset[str] | None:
        """Return the most telling part."""
        return _best(self.parts)


@dataclass(frozen=True, slots=True)
class Count:
    """How often a part occurs, compared with a number."""

    part: Node
    sign: str
    number: int

    def match(self, unit: Unit, window: Span) -> Spans | None:
        """Return the places counted where the comparison holds."""
        spans = self.part.match(unit, window) or []
        return spans if COMPARE[self.sign](len(spans), self.number) else None

    def anchors(self) -> frozenset[str] | None:
        """Return the part's anchors where the comparison needs an occurrence."""
        return None if COMPARE[self.sign](0, self.number) else self.part.anchors()


@dataclass(frozen=True, slots=True)
class Length:
    """The number of characters of the window, compared with a number."""

    sign: str
    number: int

    def match(self, unit: Unit, window: Span) -> Spans | None:
        """Return no place in particular where the comparison holds."""
        return [] if COMPARE[self.sign](max(0, window[1] - window[0]), self.number) else None

    def anchors(self) -> frozenset[str] | None:
        """Return None: nothing need occur."""
        return None


@dataclass(frozen=True, slots=True)
class And:
    """All parts."""

    parts: tuple[Node, ...]

    def match(self, unit: Unit, window: Span) -> Spans | None:
        """Return the places of all parts."""
        spans: Spans = []
        for part in self.parts:
            found = part.match(unit, window)
            if found is None:
                return None
            spans += found
        return spans

    def anchors(self) -> frozenset[str] | None:
        """Return the most telling part."""
        return _best(self.parts)


@dataclass(frozen=True)
class Or:
    """Any part."""

    parts: tuple[Node, ...]

    @cached_property
    def _strings(self) -> dict[str, list[Node]]:
        """Anchor -> the strings that need it: long lists of strings are looked up, not walked through."""
        table: dict[str, list[Node]] = {}
        for part in self.parts:
            if isinstance(part, String) and part.anchor:
                table.setdefault(part.anchor, []).append(part)
        return table

    @cached_property
    def _anchors(self) -> frozenset[str]:
        return frozenset(self._strings)

    @cached_property
    def _others(self) -> tuple[Node, ...]:
        return tuple(part for part in self.parts if not (isinstance(part, String) and part.anchor))

    def match(self, unit: Unit, window: Span) -> Spans | None:
        """Return the places of all parts that match, without those inside another."""
        parts: Iterable[Node] = self.parts
        if unit.present is not None:
            parts = self._others
            if not self._anchors.isdisjoint(unit.present):
                here = self._anchors & unit.present
                parts = [*parts, *(part for anchor in here for part in self._strings[anchor])]
        found = [spans for part in parts if (spans := part.match(unit, window)) is not None]
        return _outermost([span for spans in found for span in spans]) if found else None

    def anchors(self) -> frozenset[str] | None:
        """Return the anchors of all parts, or None if one has none."""
        together: set[str] = set()
        for part in self.parts:
            own = part.anchors()
            if own is None:
                return None
            together |= own
        return frozenset(together)


@dataclass(frozen=True, slots=True)
class Not:
    """The absence of a part."""

    part: Node

    def match(self, unit: Unit, window: Span) -> Spans | None:
        """Return no place in particular where the part does not match."""
        return [] if self.part.match(unit, window) is None else None

    def anchors(self) -> frozenset[str] | None:
        """Return None: nothing need occur."""
        return None


@dataclass(frozen=True, slots=True)
class Scope:
    """A part inside the title, the text, or their start or end."""

    name: str
    part: Node

    def match(self, unit: Unit, window: Span) -> Spans | None:
        """Return the places inside the narrower window."""
        return self.part.match(unit, unit.window(self.name, window))

    def anchors(self) -> frozenset[str] | None:
        """Return the part's anchors."""
        return self.part.anchors()


def _inside(spans: Iterable[Span], window: Span) -> Spans:
    return [span for span in spans if window[0] <= span[0] and span[1] <= window[1]]


def _outermost(spans: Spans) -> Spans:
    """Return spans in order without those that lie inside another, so that nothing is counted twice."""
    if len(spans) < 2:
        return spans
    kept: Spans = []
    for span in sorted(set(spans), key=lambda s: (s[0], -s[1])):
        if not kept or span[1] > kept[-1][1]:
            kept.append(span)
    return kept


def _best(parts: tuple[Node, ...] | tuple[Word, ...]) -> frozenset[str] | None:
    """Return the anchors that will let the fewest texts through: few of them, and long."""
    known = [anchors for part in parts if (anchors := part.anchors()) is not None]
    return min(known, key=rarity, default=None)
