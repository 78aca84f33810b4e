"""Figures equal those of an independent scorer on the same files."""

from __future__ import annotations

import csv
import json
from collections import Counter

import numpy as np
import pytest

from govcode.metrics.intervals import wilson
from govcode.workflow.evaluate import EvaluateOptions, evaluate

FEW = EvaluateOptions(replicates=100)

CODES = ("alpha", "beta", "gamma", "delta")


def plain_scores(gold: dict[str, str], coded: dict[str, str]) -> dict:
    """Score by counting, with nothing but the standard library."""
    pairs = [(g, coded.get(i, "")) for i, g in gold.items() if g != "NA"]
    f1 = {}
    for code in {g for g, _ in pairs}:
        tp = sum(g == m == code for g, m in pairs)
        wrong = sum((g == code) != (m == code) for g, m in pairs)
        f1[code] = 2 * tp / (2 * tp + wrong)
    tallies = Counter(v for pair in pairs for v in pair)
    total = sum(tallies.values())
    expected = (total**2 - sum(c * c for c in tallies.values())) / (total * (total - 1))
    return {
        "accuracy": sum(g == m for g, m in pairs) / len(pairs),
        "macro_f1": sum(f1.values()) / len(f1),
        "alpha": 1 - sum(a != b for a, b in pairs) / len(pairs) / expected,
        "f1": f1,
    }


@pytest.mark.parametrize("seed", range(6))
def test_agrees_with_plain_counting(tmp_path, seed):
    rng = np.random.default_rng(seed)
    number = int(rng.integers(20, 120))
    gold = {f"{i:016d}": str(rng.choice([*CODES[: 2 + seed % 3], "NA"])) for i in range(number)}
    coded = {i: str(rng.choice([g, *CODES, "NA", ""])) for i, g in gold.items() if rng.random() < 0.9}
    (tmp_path / "gold.jsonl").write_text(
        "".join(json.dumps({"post_id": i, "code": c}) + "\n" for i, c in gold.items())
    )
    with (tmp_path / "coded.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["post_id", "code"])
        writer.writerows(coded.items())
    result = evaluate(tmp_path / "coded.csv", tmp_path / "gold.jsonl", FEW).evaluation
    expected = plain_scores(gold, coded)
    for name in ("accuracy", "macro_f1", "alpha"):
        assert getattr(result.scores, name).value == pytest.approx(expected[name], abs=1e-12)
    for row in result.per_code:
        if row.code in expected["f1"]:
            assert row.f1.value == pytest.approx(expected["f1"][row.code], abs=1e-12)
    assert result.coverage.missing == sum(not coded.get(i, "") for i, g in gold.items() if g != "NA")


def test_real_gold_against_itself_is_perfect(real_data):
    result = evaluate(real_data / "gold_dev.jsonl", real_data / "gold_dev.jsonl", FEW).evaluation
    assert result.scores.accuracy.value == 1 and result.scores.alpha.value == 1
    assert result.scores.accuracy.low > 0.99


@pytest.mark.parametrize("stratified", [True, False])
def test_strata_of_machine_codes_hold_no_other_code(tmp_path, stratified):
    """Only where a stratum is as large as its code is frequent is it sure that no other post was in it."""
    rng = np.random.default_rng(3)
    machine = ["target"] * 60 + ["rest"] * 940
    rows = [*range(40), *range(60, 100)]
    sizes = {"target": 60 if stratified else 80, "rest": 940 if stratified else 920}
    with (tmp_path / "coded.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [("post_id", "code"), *((f"p{i}", code) for i, code in enumerate(machine))]
        )
    with (tmp_path / "gold.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["post_id", "code", "stratum", "inclusion_prob"])
        for i in rows:
            code = machine[i] if rng.random() < 0.8 else "other"
            writer.writerow([f"p{i}", code, machine[i], 40 / sizes[machine[i]]])
    result = evaluate(tmp_path / "coded.csv", tmp_path / "gold.csv", FEW).evaluation
    precision = next(row.precision for row in result.per_code if row.code == "target")
    alone = wilson(round(precision.value * 40), 40)
    if stratified:
        assert (precision.low, precision.high) == pytest.approx((alone.low, alone.high), abs=1e-5)
    else:
        assert precision.low < alone.low - 0.05
