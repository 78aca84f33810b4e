"""Weibo's own JSON (m.weibo.cn, weibo.com) and that of nghuyong/WeiboSpider."""

from __future__ import annotations

from govcode.readers.formats.base import TableFormat, Values, columns_of, reposted


def _mobile(values: Values) -> str:
    """Take the long text where it is there, and the original of a repost."""
    for column in ("text", "text_raw"):
        if column in values:
            values[column] = _with_original(values, column)
    original = values.get("retweeted_status")
    return "repost" if isinstance(original, dict) and original else ""


def _with_original(values: Values, column: str) -> str:
    text = _long(values) or values.get(column) or ""
    original = values.get("retweeted_status")
    if not isinstance(original, dict):
        return str(text)
    user = original.get("user") or {}
    return reposted(text, user.get("screen_name") or "", _long(original) or original.get(column) or "")


def _long(values: Values) -> str:
    long = values.get("longText")
    return str(long.get("longTextContent") or "") if isinstance(long, dict) else ""


MOBILE = TableFormat(
    "m-weibo",
    "posts of m.weibo.cn",
    columns_of("id bid created_at text user reposts_count"),
    {"post_id": "id", "account": "user", "text": "text", "published_at": "created_at"},
    platform="weibo",
    shared=frozenset({"user"}),
    mend=_mobile,
)
DESKTOP = TableFormat(
    "weibo-ajax",
    "posts of weibo.com",
    columns_of("idstr mblogid created_at text_raw user"),
    {"post_id": "idstr", "account": "user", "text": "text_raw", "published_at": "created_at"},
    platform="weibo",
    shared=frozenset({"user"}),
    mend=_mobile,
)


def _spider(values: Values) -> str:
    return "repost" if values.get("is_retweet") else ""


NGHUYONG = TableFormat(
    "weibospider-nghuyong",
    "the JSON lines of nghuyong/WeiboSpider",
    columns_of("_id mblogid created_at content isLongText user"),
    {"post_id": "_id", "account": "user", "text": "content", "published_at": "created_at", "url": "url"},
    platform="weibo",
    shared=frozenset({"user"}),
    mend=_spider,
)
