"""Two shares compared: the interval of their difference, a test, and its correction for many tests."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, hypot, sqrt

from govcode.metrics.figures import Figure
from govcode.metrics.intervals import wilson


def newcombe(hits_a: int, n_a: int, hits_b: int, n_b: int, *, level: float = 0.95) -> Figure:
    """Return share a - share b with Newcombe's hybrid score interval (method 10).

    low = d - sqrt((p_a - l_a)^2 + (u_b - p_b)^2), high = d + sqrt((u_a - p_a)^2 + (p_b - l_b)^2), with l and
    u the Wilson limits of each share. NaN where one side has no posts. Source: Newcombe 1998.
    """
    a, b = wilson(hits_a, n_a, level=level), wilson(hits_b, n_b, level=level)
    difference = a.value - b.value
    low = difference - hypot(a.value - a.low, b.high - b.value)
    high = difference + hypot(a.high - a.value, b.value - b.low)
    return Figure(difference, low, high, level, "newcombe")


def equal_shares_p(hits_a: int, n_a: int, hits_b: int, n_b: int) -> float:
    """Return the two-sided p of the score test that two shares are equal (z with pooled share).

    z^2 is Pearson's chi-square of the 2 x 2 table without correction; 1 where nobody or everybody hits.
    """
    pooled = (hits_a + hits_b) / (n_a + n_b)
    variance = pooled * (1 - pooled) * (1 / n_a + 1 / n_b)
    if variance <= 0:
        return 1.0
    return erfc(abs(hits_a / n_a - hits_b / n_b) / sqrt(2 * variance))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p values adjusted by Holm's step-down method, in the order given.

    adjusted(i) = max over j <= i of min(1, (m - j + 1) p(j)) for the sorted p. Source: Holm 1979.
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, position in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[position]))
        adjusted[position] = highest
    return adjusted
