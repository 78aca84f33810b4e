"""Unequal probabilities: more of the posts that are rare or that the machine is unsure of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from govcode.errors import UsageError, choices
from govcode.sampling.designs import machine_probabilities
from govcode.sampling.draw import Draw, Floats, Frame, Ints, check_size

SYSTEMATIC, POISSON = "systematic", "poisson"
METHODS = (SYSTEMATIC, POISSON)


def draw_enriched(
    frame: Frame, size: int, generator: np.random.Generator, *, codes: Mapping[str, float] | None = None,
    uncertain: float = 0.0, method: str = SYSTEMATIC,
) -> Draw:  # fmt: skip
    """Draw with probabilities that favour likely cases of a code and uncertain posts.

    Each post's probability is min(1, n Σ_j w_j s_ij / Σ_i s_ij): `codes` gives a share w of the sample to
    posts in proportion to the machine's probability of that code, `uncertain` to posts in proportion to
    1 - max p, and the rest goes to all posts alike, so that no post has probability 0. What exceeds 1 is
    spread over the others. systematic: exactly n posts, by a random start on a shuffled list, with exactly
    these probabilities (Madow 1949; Hartley and Rao 1962); poisson: each post on its own, n on average.
    Shares must be estimated with the weights 1 / probability.
    """
    check_size(size, len(frame))
    if method not in METHODS:
        raise UsageError(f"'{method}' is not a way to draw.", hint=f"Choose from: {choices(METHODS)}.")
    shares = {**(codes or {})}
    plain = 1.0 - sum(shares.values()) - uncertain
    if not shares and not uncertain:
        raise UsageError("An enriched sample needs --enrich CODE=SHARE or --uncertain SHARE.")
    if min([*shares.values(), uncertain]) < 0 or plain < 0.05:
        raise UsageError(
            "The shares of --enrich and --uncertain must leave .05 or more to all posts alike.",
            hint="Otherwise some posts could never be drawn and no share could be estimated.",
        )
    scores = _scores(frame, shares, uncertain)
    wanted = plain / len(frame) + sum(share * score / score.sum() for share, score in scores)
    probability = cap_probabilities(wanted, size)
    chosen = systematic(probability, generator) if method == SYSTEMATIC else _poisson(probability, generator)
    design = {
        "name": "enriched", "population": len(frame), "size": len(chosen), "method": method,
        "enrich": shares, "uncertain": uncertain, "all_alike": plain,
        "probability": {"least": float(probability.min()), "greatest": float(probability.max())},
    }  # fmt: skip
    number = len(chosen)
    stratum = tuple("certain" if p >= 1 else "enriched" for p in probability[chosen])
    return Draw(chosen, probability[chosen], stratum, ("",) * number, design)


def _scores(frame: Frame, shares: Mapping[str, float], uncertain: float) -> list[tuple[float, Floats]]:
    found: list[tuple[float, Floats]] = []
    machine = machine_probabilities(frame)
    names = frame.codes or tuple(sorted(set(frame.columns.get("code", ()))))
    for code, share in shares.items():
        if code not in names:
            raise UsageError(f"The posts have no code '{code}'.", hint=f"Codes: {choices(names)}.")
        score = machine[:, names.index(code)]
        if not score.sum():
            raise UsageError(f"The machine gave no post the code '{code}': it cannot be enriched.")
        found.append((share, score))
    if uncertain:
        score = 1.0 - machine.max(axis=1)
        if not score.sum():
            raise UsageError("The machine is certain of every post: leave --uncertain out.")
        found.append((uncertain, score))
    return found


def cap_probabilities(wanted: Floats, size: int) -> Floats:
    """Scale to a sum of `size` with none above 1: the excess is spread over the rest in proportion."""
    certain = np.zeros(len(wanted), dtype=bool)
    while True:
        rest = size - int(certain.sum())
        scaled = np.where(certain, 1.0, 0.0)
        if rest > 0:
            scaled[~certain] = wanted[~certain] * (rest / wanted[~certain].sum())
        over = (scaled >= 1.0) & ~certain
        if not over.any():
            return scaled
        certain |= over


def systematic(probability: Floats, generator: np.random.Generator) -> Ints:
    """Draw by a random start on the cumulated probabilities of a shuffled list; ascending positions."""
    certain = np.flatnonzero(probability >= 1.0)
    order = generator.permutation(np.flatnonzero(probability < 1.0))
    sums = np.cumsum(probability[order])
    if not len(order) or round(sums[-1]) == 0:
        return certain.astype(np.int64)
    ends = np.floor(sums * (round(sums[-1]) / sums[-1]) + generator.random() + 1e-12)
    taken = order[np.diff(ends, prepend=0.0) > 0]
    return np.sort(np.concatenate([certain, taken])).astype(np.int64)


def _poisson(probability: Floats, generator: np.random.Generator) -> Ints:
    return np.flatnonzero(generator.random(len(probability)) < probability).astype(np.int64)
