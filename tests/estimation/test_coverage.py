"""Simulations: intervals cover what they should, corrected shares are unbiased, naive counts are not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from govcode.errors import NotComputableError
from govcode.estimation import quantify, regression
from govcode.estimation.contrasts import _compare
from govcode.estimation.corpus import Column, Corpus, Part, Sample
from govcode.estimation.formula import build_design, read_formula
from govcode.estimation.quantify import adjusted_shares
from govcode.estimation.regression import regress
from govcode.estimation.results import Estimate
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


def simulated(
    method: str, gold, machine, draw, weights_of, strata_of, *, clusters_of=None, draws=DRAWS, seed=20190201
) -> list[Estimate]:
    """Return estimates of the share of code 1 over many samples, all by one call of the shipped function."""
    rng = np.random.default_rng(seed)
    places = [draw(rng) for _ in range(draws)]
    corpus = Corpus(("rest", "target"), machine)
    joined = np.concatenate(places)
    clusters = clusters_of(joined) if clusters_of else None
    sample = Sample(joined, gold[joined], weights_of(joined), strata_of(joined), clusters)
    counts = np.bincount(machine, minlength=3).astype(float)
    ends = np.cumsum([len(p) for p in places])
    parts = [Part({}, counts, np.arange(end - len(p), end)) for p, end in zip(places, ends, strict=True)]
    return design_shares(corpus, sample, parts, method=method, level=0.95)[TARGET::2]


def simulate(*settings, **more) -> tuple[np.ndarray, ...]:
    """Return raw estimates, lows, highs and errors."""
    rows = simulated(*settings, **more)
    return tuple(np.array([f(r) for r in rows]) for f in (
        lambda r: r.raw, lambda r: r.share.low, lambda r: r.share.high, lambda r: r.error,
    ))  # fmt: skip


def simply(number: int):
    """Simple random gold of this size: how it is drawn, weights, strata."""
    return (
        lambda rng: rng.choice(POSTS, number, replace=False),
        lambda p: np.full(len(p), POSTS / number),
        lambda p: np.zeros(len(p), np.intp),
    )


def check(truth: float, raw, low, high, *, common: bool, bias: bool = True) -> None:
    """Coverage among the samples that have an interval, and no bias in any."""
    told = ~np.isnan(low)
    covered = np.mean((low[told] <= truth) & (truth <= high[told]))
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
    raw, low, high, _ = simulate(method, gold, machine, *simply(number))
    check(gold.mean(), raw, low, high, common=share * number >= 15)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["ppi", "ppi++", "dsl"])
@pytest.mark.parametrize(("found", "false"), [(0.9, 0.03), (0.95, 0.01), (0.98, 0.005)])
def test_machines_that_hardly_err(method, found, false):
    """Where fewer than five errors can be expected in gold, intervals may be wider than needed."""
    for share, number in ((0.05, 300), (0.3, 100), (0.3, 300)):
        gold, machine = population(share, found, false)
        errors = number * np.mean(gold != machine)
        raw, low, high, _ = simulate(method, gold, machine, *simply(number))
        check(gold.mean(), raw, low, high, common=errors >= 5)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["stratified", "dsl"])
@pytest.mark.parametrize(("clusters", "size"), [(10, 30), (20, 15), (60, 5)])
@pytest.mark.parametrize("share", [0.05, 0.3])
def test_gold_drawn_in_whole_clusters(method, clusters, size, share):
    """Clusters (days, accounts) whose own shares differ: Beta with a design effect of up to five."""
    raw, low, high, truth = in_clusters(method, clusters, size, share)
    check(truth, raw, low, high, common=True)


def in_clusters(method: str, clusters: int, size: int, share: float) -> tuple:
    """Draw whole clusters; return raw estimates, lows, highs, and the share in the corpus."""
    rng = np.random.default_rng(4)
    number = POSTS // size
    gold = (rng.random(POSTS) < rng.beta(share * 6, (1 - share) * 6, number).repeat(size)).astype(np.intp)
    chance = rng.random(POSTS)
    machine = np.where(gold == TARGET, chance < 0.8, chance < 0.03).astype(np.int16)

    def draw(rng):
        return (rng.choice(number, clusters, replace=False)[:, None] * size + np.arange(size)).ravel()

    raw, low, high, _ = simulate(
        method, gold, machine, draw, lambda p: np.full(len(p), number / clusters),
        lambda p: np.zeros(len(p), np.intp), clusters_of=lambda p: p // size,
    )  # fmt: skip
    return raw, low, high, gold.mean()


@pytest.mark.slow
@pytest.mark.parametrize(("clusters", "share"), [(6, 0.05), (7, 0.05), (7, 0.3), (10, 0.05)])
def test_few_clusters_are_refused_or_covered(clusters, share):
    """Of a rare code in few clusters many samples get no interval; those that do hold the truth."""
    raw, low, high, truth = in_clusters("stratified", clusters, 40, share)
    check(truth, raw, low, high, common=False)
    given = np.mean(~np.isnan(low))
    assert given > 0.99 if share == 0.3 else 0.2 < given < 0.9, given


@pytest.mark.slow
@pytest.mark.parametrize("method", ["stratified", "dsl", "ppi++"])
@pytest.mark.parametrize(("one", "two", "number"), [(0.05, 0.05, 300), (0.3, 0.2, 100), (0.3, 0.2, 300)])
def test_differences_between_groups(method, one, two, number):
    rows = [simulated(method, *population(share), *simply(number), seed=seed)
            for share, seed in ((one, 1), (two, 2))]  # fmt: skip
    gaps = [_compare(a, b) for a, b in zip(*rows, strict=True)]
    truth = population(one)[0].mean() - population(two)[0].mean()
    raw, low, high = (
        np.array(v)
        for v in zip(*((g.difference.value, g.difference.low, g.difference.high) for g in gaps), strict=True)
    )
    check(truth, raw, low, high, common=min(one, two) * number >= 15)
    wrong = np.mean([(g.p < 0.05) == (g.difference.low <= 0 <= g.difference.high) for g in gaps])
    assert wrong < 0.01, "p and interval disagree"


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
@pytest.mark.parametrize("number", [100, 300])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
@pytest.mark.parametrize("method", ["acc", "pacc"])
def test_adjusted_counts_where_their_assumption_holds(method, share, number, monkeypatch):
    """Gold of another corpus with other shares but the same errors: label shift."""
    gold, machine = population(share)
    source_gold, source_machine = population(0.2)
    both = Corpus(
        ("rest", "target"), np.concatenate([machine, source_machine]),
        probabilities=np.vstack([probabilities(machine, 1), probabilities(source_machine, 2)]),
    )  # fmt: skip
    counts = np.bincount(machine, minlength=3).astype(float)
    mean = both.probabilities[:POSTS].mean(0, dtype=float)
    if method == "pacc":  # the target's rows, once
        monkeypatch.setattr(quantify, "_observed", lambda *_: [mean])
    rng, found = np.random.default_rng(20190201), []
    for seed in range(DRAWS):
        place = rng.choice(POSTS, number, replace=False)
        sample = Sample(POSTS + place, source_gold[place], np.ones(number), np.zeros(number, np.intp))
        if np.bincount(sample.gold, minlength=2).min() >= quantify.FEW_OF_CODE:
            part = Part({}, counts, np.arange(number))
            found.append(adjusted_shares(both, sample, [part], method=method, level=0.95, seed=seed)[TARGET])
    raw, low, high = (
        np.array(v) for v in zip(*((r.raw, r.share.low, r.share.high) for r in found), strict=True)
    )
    # a ratio: unbiased as gold grows
    check(gold.mean(), raw, low, high, common=share * number >= 15, bias=False)
    assert abs(raw.mean() - share) < 0.01


def probabilities(machine: np.ndarray, seed: int) -> np.ndarray:
    """Probabilities of two codes, .8 for the machine's code on average."""
    sure = np.random.default_rng(seed).beta(6, 1.5, len(machine))
    return np.column_stack([np.where(machine == k, sure, 1 - sure) for k in (0, 1)]).astype(np.float32)


@pytest.fixture
def laid_out_once(monkeypatch):
    """Lay out the design `target ~ x` once: x is 0 or 1 in every draw."""
    design = build_design(read_formula("target ~ x"), {"x": Column(("0", "1"), np.arange(2))}, np.arange(2))
    assert design.rows.tolist() == [[1, 0], [1, 1]]
    monkeypatch.setattr(
        regression, "build_design", lambda _, groups, used: replace(design, place=groups["x"].index[used])
    )


def slopes(
    share: float, number: int, *, logistic: bool, slope: float, found: float = 0.8,
    false: tuple[float, float] = (0.03, 0.08), posts: int = 4000, chance: float = 0.5, draws: int = DRAWS,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return the slopes of samples, each of a new corpus, and if their intervals hold the true one.

    x is 1 with this chance; false alarms are as frequent as `false` says where x is 0 and 1.
    """
    rng, formula, covered, values = np.random.default_rng(2), read_formula("target ~ x"), [], []
    start = np.log(share / (1 - share)) if logistic else share
    for _ in range(draws):
        x = (rng.random(posts) < chance).astype(np.intp)
        line = start + slope * x
        gold = (rng.random(posts) < (1 / (1 + np.exp(-line)) if logistic else line)).astype(np.intp)
        luck = rng.random(posts)
        machine = np.where(gold == TARGET, luck < found, luck < np.array(false)[x]).astype(np.int16)
        corpus = Corpus(("rest", "target"), machine, {"x": Column(("0", "1"), x.astype(np.int32))})
        place = rng.choice(posts, number, replace=False)
        sample = Sample(place, gold[place], np.full(number, posts / number), np.zeros(number, np.intp))
        try:
            result = regress(corpus, sample, formula, clusters=None, logistic=logistic, level=0.95)
        except NotComputableError:
            continue
        figure = result.coefficients[1].estimate
        covered.append(figure.low <= slope <= figure.high)
        values.append(figure.value)
    return np.array(values), np.array(covered)


@pytest.mark.slow
@pytest.mark.usefixtures("laid_out_once")
@pytest.mark.parametrize("logistic", [False, True])
@pytest.mark.parametrize("number", [100, 300])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
def test_regressions(share, number, logistic):
    """The machine's false alarms depend on the covariate."""
    slope = 0.5 if logistic else share / 3
    values, covered = slopes(share, number, logistic=logistic, slope=slope)
    common = share * number >= 15
    assert covered.mean() >= 0.93, covered.mean()
    if common:
        assert covered.mean() <= 0.97 and len(values) > 0.95 * DRAWS, covered.mean()
    if not logistic:  # a logit is unbiased only as gold grows
        assert abs(np.mean(values) - slope) < MONTE_CARLO * np.std(values) / np.sqrt(len(values))


@pytest.mark.slow
@pytest.mark.usefixtures("laid_out_once")
@pytest.mark.parametrize("logistic", [False, True])
@pytest.mark.parametrize(("share", "number"), [(0.05, 300), (0.3, 100), (0.3, 300)])
def test_regressions_with_everything_coded_by_hand(share, number, logistic):
    """Gold is the corpus: no predicted code is used."""
    slope = 0.5 if logistic else share / 3
    _, covered = slopes(share, number, logistic=logistic, slope=slope, posts=number)
    assert 0.93 <= covered.mean() <= 0.97, covered.mean()


@pytest.mark.slow
@pytest.mark.usefixtures("laid_out_once")
@pytest.mark.parametrize("logistic", [False, True])
@pytest.mark.parametrize(("share", "number"), [(0.05, 300), (0.3, 100), (0.3, 300)])
def test_regressions_with_another_machine(share, number, logistic):
    slope = -0.4 if logistic else -share / 3
    _, covered = slopes(
        share, number, logistic=logistic, slope=slope, found=0.7, false=(0.05, 0.02), draws=1000
    )
    assert 0.93 <= covered.mean() <= 0.97, covered.mean()


@pytest.mark.slow
@pytest.mark.usefixtures("laid_out_once")
@pytest.mark.parametrize("logistic", [False, True])
@pytest.mark.parametrize(("share", "number"), [(0.01, 100), (0.05, 100), (0.05, 300), (0.3, 100), (0.3, 300)])
def test_regressions_on_a_rare_value(share, number, logistic):
    """Of a tenth of the posts, with few cases: Wald intervals cover .58 to .93 for shares up to .05."""
    slope = 0.5 if logistic else share / 3
    values, covered = slopes(share, number, logistic=logistic, slope=slope, chance=0.1, draws=500)
    assert len(values) > 150 and covered.mean() >= 0.93, covered.mean()


@pytest.mark.slow
@pytest.mark.usefixtures("laid_out_once")
@pytest.mark.parametrize("clusters", [12, 40])
def test_regressions_with_cluster_robust_errors(clusters):
    """Accounts differ, the covariate belongs to accounts: errors that ignore accounts would be far too small."""
    rng, size, number, slope = np.random.default_rng(3), 100, 300, 0.1
    formula, robust, plain = read_formula("target ~ x"), [], []
    account = np.arange(clusters).repeat(size)
    names = Column(tuple(map(str, range(clusters))), account.astype(np.int32))
    for _ in range(DRAWS):
        x = rng.permutation(clusters) % 2
        line = np.clip(0.3 + slope * x + rng.normal(0, 0.1, clusters), 0.01, 0.99)[account]
        gold = (rng.random(len(line)) < line).astype(np.intp)
        chance = rng.random(len(line))
        machine = np.where(gold == TARGET, chance < 0.8, chance < 0.03 + 0.05 * x[account]).astype(np.int16)
        corpus = Corpus(("rest", "target"), machine, {"x": Column(("0", "1"), x[account].astype(np.int32))})
        place = rng.choice(len(line), number, replace=False)
        weights = np.full(number, len(line) / number)
        sample = Sample(place, gold[place], weights, np.zeros(number, np.intp))
        for errors, held in ((names, robust), (None, plain)):
            found = regress(corpus, sample, formula, clusters=errors, logistic=False, level=0.95)
            figure = found.coefficients[1].estimate
            held.append(figure.low <= slope <= figure.high)
    assert 0.93 <= np.mean(robust) <= 0.97, np.mean(robust)
    assert np.mean(plain) < np.mean(robust)


@pytest.mark.usefixtures("laid_out_once")
def test_a_few_draws_of_a_slope_are_covered():
    """A logistic slope on few cases, for the fast suite: Wald intervals cover nearly all."""
    _, covered = slopes(0.05, 300, logistic=True, slope=0.5, draws=60)
    assert covered.mean() >= 0.88


@pytest.mark.slow
def test_naive_counts_are_biased():
    gold, machine = population(0.05)
    assert abs(machine.mean() - gold.mean()) > 0.015


def test_a_few_draws_cover_and_are_unbiased():
    """The same on 300 draws, so that the fast suite notices a broken interval."""
    gold, machine = population(0.05)
    raw, low, high, error = simulate("dsl", gold, machine, *simply(300), draws=300)
    assert 0.91 <= np.mean((low <= 0.05) & (high >= 0.05)) <= 0.99
    assert abs(raw.mean() - 0.05) < 0.003 and error.mean() == pytest.approx(raw.std(), rel=0.15)
