"""Design-based shares by hand, their edges, and groups."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from govcode.estimation.corpus import Column, Corpus, Sample, parts_of, rest_of
from govcode.estimation.shares import design_shares
from govcode.metrics.intervals import wilson


def corpus_of(machine, codes=("rest", "target"), **groups) -> Corpus:
    columns = {}
    for name, values in groups.items():
        names = sorted(set(values))
        columns[name] = Column(tuple(names), np.array([names.index(v) for v in values], dtype=np.int32))
    return Corpus(codes, np.asarray(machine, dtype=np.int16), columns)


def sample_of(place, gold, weights, strata=None) -> Sample:
    number = len(place)
    strata = np.zeros(number, np.intp) if strata is None else np.asarray(strata)
    return Sample(np.asarray(place), np.asarray(gold), np.broadcast_to(weights, number).astype(float), strata)


def target(corpus, sample, method="dsl", by=()):
    return design_shares(corpus, sample, parts_of(corpus, sample, by), method=method, level=0.95)[1::2]


@pytest.fixture
def two_strata() -> tuple[Corpus, Sample]:
    """Strata of 40 and 960 posts, 20 and 80 coded, 15 and 2 of them positive; machine calls the first so."""
    machine = np.r_[np.ones(40), np.zeros(960)]
    place = np.r_[np.arange(20), np.arange(40, 120)]
    gold = np.r_[np.ones(15), np.zeros(5), np.ones(2), np.zeros(78)].astype(int)
    return corpus_of(machine), sample_of(
        place, gold, np.repeat([2.0, 12.0], [20, 80]), np.repeat([0, 1], [20, 80])
    )


@pytest.mark.parametrize("method", ["stratified", "dsl"])
def test_strata_vector(two_strata, method):
    """The machine's code is the stratum, so that it adds nothing within strata: both give .054."""
    row = target(*two_strata, method)[0]
    assert row.share.value == pytest.approx(0.054, abs=1e-12)
    assert row.error == pytest.approx(0.016387585688264348, abs=1e-12)
    assert row.naive == pytest.approx(0.04) and row.gold == 100 and row.posts == 1000
    assert row.share.low < 0.054 < row.share.high


def test_ppi_vector():
    gold = np.array([1, 0, 0, 1, 1, 0, 1, 0, 0, 0])
    machine = np.r_[[1, 0, 1, 1, 0, 0, 1, 0, 0, 0], np.ones(180), np.zeros(320)]
    corpus, sample = corpus_of(machine), sample_of(np.arange(10), gold, 51.0)
    assert target(corpus, sample, "ppi")[0].share.value == pytest.approx(0.36)
    assert target(corpus, sample, "dsl")[0].share.value == pytest.approx(0.3607843137254902)
    # PPI++ proper has λ from the same gold (tests/metrics); here each fold's λ comes from the others
    assert target(corpus, sample, "ppi++")[0].share.value == pytest.approx(0.376, abs=0.02)


def test_gold_alone_is_wilson_where_the_corpus_is_large():
    machine = np.zeros(1_000_000)
    sample = sample_of(np.arange(400), np.r_[np.ones(120), np.zeros(280)].astype(int), 2500.0)
    row = target(corpus_of(machine), sample, "stratified")[0]
    expected = wilson(120, 400)
    assert (row.share.low, row.share.high) == pytest.approx((expected.low, expected.high), abs=1e-3)


def test_no_hits_still_has_an_upper_bound():
    corpus = corpus_of(np.zeros(10_000))
    row = target(corpus, sample_of(np.arange(100), np.zeros(100, int), 100.0))[0]
    assert row.share.value == 0 and row.share.low == 0 and 0.03 < row.share.high < 0.04


def test_everything_coded_by_hand_leaves_no_error(two_strata):
    corpus, _ = two_strata
    gold = np.random.default_rng(0).integers(0, 2, 1000)
    row = target(corpus, sample_of(np.arange(1000), gold, 1.0))[0]
    assert row.share.value == pytest.approx(gold.mean())
    assert row.share.low == pytest.approx(row.share.high) == pytest.approx(gold.mean())


def test_negative_estimates_are_kept_at_zero_and_told():
    machine = np.r_[np.ones(30), np.zeros(970)]
    place = np.r_[np.arange(10), np.arange(500, 590)]
    row = target(corpus_of(machine), sample_of(place, np.zeros(100, int), 10.0))[0]
    assert row.raw == pytest.approx(-0.07) and row.share.value == 0 and "-0.07" in row.share.note


def test_uncodable_posts_leave_the_denominator():
    """A tenth is NA for people and machine alike; the target is a quarter of the rest."""
    machine = np.tile([1, 0, 0, 0, 2, 1, 0, 0, 0, 1], 100)
    gold = np.where(np.arange(1000) % 10 == 4, 2, machine)
    sample = sample_of(np.arange(0, 1000, 2), gold[::2], 2.0)
    rows = target(corpus_of(machine), sample)
    assert rows[0].share.value == pytest.approx(3 / 9, abs=1e-9)


@pytest.mark.parametrize("method", ["stratified", "ppi", "ppi++", "dsl"])
def test_shares_sum_to_one(method):
    rng = np.random.default_rng(4)
    gold = rng.integers(0, 4, 3000)
    machine = np.where(rng.random(3000) < 0.7, gold, rng.integers(0, 4, 3000))
    corpus = corpus_of(machine, codes=("a", "b", "c", "d"))
    place = rng.choice(3000, 200, replace=False)
    sample = sample_of(place, gold[place], 15.0)
    rows = design_shares(corpus, sample, parts_of(corpus, sample, ()), method=method, level=0.95)
    assert sum(row.raw for row in rows) == pytest.approx(1)
    assert all(row.share.low <= row.share.value <= row.share.high for row in rows)


def test_clusters_widen(two_strata):
    corpus, sample = two_strata
    mixed = replace(sample, weights=np.full(100, 10.0), strata=np.zeros(100, np.intp))
    together = replace(mixed, clusters=np.repeat(np.arange(20), 5))
    apart = target(corpus, mixed)[0].share
    wide = target(corpus, together)[0].share
    assert wide.high - wide.low > 1.3 * (apart.high - apart.low)


def test_too_few_clusters_leave_the_share_without_interval(two_strata):
    corpus, sample = two_strata
    mixed = replace(sample, weights=np.full(100, 10.0), strata=np.zeros(100, np.intp))
    few = target(corpus, replace(mixed, clusters=np.repeat(np.arange(4), 25)))[0]
    assert np.isnan(few.share.low) and few.share.note == "no interval: 4 clusters, 5 are the least"
    assert few.share.value == target(corpus, mixed)[0].share.value


def test_groups_and_their_rest():
    rng = np.random.default_rng(2)
    place = ["north", "south", "tiny"]
    where = [place[0]] * 500 + [place[1]] * 480 + [place[2]] * 20
    gold = rng.integers(0, 2, 1000)
    corpus = corpus_of(gold, where=where, when=["2020", "2021"] * 500)
    drawn = rng.choice(980, 200, replace=False)
    sample = sample_of(drawn, gold[drawn], 5.0)
    rows = target(corpus, sample, by=("where",))
    assert [row.group["where"] for row in rows] == place
    assert rows[0].share.value == pytest.approx(gold[:500].mean())
    assert math.isnan(rows[2].share.value) and "0 gold" in rows[2].share.note
    assert rows[2].naive == pytest.approx(gold[980:].mean())
    whole, parts = parts_of(corpus, sample, ())[0], parts_of(corpus, sample, ("where", "when"))
    assert len(parts) == 6 and sum(part.posts for part in parts) == 1000
    rest = rest_of(whole, parts[0])
    assert rest.posts == 1000 - parts[0].posts and len(rest.members) + len(parts[0].members) == 200
