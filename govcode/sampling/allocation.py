"""How many posts each stratum gets."""

from __future__ import annotations

import numpy as np

from govcode.errors import UsageError
from govcode.sampling.draw import Floats, Ints

PROPORTIONAL, EQUAL, NEYMAN = "proportional", "equal", "neyman"
RULES = (PROPORTIONAL, EQUAL, NEYMAN)


def allocate(
    sizes: Ints, number: int, rule: str = PROPORTIONAL, *, spread: Floats | None = None, least: int = 1
) -> Ints:
    """Return posts per stratum, adding up to `number`, none above the stratum's size.

    proportional: n_h ∝ N_h; equal: n_h equal; neyman: n_h ∝ N_h S_h, S_h = `spread` (Neyman 1934). Every
    stratum gets at least `least` posts (all of a smaller one); what full strata cannot take goes to the
    others; fractions by largest remainder. Raises UsageError where `number` cannot give each its least.
    """
    floor = np.minimum(sizes, least)
    if floor.sum() > number:
        raise UsageError(
            f"{len(sizes)} strata with at least {least} posts each need {int(floor.sum())}, not {number}.",
            hint="Draw more posts, use fewer strata, or lower --min-per-stratum.",
        )
    share: Floats
    if rule == EQUAL:
        share = np.ones(len(sizes), dtype=float)
    elif rule == PROPORTIONAL:
        share = sizes.astype(float)
    elif rule == NEYMAN and spread is not None:
        share = np.asarray(sizes * np.maximum(spread, 1e-9))
    else:
        raise UsageError(f"'{rule}' is not an allocation.", hint=f"Choose from: {', '.join(RULES)}.")
    return _round(_fill(share, floor, sizes, number), floor, sizes, number)


def _fill(share: Floats, floor: Ints, ceiling: Ints, number: int) -> Floats:
    """Scale the shares to `number` between floor and ceiling (bisection on the scale)."""
    low, high = 0.0, float((ceiling / share).max())
    for _ in range(200):
        middle = (low + high) / 2
        if np.clip(share * middle, floor, ceiling).sum() < number:
            low = middle
        else:
            high = middle
    return np.clip(share * high, floor, ceiling)


def _round(wanted: Floats, floor: Ints, ceiling: Ints, number: int) -> Ints:
    whole = np.clip(np.floor(wanted + 1e-6).astype(np.int64), floor, ceiling)
    rest = np.where(whole < ceiling, wanted - whole, -np.inf)
    missing = number - int(whole.sum())
    order = np.argsort(-rest, kind="stable")
    while missing > 0:
        open_strata = [h for h in order if whole[h] < ceiling[h]][:missing]
        whole[open_strata] += 1
        missing -= len(open_strata)
    return whole


def spread_of(probabilities: Floats, stratum: Ints, number: int) -> Floats:
    """Return S_h = √(Σ_k p_hk (1 - p_hk)) of each stratum from its mean code probabilities."""
    counts = np.maximum(np.bincount(stratum, minlength=number), 1)
    means = np.stack(
        [np.bincount(stratum, weights=column, minlength=number) / counts for column in probabilities.T],
        axis=1,
    )
    return np.asarray(np.sqrt((means * (1.0 - means)).sum(axis=1)))
