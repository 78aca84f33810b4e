"""Every writer: what goes out comes back, whole or not at all, the same bytes every time."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcode.errors import OutputError, UsageError
from govcode.readers.tables import open_table
from govcode.records import Row
from govcode.writers.tables import LINES, WRITERS, form_of, open_writer

COLUMNS = ("post_id", "text", "tags", "reads", "ok")
ROWS = [
    {
        "post_id": "4463517821345678",
        "text": "你好，\n“青川发布”",
        "tags": ["a", "b"],
        "reads": 12,
        "ok": True,
    },
    {"post_id": "0012", "text": "=1+1", "tags": [], "reads": 0, "ok": False},
    {"post_id": "3", "text": "回车\r在中间\t制表", "tags": ["c"], "reads": 3, "ok": True},
]

VALUES = ["", "a,b", "12345678901234567", "05-01", "=1", 0.5, 3, None, True, ["x"], {"k": 1}]


def write(path: Path, rows=ROWS, columns=COLUMNS, **options) -> Path:
    with open_writer(path, columns, **options) as writer:
        for row in rows:
            writer.write(row)
    return path


def read(path: Path, **options) -> list[dict]:
    items = list(open_table(path, **options))
    assert all(isinstance(item, Row) for item in items)
    return [item.values for item in items]


@pytest.mark.parametrize("suffix", [*WRITERS, "csv.gz", "jsonl.gz", "tsv.gz"])
def test_strings_come_back_as_they_were(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"out.{suffix}")
    back = read(path)
    assert [r["post_id"] for r in back] == [r["post_id"] for r in ROWS]
    assert [r["text"].replace("_x000D_", "\r") for r in back] == [r["text"] for r in ROWS]
    assert list(back[0]) == list(COLUMNS)


@pytest.mark.parametrize("suffix", [*WRITERS, "csv.gz"])
def test_same_rows_same_bytes(tmp_path: Path, suffix: str) -> None:
    digests = {hashlib.sha256(write(tmp_path / f"{n}.{suffix}").read_bytes()).hexdigest() for n in "ab"}
    assert len(digests) == 1


@pytest.mark.parametrize("suffix", [*WRITERS, "csv.gz"])
def test_an_error_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    def fail() -> None:
        with open_writer(tmp_path / f"out.{suffix}", COLUMNS) as writer:
            writer.write(ROWS[0])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", list(WRITERS))
def test_no_rows_is_a_table(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"out.{suffix}", rows=[])
    if suffix != "jsonl":
        assert read(path) == []
        assert open_table(path).columns == COLUMNS


def test_types_survive_where_the_form_has_them(tmp_path: Path) -> None:
    for suffix in ("jsonl", "parquet"):
        back = read(write(tmp_path / f"out.{suffix}"))
        assert back[0]["tags"] == ["a", "b"]
        assert back[0]["reads"] == 12
        assert back[0]["ok"] is True


def test_lists_become_json_text_in_csv(tmp_path: Path) -> None:
    back = read(write(tmp_path / "out.csv"))
    assert (back[0]["tags"], back[0]["reads"], back[0]["ok"]) == ('["a","b"]', "12", "true")


def test_plain_csv_is_utf8_without_mark_and_lf(tmp_path: Path) -> None:
    data = write(
        tmp_path / "out.csv", rows=[{"post_id": "1", "text": "一"}], columns=("post_id", "text")
    ).read_bytes()
    assert data == "post_id,text\n1,一\n".encode()


def test_excel_csv_protects_ids_and_formulas(tmp_path: Path) -> None:
    data = write(tmp_path / "out.csv", columns=("post_id", "text"), excel=True).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[1][0] == "4463517821345678\t"
    assert rows[2] == ["0012\t", "'=1+1"]
    assert b"\r\n" in data


def test_xlsx_holds_no_formula_and_no_number_for_an_id(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write(tmp_path / "out.xlsx")).active
    assert sheet["B3"].value == "=1+1"
    assert sheet["B3"].data_type in {"s", "inlineStr"}
    assert sheet["A2"].value == "4463517821345678"


def test_xlsx_says_where_it_cuts(tmp_path: Path) -> None:
    back = read(write(tmp_path / "o.xlsx", rows=[{"t": "长" * 40_000}], columns=("t",)))
    assert len(back[0]["t"]) == 32_767
    assert back[0]["t"].endswith("32,767 characters]")


def test_lone_surrogates_do_not_stop_a_writer(tmp_path: Path) -> None:
    for suffix in WRITERS:
        back = read(write(tmp_path / f"o.{suffix}", rows=[{"t": "甲\ud800乙"}], columns=("t",)))
        assert back[0]["t"] == "甲\ufffd乙"


def test_mixed_types_are_text_in_parquet(tmp_path: Path) -> None:
    rows = [{"a": 1, "b": 1}, {"a": "x", "b": 2.5}, {"a": None, "b": None}]
    back = read(write(tmp_path / "o.parquet", rows=rows, columns=("a", "b")))
    assert [r["a"] for r in back] == ["1", "x", ""]
    assert [r["b"] for r in back] == [1.0, 2.5, ""]


def test_a_missing_column_is_empty_and_an_unknown_one_is_left_out(tmp_path: Path) -> None:
    for suffix in WRITERS:
        back = read(write(tmp_path / f"o.{suffix}", rows=[{"a": "1", "z": "9"}], columns=("a", "b")))
        assert back == [{"a": "1", "b": ""}]


def test_gzip_is_gzip(tmp_path: Path) -> None:
    path = write(tmp_path / "o.csv.gz", rows=[{"a": "一"}], columns=("a",))
    assert gzip.decompress(path.read_bytes()).decode() == "a\n一\n"


@pytest.mark.parametrize("name", ["o.doc", "o", "o.json"])
def test_an_unknown_extension_is_told(name: str) -> None:
    with pytest.raises(UsageError, match="table format"):
        form_of(name)


def test_forms_are_chosen_by_extension_or_option() -> None:
    assert form_of("a.CSV.gz") == ("csv", True)
    assert form_of("-") == ("jsonl", False)
    assert form_of("-", "csv") == ("csv", False)
    assert form_of("a.txt", "tsv") == ("tsv", False)


def test_a_folder_is_no_output(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="there is no folder"):
        write(tmp_path / "no" / "o.csv")
    (tmp_path / "o.csv").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        write(tmp_path / "o.csv")


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write(tmp_path / "link.csv", rows=[], columns=("a",))
    assert (tmp_path / "real.csv").read_text() == "a\n"
    assert (tmp_path / "link.csv").is_symlink()


@pytest.mark.parametrize("excel", [False, True])
@pytest.mark.parametrize("form", LINES)
@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(st.text("ab,\t\r\n\"'=0江😀", max_size=6), st.sampled_from(VALUES)), max_size=9)
)
def test_rows_of_values_are_the_rows_of_mappings(form: str, excel: bool, rows) -> None:
    one, all_at_once = io.BytesIO(), io.BytesIO()
    writer = WRITERS.load(form)(one, ("a", "b"), excel=excel)
    for a, b in rows:
        writer.write({"b": b, "a": a})
    writer.close()
    writer = WRITERS.load(form)(all_at_once, ("a", "b"), excel=excel)
    writer.write_all(rows)
    writer.close()
    assert one.getvalue() == all_at_once.getvalue()


def test_csv_is_that_of_the_csv_module_whatever_line_breaks_cells_have() -> None:
    rows = [("a\rb", "c"), ("d\r\ne", "f"), ("g", "h\ni"), ("", "x")]
    found = io.BytesIO()
    writer = WRITERS.load("csv")(found, ("a", "b"))
    writer.write_all(rows)
    writer.close()
    assert found.getvalue() == b'a,b\n"a\rb",c\n"d\r\ne",f\ng,"h\ni"\n,x\n'
    assert list(csv.reader(io.StringIO(found.getvalue().decode(), newline=""))) == [
        ["a", "b"],
        *map(list, rows),
    ]
