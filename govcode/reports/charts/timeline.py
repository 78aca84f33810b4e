"""Shares of the codes over time: a small panel for each code, all on one scale, intervals as thin lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from govcode.metrics.figures import Figure
from govcode.profiles.periods import Periods
from govcode.reports.base import COUNTED, ReportTable, percent, percent_interval
from govcode.reports.charts.base import (
    EDGE,
    FAINT,
    GROUND,
    SMALL,
    Chart,
    Row,
    Spec,
    amount,
    colour,
    fitted,
    layer,
    share_axis,
    slack,
    specification,
    tip,
    values,
    words,
)
from govcode.reports.glyphs import text_width
from govcode.reports.safe import shown

PANEL_W, PANEL_H = 124, 84
WIDE = 310
"""A panel where names of codes are too long for two beside each other."""
BESIDE = 44
"""Room for the last figure beside its dot."""
CROWD = 18
"""Periods beyond which dots are small."""
DOT, SMALL_DOT = {"size": 22, "strokeWidth": 1.5}, {"size": 5, "strokeWidth": 1}


class Point(NamedTuple):
    """The share of a code in one period, of n posts; `counted` where the others are corrected."""

    share: Figure
    n: int
    counted: bool


def timeline(
    name: str, title: str, description: str, heads: tuple[str, str], codes: Mapping[str, str],
    found: Periods,
) -> Chart | None:  # fmt: skip
    """Draw shares by period; one with under 30 codable posts leaves a gap. None with under two periods.

    `heads` name the columns of periods and of their posts. Among corrected shares the dots of counted ones
    are open.
    """
    if not found.drawn:
        return None
    axis = [p.period for p in found.periods]
    totals = {p.period: p.n for p in found.periods}
    shares = {(p.period, s.code): s for p in found.periods for s in p.shares}
    some = any(s.corrected is not None for s in shares.values())
    points = {
        key: Point(s.best, totals[key[0]], some and s.corrected is None) for key, s in shares.items()
    }  # fmt: skip
    across = 2 if all(text_width(shown(label)) <= PANEL_W + BESIDE for label in codes.values()) else 1
    panels = [
        _panel(number, label, axis, {m: points[m, code] for m in axis if (m, code) in points}, across)
        for number, (code, label) in enumerate(codes.items())
    ]
    spec = specification(
        {
            "concat": panels, "columns": across, "spacing": {"row": 16, "column": 10 + slack(BESIDE)},
            "resolve": {"scale": {"y": "shared"}},
            "padding": {"left": slack(BESIDE), "right": slack(BESIDE), "top": 2 * EDGE, "bottom": 2 * EDGE},
        },
    )  # fmt: skip
    rows = tuple((m, str(totals[m]), *(_share(points.get((m, c))) for c in codes)) for m in axis)
    return Chart(name, title, description, spec, ReportTable(name, title, (*heads, *codes.values()), rows))


def _share(point: Point | None) -> str:
    return "–" if point is None else percent_interval(point.share) + (COUNTED if point.counted else "")


def _panel(
    number: int, label: str, axis: Sequence[str], points: Mapping[str, Point], across: int
) -> Spec:  # fmt: skip
    """Return the panel of one code: intervals, its line, broken where a period is left out, and dots."""
    own, width = colour(number), PANEL_W if across > 1 else WIDE
    x, y = _periods(axis), amount("value")
    ends = {"x": x, "y": _shares(named=number % across == 0), "y2": {"field": "high"}}
    open_where = {"test": {"field": "counted", "equal": True}, "value": GROUND}
    dot = {"x": x, "y": y, "fill": {"condition": open_where, "value": own}, "description": words("tip")}
    last = [points[m].share.value for m in sorted(points)[-1:]]
    figure = [{"value": value, "told": percent(value)} for value in last]
    name = [{"name": fitted(label, WIDE + BESIDE)}]
    beside = {"align": "left", "x": width + 4, "fontSize": SMALL}
    return {
        "width": width, "height": PANEL_H,
        "data": values(_points(label, axis, points)),
        "layer": [
            layer("rule", ends, color=own, opacity=0.45),
            layer("line", {"x": x, "y": y, "detail": words("run")}, color=own, strokeWidth=1.5),
            layer("point", dot, stroke=own, opacity=1, **(SMALL_DOT if len(axis) > CROWD else DOT)),
            layer("text", {"text": words("name")}, data=name, align="left", x=0, y=-12),
            layer("text", {"y": y, "text": words("told")}, data=figure, **beside),
        ],
    }  # fmt: skip


def _periods(axis: Sequence[str]) -> Spec:
    """Return the encoding of periods, all in their place, the first and the last named."""
    named = {"values": [axis[0], axis[-1]], "labelAngle": 0, "labelPadding": 6, "title": None}
    scale = {"domain": list(axis), "padding": 0.3}
    return {"field": "period", "type": "ordinal", "scale": scale, "axis": named}


def _shares(*, named: bool) -> Spec:
    """Return the encoding of shares on faint lines across, named in the panels at the left."""
    lines: Spec = {"grid": True, "gridColor": FAINT, "gridOpacity": 0.25, "domain": False, "ticks": False}
    axis = share_axis(title=None, labels=named, **lines)
    return amount("low", scale={"domainMin": 0, "nice": 3}, axis=axis)


def _points(label: str, axis: Sequence[str], points: Mapping[str, Point]) -> Iterator[Row]:
    run = 0
    for period in axis:
        if period not in points:
            run += 1
            continue
        share, n, counted = points[period]
        yield {
            "period": period, "run": run, "value": share.value, "low": share.low, "high": share.high,
            "counted": counted, "tip": tip(f"{label} {period}: {percent_interval(share)} (n={n})"),
        }  # fmt: skip
