"""Files of statistics packages are written in pieces, and read back whole by other readers."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from govcode.workflow.export import export
from govcode.writers.export import spss, stata

pyreadstat = pytest.importorskip("pyreadstat")
pd = pytest.importorskip("pandas")
COLUMNS = ("post_id", "title", "text", "备注", "阅读", "code", "secondary", "status")
CODES = ["information", "service", "appeal", "agenda", "other"]
CODED = dict(zip(CODES, range(1, 6), strict=True))


def rows(number: int, longest: int) -> list[tuple[str, ...]]:
    draw = random.Random(11)
    found = []
    for n in range(number):
        text = "".join(
            draw.choices("青川市民政局停水通知，8 \n👍é", k=draw.choice((0, 1, 7, 8, 80, longest)))
        )
        reads = draw.choice(("", "0", "12", "-3.25", "100000"))
        cells = (f"00{n}", text[:9], text.strip(), text[:300].strip(), reads)
        found.append((*cells, draw.choice([*CODES, "NA"]), draw.choice(["", "service", "typo"]), "coded"))
    return found


def table(path: Path, lines: list[tuple[str, ...]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *lines])
    return str(path)


def check(frame, lines: list[tuple[str, ...]]) -> None:
    """Compare every cell with the table."""
    frame = frame.rename(columns={"v4": "备注", "v5": "阅读"})
    assert list(frame.columns) == list(COLUMNS)
    for column, cells in zip(COLUMNS, zip(*lines, strict=True), strict=True):
        got = frame[column].tolist()
        if column == "阅读":
            assert [None if g != g else g for g in got] == [float(c) if c else None for c in cells]
        elif column in ("code", "secondary"):
            assert [None if g != g else g for g in got] == [CODED.get(c) for c in cells]
        elif column != "status":
            assert [g.rstrip() for g in got] == [c.rstrip() for c in cells]


@pytest.mark.parametrize("longest", [40, 3_000])
@pytest.mark.parametrize("piece", [1, 7, 1_000])
def test_stata_in_pieces(longest: int, piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stata, "PIECE", piece)
    lines = rows(60, longest)
    source, out = table(tmp_path / "coded.csv", lines), tmp_path / "out.dta"
    result = export(source, str(out))
    assert result.rows == 60
    assert any("'secondary'" in note for note in result.notes)
    check(pd.read_stata(out, convert_categoricals=False), lines)
    frame, meta = pyreadstat.read_dta(str(out))
    check(frame, lines)
    assert meta.number_rows == 60
    assert meta.variable_value_labels["code"][2].startswith("服务")


@pytest.mark.parametrize("longest", [40, 3_000])
@pytest.mark.parametrize("piece", [1, 20_000, 1 << 24])
def test_spss_in_pieces(longest: int, piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spss, "PIECE_BYTES", piece)
    lines = rows(25, longest)
    source, out = table(tmp_path / "coded.csv", lines), tmp_path / "out.sav"
    assert export(source, str(out)).rows == 25
    frame, meta = pyreadstat.read_sav(str(out))
    check(frame, lines)
    assert meta.number_rows == 25
    assert meta.variable_measure["code"] == "nominal"


@pytest.mark.parametrize("form", ["dta", "sav"])
def test_the_size_of_pieces_changes_no_byte(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = table(tmp_path / "coded.csv", rows(30, 2_500))
    export(source, str(tmp_path / f"whole.{form}"))
    monkeypatch.setattr(stata, "PIECE", 4)
    monkeypatch.setattr(spss, "PIECE_BYTES", 30_000)
    export(source, str(tmp_path / f"pieces.{form}"))
    assert (tmp_path / f"whole.{form}").read_bytes() == (tmp_path / f"pieces.{form}").read_bytes()


@pytest.mark.parametrize("form", ["dta", "sav"])
def test_a_table_without_rows(form: str, tmp_path: Path) -> None:
    out = tmp_path / f"out.{form}"
    assert export(table(tmp_path / "coded.csv", []), str(out)).rows == 0
    frame, meta = (pyreadstat.read_dta if form == "dta" else pyreadstat.read_sav)(str(out))
    assert len(frame) == meta.number_rows == 0
    assert next(iter(frame.columns)) == "post_id"


def test_blanks_take_little_room_in_spss(tmp_path: Path) -> None:
    """Texts are as wide as the longest; what is not used must not be written out."""
    lines = [("1", "", "龙" * 9_000, "", "", "service", "", "coded")]
    lines += [(str(n), "", "停水", "", "", "service", "", "coded") for n in range(2, 200)]
    out = tmp_path / "out.sav"
    export(table(tmp_path / "coded.csv", lines), str(out))
    assert out.stat().st_size < 200 * 27_000 / 5
