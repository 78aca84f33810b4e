"""How an engine is told which coder to use, and what it promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from govcode.codebook.load import load_codebook
from govcode.coders import CODERS
from govcode.coders.base import BATCH, Coder
from govcode.records import Coding, Post


@dataclass(frozen=True)
class CoderSpec:
    """Everything needed to build the same coder in any process: plain values only.

    `kind` is a name of `govcode.coders.CODERS`; `codebook` a name or path; `options` the coder's own
    keyword arguments.
    """

    kind: str
    codebook: str
    options: dict[str, Any] = field(default_factory=dict)

    def build(self) -> Coder:
        """Build the coder; raises what its loader raises (missing model, hash mismatch …)."""
        coder: Coder = CODERS.load(self.kind)(load_codebook(self.codebook), **self.options)
        return coder


Engine = Callable[[CoderSpec, Iterable[Post]], Iterator[tuple[Post, Coding]]]


def batches(items: Iterable[Post], size: int = BATCH) -> Iterator[list[Post]]:
    """Cut a stream into lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
