"""Stata .dta (version 14 and later): integer codes with value labels, long text as strL."""

from __future__ import annotations

from datetime import datetime

from govcode.writers.base import whole_file
from govcode.writers.export.frame import data_frame, notes_of
from govcode.writers.export.variables import ExportResult, ExportTable, wording

TEXT_BYTES = 2_000_000  # strL holds more; nobody reads a longer post
SHORT_BYTES = 2_045  # the longest fixed-width string
_CREATED = datetime(2000, 1, 1)  # fixed: the same table gives the same bytes


def write(path: str, table: ExportTable) -> ExportResult:
    """Write the table as Stata format 118 (Unicode). Missing codes are `.`; labels hold 80 characters."""
    frame, unknown, cut = data_frame(table, text_bytes=TEXT_BYTES)
    texts = [v.name for v in table.variables if frame[v.name].dtype == object]
    long = [n for n in texts if any(len(t.encode("utf-8")) > SHORT_BYTES for t in frame[n])]
    values: dict[str, dict[float, str]] = {
        v.name: {number: label for _, number, label in v.values} for v in table.variables if v.values
    }
    with whole_file(path) as file:
        frame.to_stata(
            file,
            version=118,
            write_index=False,
            convert_strl=long,
            value_labels={name: labels for name, labels in values.items() if labels},
            variable_labels={v.name: v.label[:80] for v in table.variables},
            data_label=wording(table.codebook.title, table.language)[:80],
            time_stamp=_CREATED,
        )
    return ExportResult(rows=len(frame), notes=notes_of(unknown, cut, TEXT_BYTES))
