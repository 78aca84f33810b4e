"""The steps of `build_large.py` that need torch: the base encoder, the split, the final encoder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
import torch  # noqa: E402
from build_large import FOLDER, LENGTH, RECIPE, SCORES, held_out, unseen_posts  # noqa: E402
from corpus import ROOT, examples  # noqa: E402
from e5_base import make_base, training_texts  # noqa: E402
from encoder_training import Lesson, Lower, Recipe, fine_tune, tokens_of  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402

from govcode.codebook.load import load_codebook  # noqa: E402
from govcode.coders.card import forms_of  # noqa: E402
from govcode.coders.examples import Example, account_groups  # noqa: E402
from govcode.coders.store import GRAPH, TOKENIZER  # noqa: E402
from govcode.coders.transformer.base_model import load_base  # noqa: E402
from govcode.coders.transformer.graph import graph_of  # noqa: E402
from govcode.coders.transformer.network import Combined, Network  # noqa: E402
from govcode.coders.transformer.reading import Reader, Reading  # noqa: E402
from govcode.coders.transformer.session import Session  # noqa: E402

WORK = Path(os.environ.get("GOVCODE_LARGE", ROOT.parent / "large"))
FIRST = Recipe(length=LENGTH, epochs=4)
AGAIN = replace(FIRST, epochs=2, rate=1.2e-4, invented=0.6, seed=9)
RECIPES = {"a": (FIRST,), "b": (replace(FIRST, seed=8),), "final": (AGAIN,)}


def base(path: str) -> None:
    """Make the base encoder from the package's file."""
    make_base(Path(path), WORK / "base", training_texts())


def new_network(everything: Sequence[Example]) -> tuple[Network, bytes]:
    """Return the base encoder with fresh heads, and its tokenizer."""
    codebook = load_codebook("functions")
    torch.set_num_threads(1)
    torch.manual_seed(FIRST.seed)
    found = load_base(str(WORK / "base"), length=FIRST.length)
    return Network(found.encoder, len(codebook.ids), len(forms_of(codebook, everything))), found.tokenizer


def learn(everything: Sequence[Example], rows: Sequence[int], step: str, start: str = "") -> bytes:
    """Return the graph of an encoder that has learned from some of the examples; keep it and its weights."""
    codebook = load_codebook("functions")
    forms = forms_of(codebook, everything)
    network, tokenizer = new_network(everything)
    lower = Lower(network, FIRST, tokens_of(tokenizer, everything, FIRST.length))
    if start:
        network.load_state_dict(load_file(WORK / f"{start}.safetensors"))
    real = np.array([row for row in rows if everything[row].held_out])
    invented = np.setdiff1d(rows, real)
    for number, recipe in enumerate(RECIPES[step], start=1):
        lesson = Lesson.of(everything, codebook.ids, forms, np.array(rows), recipe)
        for line in fine_tune(network, lower, lesson, real, invented, recipe):
            print(f"{step} {number}: {line}", flush=True)  # noqa: T201
    save_file(network.state_dict(), WORK / f"{step}.safetensors")
    graph = graph_of(Combined(network, codebook, forms).eval(), length=FIRST.length, forms=True)
    (WORK / f"{step}.onnx").write_bytes(graph)
    return graph


def known_rows(everything: Sequence[Example], own: Mapping[str, int]) -> list[int]:
    """Return the rows of all examples that share neither account nor text with a held-out post (`own`)."""
    real = [row for row, example in enumerate(everything) if example.held_out]
    groups = account_groups([everything[row] for row in real])
    closed = {group for row, group in zip(real, groups, strict=True) if everything[row].post_id in own}
    left_out = {row for row, group in zip(real, groups, strict=True) if group in closed}
    return [row for row in range(len(everything)) if row not in left_out]


def split(name: str) -> None:
    """Learn without the held-out accounts and store the scores of their posts, as `classify` gets them."""
    everything = examples(load_codebook("functions"))
    own = held_out()[name]
    session = Session(learn(everything, known_rows(everything, own), name))
    reader = Reader(Reading(length=LENGTH), (WORK / "base" / "tokenizer.json").read_bytes())
    found: dict[str, Any] = {}
    if SCORES.exists():
        with np.load(SCORES) as kept:
            found = dict(zip(kept["post_ids"].tolist(), kept["scores"], strict=True))
    found |= {post.post_id: session(reader(post.text)) for post in unseen_posts(everything, own)}
    order = sorted(found)
    scores = np.array([found[post] for post in order], dtype=np.float32)
    np.savez_compressed(SCORES, post_ids=np.array(order), scores=scores)


def final() -> None:
    """Go on from the encoder of split a with all posts, held-out ones too; put the result in the folder."""
    everything = examples(load_codebook("functions"))
    graph = learn(everything, range(len(everything)), "final", start="a")
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / GRAPH).write_bytes(graph)
    (FOLDER / TOKENIZER).write_bytes((WORK / "base" / TOKENIZER).read_bytes())
    settings = {step: [recipe.to_card() for recipe in recipes] for step, recipes in RECIPES.items()}
    RECIPE.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


STEPS = {"base": base, "split": split, "final": final}
