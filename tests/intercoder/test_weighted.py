"""Reliability for the corpus where posts to code twice were drawn unequally."""

from __future__ import annotations

import numpy as np
import pytest

from govcode.intercoder.analysis import analyse
from govcode.records import Coding

CODES = ("rare", "rest")


def codings(gold: np.ndarray, other: np.ndarray) -> list[Coding]:
    return [
        Coding(str(i), who, CODES[v])
        for who, column in (("A", gold), ("B", other)) for i, v in enumerate(column)
    ]  # fmt: skip


@pytest.mark.slow
def test_weights_undo_unequal_drawing():
    """Coders differ more on posts that look rare, and half of the sample is of these."""
    rng = np.random.default_rng(3)
    looks = rng.random(40_000) < 0.05
    first = np.where(looks, rng.random(40_000) < 0.3, rng.random(40_000) < 0.995).astype(int)
    other = np.where(rng.random(40_000) < np.where(looks, 0.25, 0.01), 1 - first, first)
    truth = analyse(codings(first, other), codes=CODES, draws=0).overall
    hits = {"alpha": 0, "percent": 0}
    for seed in range(60):
        drawn = np.concatenate(
            [rng.choice(np.flatnonzero(looks == flag), 150, False) for flag in (True, False)]
        )
        chance = {str(i): 150 / (looks == looks[k]).sum() for i, k in enumerate(drawn)}
        found = analyse(
            codings(first[drawn], other[drawn]), codes=CODES, draws=400, seed=seed, probabilities=chance
        )
        for name in hits:
            hits[name] += found.weighted[name].low <= truth[name].value <= found.weighted[name].high
        assert not found.overall["percent"].low <= truth["percent"].value <= found.overall["percent"].high
    assert min(hits.values()) >= 52, hits


def test_equal_or_unknown_probabilities_weigh_nothing():
    first = np.arange(60) % 2
    other = np.where(np.arange(60) < 6, 1 - first, first)
    rows = codings(first, other)
    assert analyse(rows, draws=50).weighted == {}
    assert analyse(rows, draws=50, probabilities={str(i): 0.5 for i in range(60)}).weighted == {}
    assert analyse(rows, draws=50, probabilities={"1": 0.5, "2": 0.1}).weighted == {}
    unequal = {str(i): 0.5 if i % 3 else 0.45 for i in range(60)}
    close = analyse(rows, draws=200, probabilities=unequal)
    assert close.weighted["alpha"].value == pytest.approx(close.overall["alpha"].value, abs=0.02)
