"""What can go wrong before an encoder is trained; the training itself: tests/coders/transformer."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from govcode.coders.transformer.settings import TransformerSettings
from govcode.errors import MissingExtraError, UsageError
from govcode.workflow.coder import coder_spec
from govcode.workflow.fine_tune import FineTuning
from govcode.workflow.train import train
from tests.extras import without

CODES = ("information", "service", "appeal", "agenda", "other")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    posts = [{"post_id": f"p{i}", "text": f"市民朋友请注意，第{i}号通知今天发布"} for i in range(20)]
    (tmp_path / "posts.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    gold = "".join(f"p{i},gold,{CODES[i % 5]}\n" for i in range(20))
    (tmp_path / "gold.csv").write_text("post_id,coder,code\n" + gold)
    return tmp_path


def tune(study: Path, **options: object) -> None:
    tuning = FineTuning(TransformerSettings(base="nowhere"))
    train(
        [str(study / "posts.jsonl")],
        gold=str(study / "gold.csv"),
        output=str(study / "m"),
        tuning=tuning,
        **options,
    )  # type: ignore[arg-type]


@pytest.mark.parametrize("package", ["torch", "onnxscript", "tokenizers"])
def test_a_missing_extra_is_named_with_the_line_that_installs_it(
    study: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    from govcode.workflow import fine_tune

    monkeypatch.setattr(fine_tune, "PACKAGES", (package,))
    without(monkeypatch, package)
    with pytest.raises(MissingExtraError, match=rf"Training a transformer \({package}\)") as caught:
        tune(study)
    assert caught.value.hint == "Install it: pip install 'govcode[transformer]'"
    assert not (study / "m").exists()
    assert not (study / "m.partial").exists()


def test_the_learning_curve_is_the_linear_learners(study: Path) -> None:
    with pytest.raises(UsageError, match="linear learner only"):
        tune(study, learning_curve=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--learner", "transformer"], "needs --base"),
        (["--learner", "transformer", "--base", "x", "--with-linear", "2"], "--with-linear 2.0"),
        (["--learner", "forest"], "--learner forest: unknown learner"),
        (["--base", "x"], "belong to --learner transformer"),
        (["--resume"], "belong to --learner transformer"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    study: Path, govcode: Callable[..., subprocess.CompletedProcess[str]], options: list[str], message: str
) -> None:
    done = govcode("train", "posts.jsonl", "--gold", "gold.csv", "-o", "m", *options)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr


def test_the_card_tells_the_kind_of_a_model(tmp_path: Path) -> None:
    card = {"schema": 1, "learner": "transformer", "codebook": {"id": "functions"}}
    (tmp_path / "card.json").write_text(json.dumps(card))
    assert coder_spec(model=str(tmp_path)).kind == "transformer"
    assert coder_spec().kind == "linear"
    with pytest.raises(UsageError, match="'functions-zh' is a linear model"):
        coder_spec("transformer")


def test_a_model_of_an_unknown_learner_is_refused(tmp_path: Path) -> None:
    from govcode.coders.store import load_model
    from govcode.errors import InputError

    (tmp_path / "card.json").write_text(json.dumps({"schema": 1, "learner": "oracle"}))
    with pytest.raises(InputError, match="learner 'oracle'"):
        load_model(tmp_path)


def test_gold_of_an_unsure_coder_weighs_less(study: Path) -> None:
    from govcode.codebook.load import load_codebook
    from govcode.workflow.train import UNSURE, _gold_examples

    lines = (study / "gold.csv").read_text().splitlines()
    sure = [lines[0] + ",sure", *(f"{line},{int(i > 4)}" for i, line in enumerate(lines[1:]))]
    (study / "gold.csv").write_text("\n".join(sure) + "\n")
    examples, *_ = _gold_examples(
        [str(study / "posts.jsonl")], str(study / "gold.csv"), load_codebook(), None, None, []
    )
    assert [example.weight for example in examples] == [UNSURE] * 5 + [1.0] * 15
