"""Many expressions against one unit: only those whose anchors occur are tried.

Anchors of one or two characters are found by one intersection with the characters and pairs of the text;
a longer one is searched for when its rarest pair occurs. An expression is tried when one of its anchors is
there (in the title, if it looks at the title alone). Strings then look their anchors up in what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import add

from govcode.coders.expressions.tree import Node, Scope, Spans
from govcode.coders.expressions.unit import Unit
from govcode.coders.expressions.walk import strings_of


class Matcher:
    """Find which of the given expressions match a unit."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = tuple(nodes)
        self._always: list[int] = []
        self._anywhere: dict[str, list[int]] = {}  # anchor -> expressions to try
        self._in_title: dict[str, list[int]] = {}
        everything: set[str] = set()
        for number, node in enumerate(self._nodes):
            anchors = node.anchors()
            if anchors is None:
                self._always.append(number)
            table = self._in_title if isinstance(node, Scope) and node.name == "title" else self._anywhere
            for anchor in anchors or ():
                table.setdefault(anchor, []).append(number)
            everything |= anchors or set()
            everything.update(string.anchor for string in strings_of(node) if string.anchor)
        self._short = frozenset(anchor for anchor in everything if len(anchor) <= 2)
        self._long = _by_rarest_pair(everything - self._short)
        self._pairs = frozenset(self._long)

    def matches(self, unit: Unit) -> Iterator[tuple[int, Spans]]:
        """Yield the number of each expression that matches, with its places, in order."""
        unit.present = present = self._anchors_in(unit.text)
        title = unit.text[slice(*unit.title)]
        candidates = set(self._always)
        for anchor in present & self._anywhere.keys():
            candidates.update(self._anywhere[anchor])
        for anchor in present & self._in_title.keys():
            if anchor in title:
                candidates.update(self._in_title[anchor])
        for number in sorted(candidates):
            spans = self._nodes[number].match(unit, unit.all)
            if spans is not None:
                yield number, spans

    def _anchors_in(self, text: str) -> set[str]:
        """Return the anchors that occur in a text."""
        pairs = set(map(add, text, text[1:]))
        pairs.update(text)
        present = pairs & self._short
        for pair in pairs & self._pairs:
            for anchor in self._long[pair]:
                if anchor in text:
                    present.add(anchor)
        return present


def _by_rarest_pair(anchors: set[str]) -> dict[str, list[str]]:
    """Return the anchors under the pair of characters that the fewest of them share."""
    uses: dict[str, int] = {}
    for anchor in anchors:
        for pair in _pairs_of(anchor):
            uses[pair] = uses.get(pair, 0) + 1
    table: dict[str, list[str]] = {}
    for anchor in sorted(anchors):
        rarest = min(_pairs_of(anchor), key=lambda pair: (uses[pair], pair))
        table.setdefault(rarest, []).append(anchor)
    return table


def _pairs_of(anchor: str) -> list[str]:
    return [anchor[i : i + 2] for i in range(len(anchor) - 1)]
