"""One chart of every kind from data that a test chooses, and what stands in a drawing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

from govcode.metrics.figures import Figure
from govcode.profiles.base import Measure, Share
from govcode.profiles.periods import Period, Periods
from govcode.profiles.reuse import Pair
from govcode.reports.charts.base import Chart, Spec
from govcode.reports.charts.calibration import Bin, calibration
from govcode.reports.charts.flow import flow
from govcode.reports.charts.heatmap import heatmap
from govcode.reports.charts.network import network
from govcode.reports.charts.shares import Bar, interval_chart
from govcode.reports.charts.timeline import timeline
from govcode.reports.drawing import draw, figure
from govcode.reports.glyphs import text_width

SVG = "{http://www.w3.org/2000/svg}"
MEASURE = Measure(0.4, n=20, of="posts", source="coded")


def share(i: int) -> Figure:
    """A share with its interval, another for every i."""
    value = 0.05 + 0.9 * (i * 37 % 101) / 101
    return Figure(value, value * 0.8, value + (1 - value) * 0.3)


def shares_of(names: Sequence[str]) -> Chart:
    bars = [Bar(name, share(i), i, f"{i}/99") for i, name in enumerate(names)]
    return interval_chart("c", "t", "d", bars, ("code", "share", "n"), marks=(("an equal share 20%", 0.2),))


def flow_of(names: Sequence[str]) -> Chart:
    return flow("c", "t", "d", ("stage", "posts"), [(n, 7 * i, i % 2 == 0) for i, n in enumerate(names)])


def heatmap_of(
    names: Sequence[str], codes: Sequence[str] = ("信息发布", "Citizens' appeals", "其他")
) -> Chart:
    rows = [
        (name, i, None if i % 4 == 3 else [share(i + k) for k in range(len(codes))])
        for i, name in enumerate(names)
    ]
    return heatmap("c", "t", "d", ("group", "codable"), codes, rows)


def network_of(names: Sequence[str]) -> Chart:
    """Every account shares texts with the next; one account alone with another."""
    names = list(names) if len(set(names)) > 1 else [*names, "另一账号"]
    pairs = [
        Pair(a, b, i + 1, 9, 1, 1, 0, MEASURE, MEASURE)
        for i, (a, b) in enumerate(pairwise(names)) if a != b
    ]  # fmt: skip
    made = network("c", "t", "d", ("pair", "both", "of a"), pairs)
    assert made is not None
    return made


def timeline_of(names: Sequence[str], months: int = 8) -> Chart:
    """The third month has too few posts; the second is counted among corrected ones."""
    found = []
    for m in range(months):
        parts = tuple(
            Share(str(k), 10, 40, measured(k + m), None if m == 1 else measured(k + m))
            for k in range(len(names))
        )
        found.append(Period(f"2023-{1 + m:02d}", 40, (), () if m == 2 else parts))
    codes = {str(k): name for k, name in enumerate(names)}
    made = timeline("c", "t", "d", ("month", "codable"), codes, Periods("month", tuple(found)))
    assert made is not None
    return made


def measured(i: int) -> Measure:
    figure = share(i)
    return Measure(figure.value, figure.low, figure.high, n=40, of="posts", source="coded")


def calibration_of(names: Sequence[str]) -> Chart:
    bins = [Bin((i + 0.5) / len(names), share(i), i) for i in range(len(names))]
    return calibration("c", "t", "d", ("stated", "right [95%]", "posts"), bins)


KINDS: dict[str, Callable[[Sequence[str]], Chart]] = {
    "shares": shares_of, "flow": flow_of, "heatmap": heatmap_of, "network": network_of,
    "timeline": timeline_of, "calibration": calibration_of,
}  # fmt: skip


def digests() -> list[str]:
    """The hashes of drawings, some with characters that our font lacks, and of two charts as files."""
    made = []
    for kind, make in KINDS.items():
        chart = make(("云溪发布", "市民诉求 12%"))
        made += [draw(make(("云\U00020000溪发布", "🙂" * 20))).encode(), draw(chart).encode()]
        if kind in ("shares", "timeline"):
            made += figure(chart).values()
    return [sha256(data).hexdigest() for data in made]


def layers(spec: Spec) -> Iterator[Spec]:
    """Every layer of a specification that draws, with the data it draws."""
    for part in spec.get("concat", [spec]):
        for one in part["layer"]:
            yield {"data": part.get("data"), **one}


def drawn_data(chart: Chart, mark: str, field: str) -> list[dict]:
    """The data of the layers with this mark that encode a field, in order."""
    found = []
    for one in layers(chart.spec):
        fields = {e.get("field") for e in one["encoding"].values()}
        if one["mark"]["type"] == mark and field in fields:
            found += one["data"]["values"]
    return found


class Box(NamedTuple):
    """Where a text stands, in pixels of the drawing."""

    words: str
    left: float
    top: float
    right: float
    bottom: float

    def hides(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right
            and self.top < other.bottom and other.top < self.bottom
        )  # fmt: skip


def boxes(svg: str) -> list[Box]:
    """Every text of a drawing with its place; widths are those of our font."""
    return list(_boxes(ET.fromstring(svg), 0, 0))


def _boxes(element: ET.Element, x: float, y: float) -> Iterator[Box]:
    moved = re.fullmatch(r"translate\((-?[\d.]+),(-?[\d.]+)\)", element.get("transform", "translate(0,0)"))
    assert moved, element.get("transform")
    x, y = x + float(moved[1]), y + float(moved[2])
    if element.tag == f"{SVG}text" and element.text:
        size = float(element.get("font-size", "").removesuffix("px"))
        width = text_width(element.text, size)
        x -= width * {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0)
        yield Box(element.text, x, y - 0.86 * size, x + width, y + 0.16 * size)
    for child in element:
        yield from _boxes(child, x, y)
