"""Build the shipped model, bit for bit: `python models/build.py` (needs the real posts; see corpus.py)."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before numpy: sums must not depend on the number of cores

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from corpus import examples, real_folder  # noqa: E402

from govcode.codebook.load import load_codebook  # noqa: E402
from govcode.coders.store import CARD, StoredModel, save_model  # noqa: E402
from govcode.coders.training import TrainingSettings, train_model  # noqa: E402
from govcode.metrics.figures import Figure  # noqa: E402
from govcode.workflow.classify import ClassifyOptions, classify  # noqa: E402
from govcode.workflow.coder import coder_spec  # noqa: E402
from govcode.workflow.evaluate import EvaluateOptions, evaluate  # noqa: E402

NAME = "functions-zh"
# chosen by cross-validation (docs/accuracy.md); no account is weighted down
SETTINGS = TrainingSettings(strength=16.0, account_cap=1_000_000, opinion=0.7, lead=2.0)
ABOUT = {
    "title": {"zh": "政务推文功能编码(快速)", "en": "Functions of government posts (fast)"},
    "language": "zh",
    "licence": "MIT",
    "source": {
        "real": "posts of public repositories, listed without text, with source, commit and SHA-256, in"
        " models/training/labels*.jsonl",
        "invented": "models/training/invented*.jsonl",
        "coders": "coded by language-model coders working from the codebook alone; the agreement of two"
        " independent passes of such coders is likely higher than that of two people",
    },
    "build": "python models/build.py",
}


def build(target: Path) -> StoredModel:
    """Train on everything and save under `target`."""
    codebook = load_codebook("functions")
    return save_model(target, train_model(NAME, codebook, examples(codebook), SETTINGS, about=ABOUT))


def report(folder: Path) -> None:
    """Add to the card what the model reaches on the held-back posts, which nothing was trained or tuned on.

    The figures are those of `govcode evaluate --clusters account`; the hash of the model does not hold them.
    """
    held_back = real_folder() / "gold_dev.jsonl"
    with tempfile.TemporaryDirectory() as name:
        coded = str(Path(name) / "coded.jsonl")
        classify([str(held_back)], coded, coder_spec(model=str(folder)), ClassifyOptions())
        found = evaluate(coded, held_back, EvaluateOptions(clusters="account")).evaluation
    scores = found.scores
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    card["reported"] = {
        "posts": f"{scores.posts} codable posts of gold_dev, only looked at to report; most of their accounts"
        " are in training too",
        "method": "govcode evaluate --clusters account, 95 % bootstrap intervals over accounts",
        "macro_f1": _figure(scores.macro_f1),
        "alpha": _figure(scores.alpha),
        "accuracy": _figure(scores.accuracy),
        "f1": {code.code: _figure(code.f1) for code in found.per_code},
    }
    (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _figure(figure: Figure) -> dict[str, float]:
    return {"value": round(figure.value, 4), "low": round(figure.low, 4), "high": round(figure.high, 4)}


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / NAME
    model = build(folder)
    report(folder)
    figures = model.card["figures"]
    print(model.hash, *(f"{name} {figures[name]['value']:.3f}" for name in ("macro_f1", "alpha", "ece")))  # noqa: T201
