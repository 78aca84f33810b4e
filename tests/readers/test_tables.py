"""Every form of table, as it comes: encodings, damage, emptiness, streams."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import openpyxl
import pytest

from govcode.errors import InputError, UsageError
from govcode.readers.tables import READERS, open_table
from govcode.records import Excluded, Row

HEADER, LINES = "标题,正文", ["今日提醒,明天有雨", "停水通知,请提前储水"]
TEXT = "\n".join([HEADER, *LINES, ""])
WANTED = [{"标题": "今日提醒", "正文": "明天有雨"}, {"标题": "停水通知", "正文": "请提前储水"}]


def rows(source, **options) -> list[dict]:
    if isinstance(source, bytes):
        options = {"stream": io.BytesIO(source), **options}
        source = "-"
    items = list(open_table(source, **options))
    assert all(isinstance(item, Row) for item in items), items
    return [item.values for item in items]


@pytest.mark.parametrize("name", list(READERS))
def test_every_form_loads(name: str) -> None:
    assert callable(READERS.load(name))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_csv_in_the_encodings_of_the_cascade(encoding: str, ending: str, tmp_path: Path) -> None:
    data = TEXT.replace("\n", ending).encode(encoding)
    if (encoding, ending) == ("utf-16", "\r"):
        return
    (tmp_path / "t.csv").write_bytes(data)
    assert rows(tmp_path / "t.csv") == rows(data) == WANTED


def test_ascii_rows_before_the_first_chinese_are_not_spoilt() -> None:
    filler = "".join(f"{n},plain\n" for n in range(100_000))
    for encoding in ("utf-8", "gb18030"):
        got = rows(("id,text\n" + filler + "9,发布\n").encode(encoding))
        assert len(got) == 100_001
        assert got[-1] == {"id": "9", "text": "发布"}


def test_lines_that_fit_both_encodings_follow_the_first_that_decides() -> None:
    either = "医位".encode("gb18030")  # also valid UTF-8: two letters of other scripts
    either.decode("utf-8")
    data = b"id,text\n1," + either + b"\n2," + "发布".encode("gb18030") + b"\n"
    assert [r["text"] for r in rows(data)] == ["医位", "发布"]
    data = b"id,text\n1," + "Ж".encode() + b"\n2," + "通知".encode() + b"\n"
    assert [r["text"] for r in rows(data)] == ["Ж", "通知"]


def test_two_encodings_in_one_file_are_read_line_by_line_and_counted() -> None:
    data = b"id,text\n" + "1,一号通知\n".encode() + "2,二号通知\n".encode("gbk") + "3,三号通知\n".encode()
    table = open_table("-", stream=io.BytesIO(data))
    assert [r.values["text"] for r in table] == ["一号通知", "二号通知", "三号通知"]
    assert table.repairs == {"other-encoding": 1}
    assert table.encoding == "utf-8"


def test_bytes_of_no_encoding_are_replaced_and_counted() -> None:
    table = open_table("-", stream=io.BytesIO("id,text\n1,正文".encode() + b"\xff\xff\n2,b\n"))
    assert [r.values["text"] for r in table] == ["正文\ufffd\ufffd", "b"]
    assert table.repairs == {"bad-bytes": 1}


def test_encoding_overrides_and_is_checked() -> None:
    assert rows(TEXT.encode("big5", "replace"), encoding="big5")[0]["正文"] == "明天有雨"
    assert rows(TEXT.encode("utf-16-le"), encoding="utf-16-le") == WANTED
    with pytest.raises(InputError, match="is not utf-8"):
        rows(TEXT.encode("gbk"), encoding="utf-8")
    with pytest.raises(UsageError, match="not an encoding"):
        rows(b"a\n1\n", encoding="gbk2")


def test_utf16_without_mark_gets_a_hint() -> None:
    with pytest.raises(InputError) as error:
        rows(("id,text\n" + "1,plain and long enough\n" * 20).encode("utf-16-le"))
    assert "--encoding utf-16-le" in error.value.hint


def test_marks_and_headers_inside_are_taken_out() -> None:
    data = ("\ufeff" + TEXT + "\ufeff" + TEXT).encode()
    table = open_table("-", stream=io.BytesIO(data))
    assert [r.values for r in table] == WANTED * 2
    assert table.repairs == {"inner-bom": 1, "repeated-header": 1}


def test_rows_that_do_not_fit_the_header() -> None:
    table = open_table("-", stream=io.BytesIO(b"a,b\n1\n1,2,,\n1,2,3\n\n1,2\n"))
    short, empty, excluded, last = table
    assert (short.values, short.line) == ({"a": "1", "b": ""}, 2)
    assert isinstance(empty, Excluded)
    assert isinstance(excluded, Excluded)
    assert (excluded.line, excluded.reason) == (4, "too-many-cells")
    assert excluded.row == {"a": "1", "b": "2", "": ["3"]}
    assert last.line == 6
    assert table.repairs == {"short-row": 1}


def test_rows_that_all_end_in_empty_cells_are_trimmed() -> None:
    table = open_table("-", stream=io.BytesIO(b"a,b\n1,2,,\n3,4,,\n5,6,,7\n"))
    assert [i.values if isinstance(i, Row) else i.reason for i in table] == [
        {"a": "1", "b": "2"},
        {"a": "3", "b": "4"},
        "too-many-cells",
    ]
    assert table.repairs == {"long-row": 2}


def test_a_quoted_cell_may_hold_lines_quotes_and_nul() -> None:
    table = open_table("-", stream=io.BytesIO('a,b\n1,"甲\n""乙""\0"\n2,c\n'.encode()))
    first, second = table
    assert (first.values["b"], second.line) == ('甲\n"乙"', 4)
    assert table.repairs == {"nul": 1}


def test_a_quote_that_is_never_closed_swallows_nothing() -> None:
    lines = ["a,b", '1,"开头没有结尾', *(f"{n},正文{n}" for n in range(2, 50)), '50,"好,的"', "51,x"]
    table = open_table("-", stream=io.BytesIO("\n".join(lines).encode()))
    got = list(table)
    assert [r.values["a"] for r in got] == [str(n) for n in range(1, 52)]
    assert got[0].values["b"] == '"开头没有结尾'
    assert got[49].values["b"] == "好,的"
    assert table.repairs == {"open-quote": 1}


def test_an_open_quote_in_a_huge_file_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govcode.readers.delimited.LONGEST_ROW", 1000)
    data = 'a,b\n1,"x\n' + "".join(f"{n},正文\n" for n in range(2, 1000))
    assert len(rows(data.encode())) == 999


def test_a_cell_of_five_megabytes(tmp_path: Path) -> None:
    text = "长" * 1_700_000
    assert rows(f"id,text\n1,{text}\n2,b\n".encode())[0]["text"] == text
    assert rows(f'{{"id":1,"text":"{text}"}}\n'.encode())[0]["text"] == text


@pytest.mark.parametrize("header", ["标题;正文", "标题\t正文", "标题|正文", "sep=;\n标题;正文"])
def test_other_separators_are_seen(header: str) -> None:
    sep = header[-3]
    table = open_table("-", form="csv", stream=io.BytesIO(f"{header}\n甲{sep}乙,丙\n".encode()))
    assert [r.values for r in table] == [{"标题": "甲", "正文": "乙,丙"}]


def test_names_of_columns_are_made_usable() -> None:
    table = open_table("-", stream=io.BytesIO(" id ,,正文,正文\n1,2,3,4\n".encode()))
    assert table.columns == ("id", "column_2", "正文", "正文_2")
    assert "twice" in table.notes[0]


def test_only_a_header_is_a_table_without_rows(tmp_path: Path) -> None:
    table = open_table("-", form="csv", stream=io.BytesIO(HEADER.encode()))
    assert table.columns == ("标题", "正文")
    assert list(table) == []


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "json", "xlsx", "parquet"])
def test_an_empty_file_is_told(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"t.{form}"
    path.write_bytes(b"")
    with pytest.raises(InputError, match="is empty"):
        open_table(path)
    with pytest.raises(InputError, match="is empty"):
        open_table("-", form=form, stream=io.BytesIO(b""))


@pytest.mark.parametrize("blank", [b"\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n \n"])
def test_a_blank_file_is_empty(blank: bytes) -> None:
    for form in ("csv", "tsv", "jsonl"):
        with pytest.raises(InputError, match="is empty"):
            open_table("-", form=form, stream=io.BytesIO(blank))


def test_missing_files_and_folders_are_told(tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text(TEXT)
    with pytest.raises(InputError, match="no such file") as error:
        open_table(tmp_path / "post.csv")
    assert error.value.hint == "Near it: posts.csv."
    with pytest.raises(InputError, match="is a folder"):
        open_table(tmp_path)
    with pytest.raises(UsageError, match="'doc' is not a table format"):
        open_table(tmp_path / "posts.csv", form="doc")


BINARY = [
    b"%PDF-1.7\n",
    b"\x89PNG\r\n\x1a\n",
    bytes(range(256)) * 40,
    b"SQLite format 3\0" * 9,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99,
    b"\0" * 5000,
]


@pytest.mark.parametrize("data", BINARY, ids=range(len(BINARY)))
@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.xlsx", "t.parquet", "t.json", "t.dat"])
def test_binary_files_are_refused_in_one_sentence(data: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as error:
        list(open_table(tmp_path / name))
    assert "\n" not in error.value.message


def test_jsonl_columns_are_the_union_and_types_stay() -> None:
    lines = ['{"b":1,"a":[1,"x"]}', "", '{"a":null,"c":{"d":true}}']
    table = open_table("-", stream=io.BytesIO("\n".join(lines).encode()))
    assert table.columns == ("b", "a", "c")
    first, second = table
    assert (first.values, second.values) == ({"b": 1, "a": [1, "x"]}, {"a": None, "c": {"d": True}})
    assert second.line == 3


def test_jsonl_bad_lines_are_excluded_odd_ones_mended() -> None:
    lines = ['{"a":1}', '{"a":', "[1]", '{"a":NaN}', r'{"a":"甲\ud800"}', '{"a":"tab\there"}']
    table = open_table("-", stream=io.BytesIO("\n".join(lines).encode()))
    got = list(table)
    assert [i.reason for i in got if isinstance(i, Excluded)] == ["broken-json", "not-an-object"]
    assert [i.line for i in got if isinstance(i, Excluded)] == [2, 3]
    assert [i.values["a"] for i in got if isinstance(i, Row)] == [1, None, "甲\ufffd", "tab\there"]


def test_jsonl_in_gb18030_and_from_a_pipe() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self.left = data

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            part, self.left = self.left[:7], self.left[7:]
            buffer[: len(part)] = part
            return len(part)

    data = '{"标题":"甲"}\n{"正文":"乙"}\n'.encode("gb18030")
    table = open_table("-", form="jsonl", stream=io.BufferedReader(Pipe(data)))
    assert table.columns == ("标题", "正文")
    assert [r.values for r in table] == [{"标题": "甲"}, {"正文": "乙"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"a": 1}, {"a": 2.5, "b": [1]}]', [{"a": 1}, {"a": 2.5, "b": [1]}]),
        ('{"results": [{"a": "x"}], "success": true}', [{"a": "x"}]),
        ('{"user": {"id": 1}, "weibo": [{"a": 1}, {"a": 2}]}', [{"a": 1}, {"a": 2}]),
        ('{\n "a": {"b": 1}\n}', [{"a": {"b": 1}}]),
        ('{"a": 1}\n{"a": 2}', [{"a": 1}, {"a": 2}]),
    ],
)
def test_json_documents(text: str, expected: list[dict]) -> None:
    assert rows(text.encode(), form="json") == expected


def test_a_json_array_cut_short_keeps_what_is_whole() -> None:
    *good, last = open_table("-", form="json", stream=io.BytesIO(b'[{"a": 1}, {"a": 2}, {"a": '))
    assert [r.values for r in good] == [{"a": 1}, {"a": 2}]
    assert last.reason == "broken-json"
    with pytest.raises(InputError, match="not valid JSON"):
        open_table("-", form="json", stream=io.BytesIO(b"[{]"))


def test_xlsx_cells_become_text_and_numbers(tmp_path: Path) -> None:
    from datetime import datetime

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([])
    sheet.append(["标题", "日期", "阅读数", "公式", None])
    sheet.append(["甲", datetime(2023, 5, 1, 8, 30), 12.0, "=1+1", None])
    sheet.append([None] * 4)
    sheet.append(["乙"])
    sheet.append(["丙", 1, 2, 3, 4])
    book.create_sheet("第二页")
    book.save(tmp_path / "t.xlsx")
    table = open_table(tmp_path / "t.xlsx")
    first, second, third = table
    assert table.columns == ("标题", "日期", "阅读数", "公式")
    assert first.values == {"标题": "甲", "日期": "2023-05-01T08:30:00", "阅读数": 12, "公式": "=1+1"}
    assert (second.line, second.values["阅读数"]) == (5, "")
    assert third.reason == "too-many-cells"
    assert "第二页" in table.notes[0]


def test_a_heading_over_a_sheet_is_not_its_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cells in (["青川市推文汇总"], [], ["标题", "日期"], ["甲", "2023-05-01"]):
        book.active.append(cells)
    book.save(tmp_path / "t.xlsx")
    table = open_table(tmp_path / "t.xlsx")
    assert [r.values for r in table] == [{"标题": "甲", "日期": "2023-05-01"}]
    assert "line 1 is a heading" in table.notes[0]
    book = openpyxl.Workbook()
    for cells in (["标题"], ["甲"], ["乙"]):
        book.active.append(cells)
    book.save(tmp_path / "u.xlsx")
    assert [r.values for r in open_table(tmp_path / "u.xlsx")] == [{"标题": "甲"}, {"标题": "乙"}]


def test_groups_of_columns_stand_over_the_names(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in (
        ["2023年推文汇总"],
        ["账号信息", None, "内容", None, "编号"],
        ["公众号", "发布时间", "标题", "正文", None],
        ["青川发布", "2023-05-01", "标题", "正文", "a1"],
        ["公众号", "发布时间", "停水", "明早停水", "a2"],
    ):
        sheet.append(cells)
    for area in ("A1:E1", "A2:B2", "C2:D2", "E2:E3"):
        sheet.merge_cells(area)
    book.save(tmp_path / "t.xlsx")
    table = open_table(tmp_path / "t.xlsx")
    assert table.columns == ("公众号", "发布时间", "标题", "正文", "编号")
    assert [r.values["编号"] for r in table] == ["a1", "a2"]
    assert "line 2 groups the columns named in line 3" in table.notes[1]


def test_the_first_bytes_win_over_the_extension(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "t.csv")
    with pytest.raises(InputError, match="empty workbook"):
        open_table(tmp_path / "t.csv")
    (tmp_path / "t.csv").write_bytes(gzip.compress(TEXT.encode("gbk")))
    assert rows(tmp_path / "t.csv") == WANTED
    assert rows((tmp_path / "t.csv").read_bytes()) == WANTED


def test_a_damaged_gzip_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(TEXT.encode() * 5000)[:-200])
    with pytest.raises(InputError, match="damaged gzip"):
        list(open_table(tmp_path / "t.csv.gz"))
