"""The whole estimation: methods, refusals, differences, sensitivity, regression."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from govcode.codebook.model import SensitivityMapping
from govcode.errors import NotComputableError, UsageError
from govcode.estimation.checks import unlike_corpus_p
from govcode.estimation.corpus import Column, Corpus, Sample
from govcode.estimation.estimation import Plan, estimate_shares
from govcode.estimation.formula import build_design, complete_posts, read_formula
from govcode.estimation.rows import figure_rows, figures_by_name
from govcode.metrics.figures import as_data

CODES = ("x", "y", "z")
NUMBER = 6000


def column(values) -> Column:
    names = sorted(set(map(str, values)))
    return Column(tuple(names), np.array([names.index(str(v)) for v in values], dtype=np.int32))


@pytest.fixture(scope="module")
def world() -> tuple[Corpus, Sample, np.ndarray]:
    """A corpus whose machine is right in 70 of 100 posts; 600 posts are gold, drawn at random."""
    rng = np.random.default_rng(13)
    place = rng.integers(0, 3, NUMBER)
    gold = (
        rng.random(NUMBER)[:, None] > np.cumsum([[0.6, 0.3, 0.1], [0.4, 0.3, 0.3], [0.2, 0.5, 0.3]], 1)[place]
    ).sum(1)
    right = rng.random(NUMBER) < 0.7
    machine = np.where(right, gold, (gold + 1) % 3).astype(np.int16)
    p = np.full((NUMBER, 3), 0.15)
    p[np.arange(NUMBER), machine] = 0.7
    groups = {
        "place": column(place),
        "year": column(2019 + place),
        "account": column(rng.integers(0, 40, NUMBER)),
    }
    corpus = Corpus(CODES, machine, groups, p.astype(np.float32))
    drawn = rng.choice(NUMBER, 600, replace=False)
    forms = tuple(f"F{gold[i]}" for i in drawn)
    sample = Sample(drawn, gold[drawn], np.full(600, 10.0), np.zeros(600, np.intp), forms=forms)
    return corpus, sample, gold  # fmt: skip


def overall(result):
    return [e for e in result.estimates if not e.group]


@pytest.mark.parametrize("method", ["stratified", "ppi", "ppi++", "dsl", "acc", "pacc"])
def test_corrected_shares_hold_the_truth_and_counts_do_not(world, method):
    corpus, sample, gold = world
    truth = np.bincount(gold) / NUMBER
    result = estimate_shares(corpus, sample, Plan(method, seed=1))
    for row, share in zip(overall(result), truth, strict=True):
        assert row.share.low <= share <= row.share.high, (method, row)
    counted = overall(estimate_shares(corpus, sample, Plan("count")))
    assert max(abs(row.share.value - share) for row, share in zip(counted, truth, strict=True)) > 0.03
    assert all(math.isnan(row.share.low) and row.share.note == "not corrected" for row in counted)


@pytest.mark.parametrize("method", ["acc", "pacc"])
def test_adjusted_counts_take_unequal_weights_and_uncodable_posts(world, method):
    """What the machine says of a code scatters about its own mean, or the covariance is none."""
    corpus, sample, gold = world
    machine = corpus.machine.copy()
    machine[np.random.default_rng(3).random(NUMBER) < 0.1] = len(CODES)
    weights = np.where(sample.gold == 0, 40.0, 4.0)
    result = estimate_shares(
        replace(corpus, machine=machine), replace(sample, weights=weights), Plan(method, seed=1)
    )
    for row, share in zip(overall(result), np.bincount(gold) / NUMBER, strict=True):
        assert row.share.low < row.share.value < row.share.high and abs(row.share.value - share) < 0.15


def test_every_result_says_how_it_was_made(world):
    data = as_data(estimate_shares(*world[:2], Plan("dsl", by=("place",))))
    assert data["schema_version"] == 1 and "inclusion prob" in data["assumption"] and data["interval"]
    assert {row["method"] for row in data["estimates"]} == {"dsl"} and data["gold"] == 600


def test_every_figure_has_a_name_for_the_manifest(world):
    corpus, sample, _ = world
    mapping = SensitivityMapping("M9", {"en": "x is y"}, codes={"x": "y"})
    result = estimate_shares(
        corpus, sample,
        Plan("dsl", by=("place",), mappings=(mapping,), formula=read_formula("x ~ year"), logistic=False),
    )  # fmt: skip
    found = figures_by_name(result)
    assert set(found) == {"shares", "intervals", "groups", "differences", "sensitivity", "regression"}
    assert found["shares"] == {c: v[0] for c, v in found["intervals"].items()}
    assert set(found["groups"]) == {"0", "1", "2"} and set(found["differences"]) == {
        "0 - 1",
        "0 - 2",
        "1 - 2",
    }
    assert found["sensitivity"]["M9"]["x"][0] == 0 and set(found["regression"]) == {"(intercept)", "year"}
    numbers = sum(len(values) for part in ("groups", "differences") for of in found[part].values()
                  for values in of.values())  # fmt: skip
    assert numbers == 3 * 3 * 3 + 3 * 3 * 5
    rows = list(figure_rows(result))
    told = {(r["part"], r["group"], r["code"]): r["value"] for r in rows}
    assert len(told) == len(rows) == 3 + 9 + 9 + 3 + 2
    assert all(
        told["share", place, c] == v[0] for place, of in found["groups"].items() for c, v in of.items()
    )


def test_posts_without_a_value_are_a_group_with_a_name(world):
    corpus, sample, _ = world
    values = ("", "云溪")
    groups = {"place": Column(values, np.asarray(corpus.groups["place"].index > 0, dtype=np.int32))}
    result = estimate_shares(replace(corpus, groups=groups), sample, Plan("dsl", by=("place",)))
    assert set(figures_by_name(result)["groups"]) == {"(empty)", "云溪"}
    assert {r["group"] for r in figure_rows(result) if r["part"] == "share"} == {"", "(empty)", "云溪"}


def test_emq_needs_a_prior_and_then_finds_shares(world):
    corpus, sample, _ = world
    with pytest.raises(NotComputableError, match="training"):
        estimate_shares(corpus, sample, Plan("emq"))
    result = estimate_shares(corpus, sample, Plan("emq", prior=np.full(3, 1 / 3)))
    assert sum(row.share.value for row in overall(result)) == pytest.approx(1)


def test_refusals(world):
    corpus, sample, _ = world
    few = Sample(sample.place[:20], sample.gold[:20], np.full(20, 300.0), np.zeros(20, np.intp))
    with pytest.raises(NotComputableError, match="Only 20 gold"):
        estimate_shares(corpus, few, Plan("dsl"))
    with pytest.raises(NotComputableError, match="unequal"):
        estimate_shares(corpus, replace(sample, weights=np.linspace(5, 15, 600)), Plan("ppi"))
    with pytest.raises(NotComputableError, match="another corpus"):
        estimate_shares(corpus, replace(sample, weights=np.full(600, 100.0)), Plan("dsl"))
    with pytest.raises(NotComputableError, match="no probabilities"):
        estimate_shares(replace(corpus, probabilities=None), sample, Plan("pacc"))
    blind = replace(corpus, machine=np.random.default_rng(0).integers(0, 3, NUMBER).astype(np.int16))
    with pytest.raises(NotComputableError, match="cannot be undone"):
        estimate_shares(blind, sample, Plan("acc"))
    rare = replace(sample, gold=np.where(sample.gold == 2, 0, sample.gold))
    with pytest.raises(NotComputableError, match="'z' 0 times"):
        estimate_shares(corpus, rare, Plan("acc"))


def test_gold_that_was_not_drawn_at_random_is_noticed(world):
    corpus, sample, gold = world
    chosen = np.flatnonzero(corpus.machine == 2)[:200]
    odd = Sample(chosen, gold[chosen], np.full(200, 30.0), np.zeros(200, np.intp))
    with pytest.raises(NotComputableError, match="not a simple random draw"):
        estimate_shares(corpus, odd, Plan("dsl", assumed=True))
    assert any("check how gold was drawn" in n for n in estimate_shares(corpus, odd, Plan("dsl")).notes)
    assert unlike_corpus_p(corpus, sample) > 0.01


def test_differences_between_groups(world):
    corpus, sample, _ = world
    result = estimate_shares(corpus, sample, Plan("dsl", by=("place",)))
    assert len(result.differences) == 9  # three pairs, three codes
    first = result.differences[0]
    assert (first.first, first.second, first.code) == ("0", "1", "x") and first.difference.low > 0
    assert all(d.p_holm >= d.p for d in result.differences)
    years = estimate_shares(corpus, sample, Plan("dsl", by=("year",))).differences
    assert [(d.first, d.second) for d in years[::3]] == [("2020", "2019"), ("2021", "2020")]
    accounts = estimate_shares(corpus, sample, Plan("dsl", by=("account",))).differences
    assert {d.second for d in accounts} == {"all others"}


def test_sensitivity_moves_forms_and_codes(world):
    corpus, sample, _ = world
    mappings = (
        SensitivityMapping("M0", {"en": "as it is"}),
        SensitivityMapping("M1", {"en": "z is y"}, forms={"F2": "y"}),
        SensitivityMapping("M2", {"en": "all x"}, codes={"y": "x", "z": "x"}),
    )
    result = estimate_shares(corpus, sample, Plan("dsl", mappings=mappings))
    shares = {(s.mapping, s.code): s for s in result.sensitivity}
    plain = {e.code: e.share.value for e in overall(result)}
    assert shares["M0", "x"].share.value == pytest.approx(plain["x"]) and shares["M0", "x"].changed == 0
    assert shares["M1", "y"].share.value == pytest.approx(plain["y"] + plain["z"], abs=0.05)
    assert shares["M2", "x"].share.value == pytest.approx(1)
    with pytest.raises(NotComputableError, match="no forms"):
        estimate_shares(corpus, replace(sample, forms=()), Plan("dsl", mappings=mappings))


@pytest.mark.parametrize("logistic", [True, False])
def test_regression_with_all_posts_gold_is_statsmodels(world, logistic):
    corpus, _, gold = world
    everything = Sample(np.arange(NUMBER), gold, np.ones(NUMBER), np.zeros(NUMBER, np.intp))
    plan = Plan("dsl", formula=read_formula("x ~ C(place) + year"), clusters=corpus.groups["account"],
                logistic=logistic)  # fmt: skip
    with pytest.raises(NotComputableError, match="repeat each other"):
        estimate_shares(corpus, everything, plan)
    found = estimate_shares(
        corpus, everything, replace(plan, formula=read_formula("x ~ C(place)"))
    ).regression
    place = corpus.groups["place"].index
    design = np.column_stack([np.ones(NUMBER), place == 1, place == 2]).astype(float)
    family = sm.families.Binomial() if logistic else sm.families.Gaussian()
    groups = corpus.groups["account"].index
    expected = sm.GLM((gold == 0).astype(float), design, family=family).fit(
        cov_type="cluster", cov_kwds={"groups": groups}
    )
    assert [c.estimate.value for c in found.coefficients] == pytest.approx(expected.params.tolist(), abs=1e-7)
    assert [c.error for c in found.coefficients] == robust_errors(expected, 3)
    assert [c.term for c in found.coefficients] == ["(intercept)", "place[1]", "place[2]"]


def robust_errors(fitted, terms: int):
    """statsmodels' errors with the factor G/(G - K) in the place of G/(G - 1) · (N - 1)/(N - K)."""
    accounts = 40
    usual = accounts / (accounts - 1) * (NUMBER - 1) / (NUMBER - terms)
    return pytest.approx((fitted.bse * np.sqrt(accounts / (accounts - terms) / usual)).tolist(), rel=1e-6)


def test_too_few_clusters_for_the_terms_are_refused(world):
    corpus, sample, _ = world
    few = Column(("a", "b", "c", "d", "e"), corpus.groups["account"].index % 5)
    plan = Plan("dsl", formula=read_formula("x ~ C(place)"), clusters=few, logistic=False)
    with pytest.raises(NotComputableError, match="5 clusters are too few for the errors of 3 coefficients"):
        estimate_shares(corpus, sample, plan)


def test_regression_with_a_sample_is_near_the_truth_and_naive_is_not(world):
    corpus, sample, gold = world
    plan = Plan("dsl", formula=read_formula("x ~ year"), logistic=False)
    found = estimate_shares(corpus, sample, plan).regression
    year = 2019 + corpus.groups["place"].index
    truth, naive = (np.polyfit(year, (codes == 0).astype(float), 1)[0] for codes in (gold, corpus.machine))
    slope = found.coefficients[1].estimate
    assert slope.low < truth < slope.high and not slope.low < naive < slope.high


def test_errors_of_a_group_without_any_case_are_nought():
    plan = Plan("dsl", formula=read_formula("target ~ x"), logistic=False)
    for number in range(60, 90):
        x = (np.arange(number) % 3 == 0).astype(np.int32)
        codes = np.where((x == 1) & (np.arange(number) % 2 == 0), 1, 0).astype(np.int16)
        corpus = Corpus(("rest", "target"), codes, {"x": Column(("0", "1"), x)})
        sample = Sample(np.arange(number), codes.astype(np.intp), np.ones(number), np.zeros(number, np.intp))
        found = estimate_shares(corpus, sample, plan).regression.coefficients
        assert found[0].error == pytest.approx(0, abs=1e-8) and found[1].error > 0


def test_formulas():
    formula = read_formula("诉求 ~ C(平台, ref=微博) * year + C(地)")
    assert formula.code == "诉求" and formula.columns == ("平台", "year", "地")
    assert formula.categories == {"平台", "地"}
    for bad in ("appeal", "~ x", "a ~ x +", "a ~", "a ~ x + (", "a ~ {x}", "a ~ x; y"):
        with pytest.raises(UsageError, match="not a formula"):
            read_formula(bad)
    with pytest.raises(UsageError, match=r"'open\(\)' cannot be used"):
        read_formula("a ~ open('x')")


def test_designs():
    groups = {
        "w": column(["b", "a", "", "c"]),
        "n": column([1, 2, 3, 4]),
        "one": column(["a", "a", "a", "a"]),
    }
    formula = read_formula("x ~ w:n + w")
    assert complete_posts(formula, groups).tolist() == [True, True, False, True]
    design = build_design(read_formula("x ~ C(w, ref=c) * n"), groups, np.array([0, 1, 3]))
    assert design.names == ("(intercept)", "w[a]", "w[b]", "n", "w[a]:n", "w[b]:n")
    assert design.rows[design.place].tolist() == [
        [1, 0, 1, 1, 0, 1], [1, 1, 0, 2, 2, 0], [1, 0, 0, 4, 0, 0],
    ]  # fmt: skip
    with pytest.raises(NotComputableError, match="1 values"):
        build_design(read_formula("x ~ C(one)"), groups, np.arange(4))
    with pytest.raises(UsageError, match="no value 'z'"):
        build_design(read_formula("x ~ C(w, ref=z)"), groups, np.array([0, 1, 3]))


def test_regression_with_interactions_is_statsmodels(world):
    corpus, _, gold = world
    everything = Sample(np.arange(NUMBER), gold, np.ones(NUMBER), np.zeros(NUMBER, np.intp))
    number = np.random.default_rng(1).integers(0, 9, NUMBER)
    corpus = replace(corpus, groups={**corpus.groups, "n": column(number)})
    plan = Plan("dsl", formula=read_formula("x ~ C(place, ref=2) * n"), clusters=corpus.groups["account"])
    found = estimate_shares(corpus, everything, plan).regression
    place = corpus.groups["place"].index
    design = np.column_stack([np.ones(NUMBER), place == 0, place == 1, number,
                              (place == 0) * number, (place == 1) * number]).astype(float)  # fmt: skip
    expected = sm.GLM((gold == 0).astype(float), design, family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": corpus.groups["account"].index}
    )
    assert [c.estimate.value for c in found.coefficients] == pytest.approx(expected.params.tolist(), abs=1e-6)
    assert [c.error for c in found.coefficients] == robust_errors(expected, 6)
    assert [c.term for c in found.coefficients][-2:] == ["place[0]:n", "place[1]:n"]


def test_unknown_code_in_formula(world):
    with pytest.raises(UsageError, match="'q'"):
        estimate_shares(*world[:2], Plan("dsl", formula=read_formula("q ~ year")))
