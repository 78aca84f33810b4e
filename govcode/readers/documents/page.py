"""Saved pages: WeChat articles in all their states, and pages of other sites as far as they hold one text."""

from __future__ import annotations

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from govcode.errors import InputError
from govcode.readers.base import Table
from govcode.readers.documents.base import document_format, document_table, finished, name_parts, whole_text
from govcode.readers.source import Source
from govcode.records import Excluded, Row

WECHAT = document_format("wechat-page", "a saved WeChat article page", "wechat")
WEB = document_format("web-page", "a saved web page", "web")

_NOT_TEXT = (
    "script,style,noscript,template,svg,iframe,#js_top_ad_area,#js_tags_preview_toast,#content_bottom_area,"
    "#js_pc_qr_code,#wx_stream_article_slide_tip,.js_ad_link,.qr_code_pc"
)
_FURNITURE = (
    "nav,header,footer,aside,form,select,button,.nav,.menu,.header,.footer,.breadcrumb,#nav,#footer,#header"
)
_BLOCKS = (
    "p", "br", "section", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul",
)  # fmt: skip
_BODIES = (
    "article,.TRS_Editor,.trs_editor_view,#zoom,#UCAP-CONTENT,"
    ".article-content,.pages_content,#content,.content"
)
_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\([\\'\"/nrt])")
_LETTERS = {"n": "\n", "r": "", "t": "\t"}
_SPACES = re.compile(r"[ \t\xa0\u200b]+")
_DATE = re.compile(
    r"(?:发布时间|发布日期|日期|时间)[:：\s]*"
    r"((?:19|20)\d{2}[-年/.]\d{1,2}[-月/.]\d{1,2}日?(?:\s*\d{1,2}:\d{2})?)"
)
MOSTLY_LINKS = 0.5
SHORTEST = 20
MOST_OPEN = 20_000  # tags without an end; the time to parse them grows with the square of their depth


def read(source: Source, encoding: str | None = None) -> Table:
    """Read a saved page as a table of one row: the article, or why there is none.

    Deleted, blocked, migrated and unreadable WeChat pages are excluded (`deleted`, `violation`,
    `not-viewable`, `migrated`), pages that are mostly links too (`list-page`).
    """
    table = document_table(source)
    html = whole_text(source, encoding, table)
    if html.count("<") - 2 * html.count("</") > MOST_OPEN:
        raise InputError(f"{source.name}: is nested too deeply.")
    tree = LexborHTMLParser(html)
    wechat = is_wechat(tree, html)
    item = (wechat_article if wechat else web_article)(tree, html, source.name)
    return finished(table, WECHAT if wechat else WEB, [item])


def is_wechat(tree: LexborHTMLParser, html: str) -> bool:
    """Tell whether a page is one of WeChat's by its marks."""
    marks = "#js_content,#js_article,#activity-name,.weui-msg__title,.mesg-block,.weui-msg,#js_text_title"
    return tree.css_first(marks) is not None and (
        "mp.weixin.qq.com" in html or "weui" in html or "mesg-block" in html or "js_content" in html
    )


def wechat_article(tree: LexborHTMLParser, html: str, name: str) -> Row | Excluded:
    """Return the article of a WeChat page, or why it cannot be read."""
    values = {
        "account": _of(tree, "#js_name") or _script(html, "nickname", "nick_name"),
        "published_at": _wechat_date(tree, html) or name_parts(name)[0],
        "title": _of(tree, "#activity-name") or _meta(tree, "og:title") or _script(html, "msg_title"),
        "url": _meta(tree, "og:url") or _script(html, "msg_link"),
        "author": _of(tree, "#js_author_name") or _meta(tree, "author"),
    }
    body = tree.css_first("#js_content") or tree.css_first("#js_article .rich_media_content")
    text = node_text(body) if body is not None else ""
    if not text:
        text = _shared_text(tree, html)
    if not text and not values["title"]:
        return _unreadable(tree, html, name)
    if not text and (notice := _notice(tree)) and len(values["title"]) < 2:
        return Excluded(name, 1, _reason(notice), notice[:80], values)
    return Row(1, values | {"text": text})


def _wechat_date(tree: LexborHTMLParser, html: str) -> str:
    """Return when the article came out: Unix seconds in the script before the shown date."""
    for pattern in (
        r"\bct\s*=\s*[\"'](\d{10})[\"']",
        r"oriCreateTime\s*=\s*[\"'](\d{10})[\"']",
        r"[\"']?ori_create_time[\"']?\s*:\s*[\"']?(\d{10})",
        r"createTime\s*=\s*'([^']{8,20})'",
        r"[\"']?create_time[\"']?\s*:\s*(?:JsDecode\()?[\"']([^\"']{8,20})[\"']",
        r"[\"']?create_timestamp[\"']?\s*:\s*[\"']?(\d{10})",
    ):
        if match := re.search(pattern, html):
            return match[1]
    return _of(tree, "#publish_time")


def _shared_text(tree: LexborHTMLParser, html: str) -> str:
    """Return the text of a text share or picture share, which stands in the script or in a meta tag."""
    for name in ("content_noencode", "text_page_info"):
        inner = r"(?:\{[^}]*?content(?:_noencode)?[\"']?\s*:\s*)?(?:JsDecode\()?"
        pattern = rf"{name}\b[\"']?\s*[:=]\s*{inner}(['\"])(.*?)(?<!\\)\1"
        if (match := re.search(pattern, html, re.DOTALL)) and match[2].strip():
            return _decoded(match[2])
    shown = _of(tree, "#js_text_desc") or _of(tree, "#js_image_desc") or _of(tree, ".share_notice")
    return shown or _decoded(_meta(tree, "og:description") or _meta(tree, "description"))


def _unreadable(tree: LexborHTMLParser, html: str, name: str) -> Excluded:
    notice = _notice(tree) or _of(tree, "title")
    return Excluded(name, 1, _reason(notice), notice[:80] or "no article in the page")


def _notice(tree: LexborHTMLParser) -> str:
    for mark in (
        ".weui-msg__title",
        ".mesg-block",
        ".weui-msg__desc",
        ".global_error_msg",
        ".page_msg",
        ".tips",
    ):
        if text := _of(tree, mark):
            return text
    return ""


def _reason(notice: str) -> str:
    if "删除" in notice or "deleted" in notice.lower():
        return "deleted"
    if "迁移" in notice:
        return "migrated"
    if any(word in notice for word in ("违规", "违反", "投诉", "审核", "屏蔽", "停用", "冻结", "封")):
        return "violation"
    return "not-viewable" if notice else "no-text"


def web_article(tree: LexborHTMLParser, html: str, name: str) -> Row | Excluded:
    """Return title and text of any other page; a page that is mostly links is no post."""
    title = _meta(tree, "ArticleTitle") or _meta(tree, "og:title") or _of(tree, "h1") or _of(tree, "title")
    date = _meta(tree, "PubDate") or _meta(tree, "article:published_time")
    if not date and (match := _DATE.search(html)):
        date = match[1]
    account = _meta(tree, "ContentSource") or _meta(tree, "SiteName") or _meta(tree, "og:site_name")
    url = _meta(tree, "og:url") or _meta(tree, "Url")
    for node in tree.css(_FURNITURE):
        node.decompose()
    bodies = tree.css(_BODIES)
    body = max(bodies, key=lambda n: len(n.text()), default=None) or tree.body
    text = node_text(body) if body is not None else ""
    linked = sum(len(a.text(strip=True)) for a in body.css("a")) if body is not None else 0
    values = {
        "account": account,
        "published_at": date,
        "title": title,
        "text": text,
        "url": url,
        "author": "",
    }
    if len(text) < SHORTEST:
        return Excluded(name, 1, "no-text", "no article in the page", values)
    if linked > MOSTLY_LINKS * len(_SPACES.sub("", text)):
        return Excluded(name, 1, "list-page", "the page is mostly links", values | {"text": text[:200]})
    return Row(1, values)


def node_text(node: LexborNode) -> str:
    """Return the text of a node with block ends as line breaks and runs of blanks as one."""
    for useless in node.css(_NOT_TEXT):
        useless.decompose()
    parts: list[str] = []
    for part in node.traverse(include_text=True):
        if part.tag == "-text":
            parts.append(_SPACES.sub(" ", (part.text_content or "").replace("\n", " ")))
        elif part.tag in _BLOCKS:
            parts.append("\n")
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _of(tree: LexborHTMLParser, mark: str) -> str:
    node = tree.css_first(mark)
    return _SPACES.sub(" ", node.text(strip=True).replace("\n", " ")).strip() if node is not None else ""


def _meta(tree: LexborHTMLParser, name: str) -> str:
    node = tree.css_first(f'meta[property="{name}"],meta[name="{name}"]')
    return (node.attributes.get("content") or "").strip() if node is not None else ""


def _script(html: str, *names: str) -> str:
    """Return a value that the page's own script sets, e.g. `var nickname = htmlDecode("…")`."""
    for name in names:
        pattern = rf"\b{name}[\"']?\s*[:=]\s*(?:\w+\()?([\"'])((?:\\.|(?!\1).)*)\1"
        if (match := re.search(pattern, html)) and match[2].strip():
            return _decoded(match[2])
    return ""


def _decoded(text: str) -> str:
    """Undo the escapes of a script's string and of HTML inside it."""
    text = _ESCAPE.sub(_one_escape, text)
    return unescape(re.sub(r"<br\s*/?>", "\n", unescape(text))).strip()


def _one_escape(match: re.Match[str]) -> str:
    if match[1] or match[2]:
        return chr(int(match[1] or match[2], 16))
    return _LETTERS.get(match[3], match[3])
