"""Every vector of tests/reference/vectors.json to its printed precision; none is left out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from govcode.coders.calibration import fit_calibration
from govcode.metrics.calibration import bin_sums, calibration_error, conformal_quantile, log_losses
from govcode.metrics.correction import (
    dsl_mean,
    emq,
    ppi_mean,
    rogan_gladen,
    simplex_solution,
    stratified_mean,
)
from govcode.metrics.diversity import diversity, jensen_shannon, shannon_entropy
from govcode.metrics.intervals import wald, wilson
from govcode.metrics.planning import PRINTED_ERROR, lacy_riffe
from govcode.metrics.regularity import burstiness
from govcode.metrics.sequences import kendall, spearman
from govcode.metrics.shingles import containment, jaccard, shingles

VECTORS = json.loads((Path(__file__).parent.parent / "reference" / "vectors.json").read_text("utf-8"))
NOT_OFFERED = {"isotonic"}  # probabilities are calibrated by temperature alone


def near(expected, digits: int):
    return pytest.approx(expected, abs=0.51 * 10**-digits)


def cole(v: dict) -> None:
    found = rogan_gladen(v["pos"] / v["N"], v["N"], (v["tp"], v["n1"]), (v["tn"], v["n0"]))
    assert (found.value, found.error) == near((v["p"], v["se"]), 12)


def epir(v: dict) -> None:
    observed = v["pos"] / v["N"]
    assert observed == near(v["ap"], 15)
    assert rogan_gladen(observed, v["N"], (v["se"], 1), (v["sp"], 1)).value == near(v["tp"], 14)


def adjusted_count(v: dict) -> None:
    columns = np.array(v["M_cols_true"])
    for case in v["cases"]:
        observed = np.array(case["pred"])
        expected = case.get("true") or case["simplex"]
        assert simplex_solution(columns, observed).tolist() == near(expected, 8)
        assert np.linalg.solve(columns, observed).tolist() == near(case.get("exact", expected), 8)


def maximised(v: dict) -> None:
    posteriors = np.array(v["posteriors"])
    assert posteriors.mean(0).tolist() == near(v["pcc"], 8)
    even = emq(posteriors, np.full(3, 1 / 3), tolerance=1e-12)
    assert even.shares.tolist() == near(v["uniform_prior"], 8)
    other = emq(posteriors, np.array([0.5, 0.3, 0.2]), tolerance=1e-12)
    assert other.shares.tolist() == near(v["prior_532"], 7)


def prediction_powered(v: dict) -> None:
    gold, machine = np.array(v["Y"], float), np.array(v["Yhat"], float)
    rest = np.repeat([1.0, 0.0], [v["unlab_ones"], v["unlab_n"] - v["unlab_ones"]])
    for key, power in (("lam1", 1.0), ("lam_none", None), ("classical", 0.0)):
        found = ppi_mean(gold, machine, rest, lam=power)
        figure = wald(found.value, found.error, level=1 - v["alpha"])
        numbers = (figure.value, figure.low, figure.high)
        assert numbers[-len(v[key]) :] == near(tuple(v[key]), 7)
    posts = len(gold) + len(rest)
    drawn = np.arange(posts) < len(gold)
    known = np.r_[gold, np.zeros(len(rest))]
    found = dsl_mean(np.r_[machine, rest], drawn, known, np.full(posts, len(gold) / posts))
    assert (found.value, found.error) == near(tuple(v["dsl_all510"]), 14)


def strata(v: dict) -> None:
    sizes, drawn, hits = (np.array(v[key], float) for key in ("N", "n", "pos"))
    found = stratified_mean(sizes, drawn, hits)
    assert (found.value, found.error) == near((v["p"], v["se"]), 14)
    place = np.repeat([0, 1], v["N"])
    rank = np.r_[np.arange(v["N"][0]), np.arange(v["N"][1])]
    taken, gold = rank < drawn[place], (rank < hits[place]).astype(float)
    found = dsl_mean((place == 0).astype(float), taken, gold, (drawn / sizes)[place])
    assert (found.value, found.error) == near((v["dsl"], v["dsl_se"]), 14)


def temperature(v: dict) -> None:
    logits, gold = np.array(v["logits"], float), np.array(v["y"])
    fitted = fit_calibration(logits, gold).scale
    assert 1 / fitted == near(v["T"], 3)  # the search stops there
    for scale, key in ((1.0, "nll1"), (fitted, "nllT")):
        odds = np.exp(scale * logits)
        assert log_losses(odds / odds.sum(1, keepdims=True), gold).mean() == near(v[key], 7)


def sizes_to_code_twice(v: dict) -> None:
    populations = [key for key in v if key.isdigit()]
    for population in populations:
        assert [lacy_riffe(p, int(population)) for p in v["P"]] == v[population]
    assert lacy_riffe(0.9, 1000, error=PRINTED_ERROR) == v["se_0.03_N1000_P90"]
    assert len(populations) == 6


def reuse(v: dict) -> None:
    a, b = shingles(v["a"], 3), shingles(v["b"], 3)
    assert (len(a & b), len(a | b)) == (v["inter"], v["union"])
    assert (jaccard(a, b), containment(a, b)) == near((v["jaccard"], v["containment"]), 15)


def entropy(v: dict) -> None:
    found = diversity([round(100 * p) for p in v["p"]])
    numbers = (shannon_entropy(v["p"]), found.normalised, found.simpson, found.corrected_entropy)
    assert numbers == near((v["H"], v["norm"], v["simpson"], v["miller_madow_n100"]), 14)


def scores(v: dict) -> None:
    for case, bounds in v.items():
        figure = wilson(*map(int, case.split("/")))
        assert [figure.low, figure.high] == near(bounds, 9)


def calibration(v: dict) -> None:
    right = np.array(v["correct"], bool)
    sums = bin_sums(np.array(v["conf"]), right, np.ones(len(right)))
    assert calibration_error(sums.sum(0)) == near(v["ece"], 14)


def conformal(v: dict) -> None:
    assert conformal_quantile(np.array(v["scores"]), v["alpha"]) == v["qhat"]
    assert str(conformal_quantile(np.array(v["scores"]), 0.05)) == v["alpha_05"]


def ranks(v: dict) -> None:
    assert (spearman(v["x"], v["y"]), kendall(v["x"], v["y"])) == near((v["rho"], v["tau"]), 14)


def divergence(v: dict) -> None:
    assert jensen_shannon(v["p"], v["q"]) == near(v["jsd"], 14)


def bursts(v: dict) -> None:
    assert burstiness(v["gaps"]) == near(v["B"], 14)
    assert sum(gap > 14 for gap in v["gaps"]) == v["gaps_over_14"]


CHECKS = {
    "rogan_gladen_cole2023": cole, "rogan_gladen_epiR": epir, "acc_3class": adjusted_count, "emq": maximised,
    "ppi": prediction_powered, "stratified": strata, "temperature": temperature, "ece10": calibration,
    "conformal": conformal, "entropy": entropy, "wilson": scores, "lacy_riffe_unrounded": sizes_to_code_twice,
    "jaccard3": reuse, "rank": ranks, "jsd_bits": divergence, "burstiness": bursts,
}  # fmt: skip


def test_no_vector_is_left_out() -> None:
    assert set(CHECKS) | NOT_OFFERED | {"_note"} == set(VECTORS)


@pytest.mark.parametrize("name", CHECKS)
def test_vector(name: str) -> None:
    CHECKS[name](VECTORS[name])
