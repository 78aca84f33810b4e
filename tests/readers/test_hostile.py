"""Files made to harm, and files broken in the middle: a right result or one sentence, in bounded memory."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from govcode.errors import InputError
from govcode.readers import decoding
from govcode.readers.posts import read_posts
from govcode.records import Excluded, Post
from govcode.writers.tables import open_writer

SHEET = "xl/worksheets/sheet1.xml"


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["标题", "正文"])
    for n in range(200):
        book.active.append([f"第{n}期", "明早停水"])
    book.save(path)
    return path


def with_member(path: Path, name: str, change) -> Path:
    with zipfile.ZipFile(path) as old:
        members = {n: old.read(n) for n in old.namelist()}
    members[name] = change(members[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member, data in members.items():
            new.writestr(member, data)
    return path


def test_a_workbook_with_entities_or_a_broken_sheet_is_told(tmp_path: Path) -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    bomb = with_member(
        workbook(tmp_path / "a.xlsx"), SHEET, lambda d: d.replace(b"<worksheet", entities + b"<worksheet", 1)
    )
    with pytest.raises(InputError, match="workbook"):
        list(read_posts([str(bomb)]))
    cut = with_member(workbook(tmp_path / "b.xlsx"), SHEET, lambda d: d[: len(d) // 2])
    with pytest.raises(InputError, match="damaged") as error:
        list(read_posts([str(cut)]))
    assert "\n" not in error.value.message
    (tmp_path / "c.xlsx").write_bytes((tmp_path / "a.xlsx").read_bytes()[:3000])
    with pytest.raises(InputError, match="not a readable"):
        list(read_posts([str(tmp_path / "c.xlsx")]))


def test_a_broken_file_in_a_folder_does_not_stop_the_others(tmp_path: Path) -> None:
    with_member(workbook(tmp_path / "a.xlsx"), SHEET, lambda d: d[: len(d) // 2])
    (tmp_path / "b.csv").write_text("标题\n甲\n")
    items = list(read_posts([str(tmp_path)]))
    assert [i.reason for i in items if isinstance(i, Excluded)] == ["not-read"]
    assert items[-1].title == "甲"


def test_macros_and_formulas_are_text(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsm")
    with_member(path, "xl/workbook.xml", lambda d: d)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    assert len(list(read_posts([str(path)]))) == 200
    (tmp_path / "f.csv").write_text("标题,正文\n\"=cmd|' /C calc'!A0\",@SUM(1)\n")
    (post,) = read_posts([str(tmp_path / "f.csv")])
    assert (post.title, post.text) == ("=cmd|' /C calc'!A0", "@SUM(1)")
    with open_writer(tmp_path / "o.xlsx", ("title",)) as writer:
        writer.write({"title": post.title})
    assert openpyxl.load_workbook(tmp_path / "o.xlsx").active["A2"].data_type in {"s", "inlineStr"}


def test_a_broken_parquet_table_is_told(tmp_path: Path) -> None:
    with open_writer(tmp_path / "a.parquet", ("标题",)) as writer:
        for n in range(5000):
            writer.write({"标题": f"第{n}期停水通知"})
    data = bytearray((tmp_path / "a.parquet").read_bytes())
    data[100:400] = b"\xff" * 300
    (tmp_path / "a.parquet").write_bytes(data)
    with pytest.raises(InputError, match="Parquet"):
        list(read_posts([str(tmp_path / "a.parquet")]))


def test_what_nests_without_end(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"正文": "甲"}\n{"正文":' + "[" * 100_000 + "\n")
    post, broken = read_posts([str(tmp_path / "a.jsonl")])
    assert (post.text, broken.reason) == ("甲", "broken-json")
    (tmp_path / "b.html").write_text("<html><body>" + "<div>" * 2000 + "正文" * 20 + "</body></html>")
    (post,) = read_posts([str(tmp_path / "b.html")])
    assert post.text == "正文" * 20
    (tmp_path / "b.html").write_text("<html><body>" + "<div>" * 1_000_000)
    with pytest.raises(InputError, match="nested too deeply"):
        list(read_posts([str(tmp_path / "b.html")]))
    (tmp_path / "c.json").write_text("[" * 1_000_000)
    with pytest.raises(InputError, match="nested too deeply"):
        list(read_posts([str(tmp_path / "c.json")]))


def test_a_gzip_bomb_without_lines_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LONGEST_LINE", 8 << 20)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"a" * (32 << 20)))
    with pytest.raises(InputError, match="no line end"):
        list(read_posts([str(tmp_path / "a.csv.gz")]))


def test_odd_records_of_known_tools_are_excluded_not_a_crash(tmp_path: Path) -> None:
    good = {
        "comm_msg_info": {"datetime": 1682899200},
        "app_msg_ext_info": {"title": "停水", "content_url": "x"},
    }
    odd = [
        {"comm_msg_info": "?", "app_msg_ext_info": 3},
        {"comm_msg_info": {}, "app_msg_ext_info": {"title": ["x"]}},
    ]
    (tmp_path / "m.json").write_text("\n".join(json.dumps(r) for r in [good, *odd]))
    items = list(read_posts([str(tmp_path / "m.json")]))
    assert isinstance(items[0], Post)
    assert next(i.reason for i in items if isinstance(i, Excluded)) == "odd-row"


def test_a_folder_of_many_pages(tmp_path: Path) -> None:
    for n in range(300):
        (tmp_path / f"{n:04}.html").write_text(
            f"<html><body><h1>第{n}期</h1><p>{'停水通知，' * 6}</p></body></html>"
        )
    stream = read_posts([str(tmp_path)])
    assert len(list(stream)) == 300
    assert stream.formats == {"web-page": 300}
    assert len(stream.recognised) == 200


def test_direction_marks_and_surrogates_do_not_pass(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(r'{"正文": "青川\u202e发布\ud83d"}')
    (post,) = read_posts([str(tmp_path / "a.jsonl")])
    assert post.text == "青川发布\ufffd"
