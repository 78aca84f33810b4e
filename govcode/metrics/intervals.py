"""Intervals for one share, and for the difference of two."""

from __future__ import annotations

import math

from scipy.special import betaincinv, ndtri, stdtr, stdtrit

from govcode.metrics.figures import Figure

RARE = 5
"""With fewer hits, or misses, `share_interval` is exact."""


def normal_quantile(level: float = 0.95) -> float:
    """Return z with P(|Z| <= z) = level, 1.96 for .95."""
    return float(ndtri((1 + level) / 2))


def t_quantile(freedom: float, level: float) -> float:
    """Return t with P(|T| <= t) = level; at least one degree of freedom."""
    return float(stdtrit(max(1.0, freedom), (1 + level) / 2))


def t_p(value: float, freedom: float) -> float:
    """Return the two-sided p of a t value; at least one degree of freedom."""
    return 2 * float(stdtr(max(1.0, freedom), -abs(value)))


def wilson(hits: float, number: float, *, level: float = 0.95) -> Figure:
    """Return hits/number with Wilson's score interval (Wilson 1927).

    Definition: all p with |p̂ - p| <= z·√(p(1-p)/n). Both arguments may be fractional (effective sizes).
    Edge: with no hits the lower bound is exactly 0, with all hits the upper exactly 1; n = 0 gives NaN.
    """
    if number <= 0:
        return Figure(math.nan, level=level, note="no posts")
    share, z = hits / number, normal_quantile(level)
    spread = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    middle, scale = share + z * z / (2 * number), 1 + z * z / number
    low = 0.0 if hits <= 0 else max(0.0, (middle - spread) / scale)
    high = 1.0 if hits >= number else min(1.0, (middle + spread) / scale)
    return Figure(share, low, high, level, "wilson")


def clopper_pearson(hits: float, number: float, *, level: float = 0.95) -> Figure:
    """Return hits/number with the exact binomial interval (Clopper & Pearson 1934).

    Definition: the p at which hits or more (low), or hits or fewer (high), have probability (1-level)/2.
    Never covers less than `level`, often more. Fractional arguments are taken through the beta quantiles
    (Korn & Graubard 1998). Edge: no hits gives low 0, all hits gives high 1; n = 0 gives NaN.
    """
    if number <= 0:
        return Figure(math.nan, level=level, note="no posts")
    tail = (1 - level) / 2
    low = 0.0 if hits <= 0 else float(betaincinv(hits, number - hits + 1, tail))
    high = 1.0 if hits >= number else float(betaincinv(hits + 1, number - hits, 1 - tail))
    return Figure(hits / number, low, high, level, "clopper-pearson")


def share_interval(hits: float, number: float, *, level: float = 0.95) -> Figure:
    """Return hits/number with Wilson's interval, or Clopper and Pearson's where either side is rare.

    The interval for every plain share of posts, also outside `evaluate`. Rare is fewer than five hits or
    misses: there Wilson's covers only .92 (one expected hit in 100 posts). Posts drawn in clusters or
    unequally: `metrics.design.share_of_hits`.
    """
    rare = min(hits, number - hits) < RARE
    return (clopper_pearson if rare else wilson)(hits, number, level=level)


def wald(value: float, error: float, *, level: float = 0.95, interval: str = "normal") -> Figure:
    """Return value ± z·error, not clipped; for estimates that may leave [0, 1]."""
    reach = normal_quantile(level) * error
    return Figure(value, value - reach, value + reach, level, interval)
