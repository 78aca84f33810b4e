"""Accounts one below another, tied by arcs where they share texts: the thicker, the more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import cos, pi, sin

from govcode.profiles.reuse import Pair
from govcode.reports.base import ReportTable
from govcode.reports.charts.base import (
    COLOURS,
    EDGE,
    FAINT,
    GAP,
    SIZE,
    SMALL,
    WIDTH,
    Chart,
    Row,
    Spec,
    amount,
    fitted,
    framed,
    layer,
    tip,
    words,
)
from govcode.reports.glyphs import text_width

MOST = 24
NUMBERED = 8
"""Accounts up to which every arc bears its number: with more they would hide one another."""
ROW = 24
LEAST_ARCS = 120
BENDS = 16


def network(
    name: str, title: str, description: str, columns: tuple[str, str, str], pairs: Sequence[Pair]
) -> Chart | None:
    """Draw the accounts with most shared texts (at most 24) and their ties; None without ties."""
    weight: Counter[str] = Counter()
    for pair in pairs:
        weight[pair.a] += pair.both
        weight[pair.b] += pair.both
    names = sorted(weight, key=lambda n: (-weight[n], n))[:MOST]
    place = {n: row for row, n in enumerate(names)}
    kept = [p for p in pairs if p.a in place and p.b in place]
    if not kept:
        return None
    lines = [fitted(n, WIDTH - LEAST_ARCS) for n in names]
    left = max(text_width(line, SIZE) for line in lines) + GAP
    spec = framed(
        {
            "width": WIDTH - left,
            "height": ROW * len(names),
            "layer": _layers(names, lines, kept, place),
        },
        left=left,
        right=0,
        top=EDGE,
    )
    ordered = sorted(kept, key=lambda p: (-p.both, p.a, p.b))
    rows = tuple((f"{p.a} – {p.b}", str(p.both), str(p.of_a)) for p in ordered)
    return Chart(name, title, description, spec, ReportTable(name, title, columns, rows))


def _layers(
    names: Sequence[str], lines: Sequence[str], pairs: Sequence[Pair], place: dict[str, int]
) -> list[Spec]:
    last = len(names) - 1
    x = amount("x", axis=None, scale={"domain": [0, last]})
    y = amount("y", axis=None, scale={"domain": [-0.5, last + 0.5], "reverse": True, "nice": False})
    arcs = [point for tie, pair in enumerate(pairs) for point in _arc(tie, pair, place)]
    thick = amount("both", legend=None, scale={"domainMin": 0, "zero": True, "range": [0.5, 6]})
    nodes: list[Row] = [
        {"x": 0, "y": row, "name": line, "tip": tip(name)}
        for row, (name, line) in enumerate(zip(names, lines, strict=True))
    ]
    made = [
        layer(
            "line",
            {
                "x": x, "y": y, "order": amount("step"), "detail": words("tie"),
                "strokeWidth": thick, "description": words("tip"),
            },
            data=arcs, color=FAINT, opacity=0.6, interpolate="natural",
        ),
        layer("circle", {"x": x, "y": y, "description": words("tip")}, data=nodes, size=64, opacity=1,
              color=COLOURS[0]),
        layer("text", {"y": y, "text": words("name")}, data=nodes, align="right", x=-GAP),
    ]  # fmt: skip
    if len(names) <= NUMBERED:
        tops = [point for point in arcs if point["step"] == BENDS // 2]
        number = {"x": x, "y": y, "text": words("both")}
        made.append(layer("text", number, data=tops, align="left", dx=6, fontSize=SMALL))
    return made


def _arc(tie: int, pair: Pair, place: dict[str, int]) -> Iterator[Row]:
    """Yield the points of a half ellipse from one account to the other, the wider the farther apart."""
    a, b = sorted((place[pair.a], place[pair.b]))
    told = tip(f"{pair.a} – {pair.b}: {pair.both}")
    for step in range(BENDS + 1):
        turn = pi * step / BENDS
        yield {
            "tie": tie, "step": step, "both": pair.both, "tip": told,
            "x": round((b - a) * sin(turn) * 0.9, 4), "y": round((a + b) / 2 - (b - a) / 2 * cos(turn), 4),
        }  # fmt: skip
