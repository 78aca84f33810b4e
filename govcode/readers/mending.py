"""Texts as crawlers leave them, mended: markup, invisible marks, padding; and signs of what is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html import unescape
from typing import Any

TAG = re.compile(
    r"</?(?:p|br|div|span|a|img|section|strong|em|b|i|u|h[1-6]|ul|ol|li|table|tbody|tr|td|th|font|script|style|"
    r"video|iframe|svg|figure|blockquote|center|html|body|head)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|section|li|tr|h[1-6]|blockquote|table)>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1>|\Z)|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_IMAGE_ALT = re.compile(r"""<img\b[^>]*?\balt=["'](\[[^"'\]]{1,12}\])["'][^>]*>""", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:#\d{1,6}|#x[\da-fA-F]{1,5}|amp|lt|gt|quot|nbsp|apos|ldquo|rdquo|mdash|hellip|middot);"
)
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_AMOUNT = re.compile(r"[-+]?[\d,，]+(?:\.\d+)?(?:万|亿|%|条|篇)?\+?")
_BLANK_LINES = re.compile(r"[ \t\xa0\u3000]*\n\s*\n\s*")

# How a crawler's text ends that holds only the beginning of a long post.
TRUNCATED = (
    "…全文",
    "...全文",
    "... 全文",
    "…展开全文",
    "...展开",
    "… 展开",
    "…展开",
    "...展开全文",
    "…查看全文",
)
GONE = (
    "抱歉，此微博已被作者删除",
    "抱歉，作者已设置",
    "抱歉，由于作者设置",
    "抱歉，该微博已被",
    "抱歉，此微博已被",
    "此微博已被作者删除",
    "该微博已被删除",
    "该内容已被发布者删除",
    "此内容因违规无法查看",
    "该内容暂时无法查看",
    "此内容被投诉且经审核涉嫌侵权",
    "此内容发送失败无法查看",
    "The content has been deleted by the author",
    "该公众号已迁移",
    "该文章已被删除",
    "根据作者隐私设置，此内容无法查看",
    "此帐号已被屏蔽",
    "此账号已被屏蔽",
)
TOTALS = frozenset(
    "合计 总计 小计 合计： 总计： 小计： 合计: 总计: 小计: 共计 total Total TOTAL sum Sum".split()
)
LAST_OF_TRUNCATED = frozenset(ending[-1] for ending in TRUNCATED)
LONGEST_FILLER = 40
MEDIA_ONLY = frozenset(
    """
    Repost [图片] [视频] 分享了图片 分享单曲 分享图片 分享图片。 分享视频 发布了头条文章 图片
    我发表了头条文章 视频 轉發微博 转发微博
    """.split()
)


def mended_text(text: str, repairs: Counter[str]) -> str:
    """Return a text without markup, invisible direction marks and padding; count what was done."""
    if "<" in text and TAG.search(text):
        text = without_tags(text)
        repairs["html"] += 1
    elif "&" in text and _ENTITY.search(text):
        text = unescape(text)
        repairs["html"] += 1
    if not text.isascii() and _turns(text):
        text = _INVISIBLE.sub("", text)
        repairs["direction-marks"] += 1
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\n" in text and text.count("\n") > 1:
        text = _BLANK_LINES.sub("\n", text)
    return text.strip()


def _turns(text: str) -> bool:
    """Tell whether a text holds a mark of direction; eleven searches are faster than one for a set."""
    return (
        "\u202e" in text or "\u202d" in text or "\u202c" in text or "\u202b" in text or "\u202a" in text
        or "\u200e" in text or "\u200f" in text
        or "\u2066" in text or "\u2067" in text or "\u2068" in text or "\u2069" in text
    )  # fmt: skip


def without_tags(text: str) -> str:
    """Return the text of an HTML fragment: block ends as line breaks, emoji pictures as their names."""
    text = _HIDDEN.sub("", text)
    text = _IMAGE_ALT.sub(r"\1", text)
    text = _BREAK.sub("\n", text)
    return unescape(TAG.sub("", text)).replace("\xa0", " ")


def is_gone(text: str) -> bool:
    """Tell whether the text is what the platform shows in place of a post that cannot be seen."""
    return len(text) < 80 and text.startswith(GONE)


def is_media_only(text: str) -> bool:
    """Tell whether the text is only the platform's filler for a picture, a video or a bare repost."""
    return text in MEDIA_ONLY or (
        len(text) < 40 and text.endswith(("的微博视频", "的秒拍视频")) and " " not in text
    )


def is_total(values: Mapping[str, Any]) -> bool:
    """Tell whether a row is the last line of a sheet: one word for the sum, and beside it numbers alone."""
    numbers = 0
    for value in values.values():
        text = str(value if value is not None else "").strip()
        if not text or text in TOTALS or text in {"-", "/", "—"}:
            continue
        if _AMOUNT.fullmatch(text) is None:
            return False
        numbers += 1
    return numbers > 0
