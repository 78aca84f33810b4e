"""Accounts in a circle, tied where they share texts: the thicker, the more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import cos, pi, sin

from govcode.profiles.reuse import Pair
from govcode.reports.base import ReportTable
from govcode.reports.svg import Chart, Drawing, text_width

MOST = 24
RADIUS = 120


def network(
    name: str, title: str, description: str, columns: tuple[str, str, str], pairs: Sequence[Pair]
) -> Chart | None:
    """Draw the accounts with most shared texts (at most 24) and their ties; None without ties."""
    weight: Counter[str] = Counter()
    for pair in pairs:
        weight[pair.a] += pair.both
        weight[pair.b] += pair.both
    names = sorted(sorted(weight, key=lambda n: (-weight[n], n))[:MOST])
    if len(names) < 2:
        return None
    step = 2 * pi / len(names)
    x_centre, y_centre = RADIUS + 14 + min(max(map(text_width, names)), 260), RADIUS + 30
    place = {
        n: (x_centre + RADIUS * cos(i * step), y_centre + RADIUS * sin(i * step)) for i, n in enumerate(names)
    }
    kept = [p for p in pairs if p.a in place and p.b in place]
    most = max(p.both for p in kept)
    drawing = Drawing(2 * x_centre, 2 * y_centre)
    for pair in sorted(kept, key=lambda p: p.both):
        drawing.line(*place[pair.a], *place[pair.b], kind="tie", width=0.5 + 5 * pair.both / most)
    for node in names:
        x, y = place[node]
        drawing.circle(x, y, 5, kind="f0", title=node)
        side = "start" if x > x_centre + 1 else "end" if x < x_centre - 1 else "middle"
        shift = 9 if side == "start" else -9 if side == "end" else 0
        drawing.text(x + shift, y + (4 if shift else 18 if y > y_centre else -10), node, anchor=side)
    ordered = sorted(kept, key=lambda p: (-p.both, p.a, p.b))
    data = ReportTable(
        name, title, columns, tuple((f"{p.a} – {p.b}", str(p.both), str(p.of_a)) for p in ordered)
    )
    return Chart(name, title, description, drawing.svg(name, title, description), data)
