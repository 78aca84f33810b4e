"""Write the charts of a report as files for a paper."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import relpath
from pathlib import Path

from govcode.reports.data import ReportData
from govcode.reports.drawing import figure
from govcode.reports.sections import sections
from govcode.writers.base import STREAM, whole_file


def draw_figures(data: ReportData, folder: str) -> list[str]:
    """Write every chart as SVG, PDF (for LaTeX) and PNG; return their paths."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    drawn = []
    for chart in (chart for section in sections(data) for chart in section.charts):
        for suffix, content in figure(chart).items():
            path = Path(folder) / f"{chart.id}{suffix}"
            with whole_file(path) as file:
                file.write(content)
            drawn.append(str(path))
    return drawn


def pdfs_beside(output: str, drawn: Sequence[str]) -> dict[str, str]:
    """Return where each chart lies as a PDF, seen from the folder of the report."""
    folder = Path() if output == STREAM else Path(output).parent
    pdfs = [Path(path) for path in drawn if path.endswith(".pdf")]
    return {path.stem: Path(relpath(path, folder)).as_posix() for path in pdfs}
