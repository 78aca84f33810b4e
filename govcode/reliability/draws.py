"""Figures with bootstrap intervals, for any variable that can be read off the patterns of a panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from govcode.metrics.alpha import krippendorff_alpha, pair_resampled_alphas
from govcode.metrics.coefficients import COEFFICIENTS, NO_OVERLAP, ONE_CODE
from govcode.metrics.distances import Distance
from govcode.metrics.figures import Figure
from govcode.metrics.ratings import Floats, Ints
from govcode.metrics.resampling import bootstrap_cells, percentile_figure
from govcode.metrics.tallies import Tallies, pattern_sums, unpack
from govcode.reliability.panel import Panel

UNITS, CLUSTERS, PAIRS, NONE = "units", "clusters", "pairs", "none"
BLOCK = 1 << 24


@dataclass(frozen=True)
class Sampler:
    """Draw weights for the patterns of a panel, once, and make figures of any variable from them.

    `totals` (patterns) counts the posts of each pattern; `weights` (draws × patterns) does so in each
    resample of posts or of clusters of posts.
    """

    totals: Floats
    weights: Floats
    kind: str
    draws: int
    seed: int
    level: float

    def tallies(self, values: Ints, size: int) -> tuple[Tallies, Tallies | None]:
        """Return the tallies of a variable (patterns × coders), observed and resampled."""
        sums, coders = pattern_sums(values, size), values.shape[1]
        observed = unpack(self.totals @ sums, size, coders)
        drawn = unpack(self.weights @ sums, size, coders) if len(self.weights) else None
        return observed, drawn

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
            found[name] = self._with_interval(figure, draws)
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

    def _with_interval(self, figure: Figure, draws: Floats | None) -> Figure:
        if draws is None or np.isnan(figure.value):
            return figure
        return percentile_figure(
            figure.value, draws, level=self.level, interval=f"bootstrap ({self.kind})", note=figure.note
        )


def sampler_of(
    panel: Panel, *, draws: int, seed: int, level: float = 0.95, pairs: bool = False,
    clusters: Mapping[str, str] | None = None,
) -> Sampler:  # fmt: skip
    """Draw resamples of posts, or of clusters of posts; with `pairs` draw nothing here.

    `clusters` maps posts to clusters (a post without one is its own). `pairs` leaves the drawing to
    Krippendorff's own bootstrap, which gives intervals for alpha only. Posts coded by two and posts
    coded by one are drawn apart, so that every resample holds as many of each.
    """
    size = len(panel.rows)
    totals = np.bincount(panel.pattern, minlength=size).astype(float)
    kind = PAIRS if pairs else CLUSTERS if clusters else UNITS
    if draws == 0 or pairs:
        return Sampler(totals, np.empty((0, size)), PAIRS if draws else NONE, draws, seed, level)
    labels = None
    if clusters:
        names = [clusters.get(post) or f"\0{post}" for post in panel.posts]
        labels = np.unique(np.array(names), return_inverse=True)[1].astype(np.intp)
    double = ((panel.cells >= 0).sum(axis=1) >= 2).astype(np.intp)
    weights = bootstrap_cells(
        panel.pattern.astype(np.intp), size, weights=np.ones(len(panel.posts)), strata=double,
        clusters=labels, replicates=draws, seed=seed,
    )  # fmt: skip
    return Sampler(totals, weights, kind, draws, seed, level)
