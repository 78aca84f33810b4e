"""Every export read back with another library than the one that wrote it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import orjson
import pyarrow.parquet as pq
import pytest

from govcode.errors import UsageError
from govcode.workflow.export import export

pyreadstat = pytest.importorskip("pyreadstat")


def test_excel_keeps_ids_as_text_numbers_as_numbers_and_formulas_inert(coded: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    result = export(str(coded), str(out))
    book = openpyxl.load_workbook(out)
    sheet = book["posts"]
    header = [c.value for c in sheet[1]]
    first = dict(zip(header, sheet[2], strict=True))
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:R4")
    assert first["post_id"].value == "4812345678901234"
    assert first["title"].value == '=HYPERLINK("http://x.example","点")'
    assert first["title"].data_type == "s"
    assert (first["点赞数"].value, first["p_service"].value) == (12, 0.7)
    assert first["工单编号"].value == "007"
    assert len(sheet.cell(3, header.index("text") + 1).value) == 32_767
    assert any("cut" in note for note in result.notes)
    codes = {row[1].value: row[3].value for row in book["codebook"].iter_rows(min_row=2)}
    assert codes["appeal"] == "市民诉求"
    assert book["variables"]["B8"].value == "v7"


def test_stata_has_integer_codes_with_labels_in_both_languages(coded: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.dta"
    export(str(coded), str(out))
    frame, meta = pyreadstat.read_dta(str(out))
    assert meta.variable_value_labels["code"][2].startswith("服务 / Service")
    assert frame["code"].tolist()[:2] == [2, 5]
    assert frame["code"].isna().tolist() == [False, False, True]
    assert frame["post_id"].tolist() == ["4812345678901234", "0002", "3"]
    assert len(frame["text"][1]) == 40_000
    assert meta.column_names_to_labels["v7"] == "点赞数"
    assert all(name.isascii() and len(name) <= 32 for name in meta.column_names)
    assert frame["p_service"][0] == 0.7


def test_spss_has_labels_and_cuts_what_it_cannot_hold(coded: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.sav"
    result = export(str(coded), str(out), language="en")
    frame, meta = pyreadstat.read_sav(str(out))
    assert meta.variable_value_labels["code"][3] == "Citizens' appeals"
    assert meta.column_names_to_labels["code"] == "code"
    assert meta.variable_measure["code"] == "nominal"
    assert frame["code"].isna().sum() == 1
    assert len(frame["text"][1].encode()) <= 32_000
    assert frame["text"][1].startswith("龙龙")
    assert any("cut" in note for note in result.notes)


def test_plain_tables_hold_numbers_as_numbers(coded: Path, tmp_path: Path) -> None:
    export(str(coded), str(tmp_path / "out.parquet"))
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert table[0]["post_id"] == "4812345678901234"
    assert float(table[0]["p_service"]) == 0.7
    export(str(coded), str(tmp_path / "out.jsonl"))
    rows = [orjson.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert (rows[0]["点赞数"], rows[2]["点赞数"], rows[0]["工单编号"]) == (12, 3.5, "007")


def test_csv_comes_with_an_r_script_that_names_every_code(coded: Path, tmp_path: Path) -> None:
    result = export(str(coded), str(tmp_path / "out.csv"))
    script = (tmp_path / "out.R").read_text(encoding="utf-8")
    assert result.files[-1].endswith("out.R")
    assert '"information", "service", "appeal", "agenda", "other"' in script
    assert '"post_id" = "character"' in script
    assert '"p_service" = "numeric"' in script


@pytest.mark.parametrize("form", ["xlsx", "dta", "sav", "parquet", "csv", "jsonl"])
def test_the_same_table_gives_the_same_bytes_and_a_manifest(coded: Path, tmp_path: Path, form: str) -> None:
    one, two = tmp_path / f"one.{form}", tmp_path / f"two.{form}"
    for path in (one, two):
        assert export(str(coded), str(path)).rows == 3
        assert path.with_name(path.name + ".manifest.json").exists()
    assert one.read_bytes() == two.read_bytes()


def test_an_unknown_form_names_the_known_ones(coded: Path) -> None:
    with pytest.raises(UsageError, match="xlsx, dta, sav"):
        export(str(coded), "out.docx")
    with pytest.raises(UsageError, match="needs a file"):
        export(str(coded), "-", to="sav")


def test_a_codebook_of_other_codes(tmp_path: Path) -> None:
    book = tmp_path / "own.toml"
    book.write_text(
        'id = "own"\nversion = "1"\ntitle = "甲"\n'
        '[[codes]]\nid = "x"\nlabel = "甲类"\ndefinition = "一"\n[[codes]]\nid = "y"\nlabel = "乙类"\n'
        'definition = "二"\n',
        encoding="utf-8",
    )
    coded = tmp_path / "coded.csv"
    coded.write_text("post_id,text,code,p_x,p_y\n1,甲,x,0.9,0.1\n2,乙,y,0.2,0.8\n", encoding="utf-8")
    export(str(coded), str(tmp_path / "o.dta"), codebook=str(book))
    frame, meta = pyreadstat.read_dta(str(tmp_path / "o.dta"))
    assert meta.variable_value_labels["code"] == {1: "甲类", 2: "乙类"}
    assert frame["p_x"].tolist() == [0.9, 0.2]


def test_a_stream_gets_csv(govcode, coded: Path) -> None:
    done = govcode("export", coded, "--quiet")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("post_id,account,")
    piped = govcode("export", "-", "--from", "csv", "-o", "p.jsonl", stdin=coded.read_bytes())
    assert piped.returncode == 0, piped.stderr
    assert "3 posts" in piped.stderr
