"""Charts as drawn: real text in its place, every mark there, the same bytes on any machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.reports.charts.base import Chart, fitted
from govcode.reports.drawing import DARK, draw, figure
from tests.reports.charts import KINDS, SVG, boxes, digests, network_of, shares_of, timeline_of
from tests.reports.test_charts import EVIL, NAMES

LONG = tuple(f"澄州市第{i}人民政府办公室政务公开与信息化工作领导小组办公室(试运行)" for i in range(6))
MANY = tuple(f"澄州{i}局" for i in range(24))
ENGLISH = tuple(f"Bureau of Human Resources and Social Security No. {i}" for i in range(5))


def marks(svg: str) -> Counter[str]:
    """How many marks of every kind a drawing holds."""
    found: Counter[str] = Counter()
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        kinds = group.get("class", "").split()
        if "role-mark" in kinds:
            found[kinds[0]] += len(group)
    return found


def texts(svg: str) -> list[str]:
    return [box.words for box in boxes(svg)]


def test_every_mark_of_the_data_is_drawn() -> None:
    drawn = {kind: marks(draw(make(NAMES))) for kind, make in KINDS.items()}
    assert drawn["shares"] == {"mark-rule": 5, "mark-rect": 5, "mark-symbol": 5, "mark-text": 11}
    assert marks(draw(shares_of(("甲", "乙")))) == {"mark-rule": 3, "mark-symbol": 2, "mark-text": 5}
    assert drawn["flow"] == {"mark-rect": 5, "mark-text": 10}
    assert drawn["heatmap"] == {"mark-rect": 15, "mark-text": 15 + 5 + 4}
    assert drawn["network"] == {"mark-line": 4, "mark-symbol": 5, "mark-text": 9}
    assert drawn["timeline"] == {"mark-rule": 35, "mark-line": 10, "mark-symbol": 35, "mark-text": 10}
    assert drawn["calibration"] == {"mark-rule": 6, "mark-symbol": 5, "mark-text": 5}


@pytest.mark.parametrize(
    "names", [NAMES, LONG, MANY, ENGLISH, EVIL], ids=["usual", "long", "many", "english", "hostile"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_no_text_is_cut_off_or_hides_another(kind: str, names: tuple[str, ...]) -> None:
    if kind in ("calibration", "timeline"):
        names = names[:8]  # bins and codes are few
    svg = draw(KINDS[kind](names))
    root, found = ET.fromstring(svg), boxes(svg)
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for box in found:
        assert box.left >= 0, box
        assert box.right <= width, (box, width)
        assert box.top >= 0, box
        assert box.bottom <= height, box
    hidden = [(a, b) for i, a in enumerate(found) for b in found[i + 1 :] if a.hides(b)]
    assert not hidden


@pytest.mark.parametrize("names", [NAMES, LONG, MANY, ENGLISH], ids=["usual", "long", "many", "english"])
@pytest.mark.parametrize("kind", ["shares", "flow", "heatmap", "network", "timeline", "calibration"])
def test_a_phone_shows_it_whole(kind: str, names: tuple[str, ...]) -> None:
    assert 'class="chart narrow"' in draw(KINDS[kind](names[:8]))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_one_picture_with_one_text_alternative(kind: str) -> None:
    root = ET.fromstring(draw(KINDS[kind](NAMES)))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c-t c-d"
    assert [(e.tag, e.text) for e in root[:2]] == [(f"{SVG}title", "t"), (f"{SVG}desc", "d")]
    for element in root.iter():
        if element is not root:
            assert not [a for a in element.attrib if a.startswith("aria") or a in ("role", "style", "href")]
    assert [e.get("id") for e in root.iter() if e.get("id")] == ["c-t", "c-d"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_colour_has_one_on_dark_ground(kind: str) -> None:
    root = ET.fromstring(draw(KINDS[kind](NAMES)))
    used = {e.get(key) for e in root.iter() for key in ("fill", "stroke")} - {None, "none"}
    assert used <= DARK.keys()


@pytest.mark.parametrize("kind", ["shares", "flow", "heatmap", "network"])
def test_hostile_names_are_text_and_nothing_else(kind: str) -> None:
    svg = draw(KINDS[kind](EVIL))
    assert {e.tag for e in ET.fromstring(svg).iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "g", "text", "path", "line", "rect")
    }
    shown = texts(svg)
    for name in ("datum['x']", "a.b[0]", r"\u202e", '"}],"mark":"bar', "__proto__"):
        assert name in shown
    assert "</script>" not in svg
    assert "\u202e" not in svg


@given(st.lists(st.text(max_size=90), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_any_name_is_drawn_as_it_reads(names: list[str]) -> None:
    wanted = Counter(line for line in (fitted(name, 390) for name in names) if line)
    assert not wanted - Counter(texts(draw(shares_of(names))))


def test_a_dot_tells_its_figures_on_hover() -> None:
    titles = [e.text for e in ET.fromstring(draw(timeline_of(NAMES))).iter(f"{SVG}title")]
    assert "云溪发布 2023-01: 5.0% [4.0, 33.5] (n=40)" in titles


def test_counted_dots_among_corrected_ones_are_open() -> None:
    svg = draw(timeline_of(NAMES[:1]))
    points = next(g for g in ET.fromstring(svg).iter(f"{SVG}g") if "mark-symbol" in g.get("class", ""))
    assert [p.get("fill") == "#ffffff" for p in points] == [False, True, *[False] * 5]


def test_another_process_without_chinese_fonts_draws_the_same_bytes(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir></fontconfig>', "utf-8"
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", "from charts import digests; print(digests())"],
        cwd=Path(__file__).parent, capture_output=True, text=True, check=False,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts), "PYTHONHASHSEED": "7", "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert done.stdout.strip() == str(digests()), done.stderr


def paper(chart: Chart, folder: Path) -> dict[str, Path]:
    """The files of a chart, written."""
    made = figure(chart)
    for suffix, content in made.items():
        (folder / f"chart{suffix}").write_bytes(content)
    return {suffix: folder / f"chart{suffix}" for suffix in made}


def test_a_figure_for_the_paper_shows_its_text_anywhere(tmp_path: Path) -> None:
    made = paper(network_of((*NAMES, "\U00020000")), tmp_path)
    root = ET.parse(made[".svg"]).getroot()
    assert [e.text for e in root.iter(f"{SVG}text")] == ["\U00020000"]  # only what our font lacks
    assert root.find(f"{SVG}rect") is not None
    assert made[".pdf"].read_bytes().startswith(b"%PDF")
    png = made[".png"].read_bytes()
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == pytest.approx(float(root.get("width", "")) * 300 / 72, abs=2)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_the_text_of_a_pdf_can_be_copied(tmp_path: Path) -> None:
    made = paper(shares_of(NAMES), tmp_path)
    text = subprocess.run(["pdftotext", "-layout", str(made[".pdf"]), "-"], capture_output=True, check=True)
    assert "云溪发布" in text.stdout.decode()
    assert "5.0% [4.0, 33.5]" in text.stdout.decode()
