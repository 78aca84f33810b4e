"""Krippendorff's alpha for any number of coders, missing codings and any distance."""

from __future__ import annotations

import numpy as np

from govcode.metrics.agreement import ratio
from govcode.metrics.distances import Distance, nominal
from govcode.metrics.ratings import Floats
from govcode.metrics.tallies import Tallies


def krippendorff_alpha(tallies: Tallies, distance: Distance = nominal) -> Floats:
    """Krippendorff's alpha: 1 - D_o / D_e over the pairable codings.

    D_o = (1/N) Σ_ck o_ck δ²_ck; D_e = (1/(N (N - 1))) Σ_ck n_c n_k δ²_ck, with coincidences o, their row
    sums n_k and N = Σ n_k. Units with one coding do not count. Undefined (not 1) where all codings are
    one value, because then D_e = 0 and the data cannot show whether coders tell values apart.
    Source: Krippendorff 2004, ch. 11; Hayes and Krippendorff 2007.
    """
    frequencies = tallies.coincidences.sum(axis=-1)
    total = frequencies.sum(axis=-1)
    delta = distance(frequencies)
    observed = (tallies.coincidences * delta).sum(axis=(-2, -1))
    expected = _expected(frequencies, delta)
    return 1.0 - ratio(observed * (total - 1.0), expected)


def _expected(frequencies: Floats, delta: Floats) -> Floats:
    products = frequencies[..., :, None] * frequencies[..., None, :]
    return np.asarray((products * delta).sum(axis=(-2, -1)))


def pair_resampled_alphas(
    tallies: Tallies, draws: int, generator: np.random.Generator, distance: Distance = nominal
) -> Floats:
    """Draw alphas by Krippendorff's own bootstrap: pairs of values, not units, are resampled.

    Each draw takes as many pairs of values as the data hold (Σ r_i (r_i - 1) / 2) from the observed
    coincidences and keeps D_e as observed: α* = 1 - mean(δ² of the pairs) / D_e. A draw whose pairs all
    fall on one and the same value is undefined. It leaves out the sampling of units, so its intervals
    differ from those of a bootstrap of units. The cap of the KALPHA macro on the number of pairs (25 for
    each non-zero coincidence) is not applied: with it the interval stops shrinking as units are added.
    Source: Hayes and Krippendorff 2007.
    """
    frequencies = tallies.coincidences.sum(axis=-1)
    total = frequencies.sum()
    delta = np.broadcast_to(distance(frequencies), tallies.coincidences.shape)
    expected = _expected(frequencies, delta) / (total * (total - 1.0)) if total > 1 else 0.0
    pairs = round(float(tallies.confusions.sum()) or float(total) / 2)
    if pairs == 0 or expected == 0:
        return np.full(draws, np.nan)
    cells = (tallies.coincidences / total).ravel()
    taken = generator.multinomial(pairs, cells / cells.sum(), size=draws)
    alphas = 1.0 - (taken @ delta.ravel()) / pairs / expected
    diagonal = np.ravel_multi_index((np.arange(tallies.size),) * 2, tallies.coincidences.shape)
    one_value = (taken[:, diagonal] == pairs).any(axis=1)
    return np.where(one_value, np.nan, alphas)
