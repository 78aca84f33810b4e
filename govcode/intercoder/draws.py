"""Figures with bootstrap intervals, for any variable that can be read off the patterns of a panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from govcode.intercoder.panel import Panel
from govcode.metrics.alpha import krippendorff_alpha, pair_resampled_alphas
from govcode.metrics.coefficients import COEFFICIENTS, NO_OVERLAP, ONE_CODE
from govcode.metrics.distances import Distance
from govcode.metrics.figures import Figure
from govcode.metrics.ratings import Floats, Ints
from govcode.metrics.resampling import BLOCK, bootstrap_cells
from govcode.metrics.smoothing import imagined_draws, imagined_rows, smoothed_figure
from govcode.metrics.tallies import Tallies, pattern_sums, unpack

SMOOTHED, UNITS, PAIRS, NONE = "smoothed", "units", "pairs", "none"
KINDS = (SMOOTHED, UNITS, PAIRS)
MOST_WEIGHTS = 150_000_000  # numbers held; with more kinds of posts there are fewer draws


@dataclass(frozen=True)
class Sampler:
    """Draw weights for the patterns of a panel, once, and make figures of any variable from them.

    `totals` (patterns) counts the posts of each pattern; `weights` (draws × patterns) weighs them in each
    draw. `double` marks patterns of posts that two coders coded; `clusters` is their number (0: none).
    """

    totals: Floats
    weights: Floats
    double: npt.NDArray[np.bool_]
    kind: str
    draws: int
    seed: int
    level: float
    clusters: int = 0

    def tallies(self, values: Ints, size: int) -> tuple[Tallies, Tallies | None]:
        """Return the tallies of a variable (patterns × coders), observed and resampled.

        Smoothed ones have two leading axes: draws for lower and for upper ends (see `imagined_rows`).
        """
        sums, coders = pattern_sums(values, size), values.shape[1]
        observed = unpack(self.totals @ sums, size, coders)
        if not len(self.weights):
            return observed, None
        if self.kind != SMOOTHED:
            return observed, unpack(self.weights @ sums, size, coders)
        rows, masses = imagined_rows(size, coders)
        generator = np.random.Generator(np.random.PCG64([self.seed, 1]))
        extra = imagined_draws(masses, len(self.weights), generator)
        double = self.weights[:, self.double]
        scale = self.totals[self.double].sum() / (double.sum(axis=1) + extra.sum(axis=-1))
        drawn = (double @ sums[self.double] + extra @ pattern_sums(rows, size)) * scale[..., None]
        if not self.double.all():
            single = self.weights[:, ~self.double]
            rest = self.totals[~self.double].sum() / single.sum(axis=1)
            drawn = drawn + (single @ sums[~self.double]) * rest[:, None]
        return observed, unpack(drawn, size, coders)

    def figures(
        self, observed: Tallies, drawn: Tallies | None, names: Sequence[str] = tuple(COEFFICIENTS)
    ) -> dict[str, Figure]:
        """Return the coefficients with their intervals."""
        found: dict[str, Figure] = {}
        for name in names:
            figure = COEFFICIENTS[name].of(observed)
            draws = None if drawn is None else COEFFICIENTS[name].formula(drawn)
            if self.kind == PAIRS and name == "alpha":
                draws = self._pairs(observed)
            found[name] = self._with_interval(figure, draws, COEFFICIENTS[name].lowest)
        return found

    def alpha_of(self, values: Ints, size: int, distance: Distance) -> Figure:
        """Return alpha under another distance (sets, ranks) with its interval."""
        observed, drawn = self.tallies(values, size)
        value = float(krippendorff_alpha(observed, distance))
        note = "" if np.isfinite(value) else ONE_CODE if observed.pairable else NO_OVERLAP
        draws = None if drawn is None else krippendorff_alpha(drawn, distance)
        return self._with_interval(Figure(value, note=note), draws)

    def _pairs(self, observed: Tallies) -> Floats:
        generator = np.random.Generator(np.random.PCG64(self.seed))
        return pair_resampled_alphas(observed, self.draws, generator)

    def _with_interval(self, figure: Figure, draws: Floats | None, lowest: float = -1.0) -> Figure:
        """Add the percentile interval, stretched where whole clusters were drawn."""
        if draws is None or np.isnan(figure.value):
            return figure
        return smoothed_figure(
            figure.value, draws, level=self.level, clusters=self.clusters if self.kind == SMOOTHED else 0,
            lowest=lowest, highest=1.0, interval=f"bootstrap ({self.kind})", note=figure.note,
        )  # fmt: skip


def sampler_of(
    panel: Panel, *, draws: int, seed: int, level: float = 0.95, kind: str = SMOOTHED,
    clusters: Mapping[str, str] | None = None,
) -> Sampler:  # fmt: skip
    """Draw weights for posts, or for clusters of posts (`clusters`: post → cluster; else its own).

    smoothed: Bayesian bootstrap (Rubin 1981: exponential weights) over the posts and two imagined ones,
    one agreed and one not. It keeps its coverage where a code is rare or coders never disagree, cases in
    which the plain bootstrap repeats what it saw; see docs/reliability.md. units: plain bootstrap with
    percentiles; posts coded by two and posts coded by one are drawn apart. pairs: no draws here;
    Krippendorff's own bootstrap gives intervals for alpha only. With very many different patterns (more
    than 75,000 for 2,000 draws) the number of draws falls to what fits into memory, at least 200.
    """
    size = len(panel.rows)
    draws = min(draws, max(200, MOST_WEIGHTS // size))
    totals = np.bincount(panel.pattern, minlength=size).astype(float)
    double = (panel.rows >= 0).sum(axis=1) >= 2
    if draws == 0 or kind == PAIRS:
        kind = PAIRS if draws else NONE
        return Sampler(totals, np.empty((0, size)), double, kind, draws, seed, level)
    labels = None
    if clusters:
        names = [clusters.get(post) or f"\0{post}" for post in panel.posts]
        labels = np.unique(np.array(names), return_inverse=True)[1].astype(np.intp)
    if kind == SMOOTHED:
        weights = _exponential(panel, totals, labels, draws, seed)
        number = int(labels.max()) + 1 if labels is not None else 0
        return Sampler(totals, weights, double, kind, draws, seed, level, number)
    weights = bootstrap_cells(
        panel.pattern.astype(np.intp), size, weights=np.ones(len(panel.posts)),
        strata=double[panel.pattern].astype(np.intp), clusters=labels, replicates=draws, seed=seed,
    )  # fmt: skip
    return Sampler(totals, weights, double, kind, draws, seed, level)


def _exponential(
    panel: Panel, totals: Floats, labels: npt.NDArray[np.intp] | None, draws: int, seed: int
) -> Floats:
    """Return the summed exponential weights of posts or of clusters: draws × patterns."""
    generator = np.random.Generator(np.random.PCG64([seed, 0]))
    if labels is None:
        return generator.standard_gamma(totals, size=(draws, len(totals)))
    number = int(labels.max()) + 1
    spread = np.bincount(labels * len(totals) + panel.pattern, minlength=number * len(totals))
    table = spread.reshape(number, len(totals)).astype(float)
    block = max(1, BLOCK // number)
    parts = [
        generator.standard_exponential(size=(min(block, draws - start), number)) @ table
        for start in range(0, draws, block)
    ]
    return np.concatenate(parts)
