"""Markdown, LaTeX, single charts; the same input gives the same bytes."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from govcode.errors import UsageError
from govcode.reports.base import ReportTable
from govcode.reports.latex import latex_table
from govcode.reports.safe import latex, markdown, shown
from govcode.workflow.report import ReportOptions, report
from tests.reports.conftest import full_options


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


def compiled(folder: Path, tables: str) -> str:
    """Compile a document with the tables; return its log. Skip where LaTeX or its Chinese is missing."""
    program = shutil.which("xelatex")
    if program is None:
        pytest.skip("xelatex is not installed")
    (folder / "main.tex").write_text(
        "\\documentclass{article}\n\\usepackage{ctex,array,booktabs,graphicx}\n\\begin{document}\n"
        f"\\input{{{tables}}}\n\\end{{document}}\n"
    )
    done = subprocess.run(
        [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "main"],
        cwd=folder, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    log = (folder / "main.log").read_text(encoding="utf-8", errors="replace")
    if "ctex.sty' not found" in log:
        pytest.skip("ctex is not installed")
    assert done.returncode == 0, log[-2000:]
    assert "/etc/passwd" not in done.stdout.decode("utf-8", "replace")
    return log


def test_latex_tables_are_balanced(hostile_table: Path, tmp_path: Path) -> None:
    out = tmp_path / "t.tex"
    report([str(hostile_table)], str(out), ReportOptions())
    text = out.read_text(encoding="utf-8")
    assert text.count("\\begin{table}") == text.count("\\end{table}") >= 6
    assert "\\toprule" in text
    assert "\\input" not in text
    assert "\\label{tab:shares}" in text


def test_strangers_cannot_break_a_markdown_table(hostile_table: Path, tmp_path: Path) -> None:
    assert markdown("| [点](javascript:x) `<b>`") == r"\| \[点\](javascript:x) \`\<b\>\`"
    assert markdown("http://a.example www.b.example") == r"http\://a.example www\.b.example"
    assert markdown("2023-01-03 (12%)!") == "2023-01-03 (12%)!"
    assert (markdown("- x"), markdown("1. x"), markdown("1.5")) == (r"\- x", r"1\. x", r"1\.5")
    out = tmp_path / "t.md"
    report([str(hostile_table)], str(out), ReportOptions())
    lines = [line.replace("\\|", "") for line in out.read_text(encoding="utf-8").splitlines()]
    start = next(i for i, line in enumerate(lines) if line.startswith("| 政务账号"))
    table = [line for line in lines[start : start + 5] if line.startswith("|")]
    assert len({line.count("|") for line in table}) == 1


def test_charts_stand_alone_as_wellformed_svg(hostile_table: Path, tmp_path: Path) -> None:
    found = report([str(hostile_table)], str(tmp_path / "r.html"), ReportOptions(figures=str(tmp_path / "f")))
    assert len(found.figures) >= 5
    for path in (p for p in found.figures if p.endswith(".svg")):
        root = ET.parse(path).getroot()
        assert root.tag.endswith("svg")
        assert not [e for e in root.iter() if e.tag.endswith("script")]


def test_columns_of_sentences_are_as_wide_as_their_longest_word() -> None:
    rows = (("ingest", "a.jsonl 3f24acda3385", "design=stratified, by=account " * 9),)
    lines = list(latex_table(ReportTable("t", "T", ("step", "files", "options"), rows, prose=True)))
    widths = [float(w) for w in re.findall(r"p\{([\d.]+)", lines[3])]
    assert sum(widths) == pytest.approx(0.9, abs=0.01)
    assert widths[1] > 12 * 0.0133
    assert widths[2] > widths[1] > widths[0]
    assert r"design=\allowbreak{}stratified" in "".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_table_of_a_whole_study_runs_over_the_margin(
    full_study: Path, tmp_path: Path, language: str
) -> None:
    report([str(full_study / "coded.csv")], str(tmp_path / "t.tex"), full_options(full_study, language))
    heads, steps = ("command", "inputs", "outputs", "options", "codebook"), (
        ("govcode classify (0.1.0)", "posts.jsonl 3f24acda3385", "coded.csv 059a191b5f03",
         "coder=linear, explain=True, model=functions-zh", "functions 5289704f0596"),
        ("govcode adjudicate (0.1.0)", "20230121_2631035358_1.html 402e340e9d32, +35", "gold.csv 96548dafc8af",
         "decisions=codings/decisions.csv, frame=out/sheet.frame.csv", "functions 5289704f0596"),
    )  # fmt: skip
    with (tmp_path / "t.tex").open("a", encoding="utf-8") as file:
        file.write("\n".join(latex_table(ReportTable("steps", "Steps", heads, steps, prose=True))))
    log = compiled(tmp_path, "t.tex")
    assert "Overfull" not in log
    assert "Missing character" not in log


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_latex_compiles_whatever_stands_in_the_posts(
    hostile_table: Path, tmp_path: Path, language: str
) -> None:
    options = ReportOptions(language=language, figures=str(tmp_path / "figures"), title=r"\\input{x} 50%")
    report([str(hostile_table)], str(tmp_path / "tables.tex"), options)
    compiled(tmp_path, "tables.tex")
    tables = (tmp_path / "tables.tex").read_text(encoding="utf-8")
    assert tables.count("\\includegraphics") == len(list((tmp_path / "figures").glob("*.pdf"))) >= 5


@pytest.mark.slow
def test_figures_for_the_paper_are_whole_and_the_same_twice(hostile_table: Path, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        report([str(hostile_table)], str(tmp_path / "r.md"), ReportOptions(figures=str(tmp_path / folder)))
    for path in (tmp_path / "a").iterdir():
        data = path.read_bytes()
        assert data == (tmp_path / "b" / path.name).read_bytes()
        starts = {".pdf": b"%PDF", ".png": b"\x89PNG", ".svg": b"<?xml"}
        assert data.startswith(starts[path.suffix])


def test_shown_is_one_short_line_without_hidden_marks() -> None:
    assert shown("a\u202eb\nc") == "a[U+202E]b c"
    assert len(shown("x" * 10**6)) == 40


def test_unknown_language_and_form(hostile_table: Path) -> None:
    with pytest.raises(UsageError, match="zh, en"):
        report([str(hostile_table)], "r.html", ReportOptions(language="fr"))
    with pytest.raises(UsageError, match="html, md, tex"):
        report([str(hostile_table)], "r.pdf", ReportOptions())
