"""What every coder promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from govcode.records import Coding, Post

BATCH = 1024
"""Posts that are coded together. Every post is coded on its own, so results do not depend on it."""
CHARACTERS = 250_000
"""Characters of their texts with which a batch is full: so memory does not grow where posts are long."""


@runtime_checkable
class Coder(Protocol):
    """Give each post a code.

    `name` is `name@hash` of what decides (model or rule list), `codebook_hash` the instrument used.
    `codes` are the code ids in codebook order: the order of `Coding.probabilities`.
    """

    name: str
    codebook_hash: str
    codes: tuple[str, ...]

    def code(self, posts: Iterable[Post]) -> Iterator[Coding]:
        """Yield one coding per post, in order; a failing post is a coding with `status = error`."""
        ...


def batch_of(coder: Coder) -> int:
    """Return how many posts a coder codes together: as many as it says (`batch`), else `BATCH`."""
    return int(getattr(coder, "batch", BATCH))
