"""Inputs are never written over: by name, through links, or inside a folder that is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govcode.errors import UsageError
from govcode.workflow.manifest import input_records
from govcode.workflow.protect import refuse_input

POSTS = "post_id,text\na,明天8时至18时棉纺路停水\n"


def test_an_output_that_is_an_input_is_refused(tmp_path: Path) -> None:
    posts = tmp_path / "posts.csv"
    posts.write_text(POSTS, encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(posts)
    (tmp_path / "hard.csv").hardlink_to(posts)
    for output in (posts, tmp_path / "link.csv", tmp_path / "hard.csv", tmp_path / "." / "posts.csv"):
        with pytest.raises(UsageError, match="is an input of this command"):
            refuse_input(output, "-", None, str(posts))
    refuse_input(tmp_path / "coded.csv", posts)
    refuse_input("-", posts)
    refuse_input(None, posts)


def test_a_raw_file_in_the_folder_that_is_read_is_refused_but_not_our_own_output(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("raw.csv", "sub/coded.csv"):
        (tmp_path / name).write_text(POSTS, encoding="utf-8")
    manifest = {"govcode": "0.1.0", "command": "classify"}
    (tmp_path / "sub" / "coded.csv.manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UsageError, match=r"raw\.csv: is an input"):
        refuse_input(tmp_path / "raw.csv", tmp_path)
    refuse_input(tmp_path / "sub" / "coded.csv", tmp_path)
    assert [Path(record.path).name for record in input_records([tmp_path])] == ["raw.csv"]
