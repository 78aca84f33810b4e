"""Who codes which of the drawn posts, and in what order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from govcode.errors import UsageError
from govcode.sampling.draw import Ints

LEAST_OVERLAP = 200


@dataclass(frozen=True)
class Assignment:
    """Positions in the draw: those all coders code, and each coder's own list in its shuffled order."""

    overlap: Ints
    lists: dict[str, Ints]


def assign(
    number: int, coders: Sequence[str], generator: np.random.Generator, *, overlap: int | None = None
) -> Assignment:
    """Give every coder a random share of `number` posts and all coders the same random `overlap`.

    Without `overlap`: the larger of 200 and a tenth, at most all. One coder codes everything. The overlap
    is a simple random part of the draw, mixed into each coder's list, so that nobody can tell it.
    """
    if len(set(coders)) != len(coders):
        raise UsageError("A coder is named twice.")
    if overlap is None:
        overlap = number if len(coders) == 1 else min(number, max(LEAST_OVERLAP, -(-number // 10)))
    if not 0 <= overlap <= number:
        raise UsageError(f"An overlap of {overlap} does not fit into {number} posts.")
    order = generator.permutation(number)
    common, single = order[:overlap], order[overlap:]
    lists = {
        coder: generator.permutation(np.concatenate([common, single[i :: len(coders)]])).astype(np.int64)
        for i, coder in enumerate(coders)
    }
    return Assignment(np.sort(common).astype(np.int64), lists)
