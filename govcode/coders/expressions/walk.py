"""Questions about whole trees of expressions."""

from __future__ import annotations

from collections.abc import Iterable

from govcode.coders.expressions.tree import And, Count, Near, Node, Not, Or, Phrase, Scope, String, Word


def strings_of(node: Node) -> Iterable[String]:
    """Yield every string of a tree, also those under `not`."""
    if isinstance(node, String):
        yield node
    for child in children(node):
        yield from strings_of(child)


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of a part."""
    if isinstance(node, (And, Or, Near)):
        return node.parts
    if isinstance(node, (Not, Scope, Count)):
        return (node.part,)
    return node.words if isinstance(node, Phrase) else ()


def needs_words(node: Node) -> bool:
    """Tell whether a part needs the text cut into words, which costs most."""
    return isinstance(node, (Word, Phrase, Near)) or any(map(needs_words, children(node)))


def needed(node: Node) -> frozenset[frozenset[str]]:
    """Return sets of strings; where a part matches, one string of every set occurs."""
    if isinstance(node, Scope):
        return needed(node.part)
    if isinstance(node, (And, Near, Phrase)):
        return frozenset().union(*map(needed, children(node)))
    anchors = node.anchors()
    return frozenset((anchors,)) if anchors else frozenset()
