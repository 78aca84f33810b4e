"""The flow of posts: what was read, left out, coded; each stage a bar of its number."""

from __future__ import annotations

from collections.abc import Sequence

from govcode.reports.base import ReportTable
from govcode.reports.charts.base import (
    COLOURS,
    GAP,
    WIDTH,
    Chart,
    Rows,
    amount,
    framed,
    hue,
    layer,
    tip,
    values,
    words,
)
from govcode.reports.glyphs import text_width

KEPT, LEFT_OUT = COLOURS[0], COLOURS[6]


def flow(
    name: str, title: str, description: str, columns: tuple[str, str], stages: Sequence[tuple[str, int, bool]]
) -> Chart:  # fmt: skip
    """Draw stages as (name, posts, kept): kept ones in colour, those left out grey."""
    rows = Rows([stage for stage, _, _ in stages], band=16, gap=8)
    numbers = max((text_width(f"{posts:,}") for _, posts, _ in stages), default=0.0)
    data = values(
        {
            "row": row, "posts": posts, "told": f"{posts:,}", "colour": KEPT if kept else LEFT_OUT,
            "tip": tip(f"{stage}: {posts:,}"),
        }
        for row, (stage, posts, kept) in enumerate(stages)
    )  # fmt: skip
    x = amount("posts", axis=None, scale={"domainMin": 0, "nice": False})
    spec = framed(
        {
            "data": data,
            "width": WIDTH - rows.left - numbers - GAP,
            "height": rows.height,
            "layer": [
                layer("bar", {"y": rows.y, "x": x, "color": hue(), "description": words("tip")}),
                layer("text", {"y": rows.y, "x": x, "text": words("told")}, align="left", dx=6),
                rows.names,
            ],
        },
        left=rows.left, right=numbers + GAP, top=rows.room,
    )  # fmt: skip
    table = ReportTable(name, title, columns, tuple((stage, str(posts)) for stage, posts, _ in stages))
    return Chart(name, title, description, spec, table)
