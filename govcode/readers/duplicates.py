"""The same post twice: by id, by link, by text of the same account and day."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from typing import NamedTuple

from govcode.readers.identity import is_made, squeezed, url_key
from govcode.readers.keys import Keys
from govcode.records import POST_COLUMNS, Excluded, Post

_LINK = re.compile(r"https?://[!-~]+")
_PASSING = re.compile(
    r"阅读|点赞|在看|喜欢|评论|留言数|转发|分享|收藏|播放|序号|爬取|采集|抓取|"
    r"read|like|share|comment|repost|num|count|crawl|spider|index|unnamed|^no\.?$|^flags$",
    re.IGNORECASE,
)
_MARKS = "，。！？、：；“”‘’（）《》【】…—·,.!?:;\"'()#"


class Repeat(NamedTuple):
    """Why a post is one seen before, and the first: its id, its source and its line there."""

    reason: str
    post_id: str
    source: str
    line: int


class Duplicates:
    """Remember posts and tell which come again; memory is some 120 bytes a post, whatever the texts' length.

    `duplicate-id`: an id of the source that was there before. `duplicate-url`: the same link (of WeChat
    links the same `__biz`, `mid`, `idx`, `sn`; of other sites with the same title and text).
    `duplicate-text`: the same title, text and reply, apart from white space, links and punctuation at
    the ends, of the same account on the same day, where one of the two has neither id nor link to show
    that they are two posts; in one table the user's own columns (sender, class) must agree as well, apart
    from counts and times of the crawl. The same text of two accounts is no duplicate.
    `duplicate-fuller`: any of these, but the first held only a title and this one holds the text.
    """

    def __init__(self) -> None:
        self._by_id, self._by_url, self._by_row = Keys(), Keys(), Keys()
        self._by_text = Keys()  # of a post with neither id nor link the place is negative
        self._first = _Firsts()
        self._telling: dict[str, bool] = {}

    def found(self, post: Post, source: str = "", line: int = 0) -> Repeat | None:
        """Return the post that this one repeats, or None and remember it."""
        post_id, url, text = post.post_id, post.url, post.text
        known = not is_made(post_id)
        id_key = hash(post_id) if known else 0
        if known and (place := self._by_id.get(id_key)) is not None:
            return self._first.told("duplicate-id", place, post)
        title, body = squeezed(post.title) if post.title else "", squeezed(text)
        url_key = _url_key(url, title, body) if url else 0
        if url and (place := self._by_url.get(url_key)) is not None:
            return self._first.told("duplicate-url", place, post)
        firm = known or bool(url)
        if "http" in body or "http" in title:
            title, body = squeezed(_LINK.sub("", post.title)), squeezed(_LINK.sub("", text))
        reply = squeezed(_LINK.sub("", post.reply)) if post.reply else ""
        whole = f"{title}{body}{reply}" if title or reply else body
        text_key = hash((post.account, post.published_at[:10], whole.strip(_MARKS)))
        before = self._by_text.get(text_key)
        row_key = 0 if firm else self._row_key(post, text_key, source)
        if before is not None and not (before >= 0 and firm):
            place = before if before >= 0 else ~before
            if before >= 0 or not self._first.is_of(source, place):
                return self._first.told("duplicate-text", place, post)
            same = place if firm else self._by_row.get(row_key)
            if same is not None:
                return self._first.told("duplicate-text", same, post)
        place = self._first.add(post_id, source, line, bare=not (text or post.reply))
        if known:
            self._by_id.add(id_key, place)
        if url:
            self._by_url.add(url_key, place)
        if before is None:
            self._by_text.add(text_key, place if firm else ~place)
        if not firm:
            self._by_row.add(row_key, place)
        return None

    def _row_key(self, post: Post, text_key: int, source: str) -> int:
        """Return the key of a whole row of a table, without what changes from crawl to crawl."""
        telling = self._telling
        values = []
        for name, value in post.extra.items():
            if name not in telling:
                telling[name] = _PASSING.search(name) is None
            if telling[name] and value != "" and value is not None:
                values.append(f"{name}={value}")
        return hash((source, text_key, post.published_at, *values))


class _Firsts:
    """Where posts stood that may come again, in few bytes each."""

    def __init__(self) -> None:
        self._ids, self._ends = bytearray(), array("Q")
        self._lines = array("Q")  # twice the line, and one more where the post holds no text
        self._changes = array("Q")  # the place from which on posts are of the next source
        self._names, self._name_ends, self._in = bytearray(), array("Q"), array("L")
        self._folders: dict[str, int] = {}
        self._folder_names: list[str] = []
        self._source = ""

    def add(self, post_id: str, source: str, line: int, *, bare: bool) -> int:
        place = len(self._ends)
        self._ids += post_id.encode("utf-8", "replace")
        self._ends.append(len(self._ids))
        self._lines.append(line << 1 | bare)
        if self._source != source or not self._changes:
            self._source = source
            folder, slash, name = source.rpartition("/")
            if folder + slash not in self._folders:
                self._folders[folder + slash] = len(self._folders)
                self._folder_names.append(folder + slash)
            self._in.append(self._folders[folder + slash])
            self._names += name.encode("utf-8", "surrogateescape")
            self._name_ends.append(len(self._names))
            self._changes.append(place)
        return place

    def is_of(self, source: str, place: int) -> bool:
        """Tell whether a post stood in this source."""
        return self._source_of(place) == source

    def _source_of(self, place: int) -> str:
        at = bisect_right(self._changes, place) - 1
        start = self._name_ends[at - 1] if at else 0
        return self._folder_names[self._in[at]] + self._names[start : self._name_ends[at]].decode(
            "utf-8", "surrogateescape"
        )

    def told(self, reason: str, place: int, post: Post) -> Repeat:
        """Return the repeat of the post at a place by another."""
        start = self._ends[place - 1] if place else 0
        post_id = self._ids[start : self._ends[place]].decode("utf-8")
        line = self._lines[place]
        if line & 1 and (post.text or post.reply):
            reason = "duplicate-fuller"
        return Repeat(reason, post_id, self._source_of(place), line >> 1)


def _url_key(url: str, title: str, body: str) -> int:
    """Return the key of a link: of WeChat alone, of other sites with what stands under it."""
    key = url_key(url)
    return hash(key) if "mp.weixin.qq.com" in url else hash((key, title, body))


def as_excluded(post: Post, repeat: Repeat, source: str, line: int) -> Excluded:
    """Return a duplicate as an excluded row that holds the whole post and names the one it repeats."""
    row = post.row(POST_COLUMNS)
    where = f"{repeat.source}, line {repeat.line}" if repeat.source else f"line {repeat.line}"
    detail = f"post {post.post_id} repeats post {repeat.post_id} ({where})"
    return Excluded(source, line, repeat.reason, detail, {**row, **post.extra})
