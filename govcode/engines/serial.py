"""Code posts one after the other in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from govcode.coders.base import CHARACTERS, Coder, batch_of
from govcode.engines.base import batches
from govcode.records import Coding, Post


def run(coder: Coder, posts: Iterable[Post]) -> Iterator[tuple[Post, Coding]]:
    """Yield each post with its coding, in order."""
    for batch in batches(posts, batch_of(coder)):
        yield from zip(batch, coder.code(batch), strict=True)


class Steady:
    """Code the posts of a pipe and hand each batch on with `take`, in order.

    Posts are coded in batches as `run` does; `hand_on`, called before the pipe is waited for, codes at
    once those that have come.
    """

    def __init__(self, coder: Coder, take: Callable[[list[Post], list[Coding]], None]) -> None:
        self._coder, self._take = coder, take
        self._waiting: list[Post] = []

    def run(self, posts: Iterable[Post]) -> None:
        """Code all posts."""
        number, size = batch_of(self._coder), 0
        for post in posts:
            self._waiting.append(post)
            size += len(post.text)
            if len(self._waiting) >= number or size >= CHARACTERS:
                self.hand_on()
                size = 0
        self.hand_on()

    def hand_on(self) -> None:
        """Code and hand on the posts that have come so far."""
        batch, self._waiting = self._waiting, []
        if batch:
            self._take(batch, list(self._coder.code(batch)))
