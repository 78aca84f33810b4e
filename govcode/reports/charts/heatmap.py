"""Accounts by codes: the darker, the larger the share; the number stands in every cell."""

from __future__ import annotations

from collections.abc import Sequence

from govcode.reports.base import ReportTable, percent
from govcode.reports.svg import Chart, Drawing, text_width

CELL_W, CELL_H = 92, 26


def heatmap(
    name: str, title: str, description: str, heading: str, codes: Sequence[str],
    rows: Sequence[tuple[str, Sequence[float] | None]],
) -> Chart:  # fmt: skip
    """Draw shares of codes by group; a group without shares has empty cells."""
    left = min(max((text_width(n) for n, _ in rows), default=40), 260) + 14
    cell = max(CELL_W, max((text_width(c) for c in codes), default=0) + 12)
    drawing = Drawing(left + cell * len(codes) + 10, 34 + CELL_H * len(rows))
    for column, code in enumerate(codes):
        drawing.text(left + cell * (column + 0.5), 20, code, anchor="middle")
    for number, (group, shares) in enumerate(rows):
        y = 30 + CELL_H * number
        drawing.text(left - 8, y + 17, group, anchor="end")
        for column, code in enumerate(codes):
            x, share = left + cell * column, shares[column] if shares else None
            drawing.rect(
                x + 1, y + 1, cell - 2, CELL_H - 2, kind="heat" if share is not None else "box",
                opacity=0.06 + 0.6 * (share or 0), title=f"{group} · {code}: {percent(share)}",
            )  # fmt: skip
            drawing.text(x + cell / 2, y + 17, percent(share), anchor="middle")
    data = ReportTable(
        name, title, (heading, *codes),
        tuple((group, *(percent(s) for s in _cells(shares, len(codes)))) for group, shares in rows),
    )  # fmt: skip
    return Chart(name, title, description, drawing.svg(name, title, description), data)


def _cells(shares: Sequence[float] | None, number: int) -> Sequence[float | None]:
    return [None] * number if shares is None else shares
