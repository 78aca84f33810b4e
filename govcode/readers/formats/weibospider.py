"""dataabc/weiboSpider: CSV (header written again on every run) and JSON; reposts stand in one cell."""

from __future__ import annotations

import re

from govcode.readers.formats.base import TableFormat, Values, columns_of, reposted

REPOST = re.compile(r"转发理由[:：]\s*(.*?)\s*原始用户[:：]\s*(.*?)\s*转发内容[:：]\s*(.*)", re.DOTALL)
_PICTURE_LINK = re.compile(r"[\s\xa0]*(?:原图|\[组图共\d+张\][\s\xa0]*原图)[\s\xa0]*$")


def unfolded(text: str) -> tuple[str, bool]:
    """Return (text, whether it is a repost): without the picture link, a repost as `…//@user:…`."""
    text = _PICTURE_LINK.sub("", text)
    match = REPOST.match(text)
    if match is None:
        return text, False
    return reposted(match[1], match[2], _PICTURE_LINK.sub("", match[3])), True


def mended(values: Values, column: str) -> str:
    """Unfold the text in a column; return the flag of a repost."""
    values[column], repost = unfolded(str(values.get(column) or ""))
    return "repost" if repost else ""


CSV = TableFormat(
    "weibospider",
    "a table of weiboSpider",
    columns_of("微博id 微博正文 原始图片url 发布位置 发布时间 发布工具 点赞数"),
    {"post_id": "微博id", "text": "微博正文", "published_at": "发布时间"},
    platform="weibo",
    account_from="folder",
    mend=lambda values: mended(values, "微博正文"),
)
JSON = TableFormat(
    "weibospider-json",
    "the JSON of weiboSpider",
    columns_of("id content publish_place publish_time publish_tool up_num"),
    {"post_id": "id", "text": "content", "published_at": "publish_time"},
    platform="weibo",
    account_from="folder",
    mend=lambda values: mended(values, "content"),
)
