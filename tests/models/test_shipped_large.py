"""The accurate model: does it fit the shipped codebook and its partner, does it do what its card says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from govcode.codebook.load import load_codebook
from govcode.coders.store import StoredModel, find_model, load_model
from govcode.records import Post
from tests.models.plain_cases import PLAIN_CASES

pytest.importorskip("onnxruntime")
pytest.importorskip("tokenizers")

from govcode.coders.transformer.coder import TransformerCoder, load
from govcode.coders.transformer.partner import partner_folder

NAME = "functions-zh-large"
TRAINING = Path(__file__).parents[2] / "models" / "training"
LARGEST = 40e6  # bytes: the wheel holds it


@pytest.fixture(scope="module")
def model() -> StoredModel:
    return load_model(find_model(NAME), codebook_hash=load_codebook("functions").hash)


@pytest.fixture(scope="module")
def coder() -> TransformerCoder:
    return load(load_codebook("functions"), model=find_model(NAME))


def test_it_fits_codebook_and_partner(model: StoredModel) -> None:
    codebook = load_codebook("functions")
    assert tuple(model.card["codes"]) == codebook.ids
    assert set(model.card["forms"]) <= {form.id for form in codebook.forms}
    if "with" in model.card:
        assert partner_folder(model).name == model.card["with"]["name"] == "functions-zh"
    assert sum(path.stat().st_size for path in find_model(NAME).rglob("*") if path.is_file()) < LARGEST


def test_it_codes_plain_cases_of_each_code(coder: TransformerCoder) -> None:
    for expected, coding in zip(PLAIN_CASES, coder.code(PLAIN_CASES.values()), strict=True):
        assert coding.code == expected, (expected, coding)


def test_a_post_is_coded_alike_in_any_company(coder: TransformerCoder) -> None:
    posts = [Post(str(i), title="关于老城区停水的通知", text="因管道抢修，" * i) for i in range(6)]
    together = list(coder.code(posts))
    alone = [next(iter(coder.code([post]))) for post in reversed(posts)]
    assert together == alone[::-1]


def test_the_card_says_what_a_reader_needs(model: StoredModel) -> None:
    card = model.card
    assert card["licence"] == card["base"]["licence"] == "MIT"
    assert "multilingual-e5-small" in card["base"]["name"]
    assert "held-out.json" in card["figures"]["method"]
    for name in ("macro_f1", "alpha", "accuracy", "ece"):
        figure = card["figures"][name]
        assert figure["low"] <= figure["value"] <= figure["high"]


def test_figures_rest_on_the_scores_that_are_kept(model: StoredModel) -> None:
    splits = json.loads((TRAINING / "held-out.json").read_text(encoding="utf-8"))
    assert not set(splits["a"].values()) & set(splits["b"].values())
    groups = splits["a"] | splits["b"]
    with np.load(TRAINING / "held-out-scores.npz") as kept:
        assert set(kept["post_ids"].tolist()) == set(groups)
        assert kept["scores"].shape == (len(groups), len(model.card["codes"]) + len(model.card["forms"]))
    assert model.card["figures"]["posts"] == len(groups) == len(model.arrays["held_out"])
