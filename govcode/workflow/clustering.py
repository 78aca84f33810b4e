"""Mark near-duplicates on the way from reading to writing, with texts on disk instead of in memory."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable, Iterator
from typing import IO

import numpy as np
import orjson

from govcode.readers.clusters import Clusters
from govcode.records import Excluded, Post
from govcode.writers.cells import to_json

CLUSTER = "cluster"


def clustered(items: Iterable[Post | Excluded], sizes: list[int]) -> Iterator[Post | Excluded]:
    """Pass posts on with the column `cluster`: the id of the first of their kind, '' where it is alone.

    All items wait in a temporary file until the last is seen; `sizes` is filled with the number of
    posts of each kind that has more than one.
    """
    with tempfile.TemporaryFile() as store:
        waiting, clusters = _Waiting(store), Clusters()
        for item in items:
            waiting.add(item)
            if isinstance(item, Post):
                clusters.add(_text(item))
        leaders = clusters.leaders(waiting.text)
        members = np.bincount(leaders, minlength=len(leaders))
        sizes.extend(members[members > 1].tolist())
        ids: dict[int, str] = {}
        place = 0
        for item in waiting.items():
            if isinstance(item, Post):
                leader = int(leaders[place])
                if several := members[leader] > 1:
                    ids.setdefault(leader, item.post_id)
                item.extra[CLUSTER] = ids[leader] if several else ""
                place += 1
            yield item


class _Waiting:
    """Keep items in a file of our own, and where each post begins."""

    def __init__(self, store: IO[bytes]) -> None:
        self._store = store
        self._end = 0
        self._starts = array("q")

    def add(self, item: Post | Excluded) -> None:
        """Append an item."""
        if isinstance(item, Post):
            self._starts.append(self._end)
        self._end += self._store.write(to_json(item) + b"\n")

    def text(self, place: int) -> str:
        """Return the text of a post by its place among the posts."""
        self._store.seek(self._starts[place])
        return _text(Post(**orjson.loads(self._store.readline())))

    def items(self) -> Iterator[Post | Excluded]:
        """Yield the items in order."""
        self._store.seek(0)
        for line in self._store:
            values = orjson.loads(line)
            yield Excluded(**values) if "reason" in values else Post(**values)


def _text(post: Post) -> str:
    return f"{post.title}\n{post.text}\n{post.reply}"
