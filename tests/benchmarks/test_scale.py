"""The benchmarks of large tables run in one command each, on tables that the commands take."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest


def run(module, monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", [str(module.__file__), *words])
    module.main()


def test_tables_are_whole_and_written_once(bench, tmp_path: Path) -> None:
    large = bench("large_tables")
    large.write_tables(tmp_path, 50)
    counts = {}
    for path in tmp_path.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        counts[path.stem] = len(rows)
        assert all(None not in row and None not in row.values() for row in rows)
    assert counts == {"crawl-50": 50, "one-50": 25, "two-50": 25, "coded-50": 50, "gold-50": 50}
    before = (tmp_path / "coded-50.csv").stat().st_mtime_ns
    large.write_tables(tmp_path, 50)
    assert (tmp_path / "coded-50.csv").stat().st_mtime_ns == before
    assert not list(tmp_path.glob("*.part"))


def test_an_unknown_command_names_the_known(bench, tmp_path, monkeypatch, capsys) -> None:
    with pytest.raises(SystemExit):
        run(bench("large_tables"), monkeypatch, "--rows", "5", "--only", "nothing", "--folder", str(tmp_path))
    assert "export .dta" in capsys.readouterr().err


@pytest.mark.slow
def test_every_command_is_measured(bench, tmp_path, monkeypatch, capsys) -> None:
    large = bench("large_tables")
    if not large.find_spec("pyreadstat"):
        pytest.skip("writing .sav needs pyreadstat: pip install 'govcode[spss]'")
    run(large, monkeypatch, "--rows", "2000", "--folder", str(tmp_path))
    printed = capsys.readouterr().out
    for name in large.commands(tmp_path, 2000):
        (line,) = (line for line in printed.splitlines() if line.startswith(f"| {name} |"))
        assert 15 < float(line.split("|")[4]) < 1000  # more than an empty Python


@pytest.mark.slow
def test_growth_prints_a_line_for_each_size(bench, monkeypatch, capsys) -> None:
    run(bench("growth"), monkeypatch, "--posts", "40,80")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["40", "80"]


def test_other_libraries_that_are_missing_are_named(bench, monkeypatch, capsys) -> None:
    others = bench("others")
    monkeypatch.setattr(others, "find_spec", lambda name: None)
    monkeypatch.setattr(others, "compare", lambda names, posts, rounds: print(list(names)))
    run(others, monkeypatch)
    printed = capsys.readouterr().out
    assert "[]" in printed
    assert "not installed (fasttext)" in printed
    assert "not installed (torch)" in printed


def test_lines_on_spark_are_compared_with_their_counts(bench, tmp_path: Path) -> None:
    compare = bench("spark_run").same
    parts = tmp_path / "parts"
    parts.mkdir()
    local = tmp_path / "local.jsonl"
    local.write_text("a\nb\nb\n", encoding="utf-8")
    (parts / "part-1").write_text("b\n", encoding="utf-8")
    (parts / "part-0").write_text("b\na\n", encoding="utf-8")
    assert compare(local, parts)
    (parts / "part-1").write_text("a\n", encoding="utf-8")
    assert not compare(local, parts)
