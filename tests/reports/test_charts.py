"""Every chart is a valid specification that holds all of its data, whatever names it is given."""

from __future__ import annotations

import json
from itertools import pairwise

import altair
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.reports.charts.base import COLOURS, GROUND, WIDTH, fitted
from govcode.reports.charts.network import network
from govcode.reports.glyphs import text_width
from tests.reports.charts import (
    KINDS,
    calibration_of,
    drawn_data,
    flow_of,
    heatmap_of,
    layers,
    network_of,
    share,
    shares_of,
    timeline_of,
)
from tests.reports.conftest import HOSTILE

NAMES = ("云溪发布", "澄州市人力资源和社会保障局", "澄州 12345", "Yunxi", "other")
EVIL = (*HOSTILE, "datum['x']", "a.b[0]", r"\u202e", '"}],"mark":"bar', "__proto__", "龙" * 1_000_000, "")
FIELDS = {
    "row", "name", "value", "low", "high", "told", "colour", "tip", "posts", "column", "period", "run", "counted",
    "stated", "right", "to", "n", "x", "y", "step", "tie", "both",
}  # fmt: skip


@pytest.mark.parametrize("names", [NAMES, EVIL, NAMES[:1]], ids=["usual", "hostile", "one"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_specification_is_valid_vega_lite(kind: str, names: tuple[str, ...]) -> None:
    altair.Chart.from_dict(KINDS[kind](names[-4:]).spec)


def test_an_invalid_specification_would_be_found() -> None:
    spec = shares_of(NAMES).spec
    spec["layer"][-1]["mark"]["type"] = "txt"
    with pytest.raises(Exception, match="txt"):
        altair.Chart.from_dict(spec)


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_values_and_never_fields_or_expressions(kind: str) -> None:
    """Without its data a specification is the same whatever the names are; fields are ours."""

    def bare(names: tuple[str, ...]) -> str:
        spec = json.loads(json.dumps(KINDS[kind](names).spec))
        for one in layers(spec):
            one["data"]["values"] = []
            assert {e["field"] for e in one["encoding"].values() if "field" in e} <= FIELDS
        for part in (spec, *spec.get("concat", ())):
            for measured in ("width", "height", "padding"):
                part.pop(measured, None)
            part.pop("data", None)
            for one in part.get("layer", ()):
                one.pop("data", None)
        return json.dumps(spec)

    evil = bare(tuple(f"EVIL {name[:9]}" for name in EVIL[:5]))
    assert "EVIL" not in evil
    assert "expr" not in evil
    assert "calculate" not in evil


def test_shares_draw_every_interval_as_it_is() -> None:
    chart = shares_of(NAMES)
    ends = [(d["low"], d["value"], d["high"]) for d in drawn_data(chart, "rule", "low")]
    assert ends == [(f.low, f.value, f.high) for f in map(share, range(5))]
    assert [d["value"] for d in drawn_data(chart, "circle", "value")] == [share(i).value for i in range(5)]
    assert [d["name"] for d in drawn_data(chart, "text", "name")] == [fitted(n, WIDTH) for n in NAMES]
    told = [d["told"] for d in drawn_data(chart, "text", "row")[:5]]
    assert told == [row[1] for row in chart.data.rows]
    assert [d["value"] for d in drawn_data(chart, "tick", "value")] == [0.2] * 5
    assert [d["value"] for d in drawn_data(shares_of(("甲", "乙")), "rule", "value")] == [0.2]


def test_flow_draws_every_stage_with_its_number() -> None:
    chart = flow_of(NAMES)
    assert [d["posts"] for d in drawn_data(chart, "bar", "posts")] == [0, 7, 14, 21, 28]
    assert [d["told"] for d in drawn_data(chart, "text", "told")] == ["0", "7", "14", "21", "28"]
    kept = {d["colour"] for d in drawn_data(chart, "bar", "posts")[::2]}
    assert kept == {COLOURS[0]}


def test_heatmap_draws_every_cell_and_leaves_none_empty_unsaid() -> None:
    chart = heatmap_of(NAMES)
    cells = drawn_data(chart, "rect", "column")
    assert len(cells) == 5 * 3
    told = [[c["told"] for c in cells if c["row"] == row] for row in range(5)]
    assert told == [[cell.split(" [")[0] for cell in row[2:]] for row in chart.data.rows]
    assert told[3] == ["–"] * 3
    heads = [d["name"] for d in drawn_data(chart, "text", "name") if "column" in d]
    assert sorted(heads) == sorted(["信息发布", "Citizens'", "appeals", "其他"])


def test_timeline_draws_every_point_and_breaks_where_there_is_none() -> None:
    chart = timeline_of(NAMES)
    assert len(chart.spec["concat"]) == 5
    for number, panel in enumerate(chart.spec["concat"]):
        points = panel["data"]["values"]
        assert [p["period"] for p in points] == [f"2023-{m:02d}" for m in (1, 2, 4, 5, 6, 7, 8)]
        figures = [share(number + m) for m in (0, 1, 3, 4, 5, 6, 7)]
        assert [(p["value"], p["low"], p["high"]) for p in points] == [
            (f.value, f.low, f.high) for f in figures
        ]
        assert len({p["run"] for p in points[:2]}) == 1
        assert points[1]["run"] != points[2]["run"]
        assert [p["counted"] for p in points] == [False, True, *[False] * 5]
    assert chart.data.rows[2][1:] == ("40", *["–"] * 5)
    assert GROUND in json.dumps(chart.spec["concat"][0]["layer"][2])
    last = [d["told"] for d in drawn_data(chart, "text", "told")]
    assert last == [f"{100 * share(n + 7).value:.1f}%" for n in range(5)]


def test_calibration_draws_every_bin_with_its_interval_and_posts() -> None:
    chart = calibration_of(NAMES)
    ends = [(d["stated"], d["low"], d["right"], d["high"]) for d in drawn_data(chart, "rule", "low")]
    bins = [(0.1 + 0.2 * i, share(i)) for i in range(5)]
    assert ends == [pytest.approx((x, f.low, f.value, f.high)) for x, f in bins]
    assert [d["n"] for d in drawn_data(chart, "text", "n")] == ["0", "1", "2", "3", "4"]


def test_network_ties_the_accounts_that_share_texts() -> None:
    chart = network_of(NAMES)
    ends: dict[int, list[float]] = {}
    for point in drawn_data(chart, "line", "tie"):
        ends.setdefault(point["tie"], []).append(point["y"])
    names = [d["name"] for d in drawn_data(chart, "text", "name")]
    tied = [{names[round(ys[0])], names[round(ys[-1])]} for ys in ends.values()]
    assert tied == [{a, b} for a, b in pairwise(NAMES)]
    assert [d["both"] for d in drawn_data(chart, "text", "both")] == [1, 2, 3, 4]
    assert {row[1] for row in chart.data.rows} == {"1", "2", "3", "4"}
    many = network_of([f"账号{i}" for i in range(30)])
    assert len(drawn_data(many, "circle", "x")) == 24
    assert network("c", "t", "d", ("a", "b", "c"), []) is None


@given(st.text(max_size=200), st.floats(20, 400))
@settings(max_examples=60, deadline=None)
def test_a_fitted_name_fits(name: str, room: float) -> None:
    line = fitted(name, room)
    assert text_width(line) <= room
    assert line.isprintable() or "\n" not in line
