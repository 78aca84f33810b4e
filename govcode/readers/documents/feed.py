"""RSS and Atom feeds of accounts: one post an item."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from govcode.errors import InputError
from govcode.readers.base import Table
from govcode.readers.documents.base import document_format, document_table, finished, whole_text
from govcode.readers.mending import without_tags
from govcode.readers.source import Source
from govcode.records import Row

FEED = document_format("feed", "an RSS or Atom feed of an account")
_TITLE_TAILS = (" | wechat-feeds", " - wechat-feeds", " 微信公众号", " 的微博", "的微博")


def read(source: Source, encoding: str | None = None) -> Table:
    """Read a feed; the account is the feed's title, the text the item's content unless it repeats the title.

    Raises InputError for XML that is broken or holds entity declarations (they can unfold without end).
    """
    table = document_table(source, FEED)
    text = whole_text(source, encoding, table)
    parser = ElementTree.DefusedXMLParser(encoding="utf-8", forbid_dtd=False, forbid_entities=True)
    try:
        parser.feed(text[text.find("<") :].encode("utf-8", "replace"))
        root = parser.close()
    except DefusedXmlException as error:
        raise InputError(f"{source.name}: declares XML entities; such a file is not read.") from error
    except ParseError as error:
        raise InputError(f"{source.name}: is not well-formed XML ({error}).") from error
    rows = list(_posts(root))
    if not rows:
        raise InputError(f"{source.name}: is XML, but no feed with items.")
    return finished(table, FEED, rows)


def _posts(root: Element) -> Iterator[Row]:
    channel = _child(root, "channel")
    account = _text(channel if channel is not None else root, "title")
    for tail in _TITLE_TAILS:
        account = account.removesuffix(tail)
    items = [e for e in root.iter() if _name(e) in {"item", "entry"}]
    for number, item in enumerate(items, 1):
        title = _text(item, "title")
        text = without_tags(
            _text(item, "encoded") or _text(item, "content") or _text(item, "description", "summary")
        )
        yield Row(
            number,
            {
                "account": account,
                "published_at": _text(item, "pubdate", "published", "date", "updated"),
                "title": title,
                "text": "" if text.strip() == title.strip() else text,
                "url": _link(item),
                "author": _author(item),
            },
        )


def _name(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _child(element: Element, name: str) -> Element | None:
    return next((e for e in element if _name(e) == name), None)


def _text(element: Element, *names: str) -> str:
    for name in names:
        for child in element:
            if _name(child) == name:
                text = "".join(child.itertext()).strip()
                if text:
                    return text
    return ""


def _link(item: Element) -> str:
    for child in item:
        if _name(child) == "link":
            return (child.get("href") or child.text or "").strip()
    return _text(item, "guid", "id")


def _author(item: Element) -> str:
    author = _child(item, "author")
    if author is not None and (name := _text(author, "name")):
        return name
    return _text(item, "creator", "author")
