"""Visible synergy, second part: who names, quotes or mentions whom."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govcode.metrics.networks import NetworkFigures, network_figures
from govcode.profiles.base import CodedPost, Measure, counted

SHORTEST_NAME = 3
NO_TIES = "not defined: the network has no such ties"
_HANDLE = re.compile(r"@([\w\-·]{2,30})")


@dataclass(frozen=True, slots=True)
class NetworkMeasures:
    """Figures of a directed network (`metrics.networks`), each with its denominator."""

    nodes: int
    ties: int
    density: Measure
    reciprocity: Measure
    centralisation: Measure
    ei_index: Measure


@dataclass(frozen=True, slots=True)
class Mentions:
    """The directed network of accounts in the table that name each other in their posts.

    `edges` are (from, to, posts); `outside` the most frequent @ handles that are not accounts of the table.
    """

    figures: NetworkMeasures
    edges: tuple[tuple[str, str, int], ...]
    posts: int
    outside: tuple[tuple[str, int], ...]
    groups: str


def mentions(posts: Sequence[CodedPost]) -> Mentions:
    """Count, for each ordered pair of accounts, the posts of one that name the other.

    A name counts as @handle, as source (来源:…) or written out; names under three characters and an
    account's own name never count. Ties are grouped by department where the table has one, else by platform.
    """
    accounts = sorted({p.account for p in posts if p.account})
    names = [a for a in accounts if len(a) >= SHORTEST_NAME]
    pattern = (
        re.compile("|".join(map(re.escape, sorted(names, key=lambda n: (-len(n), n))))) if names else None
    )
    edges: Counter[tuple[str, str]] = Counter()
    outside: Counter[str] = Counter()
    named = 0
    known = set(accounts)
    for post in posts:
        text = post.text
        found = set(pattern.findall(text)) if pattern else set()
        handles = set(_HANDLE.findall(text)) if "@" in text else set()
        others = (found | (handles & known)) - {post.account}
        named += bool(others)
        edges.update((post.account, other) for other in others)
        outside.update(handles - known)
    group, kind = _groups(posts)
    return Mentions(
        figures=_measures(network_figures(frozenset(accounts), edges, group=group)),
        edges=tuple((a, b, n) for (a, b), n in sorted(edges.items(), key=lambda e: (-e[1], e[0]))),
        posts=named, outside=tuple(sorted(outside.items(), key=lambda e: (-e[1], e[0]))[:10]), groups=kind,
    )  # fmt: skip


def _measures(found: NetworkFigures) -> NetworkMeasures:
    n, ties = found.nodes, found.ties

    def measure(value: float | None, size: int, of: str) -> Measure:
        return counted(value, size, of) if value is not None else counted(None, size, of, note=NO_TIES)

    return NetworkMeasures(
        n, ties, measure(found.density, n * (n - 1), "possible ties"),
        measure(found.reciprocity, ties, "ties"), measure(found.centralisation, n, "accounts"),
        measure(found.ei_index, ties, "ties"),
    )  # fmt: skip


def _groups(posts: Sequence[CodedPost]) -> tuple[Mapping[str, str], str]:
    """Return each account's most frequent department (or platform), and which of the two it is."""
    kind = "department" if any(p.department for p in posts) else "platform"
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for post in posts:
        counts[post.account][getattr(post, kind)] += 1
    return {a: min(c, key=lambda g: (-c[g], g)) for a, c in counts.items()}, kind
