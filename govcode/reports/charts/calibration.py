"""Calibration: how often the machine is right when it says it is this sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from govcode.metrics.figures import Figure
from govcode.reports.base import ReportTable, percent, percent_interval
from govcode.reports.svg import Chart, Drawing

SIDE, LEFT, TOP = 300, 52, 12


class Bin(NamedTuple):
    """Posts of one range of stated probability: mean stated, share right with interval, posts."""

    stated: float
    right: Figure
    n: int


def calibration(
    name: str, title: str, description: str, columns: tuple[str, str, str], bins: Sequence[Bin]
) -> Chart:  # fmt: skip
    """Draw share right against probability stated; the diagonal is perfect calibration."""
    drawing = Drawing(LEFT + SIDE + 30, TOP + SIDE + 48)
    for step in range(6):
        at = SIDE * step / 5
        drawing.line(LEFT, TOP + SIDE - at, LEFT + SIDE, TOP + SIDE - at)
        drawing.text(LEFT - 6, TOP + SIDE - at + 4, percent(step / 5, 0), anchor="end", kind="faint")
        drawing.text(LEFT + at, TOP + SIDE + 18, percent(step / 5, 0), anchor="middle", kind="faint")
    drawing.line(LEFT, TOP + SIDE, LEFT + SIDE, TOP, kind="mark")
    for b in bins:
        x, y = LEFT + SIDE * b.stated, TOP + SIDE * (1 - b.right.value)
        drawing.line(x, TOP + SIDE * (1 - b.right.low), x, TOP + SIDE * (1 - b.right.high), kind="s0")
        words = f"{percent(b.stated)} → {percent(b.right.value)} (n={b.n})"
        drawing.circle(x, y, 4.5, kind="f0", title=words)
    drawing.text(LEFT + SIDE / 2, TOP + SIDE + 38, columns[0], anchor="middle")
    rows = tuple((percent(b.stated), percent_interval(b.right), str(b.n)) for b in bins)
    data = ReportTable(name, title, columns, rows)
    return Chart(name, title, description, drawing.svg(name, title, description), data)
