"""The analysis of reliability: from codings to figures, warnings, borders and drift."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from govcode.codebook.citations import cited_rules
from govcode.errors import NotComputableError
from govcode.intercoder.analysis import analyse
from govcode.intercoder.drift import drift_of
from govcode.intercoder.panel import panel_of
from govcode.metrics.distances import jaccard, masi
from govcode.records import Coding

CODES = ("p", "q", "r")


def codings_of(rows: dict[str, str], **more: dict[str, str]) -> list[Coding]:
    """One string per coder, one letter per post; `.` = not coded, `-` = NA."""
    found = []
    for coder, letters in rows.items():
        for i, letter in enumerate(letters):
            if letter != ".":
                code = "NA" if letter == "-" else letter
                found.append(
                    Coding(f"t{i}", coder, code, **{k: v.get(f"{coder}{i}", "") for k, v in more.items()})
                )
    return found


def random_pair(number: int, error: float, seed: int = 1, shares=(0.6, 0.3, 0.1)) -> list[Coding]:
    generator = np.random.default_rng(seed)
    true = generator.choice(list(CODES), size=number, p=shares)
    rows = {}
    for coder in "AB":
        wrong = generator.random(number) < error
        rows[coder] = "".join(np.where(wrong, generator.choice(list(CODES), size=number), true))
    return codings_of(rows)


def test_published_example_through_the_whole_analysis() -> None:
    rows = {"A": "123321412...", "B": "1233224125.3", "C": ".3332342251.", "D": "12332441251."}
    result = analyse(codings_of(rows), codes=tuple("12345"), draws=20_000, resample="units")
    assert result.overall["alpha"].value == pytest.approx(0.743421, abs=5e-7)
    assert result.overall["ac1"].value == pytest.approx(0.77544, abs=5e-6)
    # unit bootstrap of methods: about [.413, 1.000]; the posts coded once are drawn apart here
    assert result.overall["alpha"].low == pytest.approx(0.413, abs=0.02)
    assert result.overall["alpha"].high == pytest.approx(1.0, abs=0.02)
    assert (result.posts, result.overlap, len(result.pairs)) == (12, 11, 6)


def test_per_code_and_pairs_add_up() -> None:
    result = analyse(codings_of({"A": "ppqqr", "B": "ppqrr"}), codes=CODES, draws=0)
    by_code = {c.code: c for c in result.per_code}
    assert (by_code["q"].used, by_code["q"].together, by_code["q"].apart) == (2, 1, 1)
    assert result.pairs[0].confusion == ((2, 0, 0), (0, 1, 1), (0, 0, 1))
    assert result.resampling.kind == "none" and np.isnan(result.overall["alpha"].low)
    assert result.by_name()["alpha:q"] == by_code["q"].figures["alpha"].value
    assert result.by_name()["alpha:each"] == min(c.figures["alpha"].value for c in result.per_code)


def test_na_is_missing_unless_it_is_asked_to_be_a_code() -> None:
    codings = codings_of({"A": "pq-pq", "B": "pqppq"})
    missing = analyse(codings, codes=CODES, draws=0)
    assert missing.overall["percent"].value == 1 and missing.missing == {"A": 1}
    assert missing.codable["percent"].value == pytest.approx(0.8)
    coded = analyse(codings, codes=CODES, draws=0, na_as_code=True)
    assert coded.overall["percent"].value == pytest.approx(0.8)
    assert coded.codes == (*CODES, "NA")


def test_secondary_codes_as_sets() -> None:
    second = {"secondary": {"A0": "q", "B0": "q", "A1": "r"}}
    result = analyse(codings_of({"A": "ppqr", "B": "pqqr"}, **second), codes=CODES, draws=200)
    assert {"alpha", "alpha_masi", "alpha_jaccard"} <= set(result.secondary)
    sets = [[frozenset(s) for s in pair] for pair in (("pq", "pq"), ("pr", "q"), ("q", "q"), ("r", "r"))]
    everything = [s for pair in sets for s in pair]
    for name, measure in (("alpha_masi", masi), ("alpha_jaccard", jaccard)):
        observed = np.mean([measure(*pair) for pair in sets])
        expected = np.mean([measure(a, b) for a, b in permutations(everything, 2)])
        assert result.secondary[name].value == pytest.approx(1 - observed / expected)
    mention = {c.code: c for c in result.mentions}
    assert (mention["q"].together, mention["q"].apart) == (2, 1)
    plain = analyse(codings_of({"A": "ppqr", "B": "pqqr"}), codes=CODES, draws=0)
    assert not plain.secondary and not plain.mentions


def test_intervals_narrow_with_posts_and_widen_with_clusters() -> None:
    def width(result) -> float:
        return result.overall["alpha"].high - result.overall["alpha"].low

    small, large = analyse(random_pair(200, 0.2), draws=800), analyse(random_pair(3200, 0.2), draws=800)
    assert width(large) == pytest.approx(width(small) / 4, rel=0.3)
    # every post copied ten times: clusters know that nothing was added
    copies = [Coding(f"{c.post_id}-{i}", c.coder, c.code) for c in random_pair(200, 0.2) for i in range(10)]
    clusters = {c.post_id: c.post_id.split("-")[0] for c in copies}
    by_cluster = analyse(copies, draws=800, clusters=clusters)
    assert by_cluster.resampling.clusters == 200
    assert width(by_cluster) == pytest.approx(width(small), rel=0.15)
    assert width(analyse(copies, draws=800)) < width(by_cluster) / 2


def test_krippendorffs_own_bootstrap_is_an_option() -> None:
    result = analyse(random_pair(300, 0.2), draws=500, resample="pairs")
    alpha = result.overall["alpha"]
    assert alpha.low < alpha.value < alpha.high and "pairs" in alpha.interval
    assert np.isnan(result.overall["percent"].low)
    assert 0 <= result.below["0.667"] <= result.below["0.800"] <= 1


def test_same_seed_same_result_other_seed_other_draws() -> None:
    codings = random_pair(80, 0.3)
    assert analyse(codings, draws=300, seed=4) == analyse(codings, draws=300, seed=4)
    first, second = analyse(codings, draws=300, seed=4), analyse(codings, draws=300, seed=5)
    assert first.overall["alpha"].low != second.overall["alpha"].low


def test_one_code_only_is_undefined_and_warned_of() -> None:
    result = analyse(codings_of({"A": "ppp", "B": "ppp"}), codes=CODES)
    assert result.overall["alpha"].note == "one-code" and np.isnan(result.overall["alpha"].value)
    assert result.verdict() == "undefined"
    assert any("Only one code was used (p)" in warning for warning in result.warnings)


def test_paradox_is_warned_of_with_counts() -> None:
    rows = {"A": "p" * 118 + "p" * 5 + "q" * 2, "B": "p" * 118 + "q" * 5 + "p" * 2}
    result = analyse(codings_of(rows), codes=("p", "q"), draws=0)
    assert result.overall["alpha"].value == pytest.approx(-0.02469, abs=5e-6)
    assert any(w.startswith("Overall: 94.4% agreement but alpha -0.025") for w in result.warnings)
    assert any("both gave it 0 times, one alone 7" in w for w in result.warnings)


def test_borders_name_the_rules_that_notes_cite() -> None:
    notes = {"note": {"A1": "B2, b4?", "B1": "rule B2", "A2": "B9"}}
    result = analyse(codings_of({"A": "ppqr", "B": "pqpr"}, **notes), rules=("B2", "B4", "B9"), draws=0)
    (border,) = result.borders
    assert border.codes == ("p", "q") and border.posts == 2
    assert border.rules == {"B2": 1, "B4": 1, "B9": 1} and border.examples == ("t1", "t2")


def test_rules_are_found_in_notes() -> None:
    assert cited_rules("见B2和R7(b)", ("B2", "R7")) == ("B2", "R7")
    assert cited_rules("AB2 B22", ("B2",)) == ()
    assert cited_rules("first B2 then B2") == ("B2",)


def test_groups_have_their_own_figures() -> None:
    codings = random_pair(60, 0.1)
    groups = {f"t{i}": "north" if i < 40 else "south" for i in range(59)}
    result = analyse(codings, codes=CODES, draws=100, groups=groups)
    assert result.group_posts == {"north": 40, "south": 19, "(none)": 1}
    only = analyse([c for c in codings if groups.get(c.post_id) == "north"], codes=CODES, draws=0)
    assert result.groups["north"]["alpha"].value == only.overall["alpha"].value


def test_a_coder_who_drifts_is_found_and_a_steady_one_is_not() -> None:
    generator = np.random.default_rng(3)
    true = generator.choice(list("pqr"), size=300)
    steady = "".join(np.where(generator.random(300) < 0.1, "r", true))
    tired = "".join(np.where(generator.random(300) < np.linspace(0, 0.7, 300), "p", true))
    panel = panel_of(codings_of({"A": "".join(true), "B": steady, "C": tired}))
    drift = {d.coder: d for i in range(3) if (d := drift_of(panel, i, seed=1))}
    assert drift["C"].p < 0.01 and drift["C"].trend < -0.2
    assert drift["C"].shift_code == "p" and drift["C"].shift > 0.2 and drift["C"].shift_p < 0.01
    assert drift["C"].parts[0].agreement > drift["C"].parts[2].agreement
    assert drift["B"].shift_p > 0.05 and drift["B"].ordered_by == "row order"


def test_drift_follows_coded_at_where_there_is_one() -> None:
    rows = {"A": "pq" * 20, "B": "pq" * 10 + "qp" * 10}
    stamps = {"coded_at": {f"{c}{i}": f"2024-01-{40 - i:02d}" for c in "AB" for i in range(40)}}
    panel = panel_of(codings_of(rows, **stamps))
    drift = drift_of(panel, 1, seed=1)
    assert drift is not None and drift.ordered_by == "coded_at"
    assert drift.trend > 0.5  # the wrong half was coded first
    assert drift_of(panel_of(codings_of({"A": "pq", "B": "pq"})), 0, seed=1) is None


@pytest.mark.parametrize(
    ("rows", "coders", "message"),
    [
        ({"A": "pq"}, (), "one coder only"),
        ({"A": "pq..", "B": "..pq"}, (), "No post was coded by two"),
        ({"A": "pq", "B": "pq"}, ("A", "C"), "no coding by C"),
    ],
)
def test_what_cannot_be_computed_is_refused(rows, coders, message) -> None:
    with pytest.raises(NotComputableError, match=message):
        analyse(codings_of(rows), coders=coders)


def test_a_million_codings_take_seconds() -> None:
    from time import perf_counter

    from govcode.metrics.ratings import Ratings
    from govcode.metrics.tallies import tally

    values = np.random.default_rng(1).integers(0, 5, size=(500_000, 2))
    start = perf_counter()
    tally(Ratings(values, tuple(range(5))))
    assert perf_counter() - start < 5
