"""Intervals of any figure of a confusion table whose posts were drawn by strata of machine codes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.metrics.figures import Figure
from govcode.metrics.score import shares_at_bound

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Formula = Callable[[Floats], Floats]

FEW = 3
"""A class with fewer posts off its commonest cell has a careful interval."""
STEP = 1e-6


@dataclass(frozen=True)
class StratifiedTable:
    """The confusion table within each class of posts drawn alike.

    `counts` (classes, m, m) are posts, `shares` (classes) those of the population, summing to 1, and
    `possible` tells the cells that a post of the class can fall in.
    """

    counts: Floats
    shares: Floats
    possible: Bools

    def whole(self) -> Floats:
        """Return the table of the population, summing to 1."""
        posts = self.counts.sum((-2, -1), keepdims=True)
        return np.asarray((self.counts / posts * self.shares[:, None, None]).sum(0))

    def of_code(self, code: int) -> StratifiedTable:
        """Return the tables of one code against everything else."""
        return StratifiedTable(
            _against_rest(self.counts, code), self.shares, _against_rest(self.possible, code) > 0
        )

    def figure(
        self, formula: Formula, *, level: float, lowest: float = -math.inf, highest: float = math.inf
    ) -> Figure:
        """Return formula(table) with its interval; NaN, and no interval, where it is undefined.

        Definition: in each class the influence of a cell is the slope of the figure in its share. The class
        is moved to the likeliest distribution whose mean influence is the bound of a score interval
        (`upper_bound`), upwards and downwards, cells that could be met but were not among them; how far the
        figure moves with each class is joined by MOVER (Zou & Donner 2008): T ± √(Σ_c (T_c - T)²). A class
        with fewer than three posts off its commonest cell is moved carefully (skewness; Brown, Cai & DasGupta
        2001 mend Wilson's interval at one and two events as well): else it would cover .91 to .93
        where a tenth to a half of an event is expected.
        """
        value = float(formula(self.whole()))
        if math.isnan(value):
            return Figure(value, level=level, note="undefined")
        low, high = (self._end(formula, value, sign, level) for sign in (-1.0, 1.0))
        return Figure(value, max(lowest, low), min(highest, high), level, "score by strata, MOVER")

    def _end(self, formula: Formula, value: float, sign: float, level: float) -> float:
        table, posts = self.whole(), self.counts.sum((-2, -1))
        slopes = sign * _slopes(formula, table, value)
        moved = 0.0
        for counts, share, possible, number in zip(
            self.counts, self.shares, self.possible, posts, strict=True
        ):
            cells = possible | (counts > 0)
            careful = number - counts.max() < FEW
            new = np.zeros_like(counts)
            new[cells] = shares_at_bound(counts[cells], slopes[cells], level, bool(careful))
            gain = sign * (float(formula(table + share * (new - counts / number))) - value)
            moved += gain * gain if gain > 0 else 0.0
        return value + sign * math.sqrt(moved)


def _slopes(formula: Formula, table: Floats, value: float) -> Floats:
    """Return the slope of the figure in each cell; 0 where it cannot be told."""
    size = table.size
    steps = np.broadcast_to(table, (size, *table.shape)) + STEP * np.eye(size).reshape(size, *table.shape)
    return np.nan_to_num((np.asarray(formula(steps)) - value) / STEP).reshape(table.shape)


def _against_rest(tables: Floats | Bools, code: int) -> Floats:
    """Sum cells (..., m, m) into code and rest, (..., 2, 2)."""
    pick = np.zeros((2, tables.shape[-1]))
    pick[1], pick[0, code], pick[1, code] = 1.0, 1.0, 0.0
    return np.asarray(pick @ tables.astype(np.float64) @ pick.T)
