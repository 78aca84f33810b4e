"""Whatever stands in a post, every form is written whole and nothing in it is alive."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from govcode.workflow.export import export

TEXTS = (
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "a\x00b\x07c\x1b", "\u202e反转\u2066", "</script>]]>&amp;",
    "\ud800单独", "😀👨‍👩‍👧", "龙" * 1_000_000, "line\r\nline\rline", "\ufeff\u200b", "'quoted", '"', "",
)  # fmt: skip
FORMS = ("xlsx", "dta", "sav", "csv", "parquet", "jsonl", "qdpx", "qdc", "labelstudio", "doccano")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a coded JSON Lines table in which id, account and text are hostile."""
    path = tmp_path_factory.mktemp("in") / "coded.jsonl"
    with path.open("w", encoding="ascii") as file:
        for number, text in enumerate(TEXTS):
            row = {
                "post_id": f"{number}",
                "account": text[:50],
                "text": text,
                "code": "service",
                "note\x01": text,
            }
            file.write(json.dumps(row) + "\n")
    return path


@pytest.mark.parametrize("form", FORMS)
def test_every_form_takes_it(table: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"out.{form}"
    result = export(str(table), str(out), to=form)
    assert out.stat().st_size > 0
    rows = 0 if form == "qdc" else result.rows + sum(result.excluded.values())
    assert rows in (0, len(TEXTS))
    assert not list(tmp_path.glob(".*part"))


def test_no_formula_is_alive_in_excel(table: Path, tmp_path: Path) -> None:
    export(str(table), str(tmp_path / "out.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["posts"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    assert sheet["C2"].value == "=1+1"
