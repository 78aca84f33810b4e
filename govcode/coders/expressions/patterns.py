"""Strings, wildcards and regular expressions as searches whose time has a limit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

REACH = 30
"""What `*` in a string, and `*` and `+` in a regular expression, reach at most."""
COST_LIMIT = 30_000
"""Ways in which a regular expression may try one place of a text."""

_WORDLIKE = re.compile(r"[a-z0-9_]")
_HEAD, _TAIL = r"(?<![a-z0-9_])", r"(?![a-z0-9_])"
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_QUANTIFIER = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|\{(\d+),\}|[*+]", re.S)


@dataclass(frozen=True)
class Search:
    """A search that is compiled when it is first used: most expressions are never tried."""

    pattern: str

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        """Yield all matches."""
        return re.compile(self.pattern).finditer

    @cached_property
    def fullmatch(self) -> Callable[[str], re.Match[str] | None]:
        """Match a whole text."""
        return re.compile(self.pattern).fullmatch


def string_search(source: str) -> Search | None:
    """Return a search for a string with wildcards or Latin edges; None where plain search will do.

    A Latin letter or digit at an edge must stand at the edge of a word: `app` is not in `apple`.
    """
    text = source.lower().strip("*")
    if text != source.lower():
        return _open_search(source.lower(), text)
    head = _HEAD if _WORDLIKE.match(text[0]) else ""
    tail = _TAIL if _WORDLIKE.match(text[-1]) else ""
    if not head and not tail and "*" not in text:
        return None
    pieces = [re.escape(piece) for piece in text.split("*")]
    return Search(head + f"[^。！？!?\\n]{{0,{REACH}}}?".join(pieces) + tail)


def _open_search(source: str, text: str) -> Search:
    """Return a search for a string with `*` at an edge: there a Latin word may go on."""
    closed = string_search(text)
    core = closed.pattern if closed else re.escape(text)
    if source.endswith("*") and _WORDLIKE.match(text[-1]):
        core = core.removesuffix(_TAIL) + f"[a-z0-9_]{{0,{REACH}}}"
    if source.startswith("*") and _WORDLIKE.match(text[0]):
        core = f"[a-z0-9_]{{0,{REACH}}}" + core.removeprefix(_HEAD)
    return Search(core)


def word_search(source: str) -> Search | None:
    """Return a full-match search for a word with `*`; None for a plain word."""
    if "*" not in source:
        return None
    return Search(".*".join(re.escape(piece) for piece in source.lower().split("*")))


def string_anchor(source: str) -> str:
    """Return the longest fixed piece of a string: what must occur for it to match."""
    return max(source.lower().split("*"), key=len)


def bounded_regex(source: str) -> re.Pattern[str]:
    """Compile a regular expression whose time is bounded; raise ValueError with the reason if it is not.

    `*`, `+` and `{n,}` reach at most `REACH` repetitions. References to groups are refused, and so is a
    pattern that could try a place in more than `COST_LIMIT` ways, such as `(a+)+`.
    """
    try:
        limited = _QUANTIFIER.sub(_limit, source)
        tree = _parser.parse(limited, re.IGNORECASE)
        if _cost(tree) > COST_LIMIT:
            raise ValueError("it repeats what already repeats and could take for ever; use fewer * and +")
        return re.compile(limited, re.IGNORECASE)
    except re.error as error:
        raise ValueError(str(error)) from error


def _limit(found: re.Match[str]) -> str:
    token = found[0]
    if token == "*":
        return f"{{0,{REACH}}}"
    if token == "+":
        # After a bounded quantifier `+` makes it possessive, and is left alone.
        return (
            "+"
            if found.string[found.start() - 1 : found.start()] in ("*", "+", "?", "}")
            else f"{{1,{REACH}}}"
        )
    if found[1]:
        return f"{{{found[1]},{int(found[1]) + REACH}}}"
    return token


def _cost(tree: Iterable[Any]) -> float:
    """Return in how many ways a parsed pattern can match at one place, at most."""
    product = 1.0
    for kind, value in tree:
        if kind in (_constants.GROUPREF, _constants.GROUPREF_EXISTS):
            raise ValueError("references to groups are not supported")
        if kind in _REPEATS:
            low, high, body = value
            inner = _cost(body)
            product *= sum(min(inner**n, COST_LIMIT * 2) for n in range(low, min(int(high), low + 1000) + 1))
        elif kind is _constants.SUBPATTERN:
            product *= _cost(value[-1])
        elif kind is _constants.ATOMIC_GROUP:
            product *= _cost(value)
        elif kind is _constants.BRANCH:
            product *= _branch_cost(value[1])
        elif kind in (_constants.ASSERT, _constants.ASSERT_NOT):
            product *= _cost(value[1])
        if product > COST_LIMIT:
            return product
    return product


def _branch_cost(branches: list[Any]) -> float:
    """Return the cost of alternatives: only one of those that begin with different letters can match."""
    groups: dict[Any, float] = {}
    for branch in branches:
        literal = len(branch) > 0 and branch[0][0] is _constants.LITERAL
        first = branch[0][1] if literal else None
        groups[first] = groups.get(first, 0.0) + _cost(branch)
    return groups.pop(None, 0.0) + max(groups.values(), default=0.0)


def regex_anchors(source: str) -> frozenset[str]:
    """Return strings of which one must occur where a regular expression matches; empty: none is known."""
    return _sequence_anchors(_parser.parse(source, re.IGNORECASE))


def _sequence_anchors(tree: Iterable[Any]) -> frozenset[str]:
    """Return the most telling anchors of the parts that stand in a row."""
    found: list[frozenset[str]] = []
    run = ""
    for kind, value in tree:
        if kind is _constants.LITERAL:
            run += chr(value)
            continue
        found.append(frozenset((run,)))
        run = ""
        if kind is _constants.SUBPATTERN:
            found.append(_sequence_anchors(value[-1]))
        elif kind in _REPEATS and value[0] > 0:
            found.append(_sequence_anchors(value[2]))
        elif kind is _constants.BRANCH:
            branches = [_sequence_anchors(branch) for branch in value[1]]
            found.append(frozenset().union(*branches) if all(branches) else frozenset())
        elif kind is _constants.IN and all(item is _constants.LITERAL for item, _ in value):
            found.append(frozenset(chr(char) for _, char in value))
    found.append(frozenset((run,)))
    known = [frozenset(map(str.lower, anchors)) for anchors in found if anchors and "" not in anchors]
    return min(known, key=rarity, default=frozenset())


def rarity(anchors: frozenset[str]) -> tuple[float, list[str]]:
    """Order sets of anchors: those that let the fewest texts through (few of them, and long) come first."""
    return sum(10.0 ** -min(len(anchor), 6) for anchor in anchors), sorted(anchors)
