"""Build the shipped model, bit for bit: `python models/build.py` (needs the real posts; see corpus.py)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before numpy: sums must not depend on the number of cores

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from corpus import examples  # noqa: E402

from govcode.codebook.load import load_codebook  # noqa: E402
from govcode.coders.store import StoredModel, save_model  # noqa: E402
from govcode.coders.training import TrainingSettings, train_model  # noqa: E402

NAME = "functions-zh"
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
    return save_model(
        target, train_model(NAME, codebook, examples(codebook), TrainingSettings(), about=ABOUT)
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / NAME
    model = build(folder)
    figures = model.card["figures"]
    print(model.hash, *(f"{name} {figures[name]['value']:.3f}" for name in ("macro_f1", "alpha", "ece")))  # noqa: T201
