"""Shares of the codes over months, one line a code, named at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from govcode.profiles.base import MINIMUM
from govcode.reports.base import ReportTable, percent
from govcode.reports.svg import Chart, Drawing, colour, text_width

PLOT_W, PLOT_H = 620, 240
LEFT, TOP = 46, 12
LABELS = 12


def timeline(
    name: str, title: str, description: str, heading: str, codes: Mapping[str, str],
    months: Sequence[tuple[str, str, int]],
) -> Chart | None:  # fmt: skip
    """Draw monthly shares; a month with under 30 codable posts leaves a gap. None with under two months."""
    counts: dict[str, dict[str, int]] = {}
    for month, code, number in months:
        counts.setdefault(month, {})[code] = number
    axis = _months(min(counts), max(counts)) if counts else []
    if len(axis) < 2:
        return None
    totals = {m: sum(counts.get(m, {}).values()) for m in axis}
    right = max(text_width(label) for label in codes.values()) + 20
    drawing = Drawing(LEFT + PLOT_W + right, TOP + PLOT_H + 44)
    _axes(drawing, axis)
    ends: list[tuple[float, str, int]] = []
    for number, (code, label) in enumerate(codes.items()):
        own = {m: c.get(code, 0) for m, c in counts.items()}
        y = _line(drawing, axis, totals, own, colour(number), label)
        if y is not None:
            ends.append((y, label, colour(number)))
    _name_ends(drawing, ends)
    rows = tuple(
        (m, str(totals[m]), *(_share(counts.get(m, {}).get(c, 0), totals[m]) for c in codes)) for m in axis
    )
    data = ReportTable(name, title, (heading, "n", *codes.values()), rows)
    return Chart(name, title, description, drawing.svg(name, title, description), data)


def _share(number: int, total: int) -> str:
    return percent(number / total) if total >= MINIMUM else "–"


def _months(first: str, last: str) -> list[str]:
    """Return every month from first to last."""
    start, end = ((int(t[:4]) * 12 + int(t[5:7]) - 1) for t in (first, last))
    return [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in range(start, end + 1)]


def _x(position: int, number: int) -> float:
    return LEFT + PLOT_W * position / (number - 1)


def _axes(drawing: Drawing, axis: Sequence[str]) -> None:
    for step in range(5):
        y = TOP + PLOT_H * (1 - step / 4)
        drawing.line(LEFT, y, LEFT + PLOT_W, y)
        drawing.text(LEFT - 6, y + 4, percent(step / 4, 0), anchor="end", kind="faint")
    every = max(1, -(-len(axis) // LABELS))
    for position in range(0, len(axis), every):
        x = _x(position, len(axis))
        drawing.text(x, TOP + PLOT_H + 20, axis[position], anchor="middle", kind="faint")


def _line(
    drawing: Drawing, axis: Sequence[str], totals: Mapping[str, int], counts: Mapping[str, int], number: int,
    label: str,
) -> float | None:  # fmt: skip
    """Draw one code; return the height at which its line ends."""
    run: list[tuple[float, float]] = []
    last: float | None = None
    for position, month in enumerate(axis):
        if totals[month] >= MINIMUM:
            share = counts.get(month, 0) / totals[month]
            point = (_x(position, len(axis)), TOP + PLOT_H * (1 - share))
            words = f"{label} {month}: {percent(share)} (n={totals[month]})"
            drawing.circle(*point, 3, kind=f"f{number}", title=words)
            run.append(point)
            last = point[1]
        else:
            _draw_run(drawing, run, number)
            run = []
    _draw_run(drawing, run, number)
    return last


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
