"""How well people agree on the same posts: the ceiling a machine can be held to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from govcode.errors import NotComputableError
from govcode.metrics.alpha import krippendorff_alpha
from govcode.metrics.figures import Figure
from govcode.metrics.ratings import MISSING, Ratings, patterns
from govcode.metrics.smoothing import imagined_rows, smoothed_cells, smoothed_figure
from govcode.metrics.tallies import pattern_sums, unpack
from govcode.records import Coding


@dataclass(frozen=True)
class HumanCeiling:
    """Alpha between the human coders, over the posts that at least two of them coded."""

    coders: tuple[str, ...]
    posts: int
    alpha: Figure


def human_ceiling(codings: Iterable[Coding], *, level: float, replicates: int, seed: int) -> HumanCeiling:
    """Return Krippendorff's alpha of human codings, with the smoothed bootstrap of `reliability`.

    NA counts as a value: coders who disagree on whether a post can be coded disagree. Raises
    NotComputableError where no post has two codings.
    """
    ratings = _ratings(list(codings))
    double = (ratings.values != MISSING).sum(1) >= 2
    if not double.any():
        raise NotComputableError(
            "No post was coded by two people, so there is no alpha between coders.",
            hint="Give --codings the files of at least two coders of the same posts.",
        )
    size, coders = len(ratings.domain), len(ratings.coders)
    rows, place = patterns(ratings.values[double], size)
    extra, masses = imagined_rows(size, coders)
    place = place.ravel().astype(np.intp)
    weights = smoothed_cells(
        place, np.pad(masses, ((0, 0), (len(rows), 0))), weights=np.ones(len(place)), replicates=replicates,
        seed=seed,
    )  # fmt: skip
    sums, more = pattern_sums(rows, size), pattern_sums(extra, size)
    value = float(krippendorff_alpha(unpack(np.bincount(place) @ sums, size, coders)))
    spread = krippendorff_alpha(unpack(weights @ np.vstack([sums, more]), size, coders))
    figure = smoothed_figure(value, np.asarray(spread), level=level, lowest=-1.0, highest=1.0)
    return HumanCeiling(ratings.coders, int(double.sum()), figure)


def _ratings(codings: list[Coding]) -> Ratings:
    posts = {post: i for i, post in enumerate(dict.fromkeys(c.post_id for c in codings))}
    coders = {name: i for i, name in enumerate(dict.fromkeys(c.coder for c in codings))}
    domain = tuple(sorted({c.code for c in codings}))
    values = np.full((len(posts), len(coders)), MISSING, dtype=np.int64)
    for coding in codings:
        values[posts[coding.post_id], coders[coding.coder]] = domain.index(coding.code)
    return Ratings(values, domain, tuple(coders))
