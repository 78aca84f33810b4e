"""The rule coder: any codebook, no training, evidence that can be checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from govcode.codebook.load import load_codebook
from govcode.codebook.model import Codebook
from govcode.coders.rules import load
from govcode.errors import CodebookError
from govcode.records import Coding, Post

MOOD = """
id = "mood"
version = "1"
title = "Mood of hotel reviews"
tie_break = ["bad", "good"]
[[codes]]
id = "good"
label = "Good"
definition = "The guest is content."
counts = "Praise."
[[codes]]
id = "bad"
label = "Bad"
definition = "The guest is not content."
counts = "Complaints."
[rule_coder]
default = "good"
secondary = 2
[expressions]
good = [{ weight = 2, match = 'lovely | (good & !"not good") | near(nice, room, 3)' }]
bad = [{ weight = 2, match = 'dirty | "not good" | count(noise) >= 2' }, { weight = 1, match = 'rude*' }]
"""
DAYS = "一二三四五六七"
SEVEN = (
    'id = "week"\nversion = "1"\ntitle = "星期"\n'
    + "".join(
        f'[[codes]]\nid = "d{n}"\nlabel = "星期{day}"\ndefinition = "写的是星期{day}。"\n'
        for n, day in enumerate(DAYS, 1)
    )
    + "[expressions]\n"
    + "".join(f"d{n} = ['星期{day} | 周{day}']\n" for n, day in enumerate(DAYS, 1))
)


def book(text: str, tmp_path: Path) -> Codebook:
    file = tmp_path / "book.toml"
    file.write_text(text, encoding="utf-8")
    return load_codebook(file)


def code_one(codebook: Codebook, title: str, text: str = "", **options: bool) -> Coding:
    return next(load(codebook, **options).code([Post("1", text, title)]))


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [
        ("A lovely room with a view", "good", "coded"),
        ("The food was not good.", "bad", "coded"),
        ("Noise at night, noise in the morning", "bad", "coded"),
        ("Rudeness everywhere", "bad", "coded"),
        ("We stayed two nights", "good", "unsure"),
        ("lovely but dirty", "bad", "unsure"),
        ("!!!", "NA", "uncodable"),
        ("", "NA", "uncodable"),
    ],
)
def test_an_english_codebook_of_two_codes(tmp_path: Path, text: str, code: str, status: str) -> None:
    coding = code_one(book(MOOD, tmp_path), "", text)
    assert (coding.code, coding.status, coding.form) == (code, status, "")


def test_a_chinese_codebook_of_seven_codes(tmp_path: Path) -> None:
    codebook = book(SEVEN, tmp_path)
    posts = [Post(str(n), f"会议改在周{day}下午举行") for n, day in enumerate(DAYS, 1)]
    assert [coding.code for coding in load(codebook).code(posts)] == [f"d{n}" for n in range(1, 8)]


def test_order_is_kept_and_every_post_has_one_coding() -> None:
    posts = [Post(str(n), text) for n, text in enumerate(["早安，江城！", "", "新增确诊病例2例", "x" * 9000])]
    codings = list(load(load_codebook()).code(posts))
    assert [coding.post_id for coding in codings] == ["0", "1", "2", "3"]
    assert {coding.code for coding in codings} <= {*load_codebook().ids, "NA"}
    assert all(coding.probabilities == () for coding in codings), "scores are not probabilities"


def test_a_failing_post_is_an_error_and_no_crash() -> None:
    broken = Post("2", text=None)  # type: ignore[arg-type]
    broken.title = 3  # type: ignore[assignment]
    codings = list(load(load_codebook()).code([Post("1", "早安，江城！"), broken, Post("3", "早安，江城！")]))
    assert [coding.status for coding in codings] == ["coded", "error", "coded"]
    assert codings[1].note and codings[1].code == ""


def test_the_shipped_expressions_code_most_of_the_examples() -> None:
    codebook = load_codebook()
    posts = [Post(example.id, example.text, example.title) for example in codebook.examples]
    codings = load(codebook).code(posts)
    right = sum(c.code == e.code for c, e in zip(codings, codebook.examples, strict=True))
    assert right >= 55


def test_evidence_names_form_expression_weight_and_place() -> None:
    coding = code_one(
        load_codebook(), "《云州市停车条例(草案)》公开征求意见", "请在月底前发至邮箱。", explain=True
    )
    first = coding.evidence[0]
    assert coding.code == first.code == "agenda" and coding.form == "A1"
    assert first.term.startswith("[A1] ") and first.weight > 2 and "title: " in first.where
    assert code_one(load_codebook(), "公开征求意见的公告").evidence == ()


def test_the_name_follows_expressions_and_the_codebook_hash_does_not(tmp_path: Path) -> None:
    before, after = book(MOOD, tmp_path), book(MOOD.replace("dirty", "filthy"), tmp_path)
    assert load(before).name != load(after).name
    assert load(before).codebook_hash == load(after).codebook_hash == before.hash


def test_a_second_function_needs_a_passage_of_its_own(tmp_path: Path) -> None:
    codebook = book(MOOD, tmp_path)
    assert code_one(codebook, "", "The bath was dirty. The garden was lovely.").secondary == "good"
    assert code_one(codebook, "", "The bath was dirty and the garden lovely.").secondary == ""
    assert code_one(codebook, "", "The bath was dirty.").secondary == ""


def test_the_residual_code_is_never_secondary() -> None:
    codings = load(load_codebook()).code(
        [Post("1", "早安，江城！今天停水，请提前储水。停水时间为8时至12时。")]
    )
    assert next(codings).secondary != "other"


def test_greetings_and_clear_purposes_are_coded_at_any_length() -> None:
    codebook = load_codebook()
    assert code_one(codebook, "早安，江城！").code == "other"
    assert code_one(codebook, "被暖到啦").status == "uncodable"


def test_a_bad_expression_is_named_with_file_line_and_column(tmp_path: Path) -> None:
    codebook = book(MOOD.replace("dirty |", "(dirty |"), tmp_path)
    line = next(n for n, row in enumerate(MOOD.splitlines(), 1) if row.startswith("bad ="))
    with pytest.raises(CodebookError, match=rf"book\.toml:{line}: .*column \d+"):
        load(codebook)


def test_message_and_answer_are_an_appeal() -> None:
    post = Post("1", "小区门口的路灯坏了半年。", "路灯何时修好", reply="您好,已安排检修。")
    assert next(load(load_codebook()).code([post])).code == "appeal"


def test_a_post_of_five_megabytes_is_read_in_its_beginning() -> None:
    assert code_one(load_codebook(), "关于停水的通告", "停水。" * 800_000).code
