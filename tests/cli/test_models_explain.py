from __future__ import annotations

import json
from collections.abc import Callable


def test_models_are_listed_shown_and_checked(govcode: Callable[..., object]) -> None:
    assert "functions-zh" in govcode("models", "list").stdout
    assert "macro-F1" in govcode("models", "show").stdout
    done = govcode("models", "check", "functions-zh")
    assert done.returncode == 0, done.stderr
    assert govcode("models", "show", "no-such-model").returncode == 2


def test_models_are_told_as_json(run: Callable[..., object]) -> None:
    listed = json.loads(run("models", "list", "--json").stdout)
    assert {"name", "hash", "codebook", "learned", "macro_f1", "alpha", "folder"} == set(listed[0])
    shown = json.loads(run("models", "show", listed[0]["name"], "--json").stdout)
    assert shown["hash"] == listed[0]["hash"]
    checked = json.loads(run("models", "check", "functions-zh", "--json").stdout)
    assert checked["codebook_fits"] is True
    assert checked["name"] == "functions-zh"


def test_explain_shows_the_words(govcode: Callable[..., object]) -> None:
    done = govcode("explain", "--title", "明天降温", "请添衣保暖，路面湿滑，提前出门，注意防范。")
    assert done.returncode == 0, done.stderr
    assert "service" in done.stdout
    assert "+" in done.stdout


def test_explain_from_a_table_as_json(govcode: Callable[..., object], tmp_path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(
        "post_id,title,text\nx1,早安江城,愿你今天一切顺利，早安！\nx2,市政府召开常务会议,会议听取防汛汇报。\n"
    )
    done = govcode("explain", "--posts", path, "--id", "x2", "--json")
    data = json.loads(done.stdout)
    assert data["post_id"] == "x2"
    assert data["code"] == "information"
    assert data["evidence"]
    assert govcode("explain", "--posts", path, "--id", "x9").returncode == 1
    assert govcode("explain").returncode == 2
