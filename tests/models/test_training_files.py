"""The files of labels: do they fit one another and the codebook."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from govcode.codebook.load import load_codebook
from govcode.records import NA

TRAINING = Path(__file__).parents[2] / "models" / "training"


def rows(name: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a file of the folder by post id; each post stands there once."""
    found = [json.loads(line) for line in (TRAINING / name).read_text(encoding="utf-8").splitlines()]
    by_id = {row["post_id"]: row for row in found}
    assert len(by_id) == len(found)
    return by_id


LABELS = sorted(path.name for path in TRAINING.glob("labels*.jsonl"))
FIRST = ("labels.jsonl", "labels-pool-1.jsonl", "labels-pool-3.jsonl")


@pytest.mark.parametrize("name", LABELS)
def test_codes_and_forms_are_those_of_the_codebook(name: str) -> None:
    codebook = load_codebook("functions")
    code_of = {form.id: form.code for form in codebook.forms}
    for row in rows(name).values():
        assert row["code"] in {*codebook.ids, NA}
        assert row["code"] == NA or code_of[row["form"]] == row["code"], row
        assert row["secondary"] != row["code"], row
        assert row["secondary"] == "" or codebook.code(row["secondary"]).secondary, row


def test_every_first_label_has_the_digest_of_its_text() -> None:
    digests = rows("digests.jsonl")
    labelled = [post_id for name in FIRST for post_id in rows(name)]
    assert len(labelled) == len(set(labelled)) == len(digests)
    assert set(labelled) == set(digests)


@pytest.mark.parametrize(
    ("selected", "coded"),
    [("selected-pool-1.jsonl", "labels-pool-1.jsonl"), ("selected-pool-3.jsonl", "labels-pool-3.jsonl")],
)
def test_what_was_chosen_was_coded(selected: str, coded: str) -> None:
    chosen, labels = rows(selected), rows(coded)
    assert chosen.keys() == labels.keys()
    for post_id, row in chosen.items():
        assert (row["sha256"], row["how"]) == (labels[post_id]["sha256"], labels[post_id]["how"])


@pytest.mark.parametrize(
    ("second", "first"),
    [("labels-pool-2.jsonl", "labels-pool-1.jsonl"), ("labels-pool-3-second.jsonl", "labels-pool-3.jsonl")],
)
def test_a_second_reading_is_of_posts_of_the_first(second: str, first: str) -> None:
    firsts = rows(first)
    for post_id, row in rows(second).items():
        assert row["pass"] == 2
        assert row["sha256"] == firsts[post_id]["sha256"]


def test_a_settled_label_keeps_the_first_one() -> None:
    for name in FIRST:
        for row in rows(name).values():
            if row.get("adjudicated"):
                assert row["rule"]
                assert set(row["first"]) == {"code", "secondary", "form", "sure"}


def test_second_codes_judged_anew_are_of_labelled_posts() -> None:
    codebook = load_codebook("functions")
    labels = {**rows("labels.jsonl"), **rows("labels-pool-1.jsonl")}
    judged = rows("secondary.jsonl")
    assert len(judged) == 600
    for post_id, row in judged.items():
        assert row["sha256"] == labels[post_id]["sha256"]
        if row["secondary"]:
            assert row["secondary"] != labels[post_id]["code"], row
            assert codebook.code(row["secondary"]).secondary


@pytest.mark.slow
@pytest.mark.data
def test_the_third_round_is_chosen_the_same_again(real_data: Path, tmp_path: Path) -> None:
    again = tmp_path / "selected.jsonl"
    script = TRAINING / "select_pool_2.py"
    subprocess.run([sys.executable, str(script), str(real_data), str(again)], check=True)
    assert again.read_bytes() == (TRAINING / "selected-pool-3.jsonl").read_bytes()
