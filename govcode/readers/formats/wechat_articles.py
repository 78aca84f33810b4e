"""wechatarticles: its flat tables, and WeChat's own list of messages, each with one or several articles."""

from __future__ import annotations

from collections.abc import Iterator

from govcode.readers.formats.base import TableFormat, Values, columns_of

FLAT = TableFormat(
    "wechatarticles",
    "a table of wechatarticles",
    columns_of("url title date read_num old_like_num text_content"),
    {"published_at": "date", "title": "title", "text": "text_content", "url": "url"},
    platform="wechat",
    account_from="stem",
)
_COLUMNS = tuple(
    """
    datetime title content_url digest author position source_url copyright_stat type message_id fakeid
    message_text
    """.split()
)


def _articles(values: Values) -> Iterator[Values]:
    """Yield the articles of one message: the head first, then those below it; a bare text is one too."""
    info = values.get("comm_msg_info") or {}
    head = values.get("app_msg_ext_info") or {}
    shared = {name: info.get(name, "") for name in ("datetime", "type", "fakeid")}
    shared |= {"message_id": str(info.get("id", "")), "message_text": ""}
    articles = [head, *(head.get("multi_app_msg_item_list") or [])] if head else []
    if not articles:
        yield dict.fromkeys(_COLUMNS, "") | shared | {"message_text": info.get("content", ""), "position": 1}
    for position, article in enumerate(articles, 1):
        yield (
            shared
            | {key: article.get(key, "") for key in _COLUMNS if key in article}
            | {"position": position}
        )


def _gone(values: Values) -> str:
    has_one = values.get("title") or values.get("message_text")
    return "" if has_one or values.get("content_url") else "no-text"


MESSAGES = TableFormat(
    "wechat-messages",
    "WeChat's list of messages (general_msg_list)",
    columns_of("comm_msg_info app_msg_ext_info"),
    {"published_at": "datetime", "title": "title", "text": "message_text", "url": "content_url"},
    platform="wechat",
    account_from="stem",
    columns=_COLUMNS,
    unfold=_articles,
    drop=_gone,
)
