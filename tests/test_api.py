"""govcode from Python gives what the command line gives."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import govcode as package
from govcode.errors import InputError, UsageError

FRAME = pd.DataFrame(
    {
        "标题": ["停水通知", "早安", None],
        "正文": ["明天8时至18时,棉纺路停水,请提前储水。", "早安,澄州!愿你今天有好心情。", "草案公开征求意见,请于5月1日前反馈。"],
        "阅读": [1.0, float("nan"), 3.0],
    },
    index=[10, 20, 30],
)  # fmt: skip


def test_classify_keeps_columns_order_and_index() -> None:
    coded = package.classify(FRAME, coder="rules")
    assert list(coded.index) == [10, 20, 30]
    assert list(coded["code"]) == ["service", "other", "agenda"]
    assert list(coded["text"]) == list(FRAME["正文"])
    assert coded.attrs["excluded"] == []


def test_model_and_command_line_agree(govcode) -> None:
    posts = FRAME.rename(columns={"标题": "title", "正文": "text"}).assign(post_id=["a", "b", "c"])
    coded = package.classify(posts)
    lines = "".join(
        json.dumps(
            {"post_id": p.post_id, "title": p.title if isinstance(p.title, str) else "", "text": p.text}
        )
        + "\n"
        for p in posts.itertuples()
    )
    done = govcode("classify", "-", "--from", "jsonl", "--to", "jsonl", "-q", stdin=lines)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    for name in ("code", "status", "form", "coder", "p_service"):
        assert list(coded[name]) == [row[name] for row in rows]
    shares = [c for c in coded.columns if c.startswith("p_")]
    assert (coded[shares].sum(axis=1) - 1).abs().max() < 1e-5


def test_segment_and_ingest(tmp_path) -> None:
    tokens = package.segment(FRAME)["tokens"]
    assert "停水" in tokens.iloc[0]
    path = tmp_path / "x.csv"
    FRAME.to_csv(path, index=False)
    read = package.ingest(path)
    assert list(read["title"]) == ["停水通知", "早安", ""]


def test_a_wrong_column_is_named() -> None:
    with pytest.raises(UsageError, match="内容"):
        package.classify(FRAME, columns={"text": "内容"}, coder="rules")


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = package.nonsense


def test_the_measures_take_frames_and_files(tmp_path) -> None:
    posts = pd.DataFrame(
        {
            "post_id": [str(i) for i in range(40)],
            "text": ["明天棉纺路停水,请提前储水。", "早安,澄州!愿你好心情。"] * 20,
        }
    )
    coded = package.classify(posts, coder="rules")
    gold = pd.DataFrame({"post_id": posts["post_id"], "coder": "gold", "code": ["service", "other"] * 20})
    assert package.evaluate(coded, gold).evaluation.scores.accuracy.value == 1
    other = gold.assign(coder="b")
    run = package.reliability([gold.assign(coder="a"), other], draws=50)
    assert "alpha" in repr(run)
    path = tmp_path / "coded.csv"
    coded.to_csv(path, index=False)
    shares = package.estimate(path, method="count")
    assert "service" in repr(shares)
    assert package.profile(coded, synergy=False)


def test_every_post_keeps_its_index_where_rows_are_left_out() -> None:
    frame = pd.DataFrame(
        {"text": [None, "明天停水,请提前储水", pd.NA, "早安,澄州"]}, index=["a", "b", "c", "d"]
    )
    coded = package.classify(frame, coder="rules")
    assert list(coded.index) == ["b", "d"]
    assert list(frame.assign(code=coded["code"])["code"].isna()) == [True, False, True, False]
    assert [e["line"] for e in coded.attrs["excluded"]] == [1, 3]
    assert list(package.segment(frame).index) == ["b", "d"]


def test_what_is_no_frame_or_has_a_column_twice_is_told() -> None:
    for wrong in ("posts.csv", ["明天停水"], pd.Series(["明天停水"])):
        with pytest.raises(UsageError, match="is not a data frame") as told:
            package.classify(wrong)
        assert "govcode.ingest" in told.value.hint
    twice = pd.DataFrame([["a", "b"]], columns=["text", "text"])
    with pytest.raises(UsageError, match="'text' more than once"):
        package.classify(twice, coder="rules")
    with pytest.raises(UsageError, match="'text' more than once"):
        package.evaluate(twice, twice)


def test_measures_do_not_speak_of_temporary_files() -> None:
    gold = pd.DataFrame({"post_id": ["a"], "code": ["service"]})
    with pytest.raises(UsageError, match="holds no row"):
        package.evaluate(gold.iloc[:0], gold)
    with pytest.raises(InputError, match=r"^data frame 0: has no column 'post_id'"):
        package.evaluate(pd.DataFrame({"text": ["x"]}), gold)
