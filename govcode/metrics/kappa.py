"""The kappas: Scott, Cohen and Fleiss."""

from __future__ import annotations

import numpy as np

from govcode.metrics.agreement import chance_corrected, mean_of_pairs, percent_agreement, ratio
from govcode.metrics.ratings import Floats
from govcode.metrics.tallies import Tallies


def scott_pi(tallies: Tallies) -> Floats:
    """Scott's pi: p_e = Σ_k ((p_k+ + p_+k) / 2)², the two coders sharing one distribution of codes.

    Defined for two coders on the units both coded; for more coders the mean over pairs. Undefined where
    a pair used one code only. Source: Scott 1955.
    """
    return mean_of_pairs(scott_pairs(tallies))


def scott_pairs(tallies: Tallies) -> Floats:
    """Scott's pi of each pair of coders (last axis)."""
    observed, first, second = _margins(tallies)
    return chance_corrected(observed, (((first + second) / 2) ** 2).sum(axis=-1))


def cohen_kappa(tallies: Tallies) -> Floats:
    """Cohen's kappa: p_e = Σ_k p_k+ p_+k, each coder with his own distribution of codes.

    Defined for two coders on the units both coded; for more coders the mean over pairs (Light's kappa).
    Undefined where both used one and the same code only. Source: Cohen 1960; Light 1971.
    """
    return mean_of_pairs(cohen_pairs(tallies))


def cohen_pairs(tallies: Tallies) -> Floats:
    """Cohen's kappa of each pair of coders (last axis)."""
    observed, first, second = _margins(tallies)
    return chance_corrected(observed, (first * second).sum(axis=-1))


def fleiss_kappa(tallies: Tallies) -> Floats:
    """Fleiss' kappa: p_e = Σ_k π_k², π_k = mean share of code k over units.

    With missing codings p_a is taken over units with two codings, π over those with one (Gwet's
    generalisation, as in irrCAC). For two coders and no missing codings it equals Scott's pi.
    Undefined where one code only was used. Source: Fleiss 1971; Gwet 2014.
    """
    share = ratio(tallies.shares, tallies.rated[..., None])
    return chance_corrected(percent_agreement(tallies), (share**2).sum(axis=-1))


def _margins(tallies: Tallies) -> tuple[Floats, Floats, Floats]:
    tables = tallies.confusions
    total = tables.sum(axis=(-2, -1))
    observed = ratio(np.trace(tables, axis1=-2, axis2=-1), total)
    first = ratio(tables.sum(axis=-1), total[..., None])
    second = ratio(tables.sum(axis=-2), total[..., None])
    return observed, first, second
