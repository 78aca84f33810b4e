"""Chinese that shows on any machine: a font cut to what a page needs, and text of figures as outlines.

The font is Noto Sans CJK SC, cut to the characters of GB 2312 (SIL Open Font License, beside it). A character
that it lacks is left to the reader's own fonts.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from html import unescape
from importlib.resources import files
from io import BytesIO
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "govcode-sc"
FONT_FILE = "NotoSansCJKsc-subset.otf"
SIZE = 13
_TEXT = re.compile(
    r'<text x="(?P<x>[-\d.]+)" y="(?P<y>[-\d.]+)" text-anchor="(?P<anchor>\w+)"'
    r'(?: class="(?P<kind>[\w ]+)")?>(?P<words>[^<]*)</text>'
)


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


def outlined(svg: str) -> str:
    """Return a drawing with its text as outlines, so that it looks alike where no Chinese font is."""
    return _TEXT.sub(lambda m: _outline(m), svg)


def _outline(found: re.Match[str]) -> str:
    """Return the outline of one text element; the element itself where the font lacks a character."""
    words = unescape(found["words"])
    known = _font().getBestCmap()
    if any(ord(c) not in known for c in words):
        return found[0]
    scale = SIZE / float(_font()["head"].unitsPerEm)
    names = [known[ord(c)] for c in words]
    widths = [_font()["hmtx"][name][0] * scale for name in names]
    shift = {"middle": 0.5, "end": 1.0}.get(found["anchor"], 0.0) * sum(widths)
    x, y = float(found["x"]) - shift, float(found["y"])
    pen = SVGPathPen(_glyphs(), ntos=lambda number: f"{number:.1f}".removesuffix(".0"))
    for name, width in zip(names, widths, strict=True):
        _glyphs()[name].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
        x += width
    kind = f"ink {found['kind']}" if found["kind"] else "ink"
    return f'<path class="{kind}" d="{pen.getCommands()}"/>'


def _opened() -> TTFont:
    data = (files("govcode.reports") / "fonts" / FONT_FILE).read_bytes()
    return TTFont(BytesIO(data), recalcTimestamp=False)


@lru_cache
def _font() -> TTFont:
    return _opened()


@lru_cache
def _glyphs() -> Any:
    return _font().getGlyphSet()
