"""How many posts: for a margin, a reliability test, a rare code, a zero, a given alpha."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from govcode.errors import NotComputableError, UsageError
from govcode.metrics.intervals import normal_quantile
from govcode.metrics.ratings import Floats

LACY_RIFFE_TOLERANCE = 0.05
PRINTED_ERROR = 0.03


def size_for_margin(
    margin: float, *, share: float = 0.5, population: int | None = None, level: float = 0.95,
    design_effect: float = 1.0,
) -> int:  # fmt: skip
    """Return the posts needed for a share to be known within ± margin.

    n0 = deff z² p (1 - p) / margin²; with a finite population n = n0 / (1 + (n0 - 1) / N). `share` is the
    expected one (.5 is the worst case). Source: Cochran 1977, ch. 4. For shares near 0 plan with
    `size_to_rule_out`: the normal margin does not hold there.
    """
    if not 0 < margin < 1 or not 0 < share < 1 or design_effect <= 0:
        raise UsageError("Margin and expected share lie between 0 and 1, the design effect above 0.")
    needed = design_effect * normal_quantile(level) ** 2 * share * (1 - share) / margin**2
    if population is not None:
        needed = needed / (1 + (needed - 1) / max(population, 1))
        return min(_ceil(needed), population)
    return _ceil(needed)


def lacy_riffe(
    agreement: float, population: int, *, tolerance: float = LACY_RIFFE_TOLERANCE, level: float = 0.95,
    error: float | None = None,
) -> int:  # fmt: skip
    """Return the posts to code twice so that agreement in the sample speaks for all (Lacy and Riffe 1996).

    n = ((N - 1) SE² + P Q N) / ((N - 1) SE² + P Q), SE = tolerance / z (one-sided), P the agreement
    expected in all N posts. The paper rounds SE to .03: pass `error=PRINTED_ERROR` to get its table. It
    sizes percent agreement, not alpha: see also `size_for_alpha`. Rounded up.
    """
    if not 0 < agreement < 1 or population < 1:
        raise UsageError("Expected agreement lies between 0 and 1, and there is at least one post.")
    se = tolerance / float(ndtri(level)) if error is None else error
    spread = (population - 1) * se**2
    product = agreement * (1 - agreement)
    return min(population, _ceil((spread + product * population) / (spread + product)))


def size_for_code(share: float, least: int = 30, *, certainty: float = 0.9) -> int:
    """Return the posts needed so that, with `certainty`, at least `least` of them have a code.

    The smallest n with P(Binomial(n, share) ≥ least) ≥ certainty.
    """
    from scipy.special import bdtrc

    if not 0 < share <= 1:
        raise NotComputableError("A code that is never expected cannot be met by drawing more posts.")
    low, high = least, least
    while bdtrc(least - 1, high, share) < certainty:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        if bdtrc(least - 1, middle, share) >= certainty:
            high = middle
        else:
            low = middle + 1
    return low


def size_to_rule_out(share: float, *, level: float = 0.95) -> int:
    """Return how many posts without a single case show that the code's share is under `share`.

    The smallest n with (1 - share)^n ≤ 1 - level; the rule of three (n = 3 / share) is its approximation.
    """
    if not 0 < share < 1:
        raise UsageError("The share to rule out lies between 0 and 1.")
    return _ceil(math.log(1 - level) / math.log1p(-share))


def alpha_error(alpha: float, shares: Sequence[float]) -> float:
    """Return √n times the standard error of alpha for two coders, by the delta method.

    Model: both coders use the codes with these shares, and agree beyond chance by `alpha`:
    P_kl = alpha π_k 1(k = l) + (1 - alpha) π_k π_l. Checked against simulation in the tests.
    """
    p = np.asarray(shares, dtype=float)
    p = p / p.sum()
    table = alpha * np.diag(p) + (1 - alpha) * np.outer(p, p)
    expected = 1.0 - (p**2).sum()
    if expected <= 0:
        raise NotComputableError("With one code only alpha is not defined.")
    observed = (1 - alpha) * expected
    apart = 1.0 - np.eye(len(p))
    slope: Floats = -apart / expected - observed * (p[:, None] + p[None, :]) / expected**2
    mean = float((table * slope).sum())
    return math.sqrt(float((table * slope**2).sum()) - mean**2)


def size_for_alpha(
    alpha: float, shares: Sequence[float], *, least: float = 0.667, power: float = 0.8, level: float = 0.95
) -> int:
    """Return the posts to code twice so that the interval of alpha lies above `least` with this power.

    n = ((z_level + z_power) σ / (alpha - least))², σ from `alpha_error`. `alpha` is the true one,
    `shares` are those of the codes.
    """
    if not least < alpha < 1:
        raise UsageError(f"The expected alpha must lie between {least:g} (the bound to stay above) and 1.")
    sigma = alpha_error(alpha, shares)
    reach = normal_quantile(level) + float(ndtri(power))
    return _ceil((reach * sigma / (alpha - least)) ** 2)


def _ceil(value: float) -> int:
    return math.ceil(value - 1e-9)
