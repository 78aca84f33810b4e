"""Code posts one after the other in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govcode.coders.base import Coder
from govcode.engines.base import batches
from govcode.records import Coding, Post


def run(coder: Coder, posts: Iterable[Post]) -> Iterator[tuple[Post, Coding]]:
    """Yield each post with its coding, in order."""
    for batch in batches(posts):
        yield from zip(batch, coder.code(batch), strict=True)
