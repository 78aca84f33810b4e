"""Accounts by codes: the darker, the larger the share; the number stands in every cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from govcode.metrics.figures import Figure
from govcode.reports.base import ReportTable, percent, percent_interval
from govcode.reports.charts.base import (
    COLOURS,
    FAINT,
    SMALL,
    WIDTH,
    Chart,
    Row,
    Rows,
    Spec,
    amount,
    framed,
    layer,
    tip,
    values,
    words,
)
from govcode.reports.glyphs import text_width
from govcode.reports.safe import shown

CELL = 50
LINE = 15


def heatmap(
    name: str, title: str, description: str, columns: tuple[str, str], codes: Sequence[str],
    rows: Sequence[tuple[str, int, Sequence[Figure] | None]],
) -> Chart:  # fmt: skip
    """Draw shares of codes by group (name, posts, shares); a group without shares has empty cells.

    The data table has the posts of each group (`columns` name both) and the intervals.
    """
    places = Rows([group for group, _, _ in rows], band=24, gap=2)
    heads = [_lines(shown(code)) for code in codes]
    widest = max((text_width(line, SMALL) for lines in heads for line in lines), default=0.0)
    cell = max(CELL, widest + 4, (WIDTH - places.left) / max(len(codes), 1))
    spec = framed(
        {
            "data": values(_cells(codes, rows)),
            "width": {"step": cell},
            "height": places.height,
            "layer": [*_layers(places, heads), places.names],
        },
        left=places.left,
        right=0,
        top=LINE * max(map(len, heads), default=0) - places.top - 5,
    )
    lines = tuple(
        (group, str(n), *(map(percent_interval, shares) if shares else ["–"] * len(codes)))
        for group, n, shares in rows
    )
    return Chart(
        name, title, description, spec, ReportTable(name, title, (*columns, *codes), lines)
    )  # fmt: skip


def _cells(codes: Sequence[str], rows: Sequence[tuple[str, int, Sequence[Figure] | None]]) -> Iterator[Row]:
    for row, (group, n, shares) in enumerate(rows):
        for column, code in enumerate(codes):
            share = shares[column].value if shares else None
            yield {
                "row": row, "column": column, "value": share, "told": percent(share),
                "tip": tip(f"{group} · {code}: {percent(share)} (n={n})"),
            }  # fmt: skip


def _layers(places: Rows, heads: Sequence[Sequence[str]]) -> list[Spec]:
    x: Spec = {"field": "column", "type": "ordinal", "axis": None, "scale": {"padding": 0}}
    cell = {"y": places.y, "x": x}
    shade = amount("value", legend=None, scale={"domain": [0, 1], "range": [0.06, 0.55]})
    filled = {"test": {"field": "value", "valid": True}}
    top = places.top
    return [
        layer(
            "rect",
            {
                **cell,
                "fillOpacity": {"condition": {**filled, **shade}, "value": 0.12},
                "color": {"condition": {**filled, "value": COLOURS[0]}, "value": FAINT},
                "description": words("tip"),
            },
            stroke=None, invalid="show",
        ),
        layer("text", {**cell, "text": words("told")}),
        *(
            layer("text", {"x": x, "text": words("name")}, data=lines, y=top - LINE * up, fontSize=SMALL)
            for up, lines in enumerate(_upwards(heads))
        ),
    ]  # fmt: skip


def _upwards(heads: Sequence[Sequence[str]]) -> Iterator[list[Row]]:
    """Yield the names of columns line by line from the lowest up."""
    for up in range(max(map(len, heads), default=0)):
        yield [
            {"column": column, "name": lines[-1 - up]}
            for column, lines in enumerate(heads)
            if up < len(lines)
        ]


def _lines(words: str) -> list[str]:
    """Cut the name of a column at its space nearest the middle, or after a hyphen, where it is long."""
    places = [i for i, c in enumerate(words) if c in " -"]
    if text_width(words, SMALL) <= CELL or not places:
        return [words]
    middle = min(places, key=lambda i: abs(2 * i - len(words)))
    return [words[: middle + 1].rstrip(), words[middle + 1 :]]
