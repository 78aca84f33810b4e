"""Agreement of rankings and of time series."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt


def spearman(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Return Spearman's rank correlation (ties get mean ranks); None where one side never varies."""
    return _pearson(_ranks(x), _ranks(y))


def kendall(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Return Kendall's tau-b: (concordant - discordant) / sqrt of the untied pairs of each side.

    None where one side never varies. O(n^2): meant for issue rankings, not for long series.
    """
    balance, untied_x, untied_y = 0, 0, 0
    for i in range(len(x)):
        for j in range(i):
            a, b = _sign(x[i] - x[j]), _sign(y[i] - y[j])
            balance += a * b
            untied_x += a != 0
            untied_y += b != 0
    return balance / sqrt(untied_x * untied_y) if untied_x and untied_y else None


def rank_biased_overlap(a: Sequence[str], b: Sequence[str], *, p: float = 0.9) -> float:
    """Return the extrapolated rank-biased overlap of two rankings without ties, in [0, 1].

    RBO_ext = (X_k / k) p^k + (1 - p) / p * sum over d = 1..k of (X_d / d) p^d, where X_d is the overlap of
    the first d items and k the length of the shorter ranking; the top counts most. Empty: 0.
    Source: Webber, Moffat & Zobel 2010 (equation 23, rankings of one length).
    """
    depth = min(len(a), len(b))
    if not depth:
        return 0.0
    total, overlap = 0.0, 0
    for d in range(1, depth + 1):
        overlap = len(set(a[:d]) & set(b[:d]))
        total += overlap / d * p**d
    return overlap / depth * p**depth + (1 - p) / p * total


def cross_correlation(x: Sequence[float], y: Sequence[float], lag: int) -> float | None:
    """Return the correlation of x[t] with y[t + lag], lag >= 0, over the full series' variances.

    r = sum (x_t - mx)(y_{t+lag} - my) / sqrt(sum (x - mx)^2 sum (y - my)^2); a positive lag with a high
    value means that x goes before y. It is not causal. None where one side never varies.
    """
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    scale = sqrt(sum((v - mean_x) ** 2 for v in x) * sum((v - mean_y) ** 2 for v in y))
    if not scale:
        return None
    return sum((x[t] - mean_x) * (y[t + lag] - mean_y) for t in range(len(x) - lag)) / scale


def _pearson(x: Sequence[float], y: Sequence[float]) -> float | None:
    return cross_correlation(x, y, 0) if x else None


def _ranks(values: Sequence[float]) -> list[float]:
    """Return ranks from 1, ties sharing their mean rank."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for position in order[start:end]:
            ranks[position] = (start + 1 + end) / 2
        start = end
    return ranks


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
