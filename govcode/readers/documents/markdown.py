"""Markdown files: one article, or a list of articles with links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from govcode.readers.base import Table
from govcode.readers.documents.base import document_format, document_table, finished, name_parts, whole_text
from govcode.readers.source import Source
from govcode.records import Row

ARTICLE = document_format("markdown", "an article saved as Markdown")
WECHAT = document_format("wechat-markdown", "a WeChat article saved as Markdown", "wechat")
HISTORY = replace(
    document_format("wechat-history-md", "a list of a WeChat account's articles in Markdown", "wechat"),
    account_from="stem",
)

_LISTED = re.compile(r"^\[(\d{4}-\d\d-\d\d)_(.*)\]\((https?://\S+)\)\s*$", re.MULTILINE)
_ACCOUNT = re.compile(r"\[\s*([^\]\n]{1,60}?)\s*\]\(javascript:void")
_HEADING = re.compile(r"^\s{0,3}#\s+(.+?)\s*#*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)\s]*(?:\s[^)]*)?\)")
_LINK = re.compile(r"\[([^\]\n]*)\]\((?:[^()\s]|\\[()]|\([^)]*\))*(?:\s[^)]*)?\)")
_MARKS = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+(?=\S))|\*\*|__|^[\s_*-]{3,}$", re.MULTILINE)
_PROFILE = re.compile(  # the card of the account, which is no text of the article
    r"\A\s*\*\*[^\n]{1,60}\*\*\s*\n\s*微信号[^\n]*\n\s*(?:功能介绍[^\n]*(?:\n|\Z))?"
)
_BLANKS = re.compile(r"\n\s*\n+")


def read(source: Source, encoding: str | None = None) -> Table:
    """Read a Markdown file: a list of dated links is many posts, anything else is one."""
    table = document_table(source)
    text = whole_text(source, encoding, table).replace("\r\n", "\n")
    listed = list(_LISTED.finditer(text))
    if listed:
        return finished(table, HISTORY, _history(text, listed))
    wechat = _ACCOUNT.search(text) or "mmbiz.qpic.cn" in text
    return finished(table, WECHAT if wechat else ARTICLE, [_article(text, source.name)])


def _history(text: str, listed: list[re.Match[str]]) -> Iterator[Row]:
    ends = [m.start() for m in listed[1:]] + [len(text)]
    for match, end in zip(listed, ends, strict=True):
        rest = text[match.end() : end]
        author = re.search(r"^文章作者[:：]\s*(.*)$", rest, re.MULTILINE)
        line = text.count("\n", 0, match.start()) + 1
        yield Row(
            line,
            {
                "account": "", "published_at": match[1], "title": match[2], "text": "", "url": match[3],
                "author": author[1].strip() if author else "",
            },
        )  # fmt: skip


def _article(text: str, name: str) -> Row:
    date, named = name_parts(name)
    heading = _HEADING.search(text)
    account = _ACCOUNT.search(text)
    body = text[heading.end() :] if heading else text
    if account and account.start() < len(text) // 2:
        body = _PROFILE.sub("", text[text.find("\n", account.end()) :], count=1)
    return Row(
        1,
        {
            "account": account[1].replace("\\", "") if account else "",
            "published_at": date,
            "title": plain(heading[1]) if heading else named,
            "text": plain(body),
            "url": "",
            "author": "",
        },
    )


def plain(text: str) -> str:
    """Return Markdown as text: links as their words, no pictures, no marks."""
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    text = re.sub(r"\\([\\`*_{}\[\]()#+.!>-])", r"\1", _MARKS.sub("", text))
    return _BLANKS.sub("\n", text).strip()
