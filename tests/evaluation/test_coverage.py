"""Simulations: the intervals of an evaluation cover what they promise."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np
import pytest

from govcode.evaluation import scores
from govcode.evaluation.calibration import calibration_of
from govcode.evaluation.comparison import compare_pairs
from govcode.evaluation.pairs import Groups, Pairs
from govcode.evaluation.scores import code_scores, overall_scores
from govcode.metrics import classification as metrics
from govcode.metrics.calibration import brier_scores, log_losses
from govcode.metrics.design import share_of_hits
from govcode.metrics.figures import Figure

POSTS, DRAWS, TARGET, SIZE = 60_000, 2000, 1, 10
OVERALL = ("accuracy", "macro_f1", "alpha", "mcc")
PER_CODE = ("precision", "recall", "f1")


@cache
def world(share: float, *, alike: bool = False, skill: float = 0.8) -> tuple[np.ndarray, ...]:
    """Gold, a machine, a second machine, probabilities: code 1 has this share; `alike` within tens of posts."""
    rng = np.random.default_rng(5)
    gold = (rng.random(POSTS) < share).astype(np.intp)
    sees = rng.beta(4, 1.2, POSTS // SIZE).repeat(SIZE) if alike else np.full(POSTS, skill)
    machine = np.where(rng.random(POSTS) < sees, gold, rng.random(POSTS) < share).astype(np.intp)
    second = np.where(rng.random(POSTS) < 0.7, gold, rng.random(POSTS) < share).astype(np.intp)
    sure = rng.beta(5, 1.5, POSTS)
    probabilities = np.column_stack(
        [np.where(machine == 0, sure, 1 - sure), np.where(machine == 1, sure, 1 - sure)]
    )
    return gold, machine, second, probabilities


def pairs_of(gold, machine, rows, probabilities=None, weights=None, clusters=None, by_code=False) -> Pairs:
    weights = np.ones(len(rows)) if weights is None else weights
    return Pairs(
        ("rest", "target"), tuple(map(str, rows)), gold[rows], machine[rows], np.ones(len(rows), bool), weights,
        weighted=weights.max() > weights.min(), clusters=clusters,
        probabilities=None if probabilities is None else probabilities[rows],
        among=machine[rows] if by_code else None,
    )  # fmt: skip


def truths(share: float, **kind) -> dict[str, float]:
    gold, machine, second, probabilities = world(share, **kind)
    tables = [pairs_of(gold, m, np.arange(POSTS)).table() for m in (machine, second)]
    both = np.array([True, True, False, False])
    overall = [
        {"accuracy": metrics.accuracy(t), "macro_f1": metrics.macro_f1(t, both), "alpha": metrics.alpha(t),
         "mcc": metrics.mcc(t)} for t in tables
    ]  # fmt: skip
    found = {name: float(value) for name, value in overall[0].items()}
    for name in ("accuracy", "macro_f1", "alpha"):
        found[f"difference {name}"] = float(overall[0][name] - overall[1][name])
    for name in PER_CODE:
        found[f"{name} of code"] = float(getattr(metrics, name)(tables[0])[TARGET])
    found["alpha of code"] = float(metrics.alpha(metrics.one_versus_rest(tables[0])[TARGET]))
    found["brier"] = float(brier_scores(probabilities, gold).mean())
    return found | {"log loss": float(log_losses(probabilities, gold).mean())}


def figures(pairs: Pairs, other: Pairs | None, seed: int):
    how = {"level": 0.95, "replicates": 400, "seed": seed}
    overall = overall_scores(pairs, pairs.draws(replicates=400, seed=seed), level=0.95)
    for name in OVERALL:
        yield name, getattr(overall, name)
    of_code = code_scores(pairs, **how)[TARGET]
    for name in (*PER_CODE, "alpha"):
        yield f"{name} of code", getattr(of_code, name)
    for row in compare_pairs(pairs, other, names=("a", "b"), **how).differences if other else ():
        yield f"difference {row.figure}", row.difference
    if pairs.probabilities is not None:
        found = calibration_of(pairs, level=0.95, seed=seed)
        yield from (("brier", found.brier), ("log loss", found.log_loss))


def coverage(share: float, draw, draws: int, **kind) -> dict[str, tuple[float, int]]:
    """Return, per figure, how often its interval held the truth, and in how many samples it had one.

    Macro-F1 is over the codes that gold has: samples without the code are not counted for it.
    """
    truth, rng = truths(share, **kind), np.random.default_rng(20190201)
    hits, defined = defaultdict(int), defaultdict(int)
    for seed in range(draws):
        pairs, other = draw(rng)
        for name, figure in figures(pairs, other, seed):
            if not np.isnan(figure.low) and (pairs.present[:2].all() or "macro" not in name):
                defined[name] += 1
                hits[name] += figure.low <= truth[name] <= figure.high
    # A figure that most samples leave without an interval has one in unlike samples only: nothing can be said.
    usual = {name: number for name, number in defined.items() if number >= draws / 2}
    return {name: (hits[name] / number, number) for name, number in usual.items()}


@pytest.fixture(autouse=True)
def no_chance(monkeypatch):
    """What chance alone makes of the calibration error is not looked at here, and slow."""
    monkeypatch.setattr("govcode.evaluation.calibration._chance_errors", lambda *_: np.zeros(2))


@pytest.mark.slow
@pytest.mark.parametrize("number", [100, 300])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
def test_intervals_of_an_evaluation(share, number):
    gold, machine, second, p = world(share)

    def draw(rng):
        rows = rng.choice(POSTS, number, replace=False)
        return pairs_of(gold, machine, rows, p), pairs_of(gold, second, rows)

    for name, (covered, samples) in coverage(share, draw, DRAWS).items():
        assert covered >= 0.93, (name, covered, samples)
        assert covered <= 0.97 or share * number < 15, (name, covered)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("share", "number", "skill"), [(0.01, 100, 0.9), (0.05, 100, 0.95), (0.3, 100, 0.98)]
)
def test_intervals_where_the_machine_errs_rarely(share, number, skill):
    """Fewer than five errors are expected: intervals may be wider than needed, never too narrow."""
    gold, machine, _, _ = world(share, skill=skill)
    assert number * np.mean(gold != machine) < 5

    def draw(rng):
        return pairs_of(gold, machine, rng.choice(POSTS, number, replace=False)), None

    for name, (covered, samples) in coverage(share, draw, DRAWS, skill=skill).items():
        assert covered >= 0.93, (name, covered, samples)


def design_coverage(
    share: float, rows, *, weights=None, clusters=None, alike: bool = False, by_code: bool = False
) -> dict[str, float]:
    """Return the coverage of every figure; all samples (draws, n) have the same weights and clusters.

    Shares of hits come from one call for all samples; the smoothed bootstrap draws for each sample.
    """
    truth = truths(share, alike=alike)
    gold, machine, _, p = world(share, alike=alike)
    ours, theirs = gold[rows] == TARGET, machine[rows] == TARGET
    both, right = ours & theirs, gold[rows] == machine[rows]
    kinds = {
        "accuracy": (right, ~right), "precision of code": (both, theirs & ~both),
        "recall of code": (both, ours & ~both), "f1 of code": (both, (ours | theirs) & ~both),
    }  # fmt: skip
    level = np.ones(rows.shape[1]) if weights is None else weights
    index = None if clusters is None else clusters.index
    found = {}
    for name, (hits, misses) in kinds.items():
        elsewhere = ~theirs.T if by_code and name.startswith("precision") else None
        figures = share_of_hits(hits.T, misses.T, level, index, level=0.95, elsewhere=elsewhere)
        low, high = (np.array([getattr(f, side) for f in figures]) for side in ("low", "high"))
        if name == "f1 of code":
            low, high = 2 * low / (1 + low), 2 * high / (1 + high)
        found[name] = share_held(low, high, truth[name])
    bounds = defaultdict(list)
    for seed, chosen in enumerate(rows):
        pairs = pairs_of(gold, machine, chosen, p, weights, clusters, by_code)
        for name, figure in figures_but_shares(pairs, seed):
            bounds[name].append((figure.low, figure.high))
    return found | {name: share_held(*np.array(pair).T, truth[name]) for name, pair in bounds.items()}


def share_held(low, high, truth: float) -> float:
    told = ~np.isnan(low)
    assert told.mean() > 0.2
    return float(np.mean((low[told] <= truth) & (truth <= high[told])))


def figures_but_shares(pairs: Pairs, seed: int):
    overall = overall_scores(pairs, pairs.draws(replicates=400, seed=seed), level=0.95)
    yield from ((name, getattr(overall, name)) for name in OVERALL[1:])
    yield "alpha of code", code_scores(pairs, level=0.95, replicates=400, seed=seed)[TARGET].alpha
    if pairs.clusters is not None:
        found = calibration_of(pairs, level=0.95, seed=seed)
        yield from (("brier", found.brier), ("log loss", found.log_loss))


@pytest.fixture
def no_shares(monkeypatch):
    """Shares of hits are computed for all samples at once: not again for each."""
    monkeypatch.setattr(
        scores, "share_of_hits", lambda hits, *_, **__: [Figure(float("nan"))] * hits.shape[1]
    )


@pytest.mark.slow
@pytest.mark.parametrize(("share", "number"), [(0.05, 300), (0.3, 100), (0.3, 300)])
def test_intervals_with_gold_enriched_by_machine_codes(share, number, no_shares):
    machine, rng = world(share)[1], np.random.default_rng(20190201)
    strata = [np.flatnonzero(machine == k) for k in (0, 1)]
    weights = np.repeat([len(s) / (number // 2) for s in strata], number // 2)
    rows = np.array([
        np.concatenate([rng.choice(s, number // 2, replace=False) for s in strata]) for _ in range(DRAWS)
    ])  # fmt: skip
    for name, covered in design_coverage(share, rows, weights=weights, by_code=True).items():
        assert covered >= 0.93, (name, covered)
        assert covered <= 0.97, (name, covered)


@pytest.mark.slow
@pytest.mark.parametrize(("share", "number"), [(0.05, 300), (0.3, 100), (0.3, 200)])
def test_intervals_with_gold_drawn_in_clusters(share, number, no_shares):
    rng = np.random.default_rng(20190201)
    clusters = Groups(tuple(map(str, range(number // SIZE))), np.arange(number) // SIZE)
    drawn = np.array([rng.choice(POSTS // SIZE, number // SIZE, replace=False) for _ in range(DRAWS)])
    rows = (drawn[..., None] * SIZE + np.arange(SIZE)).reshape(DRAWS, number)
    for name, covered in design_coverage(share, rows, clusters=clusters, alike=True).items():
        assert covered >= 0.93, (name, covered)
