"""Workbooks of every age: all sheets, the same cells whoever reads them, and what is no workbook."""

from __future__ import annotations

import datetime
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from govcode.errors import InputError, UsageError
from govcode.readers.posts import read_posts
from govcode.readers.source import Source
from govcode.readers.tables import open_table
from govcode.readers.workbook import sheets
from govcode.records import Excluded, Row
from govcode.workflow.ingest import IngestOptions, ingest

HEADER = ["编号", "标题", "正文", "发布时间", "阅读数"]
DAY = datetime.datetime(2023, 5, 1, 8, 30)
ROWS = [
    ["4463517821345678", "停水通知", "明早八点停水，请提前储水。", DAY, 12],
    ["0012", "降温", "注意保暖。\n预防感冒。", DAY, 100001],
    ["a3", "=1+1", "文字里的 =1+1 不是公式", None, 0.5],
]


def workbook(path: Path, **parts: list[list]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in parts.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for line in sheet.iter_rows(min_row=2):
            for cell in line:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    book.save(path)
    return path


def values(path: Path) -> list[dict]:
    return [item.values for item in open_table(path) if isinstance(item, Row)]


def test_every_sheet_of_posts_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "b.xlsx", 说明=[["使用说明"], ["请勿修改"]], 一月=[HEADER, ROWS[0]], 空=[], 二月=[HEADER, *ROWS[1:]],
        目录=[["一级分类", "二级分类", "三级分类"], ["城建", "供水", "停水"]],
    )  # fmt: skip
    stream = read_posts([str(path)])
    posts = list(stream)
    assert [(p.post_id, p.extra["sheet"]) for p in posts] == [
        ("4463517821345678", "一月"),
        ("0012", "二月"),
        ("a3", "二月"),
    ]
    assert [r.source for r in stream.recognised] == [f"{path} [一月]", f"{path} [二月]"]
    told = " ".join(stream.notes)
    assert "empty sheets: 空" in told
    assert "sheet '说明' is not read" in told
    assert "sheet '目录' is not read: is a list of classes" in told


def test_a_sheet_can_be_chosen(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", 一月=[HEADER, ROWS[0]], 二月=[HEADER, *ROWS[1:]])
    result = ingest([str(path)], str(tmp_path / "p.jsonl"), IngestOptions(sheets=("二月",)))
    assert result.posts == 2
    assert "sheet" not in result.columns
    with pytest.raises(UsageError, match="no sheet '三月'") as error:
        list(read_posts([str(path)], sheets=["三月"]))
    assert "一月, 二月" in error.value.hint


def test_one_sheet_with_posts_has_no_column_for_it(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", 数据=[HEADER, *ROWS], 备注=[["说明"], ["2023 年抓取"]])
    stream = read_posts([str(path)])
    assert "sheet" not in stream.columns
    assert len(list(stream)) == 3


def test_notes_alone_are_an_error_with_the_columns(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", 一=[["甲栏", "乙栏"], [1, 2]], 二=[["丙栏", "丁栏"], [1, 2]])
    with pytest.raises(InputError, match="no column is known as text or title"):
        read_posts([str(path)])


def test_a_duplicate_in_another_sheet_names_the_first(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", 一月=[HEADER, ROWS[0]], 二月=[HEADER, ROWS[0]])
    result = ingest([str(path)], str(tmp_path / "p.jsonl"))
    (repeat,) = result.left_out
    assert (repeat.source, repeat.line) == (f"{path} [二月]", 2)
    assert repeat.detail.endswith(f"({path} [一月], line 2)")


def test_calamine_and_openpyxl_read_the_same_cells(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", 数据=[HEADER, *ROWS])
    source = Source(
        str(path), "xlsb", path.read_bytes()[:4096], opener=lambda: path.open("rb"), seekable=True
    )
    (by_calamine,) = sheets(source)
    assert [row.values for row in by_calamine if isinstance(row, Row)] == values(path)
    assert values(path)[0]["编号"] == "4463517821345678"
    assert values(path)[0]["发布时间"] == "2023-05-01T08:30:00"
    assert values(path)[1]["阅读数"] == 100001


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook(encoding="utf-8")
    for title, rows in (("一月", ROWS[:1]), ("二月", ROWS[1:])):
        sheet = book.add_sheet(title)
        date = xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM")
        for line, row in enumerate([HEADER, *rows]):
            for place, value in enumerate(row):
                if value is not None:
                    sheet.write(
                        line,
                        place,
                        value,
                        date if isinstance(value, datetime.datetime) else xlwt.Style.default_style,
                    )
    book.save(str(tmp_path / "老.xls"))
    posts = list(read_posts([str(tmp_path / "老.xls")]))
    assert [p.post_id for p in posts] == ["4463517821345678", "0012", "a3"]
    assert posts[0].published_at == "2023-05-01T08:30:00+08:00"
    assert posts[2].title == "=1+1"
    assert [p.extra["sheet"] for p in posts] == ["一月", "二月", "二月"]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_a_workbook_saved_in_another_form_keeps_its_cells(suffix: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    path = workbook(tmp_path / "b.xlsx", 数据=[HEADER, *ROWS], 更多=[HEADER, *ROWS])
    command = [
        office,
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        suffix,
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=180
    )
    assert values(tmp_path / f"b.{suffix}") == values(path)
    assert len(list(read_posts([str(tmp_path / f"b.{suffix}")]))) == 6


def test_what_only_bears_the_name_of_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("标题\t正文\n停水\t明早八点\n", encoding="gb18030")
    (post,) = read_posts([str(tmp_path / "a.xls")])
    assert (post.title, post.text) == ("停水", "明早八点")
    (tmp_path / "b.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(InputError, match=r"not a readable \.xls workbook") as error:
        list(read_posts([str(tmp_path / "b.xls")]))
    assert "\n" not in error.value.message
    with pytest.raises(InputError, match="old Word"):
        (tmp_path / "c.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
        list(read_posts([str(tmp_path / "c.doc")]))


def test_a_bomb_in_another_form_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "b.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<x/>")
        with archive.open("content.xml", "w") as member:
            for _ in range(300):
                member.write(b" " * (1 << 20))
    with pytest.raises(InputError, match="would unpack to"):
        list(read_posts([str(path)]))


def test_an_empty_workbook_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is an empty workbook"):
        read_posts([str(workbook(tmp_path / "b.xlsx", 一=[], 二=[]))])


def test_rows_of_a_sheet_with_too_many_cells_name_the_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", 一=[HEADER, ROWS[0]], 二=[HEADER, [*ROWS[1], "多"]])
    (left_out,) = [item for item in read_posts([str(path)]) if isinstance(item, Excluded)]
    assert (left_out.reason, left_out.line) == ("too-many-cells", 2)


def test_control_characters_as_excel_writes_them_are_read_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["标题", "正文"])
    book.active.append(["停水", "明早八点停水_x000D_\n请储水"])
    book.active.append(["a_x_b", "_xyz_"])
    book.save(path)
    first, second = read_posts([str(path)])
    assert first.text == "明早八点停水\n请储水"
    assert (second.title, second.text) == ("a_x_b", "_xyz_")
