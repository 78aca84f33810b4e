"""Specifications drawn by Vega-Lite when a report is written: SVG with real text, PDF and PNG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import lru_cache
from importlib.resources import as_file
from typing import Any

from govcode.reports.charts.base import COLOURS, FAINT, GROUND, INK, WIDTH, Chart
from govcode.reports.glyphs import DRAWN_FAMILY, FAMILY, FONT_FOLDER, outline

VEGALITE = "6.4"
FAMILIES = (
    'system-ui,-apple-system,"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC",'
    f'"Source Han Sans SC","WenQuanYi Micro Hei","{FAMILY}",sans-serif'
)
_LIGHTER = ("#56b4e9", "#f1803d", "#008258", "#ff9ab9", "#f0d025", "#9fd4f6", "#94948a", "#cb9c76")
DARK = {
    **dict(zip(COLOURS, _LIGHTER, strict=True)),
    INK: "#e6e9ed", FAINT: "#9aa4af", GROUND: "#14181d",
}  # fmt: skip
"""Every colour of a chart and what it is on dark ground."""
NARROW = 1.2 * WIDTH
"""Wider ones are not made to fit a phone, but scroll."""
_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-\d+)?")
_RESOURCES = re.compile(rb"(?: +/\w+ \d+ 0 R\n){2,}")


def draw(chart: Chart) -> str:
    """Return a chart as SVG for a page: text by the reader's fonts, one text alternative, hover titles."""
    return _written(_drawn(chart, FAMILIES))


def figure(chart: Chart) -> dict[str, bytes]:
    """Return a chart as files by suffix, alike on any machine: SVG (text as outlines), PDF, PNG (300 dpi)."""
    root = _drawn(chart, f'"{DRAWN_FAMILY}",sans-serif')
    root.insert(0, ET.Element(f"{_SVG}rect", {"width": "100%", "height": "100%", "fill": GROUND}))
    text = _written(root)
    for element in root.iter(f"{_SVG}text"):
        outline(element, f"{_SVG}path")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return {
        ".svg": f"{head}{_written(root)}\n".encode(),
        ".pdf": _ordered(_converter().svg_to_pdf(text)),
        ".png": _converter().svg_to_png(text, ppi=300, scale=1),
    }


def dark_style() -> str:
    """Return the CSS that gives drawings their colours on dark ground."""
    return "".join(
        f':root[data-theme=dark] svg [{kind}="{light}"]{{{kind}:{dark}}}'
        for light, dark in DARK.items()
        for kind in ("fill", "stroke")
    )


def _drawn(chart: Chart, families: str) -> ET.Element:
    """Return the drawing with its name and text alternative."""
    made = _converter().vegalite_to_svg(chart.spec, vl_version=VEGALITE, allowed_base_urls=[])
    root = ET.fromstring(made)
    for parent in root.iter():
        for element in list(parent):
            if not _shows(element):
                parent.remove(element)
    for element in root.iter():
        _cleaned(element)
    name, width = chart.id, float(root.get("width", "0"))
    root.attrib |= {
        "class": "chart narrow" if width <= NARROW else "chart", "font-family": families,
        "role": "img", "aria-labelledby": f"{name}-t {name}-d",
    }  # fmt: skip
    for tag, end, words in (("desc", "d", chart.description), ("title", "t", chart.title)):
        told = ET.Element(f"{_SVG}{tag}", {"id": f"{name}-{end}"})
        told.text = words
        root.insert(0, told)
    return root


def _shows(element: ET.Element) -> bool:
    """Say whether an element draws anything: Vega gives the picture and every group an invisible ground."""
    if element.get("display") == "none" or element.get("fill") == "transparent":
        return False
    return element.get("class") != "background" or "fill" in element.attrib or "stroke" in element.attrib


def _cleaned(element: ET.Element) -> None:
    """Take out names for readers of marks (they are one picture), save as hover titles, and digits unseen."""
    told = element.attrib.pop("aria-label", "")
    for key, value in list(element.attrib.items()):
        if key.startswith("aria-") or key in ("role", "font-family", "pointer-events", "version"):
            del element.attrib[key]
        else:
            element.set(key, _NUMBER.sub(lambda m: f"{float(m[0]):.2f}", value))
    if told:
        title = ET.Element(f"{_SVG}title")
        title.text = told
        element.insert(0, title)


def _written(root: ET.Element) -> str:
    ET.register_namespace("", _SVG.strip("{}"))
    return ET.tostring(root, encoding="unicode")


@lru_cache
def _converter() -> Any:
    """Return the converter, which knows our font and takes half a second to wake: one for a process."""
    import vl_convert

    with as_file(FONT_FOLDER) as folder:
        vl_convert.register_font_directory(str(folder))
    return vl_convert


def _ordered(pdf: bytes) -> bytes:
    """Return a PDF with the entries of its resources in order: the converter shuffles them."""
    return _RESOURCES.sub(lambda m: b"".join(sorted(m[0].splitlines(keepends=True))), pdf)
