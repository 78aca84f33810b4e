"""What estimation works on: the machine's codes of a whole corpus, and gold for a sample of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """One column of the corpus: its values, and the position of each post's value."""

    values: tuple[str, ...]
    index: NDArray[np.int32]


@dataclass(frozen=True)
class Corpus:
    """All posts as the machine coded them: `machine` holds positions in `codes`, len(codes) for uncodable."""

    codes: tuple[str, ...]
    machine: NDArray[np.int16]
    groups: Mapping[str, Column] = field(default_factory=dict)
    probabilities: NDArray[np.float32] | None = None
    forms: Column | None = None

    def __len__(self) -> int:
        return len(self.machine)


@dataclass(frozen=True)
class Sample:
    """The posts coded by hand: where they stand in the corpus, their gold code, and how they were drawn.

    `gold` holds positions in the corpus' codes, len(codes) for NA. `weights` are 1/inclusion probability.
    `forms` are gold's forms (empty strings where unknown).
    """

    place: Ints
    gold: Ints
    weights: Floats
    strata: Ints
    clusters: Ints | None = None
    forms: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True)
class Part:
    """One group of posts (or all): the machine's counts in the corpus, and which sample posts lie in it."""

    group: Mapping[str, str]
    counts: Floats
    members: Ints

    @property
    def posts(self) -> int:
        """Number of posts in the corpus."""
        return int(self.counts.sum())


def parts_of(corpus: Corpus, sample: Sample, by: tuple[str, ...]) -> list[Part]:
    """Cut the corpus by the crossed values of the columns `by`; without columns it is one part.

    Groups come in order of their values; combinations that no post has are left out.
    """
    size = len(corpus.codes) + 1
    if not by:
        counts = np.bincount(corpus.machine, minlength=size).astype(np.float64)
        return [Part({}, counts, np.arange(len(sample)))]
    cell = np.zeros(len(corpus), dtype=np.int64)
    for name in by:
        cell = cell * len(corpus.groups[name].values) + corpus.groups[name].index
    cells = int(np.prod([len(corpus.groups[name].values) for name in by]))
    table = np.bincount(cell * size + corpus.machine, minlength=cells * size).reshape(cells, size)
    where = cell[sample.place]
    parts = []
    for number, values in enumerate(product(*(corpus.groups[name].values for name in by))):
        if table[number].any():
            group = dict(zip(by, values, strict=True))
            members = np.flatnonzero(where == number)
            parts.append(Part(group, table[number].astype(np.float64), members))
    return sorted(parts, key=lambda part: tuple(part.group.values()))


def rest_of(whole: Part, part: Part) -> Part:
    """Return everything that is not in `part`."""
    members = np.setdiff1d(whole.members, part.members)
    return Part({}, whole.counts - part.counts, members)
