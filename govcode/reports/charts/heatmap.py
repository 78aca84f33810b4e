"""Accounts by codes: the darker, the larger the share; the number stands in every cell."""

from __future__ import annotations

from collections.abc import Sequence

from govcode.metrics.figures import Figure
from govcode.reports.base import ReportTable, percent, percent_interval
from govcode.reports.svg import Chart, Drawing, text_width

CELL_W, CELL_H = 64, 26


def heatmap(
    name: str, title: str, description: str, columns: tuple[str, str], codes: Sequence[str],
    rows: Sequence[tuple[str, int, Sequence[Figure] | None]],
) -> Chart:  # fmt: skip
    """Draw shares of codes by group (name, posts, shares); a group without shares has empty cells.

    The data table has the posts of each group (`columns` name both) and the intervals.
    """
    left = min(max((text_width(n) for n, _, _ in rows), default=40), 260) + 14
    heads = [_lines(code) for code in codes]
    deep = 15 * max((len(lines) for lines in heads), default=1)
    cell = max(CELL_W, max((text_width(line) for lines in heads for line in lines), default=0) + 8)
    drawing = Drawing(left + cell * len(codes) + 4, deep + 18 + CELL_H * len(rows))
    for column, lines in enumerate(heads):
        for place, line in enumerate(lines):
            y = deep + 5 - 15 * (len(lines) - 1 - place)
            drawing.text(left + cell * (column + 0.5), y, line, anchor="middle")
    for number, (group, n, shares) in enumerate(rows):
        y = deep + 14 + CELL_H * number
        drawing.text(left - 8, y + 17, group, anchor="end")
        for column, code in enumerate(codes):
            x, share = left + cell * column, shares[column].value if shares else None
            drawing.rect(
                x + 1, y + 1, cell - 2, CELL_H - 2, kind="heat" if share is not None else "box",
                opacity=0.06 + 0.6 * (share or 0), title=f"{group} · {code}: {percent(share)} (n={n})",
            )  # fmt: skip
            drawing.text(x + cell / 2, y + 17, percent(share), anchor="middle")
    data = ReportTable(
        name, title, (*columns, *codes),
        tuple(
            (group, str(n), *(map(percent_interval, shares) if shares else ["–"] * len(codes)))
            for group, n, shares in rows
        ),
    )  # fmt: skip
    return Chart(name, title, description, drawing.svg(name, title, description), data)


def _lines(words: str) -> list[str]:
    """Cut the name of a column at its space nearest the middle, or after a hyphen, where it is long."""
    places = [i for i, c in enumerate(words) if c in " -"]
    if text_width(words) <= CELL_W or not places:
        return [words]
    middle = min(places, key=lambda i: abs(2 * i - len(words)))
    return [words[: middle + 1].rstrip(), words[middle + 1 :]]
