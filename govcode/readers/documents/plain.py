"""Text files: weiboSpider's lists of posts, dumps of fetched pages, tables in disguise, or one article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from govcode.readers import delimited
from govcode.readers.base import Table
from govcode.readers.columns import is_posts_table, recognised
from govcode.readers.documents import page
from govcode.readers.documents.base import document_format, document_table, finished, name_parts, whole_text
from govcode.readers.formats.weibospider import mended
from govcode.readers.source import Source
from govcode.records import Excluded, Row

ARTICLE = document_format("text", "an article saved as plain text")
DUMP = document_format("page-dump", "pages dumped by a crawler, each under its [url:…]", "web")
WEIBO_SPIDER = replace(
    document_format("weibospider-txt", "weiboSpider's text file of one account", "weibo"),
    mend=lambda values: mended(values, "text"),
)

_URL_LINE = re.compile(r"^\[url:(.*?)\]\s*$", re.MULTILINE)
_STATUS_LINE = re.compile(r"^\s*\[status_code:(\d+)\]\s*")
_LABEL = re.compile(r"(微博位置|发布位置|发布时间|点赞数|转发数|评论数|发布工具)\s*[:：]\s*(.*)")
_NUMBER = re.compile(r"\d+[:：]")


def read(source: Source, encoding: str | None = None) -> Table:
    """Read a text file as what it is; the default is one article."""
    first = source.head.split(b"\n", 1)[0]
    if (b"\t" in first or b"," in first) and (table := _as_table(source, encoding)) is not None:
        return table
    table = document_table(source)
    text = whole_text(source, encoding, table).replace("\r\n", "\n")
    if text.startswith("用户信息") and "微博内容" in text:
        return finished(table, WEIBO_SPIDER, _weibo_posts(text))
    if _URL_LINE.match(text):
        return finished(table, DUMP, _dumped(text, source.name))
    date, title = name_parts(source.name)
    row = {"account": "", "published_at": date, "title": title, "text": text.strip(), "url": "", "author": ""}
    return finished(table, ARTICLE, [Row(1, row)])


def _as_table(source: Source, encoding: str | None) -> Table | None:
    """Return the file as a table where its first line is a header that is understood."""
    source.keep()
    table = delimited.read(source, encoding)
    fields = recognised(table.columns)
    if len(table.columns) > 1 and (
        is_posts_table(table.columns) or (len(fields) > 1 and {"text", "title"} & set(fields))
    ):
        return table
    return None


def _dumped(text: str, name: str) -> Iterator[Row | Excluded]:
    marks = list(_URL_LINE.finditer(text))
    for number, (mark, end) in enumerate(
        zip(marks, [m.start() for m in marks[1:]] + [len(text)], strict=True), 1
    ):
        body = text[mark.end() : end].lstrip()
        status = _STATUS_LINE.match(body)
        line = text.count("\n", 0, mark.start()) + 1
        if status and status[1] != "200":
            yield Excluded(name, line, "not-fetched", f"status {status[1]} for {mark[1]}")
            continue
        html = body[status.end() :] if status else body
        item = page.web_article(LexborHTMLParser(html), html, name)
        if isinstance(item, Row):
            yield Row(line, item.values | {"url": item.values["url"] or mark[1]})
        else:
            item.line, item.detail = line, f"{item.detail} ({mark[1]}, number {number})"
            yield item


def _weibo_posts(text: str) -> Iterator[Row]:
    """Yield the posts of weiboSpider's text file: text, then labelled lines up to the tool."""
    lines = text.split("\n")
    account = next((m[1].strip() for line in lines if (m := re.match(r"用户昵称\s*[:：](.*)", line))), "")
    start = next(i for i, line in enumerate(lines) if line.startswith("微博内容")) + 1
    body: list[str] = []
    found: dict[str, str] = {}
    first = start + 1
    for number, line in enumerate([*lines[start:], ""], start + 1):
        if match := _LABEL.match(line):
            found[match[1]] = match[2].strip()
        elif found:
            yield _weibo_post(account, body, found, first)
            body, found = [], {}
        if not found and not match:
            if not body:
                first = number
            if line.strip() or body:
                body.append(line)
    if body and any(map(str.strip, body)):
        yield _weibo_post(account, body, found, first)


def _weibo_post(account: str, body: list[str], found: dict[str, str], line: int) -> Row:
    text = "\n".join(body).strip()
    if _NUMBER.match(text):
        text = _NUMBER.sub("", text, count=1)
    values = {
        "account": account,
        "published_at": found.get("发布时间", ""),
        "title": "",
        "text": text,
        "url": "",
    }
    return Row(line, values | {"author": ""})
