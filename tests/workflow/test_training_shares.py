"""The shares in training, found from a coded table's manifest."""

from __future__ import annotations

import json

import pytest

from govcode.coders.store import find_model, read_card
from govcode.workflow.training_shares import training_shares


def coded(tmp_path, model: str, **options: str) -> str:
    path = tmp_path / "coded.csv"
    path.write_text("post_id,code\n", encoding="utf-8")
    (tmp_path / "coded.csv.manifest.json").write_text(
        json.dumps({"model": {"name": model}, "options": options})
    )
    return str(path)


def test_shares_come_from_the_card_of_the_very_model(tmp_path):
    card = read_card(find_model("functions-zh"))
    name, shares = training_shares(coded(tmp_path, f"functions-zh@{card['hash'][7:19]}"), card["codes"])
    counts = card["training"]["held_out_by_code"]
    assert name == "functions-zh" and sum(shares) == pytest.approx(1)
    assert shares == pytest.approx([counts[c] / sum(counts.values()) for c in card["codes"]])


@pytest.mark.parametrize("model", ["functions-zh@000000000000", "no-such-model@1", ""])
def test_no_card_no_shares(tmp_path, model):
    assert training_shares(coded(tmp_path, model), ("information",)) is None
    assert training_shares("-", ("information",)) is None


def test_a_code_that_training_never_met_has_no_shares(tmp_path):
    assert training_shares(coded(tmp_path, "functions-zh"), ("information", "zzz")) is None
