"""Gold and machine codes of the same posts, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.classification import confusion
from govcode.metrics.design import ALIKE, weight_classes
from govcode.metrics.resampling import REPLICATES, SEED
from govcode.metrics.smoothing import imagined_rows, smoothed_cells
from govcode.metrics.stratified_tables import StratifiedTable
from govcode.records import NA

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]

MISSING = ""  # what a post without a machine coding has instead of a code


@dataclass(frozen=True)
class Groups:
    """A partition of the posts: the values of one column, and each post's position among them."""

    values: tuple[str, ...]
    index: Ints


@dataclass(frozen=True)
class Pairs:
    """The posts that gold has a code for, in gold's order, with what the machine said.

    `gold` and `machine` are positions in `labels`: the codes, then NA (uncodable), then missing.
    `probabilities` (posts × codes) has NaN rows for posts without a machine coding. `weights` are 1, or
    1/inclusion probability when `weighted`. `among` tells the label among whose machine codings a post was
    drawn, -1 where that is not known. Posts whose gold is NA are not here; `left_out` counts them.
    """

    codes: tuple[str, ...]
    post_ids: tuple[str, ...]
    gold: Ints
    machine: Ints
    certain: NDArray[np.bool_]
    weights: Floats
    weighted: bool = False
    probabilities: Floats | None = None
    strata: Ints | None = None
    among: Ints | None = None
    clusters: Groups | None = None
    forms: Groups | None = None
    groups: Mapping[str, Groups] = field(default_factory=dict)
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.post_ids)

    @property
    def labels(self) -> tuple[str, ...]:
        """Codes, then NA, then missing: rows and columns of the confusion table."""
        return (*self.codes, NA, MISSING)

    @property
    def present(self) -> NDArray[np.bool_]:
        """Which labels gold uses."""
        counts: Ints = np.bincount(self.gold, minlength=len(self.labels))
        return counts > 0

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which posts the machine coded as gold does."""
        return np.equal(self.gold, self.machine)

    def with_codes(self, codes: tuple[str, ...]) -> Pairs:
        """Return the same pairs with positions in `codes`, which must hold every code in use."""
        old = self.labels
        moved = np.array([(*codes, NA, MISSING).index(label) for label in old], dtype=np.intp)
        p = self.probabilities
        if p is not None:
            p = np.zeros((len(p), len(codes)))
            p[:, moved[: len(self.codes)]] = self.probabilities
        among = None if self.among is None else np.where(self.among < 0, -1, moved[self.among])
        return replace(
            self,
            codes=codes,
            gold=moved[self.gold],
            machine=moved[self.machine],
            probabilities=p,
            among=among,
        )

    def never_given(self) -> NDArray[np.bool_]:
        """Tell of each post and code (posts × codes) if it was drawn where the machine never gives it."""
        among = np.full(len(self), -1) if self.among is None else self.among
        never: NDArray[np.bool_] = (among[:, None] >= 0) & (among[:, None] != np.arange(len(self.codes)))
        return never

    def table(self, chosen: NDArray[np.bool_] | None = None) -> Floats:
        """Return the confusion table of all posts, or of the chosen ones."""
        chosen = np.ones(len(self), np.bool_) if chosen is None else chosen
        return confusion(self.gold[chosen], self.machine[chosen], len(self.labels), self.weights[chosen])

    def draws(
        self, chosen: NDArray[np.bool_] | None = None, *, replicates: int = REPLICATES, seed: int = SEED
    ) -> Floats:
        """Return smoothed bootstrap tables (2, replicates, labels, labels) of all or the chosen posts.

        The first are for lower ends of intervals, the second for upper ones (see `imagined_rows`).
        """
        size, codes = len(self.labels), len(self.codes)
        return self._drawn(self.gold * size + self.machine, codes, size, chosen, replicates, seed)

    def binary_draws(self, code: int, *, replicates: int = REPLICATES, seed: int = SEED) -> Floats:
        """Return smoothed bootstrap tables (2, replicates, 2, 2) of one code against everything else."""
        cells = 2 * (self.gold != code).astype(np.intp) + (self.machine != code)
        return self._drawn(cells, 2, 2, None, replicates, seed)

    def _drawn(
        self, cells: Ints, codes: int, size: int, chosen: NDArray[np.bool_] | None, replicates: int, seed: int
    ) -> Floats:
        chosen = np.ones(len(self), np.bool_) if chosen is None else chosen
        rows, masses = imagined_rows(codes, 2)
        spread = np.zeros((len(masses), size * size))
        spread[:, rows[:, 0] * size + rows[:, 1]] = masses
        drawn = smoothed_cells(
            cells[chosen], spread, weights=self.weights[chosen],
            clusters=self.clusters.index[chosen] if self.clusters is not None else None,
            replicates=replicates, seed=seed,
        )  # fmt: skip
        return drawn.reshape(*drawn.shape[:-1], size, size)

    def stratified(self, chosen: NDArray[np.bool_] | None = None) -> StratifiedTable | None:
        """Return the tables of the strata where all, or the chosen, posts were drawn by machine codes.

        None where posts were drawn alike, or in clusters, or the machine code of a stratum is not known.
        """
        chosen = np.ones(len(self), np.bool_) if chosen is None else chosen
        weights = self.weights[chosen]
        even = not len(weights) or weights.max() <= ALIKE * weights.min()
        if self.clusters is not None or self.among is None or even or self.among[chosen].min() < 0:
            return None
        size, codes = len(self.labels), len(self.codes)
        classes, shares, _ = weight_classes(weights / weights.sum())
        cells = classes * size * size + self.gold[chosen] * size + self.machine[chosen]
        counts = np.bincount(cells, weights=weights, minlength=len(shares) * size * size)
        counts = counts.reshape(len(shares), size, size)
        scale = np.bincount(classes) / np.bincount(classes, weights=weights)
        possible = np.zeros(counts.shape, np.bool_)
        for number, among in zip(classes, self.among[chosen], strict=True):
            possible[number, :codes, among] = True
        return StratifiedTable(counts * scale[:, None, None], shares, possible)

    def number_of_clusters(self, chosen: NDArray[np.bool_] | None = None) -> int:
        """Return how many clusters all or the chosen posts lie in; 0 where posts were drawn on their own."""
        if self.clusters is None:
            return 0
        return len(np.unique(self.clusters.index if chosen is None else self.clusters.index[chosen]))
