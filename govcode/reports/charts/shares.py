"""Shares with intervals: a dot and a whisker for each code or account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from govcode.metrics.figures import Figure
from govcode.reports.base import ReportTable, percent, percent_interval
from govcode.reports.svg import Chart, Drawing, ceiling, colour, text_width

ROW = 28
STEPS = 4
PLOT = 200


class Bar(NamedTuple):
    """One row: name, share with interval, colour number, and the count behind it (`12/340`)."""

    name: str
    figure: Figure
    colour: int
    posts: str


def interval_chart(
    name: str, title: str, description: str, bars: Sequence[Bar], columns: tuple[str, str, str],
    *, marks: Sequence[tuple[str, float]] = (),
) -> Chart:  # fmt: skip
    """Draw shares with their intervals from 0; `marks` are named vertical lines (a benchmark)."""
    left = min(max((text_width(b.name) for b in bars), default=40), 260) + 16
    top = ceiling([*(b.figure.high for b in bars), *(v for _, v in marks)])
    height = ROW * len(bars) + 40 + (18 if marks else 0)
    drawing = Drawing(
        left + PLOT + 12 + max(130, *(text_width(percent_interval(b.figure)) for b in bars)), height
    )
    for step in range(STEPS + 1):
        value = top * step / STEPS
        x = left + PLOT * step / STEPS
        drawing.line(x, 8, x, ROW * len(bars) + 8)
        drawing.text(x, ROW * len(bars) + 26, percent(value, 0), anchor="middle", kind="faint")
    for words, value in marks:
        x = left + PLOT * value / top
        drawing.line(x, 4, x, ROW * len(bars) + 8, kind="mark")
        drawing.text(x, ROW * len(bars) + 44, words, anchor="middle", kind="faint")
    for number, bar in enumerate(bars):
        _draw(drawing, bar, left, 8 + ROW * (number + 0.5), PLOT / top)
    rows = tuple((b.name, percent_interval(b.figure), b.posts) for b in bars)
    data = ReportTable(name, title, columns, rows)
    return Chart(name, title, description, drawing.svg(name, title, description), data)


def _draw(drawing: Drawing, bar: Bar, left: float, y: float, scale: float) -> None:
    figure, number = bar.figure, colour(bar.colour)
    drawing.text(left - 10, y + 4, bar.name, anchor="end")
    words = percent_interval(figure)
    drawing.rect(left, y - 5, figure.value * scale, 10, kind=f"f{number}", opacity=0.25)
    drawing.line(left + figure.low * scale, y, left + figure.high * scale, y, kind=f"s{number}")
    drawing.circle(left + figure.value * scale, y, 4.5, kind=f"f{number}", title=f"{bar.name}: {words}")
    drawing.text(left + PLOT + 12, y + 4, words, kind="faint")
