"""Shares with intervals: a dot on a thin line for each code or account, its figures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from govcode.metrics.figures import Figure
from govcode.reports.base import ReportTable, percent_interval
from govcode.reports.charts.base import (
    FAINT,
    GAP,
    SMALL,
    WIDTH,
    Chart,
    Rows,
    Spec,
    amount,
    colour,
    framed,
    hue,
    layer,
    share_axis,
    tip,
    values,
    words,
)
from govcode.reports.glyphs import text_width

AXIS, HEAD = 28, 10
"""Pixels of the axis below, and of the words above."""


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
    rows = Rows([bar.name for bar in bars], band=12, gap=14)
    told = [percent_interval(bar.figure) for bar in bars]
    right = max(map(text_width, told), default=0.0)
    width = WIDTH - rows.left - right - 2 * GAP
    scale = {"domainMin": 0, "nice": 3}
    spec = framed(
        {
            "data": values(
                {
                    "row": row, "value": bar.figure.value, "low": bar.figure.low, "high": bar.figure.high,
                    "told": said, "colour": colour(bar.colour), "tip": tip(f"{bar.name}: {said} {bar.posts}"),
                }
                for row, (bar, said) in enumerate(zip(bars, told, strict=True))
            ),
            "width": width,
            "height": rows.height,
            "layer": [
                *_benchmarks(marks, scale, rows, len(bars)),
                *_intervals(rows.y, scale, width),
                rows.names,
            ],
        },
        left=max(rows.left, GAP), right=right + 2 * GAP,
        top=HEAD - rows.top if marks else rows.room, bottom=AXIS,
    )  # fmt: skip
    lines = tuple((bar.name, said, bar.posts) for bar, said in zip(bars, told, strict=True))
    return Chart(name, title, description, spec, ReportTable(name, title, columns, lines))


def _intervals(y: Spec, scale: Spec, width: float) -> list[Spec]:
    axis = share_axis(title=None, offset=4)
    ends = {"x": amount("low", scale=scale, axis=axis), "x2": {"field": "high"}}
    point = {"y": y, "x": amount("value"), "color": hue(), "description": words("tip")}
    return [
        layer("rule", {"y": y, **ends, "color": hue()}, strokeWidth=1.5),
        layer("circle", point, size=44, opacity=1),
        layer("text", {"y": y, "text": words("told")}, align="left", x=width + 2 * GAP),
    ]


def _benchmarks(marks: Sequence[tuple[str, float]], scale: Spec, rows: Rows, number: int) -> list[Spec]:
    """Return lines with their names; where names of rows stand above them a line is broken, to cross none."""
    if not marks:
        return []
    named = [{"told": tip(told), "value": value} for told, value in marks]
    places = [{"row": row, "value": value} for row in range(number) for _, value in marks]
    x = amount("value", scale=scale)
    across = {"x": x, "y": rows.y}
    look: Spec = {"align": "left", "y": rows.top, "fontSize": SMALL, "color": FAINT}
    return [
        layer("tick", across, data=places, thickness=1, size=12, color=FAINT, opacity=1)
        if rows.above
        else layer("rule", {"x": x}, data=named, strokeDash=[4, 3]),
        layer("text", {"x": x, "text": words("told")}, data=named, **look),
    ]
