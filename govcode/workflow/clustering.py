"""Mark near-duplicates on the way from reading to writing, with texts on disk instead of in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

import orjson

from govcode.readers.clusters import Clusters
from govcode.records import Excluded, Post
from govcode.writers.cells import to_json

CLUSTER = "cluster"


def clustered(items: Iterable[Post | Excluded], sizes: dict[int, int]) -> Iterator[Post | Excluded]:
    """Pass posts on with the column `cluster`: the id of the first of their kind, '' where it is alone.

    All items wait in a temporary file until the last is seen; `sizes` is filled with the number of
    posts of each kind.
    """
    with tempfile.TemporaryFile() as store:
        texts = _Texts(store)
        clusters = Clusters(texts.text)
        leaders: list[int] = []
        ids: dict[int, str] = {}
        for item in items:
            key = texts.add(item)
            if isinstance(item, Excluded):
                leaders.append(-1)
                continue
            leader = clusters.leader(key, _text(item))
            leaders.append(leader)
            if leader == key:
                ids[key] = item.post_id
        sizes.update(clusters.sizes)
        for item, leader in zip(texts.items(), leaders, strict=True):
            if isinstance(item, Post):
                item.extra[CLUSTER] = ids[leader] if sizes.get(leader, 1) > 1 else ""
            yield item


class _Texts:
    """Keep items in a file of our own; a key is where an item begins."""

    def __init__(self, store: IO[bytes]) -> None:
        self._store = store

    def add(self, item: Post | Excluded) -> int:
        """Append an item and return its key."""
        key = self._store.seek(0, 2)
        self._store.write(to_json(item) + b"\n")
        return key

    def text(self, key: int) -> str:
        """Return the text of the post under a key."""
        self._store.seek(key)
        return _text(Post(**orjson.loads(self._store.readline())))

    def items(self) -> Iterator[Post | Excluded]:
        """Yield the items in order."""
        self._store.seek(0)
        for line in self._store:
            values = orjson.loads(line)
            yield Excluded(**values) if "reason" in values else Post(**values)


def _text(post: Post) -> str:
    return f"{post.title}\n{post.text}\n{post.reply}"
