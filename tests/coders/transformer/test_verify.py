"""`verify --full` trains a transformer again as it was trained, not a linear model in its place."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from govcode.codebook.load import load_codebook
from govcode.coders.transformer.settings import TransformerSettings
from govcode.records import Post
from govcode.workflow.fine_tune import FineTuning
from govcode.workflow.train import train
from govcode.workflow.verify import CHANGED, NOT_CHECKABLE, REPRODUCED, verify

for package in ("torch", "transformers", "onnx", "onnxscript", "onnxruntime", "tokenizers", "safetensors"):
    pytest.importorskip(package, reason="the extra govcode[transformer] is not installed")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model(
    tmp_path_factory: pytest.TempPathFactory, base: Path, unseen: list[tuple[Post, str, str, str]]
) -> Path:
    folder = tmp_path_factory.mktemp("trained")
    with (folder / "posts.csv").open("w", encoding="utf-8", newline="") as posts:
        csv.writer(posts).writerows([("post_id", "account", "text"),
                                     *((p.post_id, p.account, p.text) for p, *_ in unseen)])  # fmt: skip
    codes = load_codebook().ids
    gold = "\n".join(f"{p.post_id},gold,{codes[i % len(codes)]}" for i, (p, *_) in enumerate(unseen))
    (folder / "gold.csv").write_text(f"post_id,coder,code\n{gold}\n", encoding="utf-8")
    settings = TransformerSettings(base=str(base), epochs=1, folds=2, length=32, rate=1e-3)
    train([str(folder / "posts.csv")], gold=str(folder / "gold.csv"), output=str(folder / "mine"),
          tuning=FineTuning(settings))  # fmt: skip
    return folder / "mine"


def test_the_manifest_tells_how_it_was_trained(model: Path, base: Path) -> None:
    told = json.loads((model / "card.json.manifest.json").read_text(encoding="utf-8"))
    assert told["options"]["learner"] == "transformer"
    assert told["options"]["settings"]["epochs"] == 1
    assert str(base) in {record["path"] for record in told["inputs"]}


def test_it_is_trained_again_only_when_everything_is_to_be(model: Path) -> None:
    cheap = verify([str(model)])
    assert not cheap.failed
    assert "training is not cheap: --full trains again" in {c.detail for c in cheap.checks}
    steps = [c for c in verify([str(model)], full=True).checks if c.kind == "step"]
    assert {Path(c.subject).name for c in steps} >= {"card.json", "encoder.onnx"}
    assert {c.verdict for c in steps} == {REPRODUCED}


def test_a_manifest_that_does_not_tell_the_learner_is_not_replayed_as_a_linear_model(model: Path) -> None:
    path = model / "card.json.manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    kept = path.read_bytes()
    for key in ("learner", "settings", "with_linear"):
        del told["options"][key]
    path.write_text(json.dumps(told), encoding="utf-8")
    try:
        found = verify([str(model)], full=True)
    finally:
        path.write_bytes(kept)
    verdicts = {c.verdict for c in found.checks if c.kind == "step"}
    assert (verdicts, CHANGED in verdicts) == ({NOT_CHECKABLE}, False)
