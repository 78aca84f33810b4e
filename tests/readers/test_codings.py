"""Codings and filled sheets as people leave them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govcode.codebook.load import load_codebook
from govcode.codebook.model import Code, Codebook, Form
from govcode.errors import CodingError, HashMismatchError, InputError
from govcode.readers.codings import read_codings
from govcode.readers.values import Names, read_id, read_sure, same_hash

BOOK = Codebook(
    id="weather", version="1", title={"en": "Weather"}, hash="sha256:" + "ab" * 32,
    codes=(
        Code("sun", {"zh": "晴", "en": "Sunny"}),
        Code("rain", {"zh": "雨", "en": "Rainy"}),
        Code("rest", {"zh": "其余"}, residual=True),
    ),
    forms=(Form("W1", {"zh": "预报"}, "sun"),),
)  # fmt: skip


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def test_rows_of_coders_and_posts(tmp_path: Path) -> None:
    file = write(
        tmp_path / "c.csv",
        "post_id,coder,code,secondary,form,sure,note,coded_at,stratum,inclusion_prob\n"
        "4501234567890123,A,sun,rain,W1,1,see W1,2024-05-01,x,0.25\n"
        "4501234567890123,B,rain,,,0,,,,\n",
    )
    read = read_codings([file], codebook=BOOK)
    first, second = read.codings
    assert (first.post_id, first.coder, first.code, first.secondary) == (
        "4501234567890123",
        "A",
        "sun",
        "rain",
    )
    assert (first.form, first.sure, first.note, first.coded_at) == ("W1", True, "see W1", "2024-05-01")
    assert (first.stratum, first.inclusion_prob) == ("x", 0.25)
    assert (second.sure, second.inclusion_prob) == (False, None)
    assert read.counts() == {"read": 2, "kept": 2, "excluded": {}}


@pytest.mark.parametrize(
    ("written", "code"),
    [("sun", "sun"), (" sun ", "sun"), ("SUN", "sun"), ("ｓｕｎ", "sun"), ("晴", "sun"), ("Rainy", "rain"),
     ("sun 晴", "sun"), ("na", "NA"), ("N/A", "NA"), ("不可编码", "NA")],
)  # fmt: skip
def test_other_spellings_of_a_code_are_accepted(tmp_path: Path, written: str, code: str) -> None:
    read = read_codings([write(tmp_path / "A.csv", f"post_id,code\n1,{written}\n")], codebook=BOOK)
    assert [c.code for c in read] == [code]
    reported = any("was read as" in note for note in read.notes)
    assert reported == (written not in ("sun", "sun 晴", "不可编码"))


def test_a_typo_excludes_its_row_and_names_the_nearest_code(tmp_path: Path) -> None:
    file = write(tmp_path / "A.csv", "post_id,code\n1,sun\n2,rian\n3,\n,sun\n4.5E+15,sun\n")
    read = read_codings([file], codebook=BOOK)
    assert [c.post_id for c in read] == ["1"]
    found = {(e.line, e.reason) for e in read.excluded}
    assert found == {(3, "unknown-code"), (4, "not-coded"), (5, "no-post-id"), (6, "damaged-id")}
    assert "nearest: rain" in next(e.detail for e in read.excluded if e.line == 3)
    assert all(e.row for e in read.excluded)


def test_without_a_codebook_any_code_is_a_code(tmp_path: Path) -> None:
    read = read_codings([write(tmp_path / "A.csv", "post_id,code,secondary\n1, foo ,bar\n")])
    assert (read.codings[0].code, read.codings[0].secondary) == ("foo", "bar")


def test_codes_that_are_numbers_are_the_same_from_every_form(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["post_id", "code"], [4501234567890123, 2.0], ["x", 1]):
        book.active.append(row)
    book.save(tmp_path / "A.xlsx")
    text = write(tmp_path / "B.csv", "post_id,code\n4501234567890123,2\nx,1\n")
    sheets = [[(c.post_id, c.code) for c in read_codings([p])] for p in (tmp_path / "A.xlsx", text)]
    assert sheets[0] == sheets[1] == [("4501234567890123", "2"), ("x", "1")]


def test_who_coded_comes_from_column_option_or_file_name(tmp_path: Path) -> None:
    plain = write(tmp_path / "sheet_Li.csv", "post_id,code\n1,sun\n")
    assert read_codings([plain]).coders == ("sheet_Li",)
    assert read_codings([plain], coder="Li").coders == ("Li",)
    pair = [write(tmp_path / f"s.{name}.csv", "post_id,code\n1,sun\n") for name in "AB"]
    assert read_codings(pair).coders == ("s.A", "s.B")
    column = write(tmp_path / "x.csv", "编号,编码员,主码\n1,Wang,sun\n2,,sun\n")
    assert read_codings([column]).coders == ("Wang", "x")


def test_wide_tables_have_one_column_a_coder(tmp_path: Path) -> None:
    text = "post_id,code_A,code_B,secondary_A,note_B\n1,sun,rain,rest,W1\n2,rain,,,\n"
    read = read_codings([write(tmp_path / "wide.csv", text)], codebook=BOOK)
    assert [(c.post_id, c.coder, c.code) for c in read] == [
        ("1", "A", "sun"),
        ("1", "B", "rain"),
        ("2", "A", "rain"),
    ]
    assert (read.codings[0].secondary, read.codings[1].note) == ("rest", "W1")
    assert read.counts()["excluded"] == {"not-coded": 1}


def test_duplicates_keep_one_coding_and_are_told(tmp_path: Path) -> None:
    rows = ("1,A,sun,", "1,A,sun,", "2,A,sun,", "2,A,rain,", "3,A,sun,2024-01-01", "3,A,rain,2024-02-01")
    text = "\n".join(("post_id,coder,code,coded_at", *rows)) + "\n"
    read = read_codings([write(tmp_path / "c.csv", text)], codebook=BOOK)
    assert {c.post_id: c.code for c in read} == {"1": "sun", "2": "sun", "3": "rain"}
    assert [(e.line, e.reason) for e in read.excluded] == [
        (3, "duplicate"), (5, "conflicting-duplicate"), (6, "conflicting-duplicate")]  # fmt: skip


def test_secondary_and_form_that_do_not_fit_are_left_out_and_told(tmp_path: Path) -> None:
    text = "post_id,code,secondary,form\n1,sun,sun,\n2,sun,none,W9\n3,sun,无,w1\n4,rain,NA,\n"
    read = read_codings([write(tmp_path / "A.csv", text)], codebook=BOOK)
    assert [c.secondary for c in read] == ["", "", "", ""]
    assert [c.form for c in read] == ["", "", "W1", ""]
    assert any("'W9' is not in the codebook" in note for note in read.notes)
    assert any("equal to the code" in note for note in read.notes)


def test_codings_of_another_codebook_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "A.csv", f"post_id,code,codebook\n1,sun,sha256:{'cd' * 32}\n")
    with pytest.raises(HashMismatchError, match=r"A\.csv, line 2") as caught:
        read_codings([file], codebook=BOOK)
    assert caught.value.exit_code == 4 and "--codebook" in caught.value.hint
    short = write(tmp_path / "B.csv", f"post_id,code,codebook\n1,sun,{'ab' * 6}\n")
    assert len(read_codings([short], codebook=BOOK)) == 1
    with pytest.raises(HashMismatchError):
        read_codings([short, file])


def test_tables_that_are_no_codings(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column 'code'"):
        read_codings([write(tmp_path / "a.csv", "post_id,text\n1,x\n")])
    with pytest.raises(InputError, match="no column 'post_id'"):
        read_codings([write(tmp_path / "b.csv", "code\nsun\n")])
    with pytest.raises(CodingError, match="nearest: sun"):
        read_codings([write(tmp_path / "c.csv", "post_id,code\n1,sunn\n")], codebook=BOOK)
    with pytest.raises(CodingError, match="not-coded 1"):
        read_codings([write(tmp_path / "d.csv", "post_id,code\n1,\n")], codebook=BOOK)


def test_bad_probabilities_and_kept_columns(tmp_path: Path) -> None:
    text = "post_id,code,inclusion_prob,account\n1,sun,0,a\n2,sun,x,b\n3,sun,1,c\n4,sun,2,d\n"
    read = read_codings([write(tmp_path / "A.csv", text)], keep=("account",))
    assert [c.post_id for c in read] == ["3"] and read.columns == {"3": {"account": "c"}}
    assert read.counts()["excluded"] == {"bad-probability": 3}


def test_gb18030_and_jsonl(tmp_path: Path) -> None:
    old = write(tmp_path / "A.csv", "post_id,code,备注\n1,晴,第二条\n", encoding="gb18030")
    assert read_codings([old], codebook=BOOK).codings[0].note == "第二条"
    lines = write(tmp_path / "B.jsonl", json.dumps({"post_id": 4501234567890123, "code": "rain"}) + "\n")
    assert read_codings([lines], codebook=BOOK).codings[0].post_id == "4501234567890123"


def test_values() -> None:
    assert read_id(12.0) == "12" and read_id("'0012\t") == "0012" and read_id(None) == ""
    assert [read_sure(v) for v in ("是", 1, "1.0", "否", 0, "", "vielleicht")] == [
        True, True, True, False, False, None, None]  # fmt: skip
    assert same_hash("sha256:" + "ab" * 32, "abababababab")
    assert not same_hash("ab", "ab" * 32)
    twins = Names({"a": {"zh": "同"}, "b": {"zh": "同"}})
    assert twins.find("同") is None and twins.find("b") is not None


def test_the_short_way_reads_what_the_long_way_reads(tmp_path):
    """Repeated decisions are not looked at again; odd rows among them are."""
    rows = ["post_id,coder,code,sure,note,coded_at"]
    rows += [f"{i},li,{'service' if i % 3 else 'agenda'},1, x ,2024-01-01" for i in range(30)]
    rows += [
        "31,li,服务,1,,",
        "4.5E+15,li,service,1,,",
        "32,li,srvice,1,,",
        "5,li,service,1,,2025-01-01",
        "a9,wu,service,,,",
    ]
    path = tmp_path / "c.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    quick = read_codings([path], codebook=load_codebook("functions"))
    slow = read_codings([path], codebook=load_codebook("functions"), keep=["note"])
    assert quick.codings == slow.codings and quick.notes == slow.notes and len(quick) == 32
    assert [(e.line, e.reason, e.detail) for e in quick.excluded] == [
        (e.line, e.reason, e.detail) for e in slow.excluded
    ]
    assert quick.codings[1].note == "x" and quick.codings[1].sure is True
