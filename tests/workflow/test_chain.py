"""The whole chain on files: sample, code, reliability, adjudicate, evaluate, estimate."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from govcode.codebook.load import load_codebook
from govcode.workflow.adjudicate import AdjudicateOptions, adjudicate_codings
from govcode.workflow.estimate import EstimateOptions, estimate
from govcode.workflow.evaluate import EvaluateOptions, evaluate
from govcode.workflow.manifest import read_manifest
from govcode.workflow.reliability import ReliabilityOptions, reliability
from govcode.workflow.sample import SampleOptions, sample

POSTS, DAYS = 4000, 364
DESIGNS = {
    "weeks": SampleOptions(design="weeks", weeks=4, size=200, coders=("A", "B"), overlap=200),
    "enriched": SampleOptions(
        design="enriched", size=300, enrich={"appeal": 0.3}, uncertain=0.2, coders=("A", "B"), overlap=300
    ),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """A coded corpus of a year whose machine overcounts appeals, and the true code of every post."""
    folder, rng = tmp_path_factory.mktemp("chain"), np.random.default_rng(8)
    codes = load_codebook("functions").ids
    day = rng.integers(0, DAYS, POSTS)
    weekend = day % 7 > 4
    shares = np.where(weekend[:, None], [0.3, 0.2, 0.05, 0.4, 0.05], [0.5, 0.25, 0.03, 0.17, 0.05])
    true = (rng.random(POSTS)[:, None] > shares.cumsum(1)).sum(1).clip(max=4)
    p = rng.dirichlet(np.full(5, 0.3), POSTS) + np.array([0, 0, 0.08, 0, 0])
    p[np.arange(POSTS), true] += 0.6
    p /= p.sum(1, keepdims=True)
    with (folder / "coded.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(
            ["post_id", "account", "published_at", "text", "code", *(f"p_{c}" for c in codes), "status"]
        )
        for i in range(POSTS):
            when = date(2023, 1, 2) + timedelta(days=int(day[i]))
            writer.writerow([f"p{i}", f"号{i % 7}", f"{when}T09:00:00+08:00", f"帖子{i}", codes[p[i].argmax()],
                             *p[i].round(4), "coded"])  # fmt: skip
    return folder, {f"p{i}": codes[k] for i, k in enumerate(true)}


def fill(sheet: str, truth: dict[str, str], errors: float, rng: np.random.Generator) -> None:
    """Code a sheet as a person would who is wrong in a share of posts."""
    codes = load_codebook("functions").ids
    with Path(sheet).open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        wrong = rng.random() < errors
        row["code"] = codes[rng.integers(5)] if wrong else truth[row["post_id"]]
    with Path(sheet).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def chain(folder: Path, truth: dict[str, str], design: str, seed: int) -> dict[str, object]:
    """Run one study; the second coder errs in a tenth of the posts, disagreements are settled rightly."""
    rng = np.random.default_rng(seed)
    place = folder / f"{design}{seed}"
    place.mkdir()
    coded = str(folder / "coded.csv")
    options = DESIGNS[design]
    drawn = sample(
        [coded], SampleOptions(**{**options.__dict__, "seed": seed}), output=str(place / "sheet.csv")
    )
    for sheet, errors in zip(drawn.sheets, (0.0, 0.1), strict=True):
        fill(sheet, truth, errors, rng)
    agreed = reliability(drawn.sheets, ReliabilityOptions(posts=drawn.frame, draws=100),
                         output=str(place / "reliability.json"))  # fmt: skip
    decisions = place / "decisions.csv"
    with decisions.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["post_id", "code", "rule", "decided_by", "decided_at"])
        with Path(drawn.sheets[1]).open(encoding="utf-8", newline="") as sheet:
            wrong = [row["post_id"] for row in csv.DictReader(sheet) if row["code"] != truth[row["post_id"]]]
        writer.writerows([post, truth[post], "B1", "C", "2024-01-01"] for post in wrong)
    gold = str(place / "gold.csv")
    settled = adjudicate_codings(
        drawn.sheets, AdjudicateOptions(frame=drawn.frame, decisions=(str(decisions),)), output=gold
    )
    judged = evaluate(coded, gold, EvaluateOptions(output=str(place / "evaluation.json"), replicates=100))
    result = estimate(coded, gold, EstimateOptions(output=str(place / "shares.csv")))
    return {
        "place": place,
        "drawn": drawn,
        "agreed": agreed,
        "settled": settled,
        "judged": judged,
        "result": result,
    }


@pytest.mark.parametrize("design", list(DESIGNS))
def test_one_study_from_sample_to_shares(study, design):
    folder, truth = study
    found = chain(folder, truth, design, 1)
    assert found["settled"].waiting == 0 and found["settled"].gold == found["drawn"].size
    assert 0.8 < found["agreed"].reliability.overall["alpha"].value < 0.95
    assert bool(found["agreed"].reliability.weighted) == (design == "enriched")
    assert found["judged"].evaluation.weighted == (design == "enriched") or design == "weeks"
    for name in ("sheet.frame.csv", "reliability.json", "gold.csv", "evaluation.json", "shares.csv"):
        manifest = read_manifest(found["place"] / name)
        assert manifest["inputs"] and all(len(record["sha256"]) == 64 for record in manifest["inputs"]), name
        assert manifest["options"] and manifest["outputs"], name
    assert json.loads((found["place"] / "evaluation.json").read_text(encoding="utf-8"))["posts"]


@pytest.mark.slow
@pytest.mark.parametrize("design", list(DESIGNS))
def test_corrected_shares_of_many_studies_are_unbiased_and_counts_are_not(study, design):
    folder, truth = study
    codes = load_codebook("functions").ids
    shares = {code: np.mean([c == code for c in truth.values()]) for code in codes}
    raw, covered, naive = {c: [] for c in codes}, [], {}
    for seed in range(2, 42):
        for row in chain(folder, truth, design, seed)["result"].estimation.estimates:
            raw[row.code].append(row.raw)
            naive[row.code] = row.naive
            covered.append(row.share.low <= shares[row.code] <= row.share.high)
    for code, values in raw.items():
        assert abs(np.mean(values) - shares[code]) < 4 * np.std(values) / np.sqrt(len(values)), code
    assert np.mean(covered) >= 0.9
    assert max(abs(naive[code] - shares[code]) for code in codes) > 0.02
