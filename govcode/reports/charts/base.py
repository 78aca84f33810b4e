"""What all charts share: a Vega-Lite specification, its colours and sizes, rows with names."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from govcode.reports.base import ReportTable
from govcode.reports.glyphs import DRAWN_FAMILY, text_width
from govcode.reports.safe import shown

Spec = dict[str, Any]
"""A Vega-Lite specification or a part of one: what JSON can hold.

Words of strangers stand in it as values of data only, never as the name of a field or in an expression.
"""
Row = Mapping[str, Any]
"""One datum: text, number, or None."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH = 400
"""Pixels of a chart that a phone shows whole."""
SIZE, SMALL = 13, 12
GAP = 10
NAMES = 140
NAME_LIMIT = 60
EDGE = 3
"""Pixels around a chart."""

INK, FAINT, GROUND = "#1b1f24", "#68707a", "#ffffff"
# Told apart by readers with any colour vision (as simulated after Machado et al. 2009), 3:1 against white.
COLOURS = ("#0072b2", "#9c2d00", "#00a856", "#4a1a86", "#ae811a", "#074f7e", "#5a5a5a", "#7c4d31")


@dataclass(frozen=True, slots=True)
class Chart:
    """A specification with its title, what it shows in words, and its data as a table."""

    id: str
    title: str
    description: str
    spec: Spec
    data: ReportTable


def colour(number: int) -> str:
    """Return the colour of the nth code."""
    return COLOURS[number % len(COLOURS)]


def framed(body: Spec, *, left: float, right: float, top: float, bottom: float = EDGE) -> Spec:
    """Return a whole specification with room for words around it, a wider font of the reader's included.

    Its size does not hang on how wide Vega takes strangers' words, which may need fonts of this machine.
    """
    sides = {"left": left + slack(left), "right": right + slack(right), "top": top, "bottom": bottom}
    return specification({**body, "autosize": "none", "padding": sides})


def specification(body: Spec) -> Spec:
    """Return a whole specification."""
    return {
        "$schema": SCHEMA,
        "background": "transparent",
        **body,
        "config": {
            "font": DRAWN_FAMILY,
            "aria": False,
            "view": {"stroke": None},
            "axis": {
                "aria": False, "grid": False, "labelFontSize": SMALL, "titleFontSize": SMALL,
                "titleFontWeight": "normal", "labelColor": FAINT, "titleColor": INK, "domainColor": FAINT,
                "tickColor": FAINT, "tickSize": 4, "labelLimit": 0, "labelFlush": False,
            },
            "text": {"fontSize": SIZE, "color": INK, "baseline": "middle"},
            "rule": {"color": FAINT},
        },
    }  # fmt: skip


def slack(width: float) -> int:
    """Return the room to leave beside words of a width, for fonts wider than ours."""
    return 2 + math.ceil(width * 0.16)


def layer(mark: str, encoding: Spec, *, data: Iterable[Row] | None = None, **look: Any) -> Spec:
    """Return one layer; one that encodes a `description` tells it on hover."""
    own: Spec = {} if data is None else {"data": values(data)}
    return {
        **own,
        "mark": {"type": mark, "aria": "description" in encoding, **look},
        "encoding": encoding,
    }


def values(rows: Iterable[Row]) -> Spec:
    """Return rows as data; a number that is not defined is null."""
    return {"values": [{name: _defined(value) for name, value in row.items()} for row in rows]}


def amount(field: str, **more: Any) -> Spec:
    """Return the encoding of a number."""
    return {"field": field, "type": "quantitative", **more}


def words(field: str) -> Spec:
    """Return the encoding of text as it stands."""
    return {"field": field, "type": "nominal"}


def hue(field: str = "colour") -> Spec:
    """Return the encoding of a colour that stands in the data."""
    return {"field": field, "type": "nominal", "scale": None}


def share_axis(about: int = 3, **more: Any) -> Spec:
    """Return an axis of shares with about so many steps."""
    return {"format": "~%", "tickCount": about, **more}


def fitted(name: str, room: float) -> str:
    """Return a name on one line, cut with `…` where it is wider than the room."""
    line = shown(name, NAME_LIMIT)
    if text_width(line, SIZE) <= room:
        return line
    ends = accumulate((text_width(c, SIZE) for c in line), initial=text_width("…", SIZE))
    return line[: sum(end <= room for end in ends) - 1] + "…"


def tip(told: str) -> str:
    """Return what is told on hover."""
    return shown(told, 2 * NAME_LIMIT)


class Rows:
    """Rows of equal height with their names in a column, or each above its row where one is too long.

    `left` is the width of the column, `y` the encoding of their place (field `row`), `names` the layer that
    writes them, `height` that of the chart, `top` where words above all rows stand, `room` what names need
    above the first row.
    """

    def __init__(self, names: Sequence[str], band: int, gap: int) -> None:
        lines = [fitted(name, WIDTH - GAP) for name in names]
        widest = max((text_width(line, SIZE) for line in lines), default=0.0)
        self.above = widest > NAMES
        self.left = 0.0 if self.above else widest + GAP
        gap += 18 if self.above else 0
        self.top = -26 if self.above else -8
        self.room = 20 if self.above else EDGE
        self.height: Spec = {"step": band + gap}
        self.y: Spec = {
            "field": "row", "type": "ordinal", "axis": None,
            "scale": {"paddingInner": gap / (band + gap), "paddingOuter": 4 / (band + gap)},
        }  # fmt: skip
        look: Spec = {"align": "right", "x": -GAP}
        if self.above:
            look = {"align": "left", "x": 0, "yOffset": -(band / 2 + 9)}
        rows = [{"row": number, "name": line} for number, line in enumerate(lines)]
        self.names = layer("text", {"y": self.y, "text": words("name")}, data=rows, **look)


def _defined(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
