"""Coefficients against published values, against other packages, and by their properties."""

from __future__ import annotations

import json
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters
from statsmodels.stats.inter_rater import fleiss_kappa as reference_fleiss

from govcode.metrics.alpha import krippendorff_alpha, pair_resampled_alphas
from govcode.metrics.coefficients import COEFFICIENTS, NO_CODERS, NO_OVERLAP, ONE_CODE, UNDEFINED
from govcode.metrics.distances import between_sets, interval, jaccard, masi, ordinal, ratio_scale
from govcode.metrics.ratings import Ratings, ratings_from_rows, ratings_from_table
from govcode.metrics.tallies import Tallies, tally, tally_counts

VECTORS = json.loads((Path(__file__).parent.parent / "reference" / "agreement.json").read_text())["vectors"]


def tallies_of(vector: dict) -> Tallies:
    if "table" in vector:
        return tally(ratings_from_table(vector["table"]))
    if "counts" in vector:
        return tally_counts(np.array(vector["counts"]))
    return tally(ratings_from_rows(vector["data"]))


def value(name: str, tallies: Tallies) -> float | None:
    found = COEFFICIENTS[name].of(tallies).value
    return None if np.isnan(found) else found


PUBLISHED = [
    ("alpha_4x12", "nominal", "alpha", 12),
    ("alpha_4x12", "ac1_q5", "ac1", 5),
    ("alpha_4x12", "fleiss", "fleiss", 5),
    ("alpha_4x12", "bp_q5", "bp", 5),
    ("alpha_binary", "nominal", "alpha", 12),
    ("alpha_nominal_2x12", "nominal", "alpha", 12),
    ("table_3x3", "cohen", "cohen", 7),
    ("table_3x3", "scott", "scott", 7),
    ("table_3x3", "ac1", "ac1", 7),
    ("table_3x3", "bp", "bp", 7),
    ("table_3x3", "alpha", "alpha", 7),
    ("table_3x3", "pa", "percent", 7),
    ("table_3x3", "pa", "holsti", 7),
    ("dist_6raters", "ac1", "ac1", 7),
    ("dist_6raters", "fleiss", "fleiss", 7),
    ("dist_6raters", "alpha", "alpha", 7),
    ("dist_6raters", "bp", "bp", 7),
    ("dist_6raters", "pa", "percent", 7),
    ("fleiss_10x14", "fleiss", "fleiss", 12),
    ("paradox", "cohen", "cohen", 5),
    ("paradox", "ac1", "ac1", 5),
    ("paradox", "alpha", "alpha", 5),
    ("paradox", "bp", "bp", 5),
    ("pmc7222679", "cohen", "cohen", 12),
    ("pmc7222679", "ac1", "ac1", 12),
    ("rare_code", "alpha", "alpha", 12),
    ("rare_code", "pa", "percent", 12),
]


@pytest.mark.parametrize(("vector", "key", "coefficient", "digits"), PUBLISHED)
def test_published_value(vector: str, key: str, coefficient: str, digits: int) -> None:
    expected = VECTORS[vector][key]
    assert value(coefficient, tallies_of(VECTORS[vector])) == pytest.approx(expected, abs=0.51 * 10**-digits)


def test_every_figure_of_every_vector_is_tested() -> None:
    figures = {(v, key) for v, entry in VECTORS.items() for key in entry} - {
        (v, key) for v in VECTORS for key in ("data", "table", "counts")
    }
    elsewhere = ("ordinal", "interval", "ratio", "unit_bootstrap")  # the last in tests/intercoder
    others = {("alpha_4x12", key) for key in elsewhere}
    assert figures == {(v, key) for v, key, _, _ in PUBLISHED} | others


def test_alpha_of_ranks_numbers_and_ratios() -> None:
    vector = VECTORS["alpha_4x12"]
    tallies = tally(ratings_from_rows(vector["data"], domain=(1, 2, 3, 4, 5)))
    numbers = (1, 2, 3, 4, 5)
    assert krippendorff_alpha(tallies, ordinal) == pytest.approx(vector["ordinal"], abs=1e-12)
    assert krippendorff_alpha(tallies, interval(numbers)) == pytest.approx(vector["interval"], abs=1e-12)
    assert krippendorff_alpha(tallies, ratio_scale(numbers)) == pytest.approx(vector["ratio"], abs=1e-12)


# --- other packages on random tables -------------------------------------------------------------

cells = st.integers(-1, 3)


@st.composite
def random_ratings(draw, minimum: int = 2, maximum: int = 4, missing: bool = True) -> np.ndarray:
    """Units × coders; a seed and few parameters are quicker to draw than every cell."""
    coders, units = draw(st.integers(minimum, maximum)), draw(st.integers(1, 25))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    true = generator.choice(
        4, size=(units, 1), p=generator.dirichlet([draw(st.sampled_from([0.1, 1, 9]))] * 4)
    )
    values = np.where(generator.random((units, coders)) < draw(st.sampled_from([0, 0.1, 0.4, 1])),
                      generator.integers(0, 4, size=(units, coders)), true)  # fmt: skip
    holes = generator.random((units, coders)) < (draw(st.sampled_from([0, 0.2, 0.6])) if missing else 0)
    return np.where(holes, -1, values)


@settings(max_examples=1000, deadline=None)
@given(random_ratings(), st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_is_that_of_the_krippendorff_package(values: np.ndarray, level: str) -> None:
    distance = {"ordinal": ordinal, "interval": interval(range(4))}.get(level)
    tallies = tally(Ratings(values, tuple(range(4))))
    ours = krippendorff_alpha(tallies, distance) if distance else krippendorff_alpha(tallies)
    if tallies.used < 2:
        assert np.isnan(ours)
        return
    data = np.where(values < 0, np.nan, values.astype(float)).T
    theirs = krippendorff.alpha(reliability_data=data, level_of_measurement=level, value_domain=range(4))
    assert ours == pytest.approx(theirs, abs=1e-9)


@settings(max_examples=1000, deadline=None)
@given(random_ratings(missing=False))
def test_fleiss_is_that_of_statsmodels(values: np.ndarray) -> None:
    figure = COEFFICIENTS["fleiss"].of(tally(Ratings(values, tuple(range(4)))))
    if len(np.unique(values)) == 1:
        assert figure.note == ONE_CODE
        return
    counts, _ = aggregate_raters(values, n_cat=4)
    assert figure.value == pytest.approx(reference_fleiss(counts), abs=1e-9)


@settings(max_examples=1000, deadline=None)
@given(random_ratings(maximum=2, missing=False))
def test_cohen_is_that_of_scikit_learn(values: np.ndarray) -> None:
    figure = COEFFICIENTS["cohen"].of(tally(Ratings(values, tuple(range(4)))))
    if len(np.unique(values)) == 1:
        assert figure.note == ONE_CODE
        return
    assert figure.value == pytest.approx(cohen_kappa_score(values[:, 0], values[:, 1]), abs=1e-9)


# --- by definition, unit by unit ------------------------------------------------------------------


def ac1_by_hand(values: np.ndarray, size: int) -> float:
    """Gwet 2008, written out for one unit after the other."""
    agreements, shares = [], []
    for row in values:
        counts = np.bincount(row[row >= 0], minlength=size)
        total = counts.sum()
        if total:
            shares.append(counts / total)
        if total > 1:
            agreements.append((counts * (counts - 1)).sum() / (total * (total - 1)))
    chance = sum(p * (1 - p) for p in np.mean(shares, axis=0)) / (size - 1)
    return float((np.mean(agreements) - chance) / (1 - chance))


@settings(max_examples=300, deadline=None)
@given(random_ratings())
def test_ac1_and_brennan_prediger_follow_their_definitions(values: np.ndarray) -> None:
    tallies = tally(Ratings(values, tuple(range(4))))
    if not tallies.pairable:
        assert COEFFICIENTS["ac1"].of(tallies).note == NO_OVERLAP
        return
    percent = value("percent", tallies)
    assert percent is not None
    assert value("ac1", tallies) == pytest.approx(ac1_by_hand(values, 4), abs=1e-9)
    assert value("bp", tallies) == pytest.approx((percent - 1 / 4) / (3 / 4), abs=1e-9)


# --- properties -----------------------------------------------------------------------------------


def figures(values: np.ndarray, size: int = 4) -> dict[str, float | None]:
    return {k: value(k, tally(Ratings(values, tuple(range(size))))) for k in COEFFICIENTS}


def same(first: dict[str, float | None], second: dict[str, float | None]) -> bool:
    return all(
        first[k] == second[k] or (first[k] is not None and first[k] == pytest.approx(second[k], abs=1e-9))
        for k in first
    )


@settings(max_examples=150, deadline=None)
@given(random_ratings(), st.permutations(range(4)), st.randoms())
def test_names_of_codes_and_order_of_coders_change_nothing(values, names, random) -> None:
    order = list(range(values.shape[1]))
    random.shuffle(order)
    renamed = np.where(values < 0, -1, np.array(names)[values])
    assert same(figures(values), figures(renamed))
    assert same(figures(values), figures(values[:, order]))


@settings(max_examples=150, deadline=None)
@given(random_ratings(), cells)
def test_a_unit_coded_once_changes_neither_alpha_nor_agreement(values, code) -> None:
    lonely = np.full((1, values.shape[1]), -1)
    lonely[0, 0] = code
    before, after = figures(values), figures(np.vstack([values, lonely]))
    for name in ("alpha", "percent", "holsti", "bp", "cohen", "scott"):
        assert before[name] == after[name] or before[name] == pytest.approx(after[name], abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=30), st.integers(2, 4))
def test_perfect_agreement_is_one_unless_only_one_code_was_used(codes, coders) -> None:
    values = np.tile(np.array(codes)[:, None], (1, coders))
    for name, coefficient in COEFFICIENTS.items():
        figure = coefficient.of(tally(Ratings(values, tuple(range(4)))))
        if len(set(codes)) == 1 and name in {"alpha", "scott", "cohen", "fleiss"}:
            assert figure.note == ONE_CODE
        else:
            assert figure.value == pytest.approx(1.0)


@settings(max_examples=150, deadline=None)
@given(random_ratings(maximum=2, missing=False))
def test_alpha_is_pi_corrected_for_small_samples(values) -> None:
    found = figures(values)
    if found["alpha"] is not None and found["scott"] is not None:
        n = values.size
        assert found["alpha"] == pytest.approx(1 - (1 - 1 / n) * (1 - found["scott"]), abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(random_ratings(), st.integers(0, 3))
def test_one_code_versus_the_rest_is_the_recoded_table(values, code) -> None:
    folded = tally(Ratings(values, tuple(range(4)))).versus_rest(code)
    recoded = np.where(values < 0, -1, (values != code).astype(np.int64))
    direct = tally(Ratings(recoded, (0, 1)))
    for name in COEFFICIENTS:
        first, second = value(name, folded), value(name, direct)
        assert first == second or first == pytest.approx(second, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(random_ratings(), st.lists(st.integers(0, 3), min_size=25, max_size=25))
def test_weights_are_repeated_units(values, times) -> None:
    weights = np.array(times[: len(values)], dtype=float)
    weighted = tally(Ratings(values, tuple(range(4))), weights)
    repeated = tally(Ratings(np.repeat(values, weights.astype(int), axis=0), tuple(range(4))))
    np.testing.assert_allclose(weighted.coincidences, repeated.coincidences, atol=1e-9)
    np.testing.assert_allclose(weighted.confusions, repeated.confusions, atol=1e-9)


def test_many_coders_and_codes_do_not_overflow_the_pattern_key() -> None:
    values = np.random.default_rng(7).integers(-1, 12, size=(40, 24))
    data = np.where(values < 0, np.nan, values.astype(float)).T
    expected = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    assert value("alpha", tally(Ratings(values, tuple(range(12))))) == pytest.approx(expected, abs=1e-9)


def test_undefined_figures_name_their_reason() -> None:
    alone = tally(Ratings(np.array([[0, -1], [-1, 1]]), (0, 1)))
    assert {c.of(alone).note for c in COEFFICIENTS.values()} == {NO_OVERLAP}
    nothing = tally(Ratings(np.empty((0, 2), dtype=np.int64), (0, 1)))
    assert {c.of(nothing).note for c in COEFFICIENTS.values()} == {NO_OVERLAP}
    counts = tally_counts(np.array([[2, 0], [1, 1]]))
    assert COEFFICIENTS["cohen"].of(counts).note == NO_CODERS
    scheme_of_one = tally(Ratings(np.zeros((3, 2), dtype=np.int64), (0,)))
    assert COEFFICIENTS["bp"].of(scheme_of_one).note == ONE_CODE
    chance = Tallies(*(np.asarray(a, dtype=float) for a in (
        1, 1, [0, 1], np.eye(2), np.eye(2) * 2, np.empty((0, 2, 2)), np.empty((0, 2)))))  # fmt: skip
    assert COEFFICIENTS["fleiss"].of(chance).note == UNDEFINED


def test_holsti_counts_codings_that_only_one_of_the_pair_made() -> None:
    # three coders; A and B agree on 2 of 3 common units, and A coded a fourth together with C
    ratings = ratings_from_rows([["x", "x", "y", "y"], ["x", "x", "x", None], [None, None, None, "y"]])
    pair = 2 * 2 / (4 + 3)
    assert value("holsti", tally(ratings)) == pytest.approx((pair + 2 * 1 / (4 + 1)) / 2)


# --- sets -----------------------------------------------------------------------------------------


def test_distances_of_sets() -> None:
    a, b, ab, bc = (frozenset(s) for s in ("a", "b", "ab", "bc"))
    assert jaccard(a, b) == 1 == masi(a, b)
    assert jaccard(a, ab) == pytest.approx(1 / 2)
    assert masi(a, ab) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi(ab, bc) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert jaccard(frozenset(), frozenset()) == 0 == masi(frozenset(), frozenset())


def test_alpha_of_sets_with_equal_sized_singletons_is_nominal_alpha() -> None:
    values = np.random.default_rng(3).integers(0, 3, size=(60, 2))
    domain = tuple(frozenset(c) for c in "abc")
    tallies = tally(Ratings(values, domain))
    for measure in (masi, jaccard):
        assert krippendorff_alpha(tallies, between_sets(domain, measure)) == pytest.approx(
            float(krippendorff_alpha(tallies))
        )


# --- Krippendorff's own bootstrap -----------------------------------------------------------------


def test_resampled_pairs_centre_on_alpha_and_narrow_with_more_units() -> None:
    table = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    generator = np.random.Generator(np.random.PCG64(5))
    small = pair_resampled_alphas(tally(ratings_from_table(table)), 4000, generator)
    large = pair_resampled_alphas(tally(ratings_from_table(table * 16)), 4000, generator)
    assert np.mean(small) == pytest.approx(0.7972585, abs=0.005)
    assert np.std(large) == pytest.approx(np.std(small) / 4, rel=0.1)
    # the spread is that of the share of disagreeing pairs over the expected one
    expected = 0.11 / (1 - 0.7972585)
    assert np.std(small) == pytest.approx(np.sqrt(0.11 * 0.89 / 100) / expected, rel=0.06)


def test_resampled_pairs_of_data_without_variation_are_undefined() -> None:
    generator = np.random.Generator(np.random.PCG64(5))
    assert np.isnan(pair_resampled_alphas(tally(ratings_from_table([[9, 0], [0, 0]])), 10, generator)).all()


def test_thousand_tables_agree_with_irrcac() -> None:
    """Made once, in an environment of its own, by tests/reference/agreement_irrcac.py."""
    reference = json.loads((Path(__file__).parent.parent / "reference" / "agreement_irrcac.json").read_text())
    assert len(reference["tables"]) == 1000
    for table in reference["tables"]:
        values = np.array([[-1 if c == "." else int(c) for c in row] for row in table["rows"]])
        tallies = tally(Ratings(values, tuple(range(4))))
        for name in ("alpha", "ac1", "fleiss", "bp", "percent"):
            assert value(name, tallies) == pytest.approx(table[name], abs=1e-9), (name, table["rows"])
