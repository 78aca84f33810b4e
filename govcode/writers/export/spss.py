"""SPSS .sav: integer codes with value labels, variable labels, measurement levels.

pyreadstat writes the table in pieces, each with the widths of the whole; their rows are joined and packed
as SPSS packs them (a byte for eight blanks), since texts have a fixed width there.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from govcode.errors import MissingExtraError
from govcode.writers.base import whole_file
from govcode.writers.export.frame import Measured, frame_of, frames, measure, pattern_row
from govcode.writers.export.variables import CATEGORY, NUMBER, ExportResult, ExportTable, wording

if TYPE_CHECKING:
    import pandas as pd

TEXT_BYTES = 32_000  # SPSS holds 32,767 bytes in a string
LABEL_BYTES = 120
PIECE_BYTES = 1 << 24  # of rows that are in memory at once
_DATE_AT = 92  # offset of date and time of creation in the header
_CREATED = b"01 Jan 0000:00:00"  # fixed: the same table gives the same bytes
_PACKED_AT, _ROWS_AT = 72, 80
_ROWS_RECORD = struct.Struct("<iiiiqq")  # 7, 16, 8, 2, 1, number of rows
_BLANKS = np.frombuffer(b" " * 8, dtype="<u8")[0]
_AS_IT_IS, _IS_BLANK = 253, 254


def write(path: str, table: ExportTable) -> ExportResult:
    """Write the table as .sav; missing codes are system-missing, texts beyond 32,000 bytes are cut."""
    try:
        import pyreadstat
    except ImportError:
        raise MissingExtraError("Writing .sav", extra="spss") from None
    found = measure(table, text_bytes=TEXT_BYTES)
    with tempfile.TemporaryDirectory() as folder, whole_file(path) as file:
        head, rows = _pieces(pyreadstat, Path(folder) / "table.sav", table, found)
        file.write(_head(head, found.rows))
        for piece in _packed(rows):
            file.write(piece)
    return ExportResult(rows=found.rows, notes=found.notes(TEXT_BYTES))


def _pieces(
    pyreadstat: Any, path: Path, table: ExportTable, found: Measured
) -> tuple[bytes, Iterator[bytes]]:
    """Return what stands before the rows, and the rows; each piece is written after a row of full width."""
    widest = pattern_row(table, found)

    def saved(frame: pd.DataFrame | None, times: int = 1) -> bytes:
        pattern = frame_of(table, {name: [cell] * times for name, cell in widest.items()})
        whole = pattern if frame is None else _joined(pattern, frame)
        _write_sav(pyreadstat, whole, path, table)
        return path.read_bytes()

    one, two = saved(None), len(saved(None, 2))
    row_bytes = two - len(one)
    pieces = frames(table, text_bytes=TEXT_BYTES, rows=PIECE_BYTES // row_bytes)
    return one[:-row_bytes], (saved(frame)[len(one) :] for frame in pieces)


def _joined(pattern: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([pattern, frame], ignore_index=True)


def _head(head: bytes, rows: int) -> bytes:
    """Return what stands before the rows: packed, with the number of rows, and without a date."""
    data = bytearray(head)
    data[_DATE_AT : _DATE_AT + len(_CREATED)] = _CREATED
    struct.pack_into("<i", data, _PACKED_AT, 1)
    struct.pack_into("<i", data, _ROWS_AT, rows)
    at = data.find(_ROWS_RECORD.pack(7, 16, 8, 2, 1, 1))
    if at >= 0:
        _ROWS_RECORD.pack_into(data, at, 7, 16, 8, 2, 1, rows)
    return bytes(data)


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pack rows: of eight units of eight bytes first what each is, a byte, then those that are not blank."""
    waiting = np.empty(0, dtype="<u8")
    for piece in pieces:
        units = np.concatenate((waiting, np.frombuffer(piece, dtype="<u8")))
        whole = len(units) // 8 * 8
        waiting = units[whole:]
        yield _pack(units[:whole].reshape(-1, 8))
    if len(waiting):
        yield _pack(waiting.reshape(1, -1), fill=8 - len(waiting))


def _pack(units: np.ndarray[Any, np.dtype[np.uint64]], fill: int = 0) -> bytes:
    kinds = np.where(units == _BLANKS, _IS_BLANK, _AS_IT_IS).astype(np.uint8)
    kinds = np.pad(kinds, ((0, 0), (0, fill)))  # 0: nothing
    kept = np.column_stack((np.ones(len(units), dtype=bool), units != _BLANKS))
    packed: bytes = np.column_stack((kinds.view("<u8"), units))[kept].tobytes()
    return packed


def _write_sav(pyreadstat: Any, frame: pd.DataFrame, path: Path, table: ExportTable) -> None:
    labels = {v.name: {number: _short(label) for _, number, label in v.values} for v in table.variables}
    pyreadstat.write_sav(
        frame,
        str(path),
        file_label=_short(wording(table.codebook.title, table.language), 60),
        column_labels={v.name: _short(v.label, 250) for v in table.variables},
        variable_value_labels={name: values for name, values in labels.items() if values},
        variable_measure={
            v.name: "scale" if v.kind == NUMBER else "nominal" for v in table.variables
        },
        variable_format={v.name: "F4.0" for v in table.variables if v.kind == CATEGORY},
    )  # fmt: skip


def _short(text: str, limit: int = LABEL_BYTES) -> str:
    """Return the text cut to `limit` bytes of UTF-8 at a character."""
    return text.encode("utf-8")[:limit].decode("utf-8", "ignore")
