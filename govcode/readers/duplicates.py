"""The same post twice: by id, by link, by text of the same account and day."""

from __future__ import annotations

import re

from govcode.readers.identity import page_key
from govcode.records import Excluded, Post

_MADE_ID = re.compile(r"[a-z]+-[0-9a-f]{12}")
_LINK = re.compile(r"https?://[!-~]+")
_MARKS = "，。！？、：；“”‘’（）《》【】…—·,.!?:;\"'()#"


class Duplicates:
    """Remember posts and tell which come again; memory is some 100 bytes a key, whatever the texts' length.

    `duplicate-id`: an id of the source that was there before. `duplicate-url`: the same link (of WeChat
    links the same `__biz`, `mid`, `idx`, `sn`; of other sites with the same title and text).
    `duplicate-text`: the same title, text and reply, apart from white space, links and punctuation at
    the ends, of the same account on the same day, where one of the two has neither id nor link to show
    that they are two posts. The same text of two accounts is no duplicate.
    """

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._urls: set[int] = set()
        self._texts: dict[int, bool] = {}

    def found(self, post: Post) -> str:
        """Return the reason why a post is one seen before, or '' and remember it."""
        known = not _MADE_ID.fullmatch(post.post_id)
        post_key = hash(post.post_id) if known else 0
        if known and post_key in self._ids:
            return "duplicate-id"
        url = hash((page_key(post.url, post.title, ""), _beyond_wechat(post))) if post.url else 0
        if url and url in self._urls:
            return "duplicate-url"
        firm = known or bool(url)
        text = hash((post.account, post.published_at[:10], plain(f"{post.title}\n{post.text}\n{post.reply}")))
        before = self._texts.get(text)
        if before is not None and not (before and firm):
            return "duplicate-text"
        if known:
            self._ids.add(post_key)
        if url:
            self._urls.add(url)
        self._texts[text] = firm
        return ""


def plain(text: str) -> str:
    """Return a text for comparison: without white space, links, and punctuation at its ends."""
    if "http" in text:
        text = _LINK.sub("", text)
    return "".join(text.split()).strip(_MARKS)


def _beyond_wechat(post: Post) -> str:
    return "" if "mp.weixin.qq.com" in post.url else "".join(post.text.split())


def as_excluded(post: Post, reason: str) -> Excluded:
    """Return a duplicate as an excluded row that still holds the whole post."""
    row = post.row(("post_id", "account", "platform", "published_at", "title", "text", "reply", "url"))
    return Excluded("", 0, reason, f"post {post.post_id} comes again", {**row, **post.extra})
