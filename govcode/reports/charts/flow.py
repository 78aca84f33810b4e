"""The flow of posts: what was read, left out, coded; each stage a bar of its number."""

from __future__ import annotations

from collections.abc import Sequence

from govcode.reports.base import ReportTable
from govcode.reports.svg import Chart, Drawing, text_width

ROW = 30
PLOT = 220


def flow(
    name: str, title: str, description: str, columns: tuple[str, str], stages: Sequence[tuple[str, int, bool]]
) -> Chart:  # fmt: skip
    """Draw stages as (name, posts, kept): kept ones solid, those left out pale and set in."""
    left = min(max((text_width(n) for n, _, _ in stages), default=40), 300) + 30
    most = max((n for _, n, _ in stages), default=1) or 1
    drawing = Drawing(left + PLOT + 70, ROW * len(stages) + 12)
    for number, (words, posts, kept) in enumerate(stages):
        y = 6 + ROW * number
        drawing.text(left - 10, y + 19, words, anchor="end", kind="" if kept else "faint")
        length = max(PLOT * posts / most, 2)
        kind = "f0" if kept else "f6"
        drawing.rect(left, y + 4, length, ROW - 10, kind=kind, title=f"{words}: {posts}")
        drawing.text(left + length + 8, y + 19, f"{posts:,}")
    data = ReportTable(name, title, columns, tuple((words, str(posts)) for words, posts, _ in stages))
    return Chart(name, title, description, drawing.svg(name, title, description), data)
