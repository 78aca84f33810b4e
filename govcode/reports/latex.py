"""The tables and the methods paragraph for a paper: booktabs, ready to be included."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govcode.reports.base import ReportTable
from govcode.reports.charts.base import Chart
from govcode.reports.data import ReportData
from govcode.reports.methods import methods_text
from govcode.reports.safe import latex
from govcode.reports.sections import sections

# File names and settings may be broken after these.
_BREAKS = re.compile(r"(\\_|[/=])(?=\S)")
_UNBROKEN = re.compile("[^\\s/=_\u2e80-\uffef]+")
_LETTER = 0.0135
"""Width of a letter as part of the line, at the size of tables."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
LONGEST = 40
"""Characters beyond which a cell of sentences makes its column no wider."""
PREAMBLE = (
    "% Needs: \\usepackage{array,booktabs,graphicx}; Chinese text needs\n"
    "% \\usepackage{ctex} and XeLaTeX or LuaLaTeX.\n"
    "% A wide table is made narrower; figures are there if the report was made with --figures.\n"
    "\\providecommand{\\govcodefit}[1]{\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{#1}}\n"
)


def render_latex(data: ReportData) -> str:
    """Return every filled table and figure of the report and the methods paragraphs.

    Strangers' text is escaped.
    """
    parts = [PREAMBLE, *(f"\n% methods\n{_paragraph(text)}\n" for text in methods_text(data))]
    for section in sections(data):
        for chart in section.charts:
            if chart.id in data.figures:
                parts.append("\n" + "\n".join(_figure(chart, data.figures[chart.id])) + "\n")
        for table in section.tables:
            if table.rows:
                parts.append("\n" + "\n".join(latex_table(table)) + "\n")
    return "".join(parts)


def _paragraph(text: str) -> str:
    """Return a paragraph; English quotation marks must not be taken for Chinese ones."""
    if text.isascii() or not _CHINESE.search(text):
        return latex(text).replace("“", "``").replace("”", "''")
    return latex(text)


def _figure(chart: Chart, path: str) -> Iterator[str]:
    yield "\\begin{figure}[htbp]"
    yield "  \\centering"
    yield f"  \\govcodefit{{\\includegraphics{{\\detokenize{{{path}}}}}}}"
    yield f"  \\caption{{{latex(chart.title)}}}\\label{{fig:{chart.id}}}"
    words = " ".join(filter(None, (chart.description, chart.data.source)))
    yield f"  \\par\\smallskip\\parbox{{\\linewidth}}{{\\scriptsize {latex(words)}}}"
    yield "\\end{figure}"


def latex_table(table: ReportTable) -> Iterator[str]:
    """Yield a table environment with booktabs rules, caption, label and notes."""
    yield "\\begin{table}[htbp]"
    yield "  \\centering\\footnotesize"
    yield f"  \\caption{{{latex(table.title)}}}\\label{{tab:{table.id}}}"
    fit = "" if table.prose else "\\govcodefit{"
    yield f"  {fit}\\begin{{tabular}}{{{_columns(table)}}}"
    yield "    \\toprule"
    yield f"    {_row(table.columns)}"
    yield "    \\midrule"
    for place, row in enumerate(table.rows):
        if table.prose and place:
            yield "    \\addlinespace"
        yield f"    {_breakable(_row(row)) if table.prose else _row(row)}"
    yield "    \\bottomrule"
    yield f"  \\end{{tabular}}{'}' if fit else ''}"
    if table.remarks:
        yield f"  \\par\\smallskip\\parbox{{\\linewidth}}{{\\scriptsize {latex(' '.join(table.remarks))}}}"
    yield "\\end{table}"


def _columns(table: ReportTable) -> str:
    """Return the columns: figures to the right; sentences wrapped, the longer the wider, words whole."""
    if not table.prose:
        return "l" + "r" * (len(table.columns) - 1)
    columns = list(zip(table.columns, *table.rows, strict=True))
    longest = [min(max(map(len, column)), LONGEST) for column in columns]
    least = [_LETTER * max(map(_longest_word, column)) for column in columns]
    free = max(0.9 - sum(least), 0) / sum(4 + n for n in longest)
    wanted = [word + free * (4 + n) for word, n in zip(least, longest, strict=True)]
    widths = [0.9 * width / sum(wanted) for width in wanted]
    wrapped = [f">{{\\raggedright\\arraybackslash}}p{{{width:.3f}\\linewidth}}" for width in widths]
    return "@{}" + "@{\\hspace{.5em}}".join(wrapped) + "@{}"


def _longest_word(cell: str) -> int:
    """Return the letters of the longest word that no line can break."""
    return max(map(len, _UNBROKEN.findall(cell)), default=0)


def _breakable(row: str) -> str:
    return _BREAKS.sub(r"\1\\allowbreak{}", row)


def _row(cells: tuple[str, ...]) -> str:
    # A bracket at the start of a row would be taken as the option of the line break before it.
    return " & ".join(f"{{{latex(c)}}}" if c.startswith("[") else latex(c) for c in cells) + " \\\\"
