"""The tables and the methods paragraph for a paper: booktabs, ready to be included."""

from __future__ import annotations

from collections.abc import Iterator

from govcode.reports.base import ReportTable
from govcode.reports.data import ReportData
from govcode.reports.methods import methods_text
from govcode.reports.safe import latex
from govcode.reports.sections import sections

PREAMBLE = (
    "% Needs: \\usepackage{booktabs}; Chinese text needs \\usepackage{ctex} and XeLaTeX or LuaLaTeX.\n"
    "% Wide tables: wrap the tabular in \\resizebox{\\textwidth}{!}{...}.\n"
)


def render_latex(data: ReportData) -> str:
    """Return every filled table of the report and the methods paragraphs; strangers' text is escaped."""
    parts = [PREAMBLE, *(f"\n% methods\n{latex(text)}\n" for text in methods_text(data))]
    for section in sections(data):
        for table in section.tables:
            if table.rows:
                parts.append("\n" + "\n".join(latex_table(table)) + "\n")
    return "".join(parts)


def latex_table(table: ReportTable) -> Iterator[str]:
    """Yield a table environment with booktabs rules, caption, label and notes."""
    yield "\\begin{table}[htbp]"
    yield "  \\centering\\footnotesize"
    yield f"  \\caption{{{latex(table.title)}}}\\label{{tab:{table.id}}}"
    yield f"  \\begin{{tabular}}{{l{'r' * (len(table.columns) - 1)}}}"
    yield "    \\toprule"
    yield f"    {_row(table.columns)}"
    yield "    \\midrule"
    for row in table.rows:
        yield f"    {_row(row)}"
    yield "    \\bottomrule"
    yield "  \\end{tabular}"
    if table.notes:
        yield f"  \\par\\smallskip\\parbox{{\\linewidth}}{{\\scriptsize {latex(' '.join(table.notes))}}}"
    yield "\\end{table}"


def _row(cells: tuple[str, ...]) -> str:
    # A bracket at the start of a row would be taken as the option of the line break before it.
    return " & ".join(f"{{{latex(c)}}}" if c.startswith("[") else latex(c) for c in cells) + " \\\\"
