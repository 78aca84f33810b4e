"""dataabc/weibo-search: posts found by key words, the same post under several of them."""

from __future__ import annotations

from govcode.readers.formats.base import TableFormat, Values, columns_of


def _repost(values: Values) -> str:
    return "repost" if values.get("retweet_id") else ""


CSV = TableFormat(
    "weibo-search",
    "a table of weibo-search",
    columns_of("id bid user_id 用户昵称 微博正文 发布时间"),
    {"post_id": "id", "account": "用户昵称", "text": "微博正文", "published_at": "发布时间"},
    platform="weibo",
    mend=_repost,
)
