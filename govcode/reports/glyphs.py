"""Chinese that shows on any machine: widths of words, a font cut to what a page needs, text as outlines.

The font is Noto Sans CJK SC, cut to the characters of GB 2312 (SIL Open Font License, beside it). A character
that it lacks is left to the reader's own fonts.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from base64 import b64encode
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "govcode-sc"
"""Its name in a page, so that no font of the reader's is taken for it."""
DRAWN_FAMILY = "Noto Sans CJK SC"
"""Its own name, by which charts are measured and drawn."""
FONT_FOLDER = files("govcode.reports") / "fonts"
FONT_FILE = "NotoSansCJKsc-subset.otf"
_ANCHORS = {"middle": 0.5, "end": 1.0}


def text_width(words: str, size: float = 13) -> float:
    """Return how wide words are in our font; a character that it lacks counts as a whole em."""
    known, advances = _font().getBestCmap(), _font()["hmtx"]
    units = sum(advances[known[ord(c)]][0] if ord(c) in known else _em() for c in words)
    return size * float(units) / _em()


def font_face(text: str) -> str:
    """Return the CSS rule of a font that holds the characters of a text, as far as ours has them.

    The same characters give the same bytes. Without any Chinese character there is no rule.
    """
    known = _font().getBestCmap()
    wanted = {ord(c) for c in set(text)} & known.keys()
    if not any(c > 0x2E7F for c in wanted):
        return ""
    options = Options()
    options.hinting, options.layout_features, options.name_IDs = False, [], [1, 2]
    options.notdef_outline, options.recalc_timestamp = True, False
    font = _opened()
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font.flavor = "woff"
    cut = BytesIO()
    font.save(cut)
    data = b64encode(cut.getvalue()).decode("ascii")
    return f'@font-face{{font-family:"{FAMILY}";src:url(data:font/woff;base64,{data}) format("woff")}}'


def outline(element: ET.Element, path: str) -> None:
    """Turn a text element into one named `path`; leave it as it is where our font lacks a character."""
    words, known = element.text or "", _font().getBestCmap()
    if any(ord(c) not in known for c in words):
        return
    size = float(element.attrib.pop("font-size").removesuffix("px"))
    x = -_ANCHORS.get(element.attrib.pop("text-anchor", ""), 0.0) * text_width(words, size)
    pen = SVGPathPen(_glyphs(), ntos=lambda number: f"{number:.1f}".removesuffix(".0"))
    scale = size / _em()
    for name in (known[ord(c)] for c in words):
        _glyphs()[name].draw(TransformPen(pen, (scale, 0, 0, -scale, x, 0)))
        x += scale * _font()["hmtx"][name][0]
    element.tag, element.text = path, None
    element.set("d", pen.getCommands())


def _opened() -> TTFont:
    return TTFont(BytesIO((FONT_FOLDER / FONT_FILE).read_bytes()), recalcTimestamp=False)


@lru_cache
def _font() -> TTFont:
    return _opened()


@lru_cache
def _em() -> float:
    return float(_font()["head"].unitsPerEm)


@lru_cache
def _glyphs() -> Any:
    return _font().getGlyphSet()
