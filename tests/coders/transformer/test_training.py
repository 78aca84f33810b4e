"""The real path with a tiny encoder: train, be killed, go on, code, explain, be damaged."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from govcode.codebook.load import load_codebook
from govcode.codebook.model import Codebook
from govcode.coders.examples import Example, account_groups, split_groups
from govcode.coders.linear import load as load_linear
from govcode.coders.store import StoredModel, load_model, save_model, sealed
from govcode.coders.training import TrainingSettings, train_model
from govcode.coders.transformer.settings import TransformerSettings
from govcode.errors import HashMismatchError, UsageError
from govcode.readers.codings import read_codings
from govcode.readers.posts import read_posts
from govcode.records import CODED, Post
from govcode.text.clean import coding_text
from govcode.workflow.fine_tune import FineTuning
from govcode.workflow.train import Trained, train

for package in ("torch", "transformers", "onnx", "onnxscript", "onnxruntime", "tokenizers", "safetensors"):
    pytest.importorskip(package, reason="the extra govcode[transformer] is not installed")
from govcode.coders.transformer.coder import load  # noqa: E402
from govcode.coders.transformer.package import HeldOutScores, With, package  # noqa: E402
from govcode.coders.transformer.session import Session  # noqa: E402

pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess[str]]
FILES = ("card.json", "encoder.onnx", "tokenizer.json", "held_out.npz")
OPTIONS = {"epochs": 3, "folds": 2, "length": 48, "rate": 1e-3}
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, unseen: list[tuple[Post, str, str, str]]) -> Path:
    """Posts, gold, and a codebook of three own codes without forms."""
    folder = tmp_path_factory.mktemp("study")
    codes = sorted({code for _, code, *_ in unseen})
    (folder / "mine.toml").write_text(
        'id = "mine"\nversion = "1"\ntitle = {zh = "小", en = "Mine"}\n'
        + f"tie_break = {json.dumps(codes)}\n\n"
        + "".join(
            f'[[codes]]\nid = "{code}"\nlabel = {{zh = "{code}", en = "{code}"}}\n'
            f'definition = {{zh = "{code}", en = "{code}"}}\n\n'
            for code in codes
        ),
        encoding="utf-8",
    )
    with (
        (folder / "posts.jsonl").open("w", encoding="utf-8") as posts,
        (folder / "gold.csv").open("w", encoding="utf-8") as gold,
    ):
        table = csv.writer(gold)
        table.writerow(["post_id", "coder", "code", "sure"])
        for number, (post, code, *_) in enumerate(unseen):
            row = {"post_id": post.post_id, "account": post.account, "title": post.title, "text": post.text}
            posts.write(json.dumps(row, ensure_ascii=False) + "\n")
            table.writerow([post.post_id, "gold", code, int(number % 9 > 0)])
    return folder


def tuned(study: Path, base: Path, output: Path, **options: Any) -> Trained:
    settings = TransformerSettings(base=str(base), head_rate=1e-2, **OPTIONS)
    return train(
        [str(study / "posts.jsonl")], gold=str(study / "gold.csv"), output=str(output),
        codebook=str(study / "mine.toml"), tuning=FineTuning(settings, **options),
    )  # fmt: skip


@pytest.fixture(scope="module")
def trained_one(study: Path, base: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return tuned(study, base, tmp_path_factory.mktemp("whole") / "mine")


@pytest.fixture
def damaged(trained_one: Trained, tmp_path: Path) -> Path:
    """A private copy of the model."""
    return Path(shutil.copytree(trained_one.folder, tmp_path / "mine"))


def classify(run: Run, study: Path, model: Path, *more: object, posts: Path | None = None) -> None:
    done = run(
        "classify", posts or study / "posts.jsonl", "--model", model, "--codebook", study / "mine.toml",
        "-o", "coded.jsonl", *more, OMP_NUM_THREADS="1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def coded(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "coded.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_folder_holds_a_card_and_data_only(trained_one: Trained, base: Path) -> None:
    assert {file.name for file in trained_one.folder.iterdir()} == {
        *FILES,
        "codebook.toml",
        "card.json.manifest.json",
    }
    assert not trained_one.folder.with_name("mine.partial").exists()
    card = trained_one.model.card
    assert card["learner"] == "transformer"
    assert card["base"]["type"] == "bert"
    assert (card["codes"], card["forms"]) == (["rain", "road", "tree"], [])
    assert card["training"]["settings"]["epochs"] == 3
    assert {"torch", "transformers", "onnxruntime", "tokenizers"} <= set(card["versions"])
    assert card["figures"]["macro_f1"]["value"] > 0.6
    assert set(card["thresholds"]["conformal"]) == {"0.05", "0.1", "0.15", "0.2"}
    assert card["storage"]["codes_changed"] <= 0.02
    assert str(base.parent) not in json.dumps(card)
    assert str(ROOT).encode() not in (trained_one.folder / "encoder.onnx").read_bytes()


def test_workers_and_order_change_no_byte(
    govcode: Run, study: Path, trained_one: Trained, tmp_path: Path
) -> None:
    outputs = []
    for workers in (1, 2):
        classify(govcode, study, trained_one.folder, "--workers", workers)
        outputs.append((tmp_path / "coded.jsonl").read_bytes())
    assert outputs[0] == outputs[1]
    first = coded(tmp_path)
    assert sum(row["status"] == CODED for row in first) > 30
    lines = (study / "posts.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    (tmp_path / "shuffled.jsonl").write_text("".join(lines[:40]), encoding="utf-8")
    classify(govcode, study, trained_one.folder, posts=tmp_path / "shuffled.jsonl")
    by_id = {row["post_id"]: row for row in first}
    assert all(by_id[row["post_id"]] == row for row in coded(tmp_path))


def test_max_error_and_evidence(govcode: Run, study: Path, trained_one: Trained, tmp_path: Path) -> None:
    counts = []
    for error in ("0.05", "0.30"):
        classify(govcode, study, trained_one.folder, "--max-error", error)
        counts.append(sum(row["status"] == CODED for row in coded(tmp_path)))
    assert counts[0] <= counts[1]
    assert counts[1] > 0
    shown = govcode(
        "explain", "今夜有暴雨和大风，气温下降。", "--title", "暴雨预警", "--model", trained_one.folder,
        "--codebook", study / "mine.toml", "--json",
    )  # fmt: skip
    found = json.loads(shown.stdout)
    assert found["code"] == "rain"
    assert any("暴雨" in reason["term"] and reason["weight"] > 0 for reason in found["evidence"])
    for command in ("show", "check"):
        assert govcode("models", command, trained_one.folder).returncode == 0


@pytest.mark.parametrize("file", FILES)
def test_a_changed_file_ends_with_four(govcode: Run, study: Path, damaged: Path, file: str) -> None:
    data = (damaged / file).read_bytes()
    old, new = (b"0.5", b"0.6") if file == "card.json" else (data[-9:-8], bytes([data[-9] ^ 1]))
    (damaged / file).write_bytes(
        data.replace(old, new) if file == "card.json" else data[:-9] + new + data[-8:]
    )
    done = govcode("classify", study / "posts.jsonl", "--model", damaged, "--codebook", study / "mine.toml")
    assert done.returncode == 4, done.stderr
    assert file in done.stderr
    assert done.stdout == ""


def test_a_killed_training_goes_on_to_the_same_bytes(
    study: Path, base: Path, trained_one: Trained, tmp_path: Path
) -> None:
    output = tmp_path / "mine"
    script = tmp_path / "run.py"
    script.write_text(
        "import sys\n"
        "from govcode.coders.transformer.settings import TransformerSettings\n"
        "from govcode.workflow.fine_tune import FineTuning\nfrom govcode.workflow.train import train\n"
        f"settings = TransformerSettings(base={str(base)!r}, head_rate=1e-2, **{OPTIONS!r})\n"
        f"train([{str(study / 'posts.jsonl')!r}], gold={str(study / 'gold.csv')!r}, output={str(output)!r},"
        f" codebook={str(study / 'mine.toml')!r}, tuning=FineTuning(settings, resume=True))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    current = tmp_path / "mine.partial" / "current.safetensors"
    running = subprocess.Popen([sys.executable, str(script)], env=environment, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 240
        while not (current.exists() and b'"epoch":"2"' in current.read_bytes()[:3000]):
            assert running.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < end
            time.sleep(0.02)
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert not output.exists() or not (output / "card.json").exists()
    again = tuned(study, base, output, resume=True)
    assert again.model.hash == trained_one.model.hash
    for file in FILES:
        assert (output / file).read_bytes() == (trained_one.folder / file).read_bytes(), file


def test_another_run_is_not_continued(study: Path, base: Path, tmp_path: Path) -> None:
    from govcode.coders.transformer.checkpoints import Checkpoints

    Checkpoints(tmp_path / "mine", "another", resume=False)
    with pytest.raises(UsageError, match="belongs to a run with other posts"):
        tuned(study, base, tmp_path / "mine", resume=True)


def linear_study(study: Path) -> tuple[Codebook, list[Example], list[Post], StoredModel]:
    """Return codebook, examples and posts of the study, and a linear model that has learned from them."""
    codebook = load_codebook(str(study / "mine.toml"))
    codes = {c.post_id: c.code for c in read_codings([str(study / "gold.csv")], codebook=codebook).codings}
    posts = [post for post in read_posts([str(study / "posts.jsonl")]) if isinstance(post, Post)]
    examples = [Example(p.post_id, coding_text(p), codes[p.post_id], account=p.account) for p in posts]
    return codebook, examples, posts, sealed(train_model("linear", codebook, examples, TrainingSettings()))


def both_of(codebook: Codebook, examples: list[Example], trained_one: Trained, partner: With) -> StoredModel:
    """Return the trained encoder together with a partner."""
    gold = np.array([codebook.ids.index(e.code) for e in examples])
    groups = account_groups(examples)
    scores = np.log(np.full((len(examples), 3), 0.1) + 0.7 * np.eye(3)[gold])
    return package(
        "both", codebook, examples, HeldOutScores(examples, scores, groups, split_groups(groups, gold, 5, 7)),
        graph=trained_one.model.parts["encoder.onnx"], tokenizer=trained_one.model.parts["tokenizer.json"],
        forms=(), partner=partner,
    )  # fmt: skip


def test_with_a_linear_model_both_decide(study: Path, trained_one: Trained, tmp_path: Path) -> None:
    """Put the trained encoder and a linear model together, as `train --with-linear` does."""
    codebook, examples, posts, linear = linear_study(study)
    gold = {example.post_id: example.code for example in examples}
    partner = With(linear, 0.5, linear.arrays["held_out"].astype(float))
    folder = tmp_path / "both"
    save_model(folder / "linear", linear)
    saved = save_model(folder, both_of(codebook, examples, trained_one, partner))
    assert saved.card["with"] == {"name": "linear", "learner": "linear", "hash": linear.hash, "weight": 0.5}
    coder = load(codebook, model=folder)
    codings = list(coder.code(posts))
    assert sum(c.code == gold[c.post_id] for c in codings) > 130
    assert codings[:7] == [next(coder.code([post])) for post in posts[:7]]
    alone = {c.post_id: c.probabilities for c in load(codebook, model=trained_one.folder).code(posts)}
    assert any(alone[c.post_id] != c.probabilities for c in codings)
    other = StoredModel("linear", {**linear.card, "calibration": {"scale": 2.0}}, linear.arrays, linear.terms)
    save_model(folder / "linear", other)
    with pytest.raises(HashMismatchError, match="works with linear@"):
        load(codebook, model=folder)
    assert load_model(folder).hash == saved.hash


def test_where_the_partner_is_sure_the_encoder_is_not_asked(
    study: Path, trained_one: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `trust`, posts of which the linear model is sure get its code, probabilities and reasons."""
    codebook, examples, posts, linear = linear_study(study)
    folder = tmp_path / "both"
    save_model(folder / "linear", linear)
    codings = list(load_linear(codebook, model=folder / "linear").code(posts))
    tops = sorted(max(coding.probabilities) for coding in codings)
    trust = tops[len(tops) // 2]
    partner = With(
        linear,
        0.5,
        linear.arrays["held_out"].astype(float),
        trust=trust,
        forms=linear.arrays["held_out_form"],
    )
    saved = save_model(folder, both_of(codebook, examples, trained_one, partner))
    assert saved.card["with"]["trust"] == trust
    asked = []
    call = Session.__call__
    monkeypatch.setattr(Session, "__call__", lambda self, read: asked.append(1) or call(self, read))
    cascade = list(load(codebook, model=folder).code(posts))
    sure = [max(coding.probabilities) >= trust for coding in codings]
    assert 0 < len(asked) == sure.count(False) < len(posts)
    for one, other, left in zip(cascade, codings, sure, strict=True):
        if left:
            assert (one.code, one.form) == (other.code, other.form)
    first = sure.index(True)
    explained = next(load(codebook, model=folder, explain=True).code([posts[first]]))
    alone = next(load_linear(codebook, model=folder / "linear", explain=True).code([posts[first]]))
    assert explained.evidence == alone.evidence != ()
    assert cascade[:9] == [next(load(codebook, model=folder).code([post])) for post in posts[:9]]


def test_the_command_trains_beside_a_linear_model(
    govcode: Run, study: Path, base: Path, tmp_path: Path
) -> None:
    done = govcode(
        "train", study / "posts.jsonl", "--gold", study / "gold.csv", "--codebook", study / "mine.toml",
        "-o", "m", "--learner", "transformer", "--base", base, "--epochs", 1, "--folds", 2, "--length", 32,
        "--storage", "int8", "--with-linear", "0.4", OMP_NUM_THREADS="1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "all posts, epoch 1 of 1: loss" in done.stderr
    assert "macro-F1" in done.stdout
    card = json.loads((tmp_path / "m" / "card.json").read_text(encoding="utf-8"))
    assert (card["with"]["weight"], card["storage"]["type"]) == (0.4, "int8")
    classify(govcode, study, tmp_path / "m")
    rows = coded(tmp_path)
    lines = (study / "gold.csv").read_text(encoding="utf-8").splitlines()
    gold = {row["post_id"]: row["code"] for row in csv.DictReader(lines)}
    assert sum(row["code"] == gold[row["post_id"]] for row in rows) > 120
