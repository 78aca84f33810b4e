"""The columns of a coded table."""

from __future__ import annotations

from govcode.engines.layout import Layout, evidence_text
from govcode.records import Coding, Evidence, Post

CODES = ("a", "b")


def test_own_columns_first_then_ours() -> None:
    layout = Layout.of(("post_id", "备注", "text"), CODES, explain=True)
    assert layout.columns == (
        "post_id", "备注", "text", "code", "secondary", "form", "p_a", "p_b", "status", "evidence", "coder",
    )  # fmt: skip
    post = Post("1", "文", extra={"备注": "x"})
    row = layout.row(
        post, Coding("1", "m", "a", probabilities=(0.75, 0.25), evidence=(Evidence("a", "词", 0.5),))
    )
    assert list(row) == list(layout.columns)
    assert (row["备注"], row["p_a"], row["evidence"]) == ("x", 0.75, "词 +0.50")


def test_own_columns_of_our_names_are_renamed_until_free() -> None:
    layout = Layout.of(("code", "input_code", "p_b", "text"), CODES, explain=False)
    assert layout.columns[:4] == ("input_input_code", "input_code", "input_p_b", "text")
    assert len(set(layout.columns)) == len(layout.columns)
    row = layout.row(Post("", "t", extra={"code": 1, "input_code": 2, "p_b": 3}), Coding("", "m", "b"))
    assert (row["input_input_code"], row["input_code"], row["input_p_b"], row["code"]) == (1, 2, 3, "b")
    assert row["p_a"] == ""


def test_evidence_reads_well() -> None:
    assert (
        evidence_text([Evidence("a", "停水", 1.234, "title"), Evidence("a", "我", -0.5)])
        == "停水 +1.23 (title); 我 -0.50"
    )
