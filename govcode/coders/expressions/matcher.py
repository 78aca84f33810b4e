"""Many expressions against one unit: only those whose anchors occur are tried.

The pairs of characters of a text are looked up in a table of the rarest pair of every anchor; an anchor
that passes is searched for, and an expression is tried when one of its anchors is there. Strings then
look their anchors up in what was found instead of searching again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import add

from govcode.coders.expressions.tree import Node, Spans, strings_of
from govcode.coders.expressions.unit import Unit


class Matcher:
    """Find which of the given expressions match a unit."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = tuple(nodes)
        self._always: list[int] = []
        self._by_anchor: dict[str, list[int]] = {}
        for number, node in enumerate(self._nodes):
            anchors = node.anchors()
            if anchors is None:
                self._always.append(number)
            for anchor in anchors or ():
                self._by_anchor.setdefault(anchor, []).append(number)
        for node in self._nodes:
            for string in strings_of(node):
                if string.anchor:
                    self._by_anchor.setdefault(string.anchor, [])
        self._by_pair = self._pairs()

    def _pairs(self) -> dict[str, list[tuple[str, list[int]]]]:
        """Return, for the rarest pair of each anchor, the anchors to search for."""
        uses: dict[str, int] = {}
        for anchor in self._by_anchor:
            for pair in _pairs_of(anchor):
                uses[pair] = uses.get(pair, 0) + 1
        table: dict[str, list[tuple[str, list[int]]]] = {}
        for anchor, numbers in self._by_anchor.items():
            rarest = min(_pairs_of(anchor), key=lambda pair: (uses[pair], pair))
            table.setdefault(rarest, []).append((anchor, numbers))
        return table

    def matches(self, unit: Unit) -> Iterator[tuple[int, Spans]]:
        """Yield the number of each expression that matches, with its places, in order."""
        text = unit.text
        candidates = set(self._always)
        pairs = set(map(add, text, text[1:]))
        pairs.update(text)
        unit.present = present = set()
        for pair in self._by_pair.keys() & pairs:
            for anchor, numbers in self._by_pair[pair]:
                if anchor in text:
                    present.add(anchor)
                    if numbers:
                        candidates.update(numbers)
        for number in sorted(candidates):
            spans = self._nodes[number].match(unit, unit.all)
            if spans is not None:
                yield number, spans


def _pairs_of(anchor: str) -> list[str]:
    return [anchor[i : i + 2] for i in range(len(anchor) - 1)] or [anchor]
