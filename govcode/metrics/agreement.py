"""Raw agreement, and the coefficients whose chance is uniform or the coders' joint use of codes."""

from __future__ import annotations

import numpy as np

from govcode.metrics.ratings import Floats
from govcode.metrics.tallies import Tallies

TINY = 1e-12


def ratio(above: Floats, below: Floats) -> Floats:
    """Divide; not-a-number where the divisor is zero (within rounding)."""
    fit = np.abs(below) > TINY
    return np.where(fit, above / np.where(fit, below, 1.0), np.nan)


def chance_corrected(observed: Floats, expected: Floats) -> Floats:
    """Return (p_a - p_e) / (1 - p_e); not-a-number where chance alone explains everything (p_e = 1)."""
    return ratio(observed - expected, 1.0 - expected)


def mean_of_pairs(values: Floats) -> Floats:
    """Average over the last axis, leaving out pairs where the figure is undefined."""
    fit = ~np.isnan(values)
    total = np.where(fit, values, 0.0).sum(axis=-1)
    return ratio(total, fit.sum(axis=-1).astype(float))


def percent_agreement(tallies: Tallies) -> Floats:
    """Raw agreement: the mean over units of the share of pairs of coders that agree.

    p_a = mean_i Σ_k r_ik (r_ik - 1) / (r_i (r_i - 1)) over units with r_i ≥ 2. Undefined without such a unit.
    """
    return ratio(np.trace(tallies.agreements, axis1=-2, axis2=-1), tallies.pairable)


def holsti(tallies: Tallies) -> Floats:
    """Holsti's coefficient: the mean over pairs of coders of 2M / (N1 + N2).

    M = codings on which the pair agrees; N1, N2 = codings each of them made on units that at least two
    people coded. Equals percent agreement when both coded every unit. Source: Holsti 1969.
    """
    agreed = np.trace(tallies.confusions, axis1=-2, axis2=-1)
    together = tallies.confusions.sum(axis=(-2, -1)) > 0
    value = ratio(2.0 * agreed, tallies.decisions.sum(axis=-1))
    return mean_of_pairs(np.where(together, value, np.nan))


def brennan_prediger(tallies: Tallies) -> Floats:
    """Brennan and Prediger's kappa: chance is 1/q, q = number of codes in the scheme (PABAK for q = 2).

    Defined also when one code only was used; undefined for a scheme of one code. Source: Brennan and
    Prediger 1981.
    """
    observed = percent_agreement(tallies)
    return chance_corrected(observed, np.full_like(observed, 1.0 / tallies.size))


def gwet_ac1(tallies: Tallies) -> Floats:
    """Gwet's AC1: p_e = Σ_k π_k (1 - π_k) / (q - 1), π_k = mean share of code k over all rated units.

    q counts the codes of the scheme, used or not. π uses units with at least one coding, p_a those with
    at least two. High where one code dominates: read it beside alpha, never instead. Source: Gwet 2008.
    """
    share = ratio(tallies.shares, tallies.rated[..., None])
    expected = (share * (1.0 - share)).sum(axis=-1) / max(tallies.size - 1, 1)
    return chance_corrected(percent_agreement(tallies), expected)
