"""The short way through codings gives what the long way gives."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from govcode.codebook.load import load_codebook
from govcode.readers.codings import Codings, read_codings
from govcode.readers.plain_rows import PlainRows

IDS = ("{}", "b{}", "gwb-{:05}", "_x{}", "4.5E+1{}", " {} ", "'{}", "微{}", "{}\t", "")
COLUMNS = ("post_id", "coder", "code", "secondary", "form", "sure", "note", "codebook", "coded_at",
           "stratum", "inclusion_prob")  # fmt: skip


def write(path: Path, columns: tuple[str, ...]) -> str:
    draw = random.Random(4)
    codes = [code.id for code in load_codebook().codes]
    choices = {
        "coder": ["甲", "Li"], "code": [*codes, "NA", codes[0].upper(), "nothing", ""],
        "secondary": ["", "", codes[1]], "form": [""], "sure": ["", "1", "否"], "note": ["", " IS1 "],
        "codebook": [""], "coded_at": ["", "2024-01-01 "], "stratum": ["", "s1"],
        "inclusion_prob": ["", "0.5", "2"],
    }  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for n in range(600):
            cells = {name: draw.choice(values) for name, values in choices.items()}
            cells["post_id"] = draw.choice(IDS).format(n % 200)
            writer.writerow([cells[name] for name in columns])
    return str(path)


def result(path: str) -> tuple[object, ...]:
    read: Codings = read_codings([path], codebook=load_codebook())
    return read.codings, read.excluded, read.notes, read.rows


@pytest.mark.parametrize("columns", [COLUMNS, COLUMNS[:3], COLUMNS[:6], (*COLUMNS[:3], "note")])
def test_short_and_long_way_agree(
    columns: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "codings.csv", columns)
    taken = 0
    by_short = PlainRows.coding

    def counted(self: PlainRows, values: dict[str, str]) -> object:
        nonlocal taken
        coding = by_short(self, values)
        taken += coding is not None
        return coding

    monkeypatch.setattr(PlainRows, "coding", counted)
    short = result(path)
    assert taken > 20
    monkeypatch.setattr(PlainRows, "coding", lambda self, values: None)
    assert result(path) == short
