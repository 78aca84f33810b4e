"""Many expressions against one unit: only those whose anchors occur are tried.

An expression is tried when one of its anchors is there (in the title, if it looks at the title alone), and
one of every set of strings that it needs.
Strings then look their anchors up in what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govcode.coders.expressions.anchors import Anchors
from govcode.coders.expressions.tree import Node, Scope, Spans
from govcode.coders.expressions.unit import Unit
from govcode.coders.expressions.walk import needed, strings_of


class Matcher:
    """Find which of the given expressions match a unit."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = tuple(nodes)
        self._needed = tuple(tuple(sorted(needed(node), key=len)) for node in self._nodes)
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
            everything.update(anchors or (), *self._needed[number])
            everything.update(string.anchor for string in strings_of(node) if string.anchor)
        self._anchors = Anchors(everything)

    def prepare(self, units: Sequence[Unit]) -> None:
        """Look the anchors of many units up together, which is quicker."""
        for unit, present in zip(units, self._anchors.of_many([unit.text for unit in units]), strict=True):
            unit.present = present

    def matches(self, unit: Unit) -> Iterator[tuple[int, Spans]]:
        """Yield the number of each expression that matches, with its places, in order."""
        if unit.present is None:
            unit.present = self._anchors.of(unit.text)
        present = unit.present
        title = unit.text[slice(*unit.title)]
        candidates = set(self._always)
        for anchor in present & self._anywhere.keys():
            candidates.update(self._anywhere[anchor])
        for anchor in present & self._in_title.keys():
            if anchor in title:
                candidates.update(self._in_title[anchor])
        for number in sorted(candidates):
            if any(map(present.isdisjoint, self._needed[number])):
                continue
            spans = self._nodes[number].match(unit, unit.all)
            if spans is not None:
                yield number, spans
