"""Markdown, LaTeX, single charts; the same input gives the same bytes."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from govcode.errors import UsageError
from govcode.reports.safe import latex, markdown, shown
from govcode.workflow.report import ReportOptions, report


@pytest.mark.parametrize("form", ["html", "md", "tex"])
def test_the_same_table_gives_the_same_bytes(hostile_table: Path, tmp_path: Path, form: str) -> None:
    one, two = tmp_path / f"one.{form}", tmp_path / f"two.{form}"
    for path in (one, two):
        report([str(hostile_table)], str(path), ReportOptions(language="en"))
    assert one.read_bytes() == two.read_bytes()
    assert (tmp_path / f"one.{form}.manifest.json").exists()


def test_strangers_cannot_command_latex() -> None:
    assert latex(r"\input{x} 50% of $a_b^c & #1 ~") == (
        r"\textbackslash{}input\{x\} 50\% of \$a\_b\textasciicircum{}c \& \#1 \textasciitilde{}"
    )


def test_latex_tables_are_balanced(hostile_table: Path, tmp_path: Path) -> None:
    out = tmp_path / "t.tex"
    report([str(hostile_table)], str(out), ReportOptions())
    text = out.read_text(encoding="utf-8")
    assert text.count("\\begin{table}") == text.count("\\end{table}") >= 6
    assert "\\toprule" in text
    assert "\\input" not in text
    assert "\\label{tab:shares}" in text


def test_strangers_cannot_break_a_markdown_table(hostile_table: Path, tmp_path: Path) -> None:
    assert markdown("| [点](javascript:x) `<b>`") == r"\| \[点\]\(javascript:x\) \`\<b\>\`"
    out = tmp_path / "t.md"
    report([str(hostile_table)], str(out), ReportOptions())
    lines = [line.replace("\\|", "") for line in out.read_text(encoding="utf-8").splitlines()]
    start = next(i for i, line in enumerate(lines) if line.startswith("| 政务账号"))
    table = [line for line in lines[start : start + 5] if line.startswith("|")]
    assert len({line.count("|") for line in table}) == 1


def test_charts_stand_alone_as_wellformed_svg(hostile_table: Path, tmp_path: Path) -> None:
    found = report([str(hostile_table)], str(tmp_path / "r.html"), ReportOptions(figures=str(tmp_path / "f")))
    assert len(found.figures) >= 5
    for path in found.figures:
        root = ET.parse(path).getroot()
        assert root.tag.endswith("svg")
        assert not [e for e in root.iter() if e.tag.endswith("script")]


def test_shown_is_one_short_line_without_hidden_marks() -> None:
    assert shown("a\u202eb\nc") == "a[U+202E]b c"
    assert len(shown("x" * 10**6)) == 40


def test_unknown_language_and_form(hostile_table: Path) -> None:
    with pytest.raises(UsageError, match="zh, en"):
        report([str(hostile_table)], "r.html", ReportOptions(language="fr"))
    with pytest.raises(UsageError, match="html, md, tex"):
        report([str(hostile_table)], "r.pdf", ReportOptions())
