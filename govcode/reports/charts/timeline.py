"""Shares of the codes over time, one line a code, named at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from govcode.metrics.figures import Figure
from govcode.profiles.periods import Periods
from govcode.reports.base import COUNTED, ReportTable, percent, percent_interval
from govcode.reports.svg import Chart, Drawing, ceiling, colour, text_width

PLOT_W, PLOT_H = 290, 220
LEFT, TOP = 46, 12
LABELS = 4


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
    right = max(text_width(label) for label in codes.values()) + 20
    drawing = Drawing(LEFT + PLOT_W + right, TOP + PLOT_H + 30)
    top = ceiling([p.share.value for p in points.values()])
    _axes(drawing, axis, top)
    ends: list[tuple[float, str, int]] = []
    for number, (code, label) in enumerate(codes.items()):
        own = {m: points[m, code] for m in axis if (m, code) in points}
        y = _line(drawing, axis, own, colour(number), label, top)
        if y is not None:
            ends.append((y, label, colour(number)))
    _name_ends(drawing, ends)
    rows = tuple((m, str(totals[m]), *(_share(points.get((m, c))) for c in codes)) for m in axis)
    data = ReportTable(name, title, (*heads, *codes.values()), rows)
    return Chart(name, title, description, drawing.svg(name, title, description), data)


def _share(point: Point | None) -> str:
    return "–" if point is None else percent_interval(point.share) + (COUNTED if point.counted else "")


def _x(position: int, number: int) -> float:
    return LEFT + PLOT_W * position / (number - 1)


def _axes(drawing: Drawing, axis: Sequence[str], top: float) -> None:
    for step in range(5):
        y = TOP + PLOT_H * (1 - step / 4)
        drawing.line(LEFT, y, LEFT + PLOT_W, y)
        drawing.text(LEFT - 6, y + 4, percent(top * step / 4, 0), anchor="end", kind="faint")
    every = max(1, -(-len(axis) // LABELS))
    for position in range(0, len(axis), every):
        x = _x(position, len(axis))
        drawing.text(x, TOP + PLOT_H + 20, axis[position], anchor="middle", kind="faint")


def _line(
    drawing: Drawing, axis: Sequence[str], points: Mapping[str, Point], number: int, label: str, top: float
) -> float | None:
    """Draw one code; return the height at which its line ends."""
    run: list[tuple[float, float]] = []
    dots: list[tuple[float, float, str, bool]] = []
    for position, month in enumerate(axis):
        if month not in points:
            _draw_run(drawing, run, number)
            run = []
            continue
        share, n, counted = points[month]
        place = (_x(position, len(axis)), TOP + PLOT_H * (1 - share.value / top))
        dots.append((*place, f"{label} {month}: {percent_interval(share)} (n={n})", counted))
        run.append(place)
    _draw_run(drawing, run, number)
    for x, y, words, counted in dots:
        drawing.circle(x, y, 3, kind=f"o{number}" if counted else f"f{number}", title=words)
    return dots[-1][1] if dots else None


def _draw_run(drawing: Drawing, run: list[tuple[float, float]], number: int) -> None:
    if len(run) > 1:
        drawing.path(run, kind=f"s{number}")


def _name_ends(drawing: Drawing, ends: list[tuple[float, str, int]]) -> None:
    """Write names at the ends of lines, moved apart so that none hides another."""
    below = -100.0
    for y, label, number in sorted(ends):
        place = max(y, below + 15)
        below = place
        drawing.text(LEFT + PLOT_W + 8, place + 4, label, kind=f"f{number}")
