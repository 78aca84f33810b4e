"""Tables dumped from the data bases of wechat-spider (two programs of that name) and wewe-rss."""

from __future__ import annotations

from govcode.readers.formats.base import TableFormat, Values, columns_of

STRIVER = TableFormat(
    "wechat-spider",
    "the article table of wechat-spider",
    columns_of("account title url publish_time __biz digest content_html"),
    {
        "account": "account",
        "published_at": "publish_time",
        "title": "title",
        "text": "content_html",
        "url": "url",
    },
    platform="wechat",
)
BOWENPAY = TableFormat(
    "wechat-spider-topics",
    "the topic table of wechat-spider (bowenpay)",
    columns_of("uniqueid url title abstract content publish_time available"),
    {"published_at": "publish_time", "title": "title", "text": "content", "url": "url"},
    platform="wechat",
)


def _link(values: Values) -> str:
    key = str(values.get("id") or "")
    values["link"] = f"https://mp.weixin.qq.com/s/{key}" if key else ""
    return ""


WEWE_RSS = TableFormat(
    "wewe-rss",
    "the article table of wewe-rss (titles only)",
    columns_of("id mp_id title pic_url publish_time"),
    {"published_at": "publish_time", "title": "title", "url": "link"},
    platform="wechat",
    mend=_link,
)
