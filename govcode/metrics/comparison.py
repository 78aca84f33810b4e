"""Two coders on the same posts, two shares, and many tests at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtr

from govcode.metrics.figures import Figure
from govcode.metrics.intervals import wilson

Floats = NDArray[np.float64]


def mcnemar_p(only_first: int, only_second: int) -> float:
    """Return the exact two-sided p of McNemar's test (McNemar 1947).

    Under equal accuracy the posts only one coder has right split like coin flips: p = min(1, 2·P(X <=
    smaller)), X ~ Bin(b + c, 1/2). With no discordant post p = 1.
    """
    smaller, total = min(only_first, only_second), only_first + only_second
    if total == 0:
        return 1.0
    return min(1.0, 2 * float(betainc(total - smaller, smaller + 1, 0.5)))


def bootstrap_p(differences: Floats) -> float:
    """Return the two-sided bootstrap p of "no difference" from draws of a difference.

    Twice the smaller share of draws on either side of 0, counting one draw on each side so that p is
    never 0 (Davison & Hinkley 1997, §4.4). NaN draws are dropped.
    """
    kept = differences[~np.isnan(differences)]
    if not len(kept):
        return math.nan
    below, above = float((kept <= 0).sum()), float((kept >= 0).sum())
    return min(1.0, 2 * (min(below, above) + 1) / (len(kept) + 1))


def two_sided_p(value: float, error: float) -> float:
    """Return the normal two-sided p of value/error; 1 where both are 0, 0 where only the error is."""
    if error <= 0:
        return 1.0 if value == 0 else 0.0
    return 2 * float(ndtr(-abs(value) / error))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number (Holm 1979), in the order given.

    The k-th smallest of m becomes max over j <= k of min(1, (m - j + 1)·p_(j)); NaN stay NaN and are not
    counted.
    """
    order = sorted((i for i, p in enumerate(p_values) if not math.isnan(p)), key=lambda i: p_values[i])
    adjusted, largest = list(p_values), 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p_values[i]))
        adjusted[i] = largest
    return adjusted


def difference(first: Figure, second: Figure) -> Figure:
    """Return first - second of two independent estimates from their intervals (MOVER).

    Method of variance estimates recovery (Zou & Donner 2008; with Wilson's intervals it is Newcombe's
    hybrid score interval, 1998): low = d - √((v₁-l₁)² + (u₂-v₂)²), high = d + √((u₁-v₁)² + (v₂-l₂)²).
    """
    gap = first.value - second.value
    low = gap - math.hypot(first.value - first.low, second.high - second.value)
    high = gap + math.hypot(first.high - first.value, second.value - second.low)
    return Figure(gap, low, high, first.level, "mover")


def newcombe(hits_a: int, n_a: int, hits_b: int, n_b: int, *, level: float = 0.95) -> Figure:
    """Return share a - share b with Newcombe's hybrid score interval (method 10).

    low = d - √((p_a - l_a)² + (u_b - p_b)²), high = d + √((u_a - p_a)² + (p_b - l_b)²), with l and u the
    Wilson limits of each share. NaN where one side has no posts. Source: Newcombe 1998.
    """
    gap = difference(wilson(hits_a, n_a, level=level), wilson(hits_b, n_b, level=level))
    return replace(gap, interval="newcombe")


def equal_shares_p(hits_a: int, n_a: int, hits_b: int, n_b: int) -> float:
    """Return the two-sided p of the score test that two shares are equal (z with pooled share).

    z² is Pearson's chi-square of the 2 × 2 table without correction; 1 where nobody or everybody hits.
    """
    pooled = (hits_a + hits_b) / (n_a + n_b)
    variance = pooled * (1 - pooled) * (1 / n_a + 1 / n_b)
    return two_sided_p(hits_a / n_a - hits_b / n_b, math.sqrt(max(0.0, variance)))
