"""Ids that come again in converted posts get a number, so that each is one post's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from govcode.readers.base import PostStream
from govcode.readers.formats.base import FLAGS
from govcode.readers.identity import is_made
from govcode.readers.keys import Keys
from govcode.records import Post

Item = TypeVar("Item")


def numbered(posts: Iterable[Item], stream: PostStream, *, only_made: bool = False) -> Iterator[Item]:
    """Give an id that comes again in converted posts a number; posts tables keep theirs, all else passes.

    With `only_made`, ids of the source are known to differ already.
    """
    seen = Keys()
    for item in posts:
        post: Any = item
        if type(post) is not Post or (only_made and not is_made(post.post_id)):
            yield item
            continue
        if FLAGS in post.extra:
            key = hash(post.post_id)
            if seen.get(key) is None:
                seen.add(key, 1)
            else:
                number = 2
                while seen.get(hash(f"{post.post_id}-{number}")) is not None:
                    number += 1
                post.post_id = f"{post.post_id}-{number}"
                stream.repairs["repeated-id"] += 1
                seen.add(hash(post.post_id), 1)
        yield item
