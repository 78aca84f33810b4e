"""How well machine codes meet gold: everything from one confusion table.

A table is an array (..., m, m): rows are gold codes, columns machine codes, in the same order; the
leading axes hold bootstrap replicates. Entries are counts or sums of weights. Columns for posts that
the machine left uncodable or missing have empty rows of their own, so such posts count as wrong.
Ratios of nothing to nothing are NaN, never 0 or 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _ratio(top: Floats, bottom: Floats) -> Floats:
    """Divide, with NaN where the denominator is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom == 0, np.nan, top / bottom)


def confusion(gold: NDArray[np.intp], machine: NDArray[np.intp], size: int, weights: Floats) -> Floats:
    """Return the (size, size) table of summed weights; gold and machine are code positions."""
    cells = np.bincount(gold * size + machine, weights=weights, minlength=size * size)
    return cells.reshape(size, size).astype(np.float64)


def _hits(table: Floats) -> Floats:
    return np.diagonal(table, axis1=-2, axis2=-1)


def accuracy(table: Floats) -> Floats:
    """Share of posts whose machine code is the gold code; NaN for an empty table."""
    return _ratio(_hits(table).sum(-1), table.sum((-2, -1)))


def precision(table: Floats) -> Floats:
    """Per code: share of the machine's posts that gold confirms; NaN where the machine gave none."""
    return _ratio(_hits(table), table.sum(-2))


def recall(table: Floats) -> Floats:
    """Per code: share of gold's posts that the machine found; NaN where gold has none."""
    return _ratio(_hits(table), table.sum(-1))


def f1(table: Floats) -> Floats:
    """Per code: 2·tp / (2·tp + fp + fn), the harmonic mean of precision and recall (Van Rijsbergen 1979).

    NaN where neither gold nor machine has the code; 0 where they never meet.
    """
    return _ratio(2 * _hits(table), table.sum(-1) + table.sum(-2))


def macro_f1(table: Floats, present: NDArray[np.bool_]) -> Floats:
    """Mean F1 over the codes marked in `present` (those that gold has); NaN codes are skipped."""
    scores = f1(table)[..., present]
    return _ratio(np.nansum(scores, -1), np.sum(~np.isnan(scores), -1).astype(np.float64))


def mcc(table: Floats) -> Floats:
    """Matthews correlation for any number of codes (Gorodkin 2004), in [-1, 1].

    (c·s - Σ p_k·t_k) / √((s² - Σ p_k²)(s² - Σ t_k²)) with s posts, c hits, p and t the margins. NaN where
    gold or machine has one code only (scikit-learn gives 0 there).
    """
    total, gold, machine = table.sum((-2, -1)), table.sum(-1), table.sum(-2)
    top = _hits(table).sum(-1) * total - (gold * machine).sum(-1)
    bottom = (total**2 - (gold**2).sum(-1)) * (total**2 - (machine**2).sum(-1))
    return _ratio(top, np.sqrt(np.maximum(bottom, 0)))


def alpha(table: Floats, posts: Floats | float | None = None) -> Floats:
    """Krippendorff's nominal alpha between gold and machine as two coders without missing values.

    1 - D_o/D_e; D_o = share of unequal pairs, D_e = (N² - Σ n_k²) / (N(N - 1)) over the N = 2·posts
    values. A weighted table is scaled to `posts` first (default: its own sum). NaN where only one code
    occurs (Krippendorff 2019: undefined, not 1).
    """
    total = table.sum((-2, -1))
    values = 2 * (total if posts is None else np.asarray(posts, dtype=np.float64))
    observed = 1 - accuracy(table)
    shares = _ratio(table.sum(-1) + table.sum(-2), 2 * total[..., None])
    expected = (1 - (shares**2).sum(-1)) * _ratio(values, values - 1)
    expected = np.where(np.isclose(expected, 0, atol=1e-14), 0.0, expected)
    return 1 - _ratio(observed, expected)


def one_versus_rest(table: Floats) -> Floats:
    """Return (..., m, 2, 2): for each code the table of code against everything else."""
    hit, gold, machine = _hits(table), table.sum(-1), table.sum(-2)
    rest = table.sum((-2, -1))[..., None] - gold - machine + hit
    return np.stack([np.stack([hit, gold - hit], -1), np.stack([machine - hit, rest], -1)], -2)
