"""The shipped model: does it fit the shipped codebook, does it do what its card says, can it be rebuilt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from govcode.codebook.load import load_codebook
from govcode.coders.linear import load
from govcode.coders.store import find_model, load_model
from govcode.metrics.shingles import jaccard, shingles
from govcode.records import CODED, NA, Post
from tests.models.plain_cases import PLAIN_CASES

ROOT = Path(__file__).parents[2]
TRAINING = ROOT / "models" / "training"


def test_it_fits_the_shipped_codebook() -> None:
    codebook = load_codebook("functions")
    model = load_model(find_model("functions-zh"), codebook_hash=codebook.hash)
    assert tuple(model.card["codes"]) == codebook.ids
    assert set(model.card["forms"]) <= {form.id for form in codebook.forms}


def test_it_codes_plain_cases_of_each_code() -> None:
    coder = load(load_codebook("functions"), model=find_model("functions-zh"))
    for expected, coding in zip(PLAIN_CASES, coder.code(PLAIN_CASES.values()), strict=True):
        assert coding.code == expected, (expected, coding)


def test_the_card_says_what_a_reader_needs() -> None:
    card = load_model(find_model("functions-zh")).card
    assert card["licence"] == "MIT"
    assert "language-model coders" in card["source"]["coders"]
    for name in ("macro_f1", "alpha", "accuracy", "ece"):
        figure = card["figures"][name]
        assert figure["low"] <= figure["value"] <= figure["high"]
    assert card["figures"]["ece"]["value"] <= 0.05
    assert {"numpy", "scikit-learn", "rjieba"} <= set(card["versions"])


def test_labels_of_real_posts_hold_no_text() -> None:
    for path in TRAINING.glob("labels*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert not {"text", "title", "reply"} & set(row)
            assert len(row["sha256"]) == 64


@pytest.mark.slow
@pytest.mark.data
def test_no_invented_post_is_near_a_real_one(real_data: Path) -> None:
    """Shingles of 5 characters are indexed; only posts that share 12 or more are compared."""
    index: dict[str, list[int]] = {}
    real = []
    for name in ("train.jsonl", "gold_dev.jsonl"):
        for line in (real_data / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found = shingles(row["title"] + row["text"])
            for shingle in found:
                index.setdefault(shingle, []).append(len(real))
            real.append(found)
    for path in sorted(TRAINING.glob("invented*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            own = shingles(row["title"] + row["text"])
            rivals = {number for shingle in list(own)[::3] for number in index.get(shingle, ())[:50]}
            worst = max((jaccard(own, real[number]) for number in rivals), default=0.0)
            assert worst < 0.6, row["post_id"]


@pytest.mark.data
def test_report_on_gold_dev(real_data: Path) -> None:
    """Posts that were never trained on nor tuned on: the figures may not fall far below the card's."""
    from govcode.metrics import classification

    codebook = load_codebook("functions")
    coder = load(codebook, model=find_model("functions-zh"), max_error=0.10)
    rows = [
        json.loads(line) for line in (real_data / "gold_dev.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    rows = [row for row in rows if row["code"] != NA]
    posts = [Post(r["post_id"], title=r["title"], text=r["text"], reply=r["reply"]) for r in rows]
    codings = list(coder.code(posts))
    import numpy as np

    kept = [(r, c) for r, c in zip(rows, codings, strict=True) if c.code != NA]
    gold = np.array([codebook.ids.index(r["code"]) for r, _ in kept])
    machine = np.array([codebook.ids.index(c.code) for _, c in kept])
    table = classification.confusion(gold, machine, 5, np.ones(len(gold)))
    assert classification.macro_f1(table, np.ones(5, bool)) > 0.76
    assert classification.alpha(table) > 0.70
    accepted = np.array([c.status == CODED for _, c in kept])
    assert (gold != machine)[accepted].mean() < 0.12


@pytest.mark.slow
@pytest.mark.data
def test_it_is_rebuilt_bit_for_bit(real_data: Path, tmp_path: Path) -> None:
    shipped = find_model("functions-zh")
    card = json.loads((shipped / "card.json").read_text(encoding="utf-8"))
    from importlib.metadata import version

    other = {name: have for name, want in card["versions"].items() if (have := version(name)) != want}
    if other:
        pytest.skip(f"the card names other library versions than {other}")
    subprocess.run(
        [sys.executable, str(ROOT / "models" / "build.py"), str(tmp_path / "functions-zh")],
        check=True, env={**os.environ, "GOVCODE_REAL_DATA": str(real_data)}, cwd=ROOT,
    )  # fmt: skip
    for name in ("card.json", "terms.txt", "weights.npz"):
        assert (tmp_path / "functions-zh" / name).read_bytes() == (shipped / name).read_bytes(), name
