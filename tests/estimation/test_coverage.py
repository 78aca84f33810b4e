"""Simulations: intervals cover what they should, corrected shares are unbiased, naive counts are not."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from govcode.estimation import quantify
from govcode.estimation.corpus import Corpus, Part, Sample
from govcode.estimation.quantify import adjusted_shares
from govcode.estimation.shares import design_shares

DRAWS = 2000
POSTS = 30_000
TARGET = 1
MONTE_CARLO = 4  # standard errors of a mean of DRAWS draws


@cache
def population(share: float, found: float = 0.8, false: float = 0.03) -> tuple[np.ndarray, np.ndarray]:
    """Gold and machine codes of a whole corpus: code 1 has exactly this share."""
    gold = np.zeros(POSTS, dtype=np.intp)
    gold[: round(share * POSTS)] = TARGET
    chance = np.random.default_rng(11).random(POSTS)
    return gold, np.where(gold == TARGET, chance < found, chance < false).astype(np.int16)


def simulate(method: str, gold, machine, draw, weights_of, strata_of, draws=DRAWS) -> tuple[np.ndarray, ...]:
    """Return raw estimates, lows and highs of the share of code 1 over many samples."""
    rng = np.random.default_rng(20190201)
    places = [draw(rng) for _ in range(draws)]
    corpus = Corpus(("rest", "target"), machine)
    joined = np.concatenate(places)
    sample = Sample(joined, gold[joined], weights_of(joined), strata_of(joined))
    counts = np.bincount(machine, minlength=3).astype(float)
    ends = np.cumsum([len(p) for p in places])
    parts = [Part({}, counts, np.arange(end - len(p), end)) for p, end in zip(places, ends, strict=True)]
    rows = design_shares(corpus, sample, parts, method=method, level=0.95)[TARGET::2]
    return tuple(np.array([f(r) for r in rows]) for f in (
        lambda r: r.raw, lambda r: r.share.low, lambda r: r.share.high, lambda r: r.error,
    ))  # fmt: skip


def check(truth: float, raw, low, high, *, common: bool, bias: bool = True) -> None:
    covered = np.mean((low <= truth) & (truth <= high))
    assert covered >= 0.93, covered
    if common:
        assert covered <= 0.97, covered
    if bias:
        assert abs(raw.mean() - truth) < MONTE_CARLO * raw.std() / np.sqrt(len(raw))


@pytest.mark.slow
@pytest.mark.parametrize("number", [100, 300])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
@pytest.mark.parametrize("method", ["stratified", "ppi", "ppi++", "dsl"])
def test_simple_random_gold(method, share, number):
    gold, machine = population(share)
    raw, low, high, _ = simulate(
        method, gold, machine, lambda rng: rng.choice(POSTS, number, replace=False),
        lambda p: np.full(len(p), POSTS / number), lambda p: np.zeros(len(p), np.intp),
    )  # fmt: skip
    # a tuned λ depends on the same gold: PPI++ is unbiased only as gold grows
    check(gold.mean(), raw, low, high, common=share * number >= 15, bias=method != "ppi++")


@pytest.mark.slow
@pytest.mark.parametrize("number", [100, 300])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
@pytest.mark.parametrize("method", ["stratified", "dsl"])
def test_gold_enriched_with_rare_codes(method, share, number):
    """Half of gold is drawn among the posts that the machine gave the code."""
    gold, machine = population(share)
    strata = [np.flatnonzero(machine == k) for k in (0, 1)]
    half = number // 2
    probability = np.array([half / len(s) for s in strata])
    raw, low, high, _ = simulate(
        method, gold, machine,
        lambda rng: np.concatenate([rng.choice(s, half, replace=False) for s in strata]),
        lambda p: 1 / probability[machine[p]], lambda p: machine[p].astype(np.intp),
    )  # fmt: skip
    check(gold.mean(), raw, low, high, common=share * number >= 15)


@pytest.mark.slow
@pytest.mark.parametrize(("share", "number"), [(0.3, 100), (0.1, 300)])
def test_adjusted_counts_where_their_assumption_holds(share, number):
    """Gold of another corpus with other shares but the same errors: label shift."""
    gold, machine = population(share)
    source_gold, source_machine = population(0.2)
    both = Corpus(("rest", "target"), np.concatenate([machine, source_machine]))
    counts = np.bincount(machine, minlength=3).astype(float)
    rng, found = np.random.default_rng(20190201), []
    for _ in range(DRAWS):
        place = rng.choice(POSTS, number, replace=False)
        sample = Sample(POSTS + place, source_gold[place], np.ones(number), np.zeros(number, np.intp))
        if np.bincount(sample.gold, minlength=2).min() >= quantify.FEW_OF_CODE:
            part = Part({}, counts, np.arange(number))
            found.append(adjusted_shares(both, sample, [part], method="acc", level=0.95, seed=1)[TARGET])
    raw, low, high = (
        np.array(v) for v in zip(*((r.raw, r.share.low, r.share.high) for r in found), strict=True)
    )
    # a ratio: unbiased as gold grows
    check(gold.mean(), raw, low, high, common=True, bias=False)
    assert abs(raw.mean() - share) < 0.01


@pytest.mark.slow
def test_naive_counts_are_biased():
    gold, machine = population(0.05)
    assert abs(machine.mean() - gold.mean()) > 0.015


def test_a_few_draws_cover_and_are_unbiased():
    """The same on 300 draws, so that the fast suite notices a broken interval."""
    gold, machine = population(0.05)
    raw, low, high, error = simulate(
        "dsl", gold, machine, lambda rng: rng.choice(POSTS, 300, replace=False),
        lambda p: np.full(len(p), POSTS / 300), lambda p: np.zeros(len(p), np.intp), draws=300,
    )  # fmt: skip
    assert 0.91 <= np.mean((low <= 0.05) & (high >= 0.05)) <= 0.99
    assert abs(raw.mean() - 0.05) < 0.003 and error.mean() == pytest.approx(raw.std(), rel=0.15)
