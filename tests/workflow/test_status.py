"""The state of a study, told by manifests and hashes."""

from __future__ import annotations

import json

import pytest

from govcode.codebook.load import load_codebook
from govcode.errors import InputError, UsageError
from govcode.workflow.manifest import Manifest, file_record, write_manifest
from govcode.workflow.status import status
from govcode.workflow.study import read_study

STUDY = """
[study]
name = "twin cities"
corpus = "posts.jsonl"
codings = ["a.csv", "b.csv"]
gold = "gold.csv"
coded = "coded.csv"
estimates = "shares.csv"

[commands.estimate]
level = 0.9
"""


def make(folder, name, text, inputs=(), codebook=None) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    used = {"hash": codebook or load_codebook().hash}
    records = [file_record(folder / i) for i in inputs]
    write_manifest(
        folder / name, Manifest("x", inputs=records, outputs=[file_record(folder / name)], codebook=used)
    )


@pytest.fixture
def study(tmp_path):
    (tmp_path / "govcode.toml").write_text(STUDY, encoding="utf-8")
    make(tmp_path, "posts.jsonl", '{"post_id": "1", "text": "某县"}\n')
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("post_id,code\n1,x\n", encoding="utf-8")
    make(tmp_path, "gold.csv", "post_id,code\n1,x\n", ["a.csv", "b.csv"])
    make(tmp_path, "coded.csv", "post_id,code\n1,x\n", ["posts.jsonl"])
    return tmp_path


def states(folder) -> dict[str, str]:
    return {step.step: step.state for step in status(folder / "govcode.toml").steps}


def test_what_is_done_given_and_missing(study):
    assert states(study) == {
        "corpus": "done",
        "codings": "given",
        "gold": "done",
        "coded": "done",
        "estimates": "missing",
    }
    result = status(study / "govcode.toml")
    assert result.study == "twin cities"
    assert [step.command for step in result.open] == [
        "govcode estimate coded.csv --gold gold.csv -o shares.csv"
    ]


def test_a_changed_input_makes_everything_after_it_stale(study):
    make(study, "shares.csv", "code,share\n", ["coded.csv", "gold.csv"])
    assert states(study)["estimates"] == "done"
    (study / "a.csv").write_text("post_id,code\n1,y\n", encoding="utf-8")
    found = {step.step: step for step in status(study / "govcode.toml").steps}
    assert found["gold"].state == "out of date" and "a.csv has changed" in found["gold"].reason
    assert found["estimates"].state == "out of date" and found["coded"].state == "done"


def test_an_output_changed_by_hand(study):
    (study / "coded.csv").write_text("post_id,code\n1,y\n", encoding="utf-8")
    found = {step.step: step for step in status(study / "govcode.toml").steps}["coded"]
    assert found.state == "out of date" and "changed after it was made" in found.reason


def test_another_codebook(study):
    make(study, "coded.csv", "post_id,code\n1,x\n", ["posts.jsonl"], codebook="sha256:" + "0" * 64)
    found = {step.step: step for step in status(study / "govcode.toml").steps}["coded"]
    assert found.state == "out of date" and "000000000000" in found.reason


def test_files_are_found_after_the_folder_moved(study, tmp_path_factory):
    other = tmp_path_factory.mktemp("elsewhere") / "study"
    study.rename(other)
    assert states(other)["gold"] == "done"


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [("[study]\ncolour = 'x'", UsageError, "'colour'"), ("[study]\ngold = 3", UsageError, "'gold'"),
     ("[other]", InputError, "no table"), ("[study", InputError, "TOML")],
)  # fmt: skip
def test_bad_study_files(tmp_path, text, error, words):
    (tmp_path / "govcode.toml").write_text(text, encoding="utf-8")
    with pytest.raises(error, match=words.replace("[", "\\[")):
        read_study(tmp_path / "govcode.toml")
    with pytest.raises(InputError, match="no study file"):
        read_study(tmp_path / "none.toml")


def test_other_model(study):
    toml = (
        (study / "govcode.toml")
        .read_text(encoding="utf-8")
        .replace('name = "twin', 'model = "m"\nname = "twin')
    )
    (study / "govcode.toml").write_text(toml, encoding="utf-8")
    (study / "m").mkdir()
    card = {"schema": 1, "hash": "sha256:" + "5" * 64}
    (study / "m" / "card.json").write_text(json.dumps(card), encoding="utf-8")
    found = {step.step: step for step in status(study / "govcode.toml").steps}["coded"]
    assert (
        found.state == "out of date" and "not m@555555555555" in found.reason and "--model m" in found.command
    )


def test_a_sheet_of_each_coder_stands_for_the_sheet(study):
    text = STUDY.replace(
        'gold = "gold.csv"', 'gold = "gold.csv"\nsheets = "sheet.csv"\nframe = "sheet.frame.csv"'
    )
    (study / "govcode.toml").write_text(text, encoding="utf-8")
    make(study, "sheet.frame.csv", "post_id\n1\n", ["posts.jsonl"])
    assert states(study)["sheets"] == "missing"  # the frame is no sheet
    for coder in "AB":
        make(study, f"sheet.{coder}.csv", "post_id,code\n1,\n", ["posts.jsonl"])
        (study / f"sheet.{coder}.csv").write_text("post_id,code\n1,x\n", encoding="utf-8")  # filled
    assert states(study)["sheets"] == "done"
