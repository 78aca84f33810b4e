"""Calibration: how often the machine is right when it says it is this sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from govcode.metrics.figures import Figure
from govcode.reports.base import ReportTable, percent, percent_interval
from govcode.reports.charts.base import (
    COLOURS,
    FAINT,
    SMALL,
    Chart,
    Spec,
    amount,
    framed,
    layer,
    share_axis,
    tip,
    values,
    words,
)

SIDE = 320
LEFT = 40


class Bin(NamedTuple):
    """Posts of one range of stated probability: mean stated, share right with interval, posts."""

    stated: float
    right: Figure
    n: int


def calibration(
    name: str, title: str, description: str, columns: tuple[str, str, str], bins: Sequence[Bin]
) -> Chart:  # fmt: skip
    """Draw share right against probability stated; the diagonal is perfect calibration."""
    data = values(
        {
            "stated": b.stated,
            "right": b.right.value,
            "low": b.right.low,
            "high": b.right.high,
            "n": f"{b.n:,}",
            "tip": tip(f"{percent(b.stated)} → {percent_interval(b.right)} (n={b.n})"),
        }
        for b in bins
    )
    body = {"data": data, "width": SIDE, "height": SIDE, "layer": _layers(columns)}
    spec = framed(body, left=LEFT, right=2 * SMALL, top=42, bottom=54)
    rows = tuple((percent(b.stated), percent_interval(b.right), str(b.n)) for b in bins)
    return Chart(name, title, description, spec, ReportTable(name, title, columns, rows))


def _layers(columns: tuple[str, str, str]) -> list[Spec]:
    """Return the diagonal, intervals, dots and numbers of posts."""
    whole = {"domain": [0, 1]}
    above = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": -30, "titleY": -26}
    x = amount("stated", scale=whole, axis=share_axis(5, title=columns[0], labelPadding=6, titlePadding=8))
    low = amount("low", scale=whole, axis=share_axis(5, title=columns[1], **above))
    right = amount("right")
    perfect = {"x": amount("stated"), "y": right, "x2": {"field": "to"}, "y2": {"field": "to"}}
    number = {"x": x, "y": amount("high"), "text": words("n")}
    return [
        layer("rule", perfect, data=[{"stated": 0, "right": 0, "to": 1}], strokeDash=[4, 3]),
        layer("rule", {"x": x, "y": low, "y2": {"field": "high"}}, strokeWidth=1.5, color=COLOURS[0]),
        layer(
            "circle", {"x": x, "y": right, "description": words("tip")}, size=64, opacity=1, color=COLOURS[0]
        ),
        layer("text", number, dy=-9, fontSize=SMALL, color=FAINT),
    ]  # fmt: skip
