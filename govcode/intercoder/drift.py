"""Drift: does a coder change over the work."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaincc

from govcode.intercoder.panel import Panel
from govcode.intercoder.results import Drift, Part
from govcode.metrics.ratings import Floats, Ints
from govcode.records import NA

PARTS = 3
PERMUTATIONS = 2000
FEWEST = 30  # posts below which a trend says nothing
MANY = 2000  # posts above which the large-sample p-value is used


def drift_of(panel: Panel, coder: int, *, seed: int) -> Drift | None:
    """Compare the stretches of one coder's work; None with fewer than 30 posts that others coded too.

    Agreement of a post is the share of the other coders who gave the same code. The trend is the rank
    correlation of agreement with the order of coding; p-values are from 2,000 permutations of the order
    (above 2,000 posts: normal and chi-square approximation).
    The order is `coded_at` where every coding has one, else the order of the rows.
    """
    posts = panel.overlap
    posts = posts[panel.cells[posts, coder] >= 0]
    if len(posts) < FEWEST:
        return None
    cells = panel.cells[posts, coder]
    stamps = [panel.codings[i].coded_at for i in cells]
    timed = all(stamps) and len(set(stamps)) > 1
    order = np.argsort(np.array(stamps) if timed else cells, kind="stable")
    names = sorted({code for code, _ in panel.decisions})
    codes = panel.values(lambda decision: decision[0], names)[panel.pattern[posts[order]]]
    own = codes[:, coder]
    agreement = _agreement(codes, coder)
    thirds = np.array_split(np.arange(len(posts)), PARTS)
    parts = tuple(_part(own[t], agreement[t], names) for t in thirds)
    generator = np.random.Generator(np.random.PCG64(seed))
    trend, p = _trend(agreement, generator)
    shares = np.stack([np.bincount(own[t], minlength=len(names)) / len(t) for t in (thirds[0], thirds[-1])])
    change = shares[1] - shares[0]
    largest = int(np.argmax(np.abs(change)))
    return Drift(
        panel.coders[coder], "coded_at" if timed else "row order", parts, trend, p,
        float(change[largest]), names[largest], _shift_p(own, len(names), generator),
    )  # fmt: skip


def _agreement(codes: Ints, coder: int) -> Floats:
    own = codes[:, [coder]]
    others = np.delete(codes, coder, axis=1)
    return np.asarray((others == own).sum(axis=1) / np.maximum((others >= 0).sum(axis=1), 1))


def _part(own: Ints, agreement: Floats, names: list[str]) -> Part:
    counts = np.bincount(own, minlength=len(names)) / len(own)
    shares = {name: float(share) for name, share in zip(names, counts, strict=True) if name != NA or share}
    return Part(len(own), float(agreement.mean()), shares)


def _trend(agreement: Floats, generator: np.random.Generator) -> tuple[float, float]:
    """Return the rank correlation with the order, and its two-sided permutation p-value."""
    if np.ptp(agreement) == 0:
        return 0.0, 1.0
    ranks = _mid_ranks(agreement) - (len(agreement) - 1) / 2
    order = np.arange(len(agreement)) - (len(agreement) - 1) / 2
    scale = float(np.sqrt((ranks**2).sum() * (order**2).sum()))
    observed = float(ranks @ order) / scale
    if len(order) > MANY:
        return observed, math.erfc(abs(observed) * math.sqrt((len(order) - 1) / 2))
    shuffled = np.array([generator.permutation(ranks) @ order for _ in range(PERMUTATIONS)]) / scale
    hits = int((np.abs(shuffled) >= abs(observed) - 1e-12).sum())
    return observed, (hits + 1) / (PERMUTATIONS + 1)


def _mid_ranks(values: Floats) -> Floats:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - counts + ends - 1) / 2)[inverse]


def _shift_p(own: Ints, size: int, generator: np.random.Generator) -> float:
    """Permutation p-value of the chi-square between the first and the last part of the codes given."""
    third = len(own) // PARTS

    def distance(codes: Ints) -> float:
        first = np.bincount(codes[:third], minlength=size)
        last = np.bincount(codes[-third:], minlength=size)
        total = first + last
        return float((((first - last) ** 2)[total > 0] / total[total > 0]).sum())

    observed = distance(own)
    if len(own) > MANY:
        freedom = np.count_nonzero(np.bincount(np.r_[own[:third], own[-third:]])) - 1
        return float(gammaincc(freedom / 2, observed / 2)) if freedom else 1.0
    hits = sum(distance(generator.permutation(own)) >= observed - 1e-12 for _ in range(PERMUTATIONS))
    return (hits + 1) / (PERMUTATIONS + 1)
