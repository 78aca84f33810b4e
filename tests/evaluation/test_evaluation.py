"""Evaluation of pairs: weights, clusters, groups, calibration, comparison, ceiling, errors."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from govcode.errors import NotComputableError
from govcode.evaluation.ceiling import human_ceiling
from govcode.evaluation.comparison import compare_pairs
from govcode.evaluation.errors import worst_errors
from govcode.evaluation.evaluation import evaluate_pairs
from govcode.evaluation.pairs import Groups, Pairs
from govcode.evaluation.rows import COLUMNS, figure_rows
from govcode.metrics.figures import as_data
from govcode.records import Coding

HOW = {"level": 0.95, "replicates": 400, "seed": 7}


def groups_of(values) -> Groups:
    names = sorted(set(values))
    return Groups(tuple(names), np.array([names.index(v) for v in values]))


@pytest.fixture
def pairs() -> Pairs:
    rng = np.random.default_rng(0)
    gold = rng.integers(0, 3, 240)
    p = rng.dirichlet([0.6, 0.6, 0.6], 240)
    p[np.arange(240), gold] += 0.7
    p /= p.sum(1, keepdims=True)
    return Pairs(
        codes=("x", "y", "z"), post_ids=tuple(f"p{i}" for i in range(240)), gold=gold,
        machine=p.argmax(1), certain=p.max(1) > 0.5, weights=np.ones(240), probabilities=p,
        forms=groups_of([f"F{g}" for g in gold]), groups={"place": groups_of(["a", "b"] * 120)},
    )  # fmt: skip


def test_every_figure_lies_in_its_interval(pairs):
    result = evaluate_pairs(pairs, **HOW)
    for row in figure_rows(result):
        assert set(row) == set(COLUMNS)
        if row["low"] != "" and row["figure"] != "ece":  # ECE is biased up in its draws
            assert row["low"] - 1e-12 <= row["value"] <= row["high"] + 1e-12, row
    columns = {row["column"] for row in figure_rows(result)}
    assert columns == {"", "form", "place", "machine", "confidence", "coverage"}
    counts = [row["value"] for row in figure_rows(result) if row["figure"] == "confusion"]
    assert sum(counts) == result.posts


def test_result_is_plain_data(pairs):
    data = as_data(evaluate_pairs(pairs, **HOW))
    assert data["schema_version"] == 1 and data["calibration"]["bins"][0]["accuracy"] is None


def test_weights_give_the_populations_figures():
    """Two strata, the second sampled ten times more thinly and coded worse."""
    gold = np.zeros(40, int)
    machine = np.array([0] * 20 + [1] * 20)
    weights = np.repeat([1.0, 10.0], 20)
    pairs = Pairs(
        ("x", "y"), tuple(map(str, range(40))), gold, machine, np.ones(40, bool), weights, True,
        strata=np.repeat([0, 1], 20),
    )  # fmt: skip
    result = evaluate_pairs(pairs, **HOW)
    assert result.scores.accuracy.value == pytest.approx(20 / 220)
    assert "design" in result.interval and result.weighted


def test_clusters_widen_the_interval(pairs):
    alike = replace(pairs, gold=np.repeat([0, 1, 2], 80), machine=np.repeat([0, 1, 0, 1, 2, 2], 40),
                    probabilities=None, forms=None, groups={})  # fmt: skip
    plain = evaluate_pairs(alike, **HOW).scores.accuracy
    whole = evaluate_pairs(replace(alike, clusters=in_clusters(12)), **HOW)
    assert whole.scores.accuracy.high - whole.scores.accuracy.low > 2 * (plain.high - plain.low)
    assert any("only 12 clusters" in note for note in whole.notes)


def test_too_few_clusters_have_no_interval(pairs):
    alike = replace(pairs, gold=np.repeat([0, 1, 2], 80), machine=np.repeat([0, 1, 0, 1, 2, 2], 40),
                    probabilities=None, forms=None, groups={})  # fmt: skip
    six = evaluate_pairs(replace(alike, clusters=in_clusters(6)), **HOW).scores
    assert np.isnan(six.accuracy.low) and "only 2 of 6 clusters show a case" in six.accuracy.note
    assert six.accuracy.value == pytest.approx(2 / 3) and six.alpha.value == pytest.approx(0.501, abs=1e-3)
    assert np.isnan(six.alpha.low) and "6 clusters, 10 are the least" in six.alpha.note
    twelve = evaluate_pairs(replace(alike, clusters=in_clusters(12)), **HOW).scores
    assert not np.isnan(twelve.alpha.low)


def in_clusters(number: int) -> Groups:
    return Groups(tuple(map(str, range(number))), np.repeat(np.arange(number), 240 // number))


def test_all_right_has_an_exact_interval_not_a_point(pairs):
    perfect = evaluate_pairs(replace(pairs, machine=pairs.gold, groups={}), **HOW)
    figure = perfect.scores.accuracy
    assert figure.value == 1 and figure.interval == "clopper-pearson" and 0.95 < figure.low < 1


def test_no_gold_is_refused():
    empty = Pairs(("x",), (), np.empty(0, int), np.empty(0, int), np.empty(0, bool), np.empty(0), left_out=3)
    with pytest.raises(NotComputableError) as error:
        evaluate_pairs(empty)
    assert "3 posts" in error.value.hint


def test_a_code_that_gold_lacks_is_said(pairs):
    less = replace(pairs, codes=("x", "y", "z", "w"), machine=np.where(pairs.machine == 3, 4, pairs.machine),
                   probabilities=None)  # fmt: skip
    result = evaluate_pairs(less, **HOW)
    assert math.isnan(result.per_code[3].f1.value) and "w" in result.notes[0]


def test_same_coder_has_no_difference(pairs):
    result = compare_pairs(pairs, pairs, names=("a", "b"), **HOW)
    assert result.mcnemar_p == 1
    for row in result.differences:  # no post told them apart: the next one might
        assert row.difference.low < row.difference.value == 0 < row.difference.high < 0.05 and row.p > 0.5


def test_better_coder_is_found(pairs):
    worse = replace(pairs, machine=np.where(np.arange(240) % 3 == 0, (pairs.gold + 1) % 3, pairs.machine))
    result = compare_pairs(replace(pairs, machine=pairs.gold), worse, names=("a", "b"), **HOW)
    assert result.mcnemar_p < 0.001 and result.only_second == 0
    assert all(d.difference.low > 0 and d.p < 0.05 for d in result.differences)
    total = result.both_right + result.only_first + result.only_second + result.neither
    assert total == result.posts == 240


def test_coders_with_other_codes_are_lined_up(pairs):
    gold, machine = ((codes + 1) % 3 for codes in (pairs.gold, pairs.machine))
    turned = replace(pairs, codes=("z", "x", "y", "w"), gold=gold, machine=machine, probabilities=None)
    result = compare_pairs(pairs, turned, names=("a", "b"), **HOW)
    assert result.only_first == result.only_second == 0


def test_errors_come_surest_first(pairs):
    errors = worst_errors(pairs)
    assert len(errors) == int((~pairs.right).sum())
    confidences = [e.p_code for e in errors]
    assert confidences == sorted(confidences, reverse=True)
    assert all(e.p_code >= e.p_gold and e.gold != e.code for e in errors)


def test_ceiling_is_krippendorffs_example():
    rows = ["123321412...", "1233224125.3", ".33323422 51.".replace(" ", ""), "12332441251."]
    codings = [
        Coding(str(i), f"c{k}", v) for k, row in enumerate(rows) for i, v in enumerate(row) if v != "."
    ]
    ceiling = human_ceiling(codings, **HOW)
    assert ceiling.alpha.value == pytest.approx(0.743421, abs=1e-6) and ceiling.posts == 11
    assert ceiling.alpha.low < 0.743 < ceiling.alpha.high
    with pytest.raises(NotComputableError):
        human_ceiling([Coding("1", "a", "x"), Coding("2", "b", "x")], **HOW)
