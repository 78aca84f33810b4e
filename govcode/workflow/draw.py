"""Write the charts of a report as files for a paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from os.path import relpath
from pathlib import Path
from typing import Any

from govcode.reports.data import ReportData
from govcode.reports.sections import sections
from govcode.reports.svg import standalone
from govcode.writers.base import STREAM, whole_file, write_text

_RESOURCES = re.compile(rb"(?: +/\w+ \d+ 0 R\n){2,}")


def draw_figures(data: ReportData, folder: str, notes: list[str]) -> list[str]:
    """Write every chart as a file of its own: SVG, and PDF and PNG where the extra is installed."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    convert = _converter()
    if convert is None:
        notes.append("figures are SVG only; for PDF and PNG: pip install 'govcode[figures]'")
    drawn = []
    for section in sections(data):
        for chart in section.charts:
            svg = standalone(chart)
            path = Path(folder) / f"{chart.id}.svg"
            write_text(path, svg)
            drawn.append(str(path))
            if convert is not None:
                drawn += _converted(convert, svg, path)
    return drawn


def _converter() -> Any:
    try:
        import vl_convert
    except ImportError:
        return None
    return vl_convert


def _converted(convert: Any, svg: str, path: Path) -> list[str]:
    """Write a drawing as PDF for LaTeX and as PNG at 300 dots an inch."""
    made = {".pdf": _ordered(convert.svg_to_pdf(svg)), ".png": convert.svg_to_png(svg, scale=3)}
    for suffix, content in made.items():
        with whole_file(path.with_suffix(suffix)) as file:
            file.write(content)
    return [str(path.with_suffix(suffix)) for suffix in made]


def _ordered(pdf: bytes) -> bytes:
    """Return a PDF with the entries of its resources in order: the converter shuffles them."""
    return _RESOURCES.sub(lambda m: b"".join(sorted(m[0].splitlines(keepends=True))), pdf)


def pdfs_beside(output: str, drawn: Sequence[str]) -> dict[str, str]:
    """Return where each chart lies as a PDF, seen from the folder of the report."""
    folder = Path() if output == STREAM else Path(output).parent
    pdfs = [Path(path) for path in drawn if path.endswith(".pdf")]
    return {path.stem: Path(relpath(path, folder)).as_posix() for path in pdfs}
