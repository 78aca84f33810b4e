"""An expression cut into tokens, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from govcode.coders.expressions.errors import ExpressionError

SCOPES = {
    "title": "title", "text": "text", "start": "start", "end": "end",
    "标题": "title", "正文": "text", "开头": "start", "结尾": "end",
}  # fmt: skip
# Full-width signs mean the same: who types Chinese types them.
_WIDE = str.maketrans("（）｜＆，＋", "()|&,+")

_TOKEN = re.compile(
    r"""(?P<blank>\s+|\#(?=\s|$)[^\n]*)
    |(?P<string>"(?:\\.|[^"\\])*"|“[^”]*”)
    |(?P<regex>/(?:\\.|[^/\\\n])+/)
    |(?P<scope>[a-z]+:|(?:标题|正文|开头|结尾|词)[:：]|(?:title|text|start|end|word)：)
    |(?P<list>\$[\w-]+)
    |(?P<compare>>=|<=|>|<|=)
    |(?P<sign>[()（）|｜&＆!,，+＋])
    |(?P<name>(?:near|before|count)(?=\s*[(（])|length\b|and\b|or\b|not\b)
    |(?P<bare>[^\s()（）|｜&＆!,，+＋<>="“”/$\#:]+)""",
    re.X,
)


class Token(NamedTuple):
    """A piece of an expression: kind, text (quotes and slashes removed), offset in the source."""

    kind: str
    text: str
    offset: int


def tokens_of(source: str) -> Iterator[Token]:
    """Yield the tokens of an expression and at last one of kind `end`."""
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:
            raise ExpressionError(_explain(source[at]), source, at)
        kind = str(found.lastgroup)
        if kind != "blank":
            yield Token(kind, _plain(kind, found[0]), at)
        at = found.end()
    yield Token("end", "", len(source))


def _plain(kind: str, text: str) -> str:
    if kind == "string":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if kind in ("regex", "scope"):
        return text.strip("/") if kind == "regex" else text[:-1]
    return text.translate(_WIDE) if kind == "sign" else text


def _explain(char: str) -> str:
    if char in '"“':
        return "a quotation mark is opened and not closed"
    if char == "/":
        return 'a regular expression is opened with / and not closed (quote a slash: "/")'
    return f"'{char}' does not belong here (quote it if it is part of the text)"
