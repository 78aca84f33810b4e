"""One self-contained page: no request leaves it, nothing in a post can act in it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from govcode.reports.data import ReportData
from govcode.reports.drawing import FAMILIES, dark_style, draw
from govcode.reports.glyphs import font_face
from govcode.reports.safe import shown, visible
from govcode.reports.sections import sections
from govcode.reports.wording import word

EXAMPLE_CHARACTERS = 400
# Where the style and the policy go once all characters of the page are known; no text can hold a bare `<`.
_STYLE, _POLICY = "<style/>", "<policy/>"


def render_html(data: ReportData) -> str:
    """Return the page: styles and script inline and allowed by their hash, everything else forbidden."""
    script = _script()
    template = _environment().get_template("page.html.j2")
    page = template.render(
        data=data, sections=sections(data), style=Markup(_STYLE), script=Markup(script),
        policy=Markup(_POLICY),
        lang="zh-CN" if data.language == "zh" else "en", word=lambda key: word(key, data.language),
    )  # fmt: skip
    style = _style() + font_face(page) + "\n"
    policy = (
        f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)}; "
        "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
    )
    return page.replace(_POLICY, escape(policy), 1).replace(_STYLE, style, 1)


def marked_in(text: str, terms: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """Return a text in pieces, those that were evidence marked."""
    return tuple(_pieces(visible(text, EXAMPLE_CHARACTERS), terms))


def _pieces(text: str, terms: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Cut a text where evidence begins and ends; overlapping places are one."""
    marked = [False] * len(text)
    for term in terms:
        start = text.find(term) if term else -1
        while start >= 0:
            marked[start : start + len(term)] = [True] * len(term)
            start = text.find(term, start + len(term))
    begin = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or marked[place] != marked[begin]:
            yield text[begin:place], marked[begin]
            begin = place


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("govcode.reports"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["shown"] = shown
    environment.filters["marked_in"] = marked_in
    environment.filters["drawn"] = lambda chart: Markup(draw(chart))
    return environment


def _resource(name: str) -> str:
    return (files("govcode.reports") / "templates" / name).read_text(encoding="utf-8")


def _style() -> str:
    """Return the style sheet with the colours of charts on dark ground."""
    return f"{_resource('page.css').replace('FAMILIES', FAMILIES)}\n{dark_style()}\n"


def _script() -> str:
    return _resource("page.js")


def _source(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode('utf-8')).digest()).decode('ascii')}'"
