"""Stata .dta (version 14 and later): integer codes with value labels, long text as strL.

pandas writes a file of one row; its data are replaced by those of the table, piece by piece, so that a
table of any size can be written. The layout is that of Stata's `help dta`, format 118.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from shutil import copyfileobj
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from govcode.writers.base import whole_file
from govcode.writers.export.frame import Measured, frame_of, frames, is_numeric, measure, pattern_row
from govcode.writers.export.variables import ExportResult, ExportTable, wording

if TYPE_CHECKING:
    import pandas as pd

TEXT_BYTES = 2_000_000  # strL holds more; nobody reads a longer post
SHORT_BYTES = 2_045  # the longest fixed-width string
PIECE = 5_000  # rows that are in memory at once
MISSING = 2.0**1023  # `.` as a double
_CREATED = datetime(2000, 1, 1)  # fixed: the same table gives the same bytes
_MAP = 14  # offsets in <map>
_DATA, _STRLS = 9, 10
_GSO = struct.Struct("<3sIQBI")  # a long text: variable, observation, kind, bytes
_TEXT = 130


def write(path: str, table: ExportTable) -> ExportResult:
    """Write the table as Stata format 118 (Unicode). Missing codes are `.`; labels hold 80 characters."""
    found = measure(table, text_bytes=TEXT_BYTES)
    long = [name for name, extent in found.texts.items() if extent.longest > SHORT_BYTES]
    before, after = _around(_pattern(table, found, long), _row_type(table, found, long).itemsize, found, long)
    with whole_file(path) as file, tempfile.TemporaryFile() as texts:
        file.write(before)
        for piece in _pieces(table, found, long, texts):
            file.write(piece)
        texts.seek(0)
        file.write(b"</data><strls>")
        copyfileobj(texts, file)
        file.write(after)
    return ExportResult(rows=found.rows, notes=found.notes(TEXT_BYTES))


def _pattern(table: ExportTable, found: Measured, long: list[str]) -> bytes:
    """Return a .dta of one row with the types and labels of the whole table."""
    values: dict[str, dict[float, str]] = {
        v.name: {number: label for _, number, label in v.values} for v in table.variables if v.values
    }
    widest = pattern_row(table, found, SHORT_BYTES)
    buffer = BytesIO()
    frame_of(table, {name: [cell] for name, cell in widest.items()}).to_stata(
        buffer,
        version=118,
        write_index=False,
        byteorder="<",
        convert_strl=long,
        value_labels={name: labels for name, labels in values.items() if labels},
        variable_labels={v.name: v.label[:80] for v in table.variables},
        data_label=wording(table.codebook.title, table.language)[:80],
        time_stamp=_CREATED,
    )
    return buffer.getvalue()


def _around(pattern: bytes, row_bytes: int, found: Measured, long: Sequence[str]) -> tuple[bytes, bytes]:
    """Return what stands before the rows and after the long texts, with the counts of the whole table."""
    number = pattern.index(b"<N>") + 3
    at = pattern.index(b"<map>") + 5
    offsets = list(struct.unpack_from(f"<{_MAP}Q", pattern, at))
    texts = sum(
        extent.total + extent.filled * (_GSO.size + 1) for n, extent in found.texts.items() if n in long
    )
    wider = found.rows * row_bytes - (offsets[_STRLS] - offsets[_DATA] - len(b"<data></data>"))
    longer = texts - (offsets[_STRLS + 1] - offsets[_STRLS] - len(b"<strls></strls>"))
    moved = [
        offset + wider * (place >= _STRLS) + longer * (place > _STRLS) for place, offset in enumerate(offsets)
    ]
    before = bytearray(pattern[: offsets[_DATA] + len(b"<data>")])
    struct.pack_into("<Q", before, number, found.rows)
    struct.pack_into(f"<{_MAP}Q", before, at, *moved)
    return bytes(before), b"</strls>" + pattern[offsets[_STRLS + 1] :]


def _row_type(table: ExportTable, found: Measured, long: Sequence[str]) -> np.dtype[np.void]:
    """Return a row as it stands in the file: doubles, texts of fixed width, references to long texts."""

    def kind(name: str) -> str:
        return "<u8" if name in long else f"S{max(1, found.texts[name].longest)}"

    return np.dtype([(v.name, "<f8" if is_numeric(v) else kind(v.name)) for v in table.variables])


def _pieces(
    table: ExportTable, found: Measured, long: Sequence[str], texts: IO[bytes]
) -> Iterator[bytes]:  # fmt: skip
    """Yield the rows as bytes; append the long texts to `texts`."""
    row_type, first = _row_type(table, found, long), 1
    for frame in frames(table, text_bytes=TEXT_BYTES, rows=PIECE):
        rows = np.zeros(len(frame), dtype=row_type)
        for variable in table.variables:
            name = variable.name
            if is_numeric(variable):
                rows[name] = frame[name].fillna(MISSING)
            elif name not in long:
                rows[name] = [text.encode("utf-8") for text in frame[name]]
        _long_texts(frame, [n for n in row_type.names or () if n in long], first, rows, texts)
        first += len(frame)
        yield rows.tobytes()


def _long_texts(
    frame: pd.DataFrame, long: Sequence[str], first: int, rows: NDArray[Any], texts: IO[bytes]
) -> None:
    """Append long texts in the order of rows; refer to them by variable (16 bits) and observation (48)."""
    places = [(list(frame.columns).index(name) + 1, name) for name in long]
    for number, cells in enumerate(zip(*(frame[name] for name in long), strict=True)):
        for (place, name), text in zip(places, cells, strict=True):
            if data := text.encode("utf-8"):
                rows[name][number] = place | (first + number) << 16
                texts.write(_GSO.pack(b"GSO", place, first + number, _TEXT, len(data) + 1) + data + b"\0")
