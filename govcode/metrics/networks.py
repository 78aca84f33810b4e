"""Directed networks among accounts: density, reciprocity, centralisation, ties inside and between groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

Edges = Mapping[tuple[str, str], int]  # (from, to) -> weight > 0


@dataclass(frozen=True, slots=True)
class NetworkFigures:
    """A directed network in figures; each is None where its denominator is zero.

    `density` = ties / possible ties; `reciprocity` = share of ties that are returned; `centralisation` =
    Freeman's, of out-degree, 1 for a star that one account sends to all; `ei_index` = (between - within)
    / all ties over given groups, +1 only between, -1 only within.
    """

    nodes: int
    ties: int
    density: float | None
    reciprocity: float | None
    centralisation: float | None
    ei_index: float | None = None


def network_figures(
    nodes: frozenset[str], edges: Edges, *, group: Mapping[str, str] | None = None
) -> NetworkFigures:
    """Describe a directed network without self-ties (such ties, and ties to strangers, are ignored).

    Density: m / (n (n - 1)). Reciprocity: ties (a, b) with (b, a) / m. Centralisation: sum over nodes of
    (max out-degree - out-degree) / (n - 1)^2. E-I index: Krackhardt & Stern 1988, over ties of nodes with a
    known group. Source: Freeman 1979; Wasserman & Faust 1994.
    """
    ties = {(a, b) for (a, b), w in edges.items() if a != b and w > 0 and a in nodes and b in nodes}
    n, m = len(nodes), len(ties)
    out: dict[str, int] = defaultdict(int)
    for a, _ in ties:
        out[a] += 1
    most = max(out.values(), default=0)
    return NetworkFigures(
        nodes=n, ties=m,
        density=m / (n * (n - 1)) if n > 1 else None,
        reciprocity=sum((b, a) in ties for a, b in ties) / m if m else None,
        centralisation=sum(most - out[a] for a in nodes) / (n - 1) ** 2 if n > 2 and m else None,
        ei_index=_ei_index(ties, group) if group else None,
    )  # fmt: skip


def _ei_index(ties: set[tuple[str, str]], group: Mapping[str, str]) -> float | None:
    known = [(group[a], group[b]) for a, b in ties if group.get(a) and group.get(b)]
    if not known:
        return None
    between = sum(a != b for a, b in known)
    return (between - (len(known) - between)) / len(known)
