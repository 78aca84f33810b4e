"""The same post twice: by id, by link, by text of the same account and day."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from govcode.readers.base import PostStream
from govcode.readers.formats.base import FLAGS
from govcode.readers.identity import is_made, squeezed, url_key
from govcode.records import POST_COLUMNS, Excluded, Post

_LINK = re.compile(r"https?://[!-~]+")
_MARKS = "，。！？、：；“”‘’（）《》【】…—·,.!?:;\"'()#"


class Repeat(NamedTuple):
    """Why a post is one seen before, and the first: its id, its source and its line there."""

    reason: str
    post_id: str
    source: str
    line: int


class Duplicates:
    """Remember posts and tell which come again; memory is some 300 bytes a post, whatever the texts' length.

    `duplicate-id`: an id of the source that was there before. `duplicate-url`: the same link (of WeChat
    links the same `__biz`, `mid`, `idx`, `sn`; of other sites with the same title and text).
    `duplicate-text`: the same title, text and reply, apart from white space, links and punctuation at
    the ends, of the same account on the same day, where one of the two has neither id nor link to show
    that they are two posts. The same text of two accounts is no duplicate.
    """

    def __init__(self) -> None:
        self._by_id: dict[int, int] = {}
        self._by_url: dict[int, int] = {}
        self._by_text: dict[int, int] = {}  # of a post with neither id nor link the place is negative
        self._first = _Firsts()

    def found(self, post: Post, source: str = "", line: int = 0) -> Repeat | None:
        """Return the post that this one repeats, or None and remember it."""
        post_id, url, text = post.post_id, post.url, post.text
        known = not is_made(post_id)
        id_key = hash(post_id) if known else 0
        if known and (place := self._by_id.get(id_key)) is not None:
            return self._first.told("duplicate-id", place)
        title, body = squeezed(post.title) if post.title else "", squeezed(text)
        url_key = _url_key(url, title, body) if url else 0
        if url and (place := self._by_url.get(url_key)) is not None:
            return self._first.told("duplicate-url", place)
        firm = known or bool(url)
        if "http" in body or "http" in title:
            title, body = squeezed(_LINK.sub("", post.title)), squeezed(_LINK.sub("", text))
        reply = squeezed(_LINK.sub("", post.reply)) if post.reply else ""
        whole = f"{title}{body}{reply}" if title or reply else body
        text_key = hash((post.account, post.published_at[:10], whole.strip(_MARKS)))
        before = self._by_text.get(text_key)
        if before is not None and not (before >= 0 and firm):
            return self._first.told("duplicate-text", before if before >= 0 else ~before)
        place = self._first.add(post_id, source, line)
        if known:
            self._by_id[id_key] = place
        if url:
            self._by_url[url_key] = place
        self._by_text[text_key] = place if firm else ~place
        return None


class _Firsts:
    """Where posts stood that may come again, in few bytes each."""

    def __init__(self) -> None:
        self._ids = bytearray()
        self._ends = array("Q")
        self._lines = array("Q")
        self._changes = array("Q")  # the place from which on posts are of the next source
        self._sources: list[str] = []

    def add(self, post_id: str, source: str, line: int) -> int:
        place = len(self._ends)
        self._ids += post_id.encode("utf-8", "replace")
        self._ends.append(len(self._ids))
        self._lines.append(line)
        if not self._sources or self._sources[-1] != source:
            self._sources.append(source)
            self._changes.append(place)
        return place

    def told(self, reason: str, place: int) -> Repeat:
        start = self._ends[place - 1] if place else 0
        post_id = self._ids[start : self._ends[place]].decode("utf-8")
        return Repeat(
            reason, post_id, self._sources[bisect_right(self._changes, place) - 1], self._lines[place]
        )


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


def numbered(
    posts: Iterable[Post | Excluded], stream: PostStream, *, only_made: bool = False
) -> Iterator[Post | Excluded]:
    """Give an id that comes again in converted posts a number; posts tables keep theirs.

    With `only_made`, ids of the source are known to differ already.
    """
    seen: set[int] = set()
    for post in posts:
        if type(post) is not Post or (only_made and not is_made(post.post_id)):
            yield post
            continue
        if FLAGS in post.extra:
            key = hash(post.post_id)
            if key in seen:
                number = 2
                while hash(f"{post.post_id}-{number}") in seen:
                    number += 1
                post.post_id = f"{post.post_id}-{number}"
                stream.repairs["repeated-id"] += 1
                key = hash(post.post_id)
            seen.add(key)
        yield post
