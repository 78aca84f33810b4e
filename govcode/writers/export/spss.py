"""SPSS .sav: integer codes with value labels, variable labels, measurement levels."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from govcode.errors import MissingExtraError
from govcode.writers.base import whole_file
from govcode.writers.export.frame import data_frame, notes_of
from govcode.writers.export.variables import CATEGORY, NUMBER, ExportResult, ExportTable, wording

if TYPE_CHECKING:
    import pandas as pd

TEXT_BYTES = 32_000  # SPSS holds 32,767 bytes in a string
LABEL_BYTES = 120
_DATE_AT = 92  # offset of date and time of creation in the header
_CREATED = b"01 Jan 0000:00:00"  # fixed: the same table gives the same bytes


def write(path: str, table: ExportTable) -> ExportResult:
    """Write the table as .sav; missing codes are system-missing, texts beyond 32,000 bytes are cut."""
    try:
        import pyreadstat
    except ImportError:
        raise MissingExtraError("Writing .sav", extra="spss") from None
    frame, unknown, cut = data_frame(table, text_bytes=TEXT_BYTES)
    with tempfile.TemporaryDirectory() as folder, whole_file(path) as file:
        temporary = Path(folder) / "table.sav"
        _write_sav(pyreadstat, frame, temporary, table)
        data = temporary.read_bytes()
        file.write(data[:_DATE_AT] + _CREATED + data[_DATE_AT + len(_CREATED) :])
    return ExportResult(rows=len(frame), notes=notes_of(unknown, cut, TEXT_BYTES))


def _write_sav(pyreadstat: object, frame: pd.DataFrame, path: Path, table: ExportTable) -> None:
    labels = {v.name: {number: _short(label) for _, number, label in v.values} for v in table.variables}
    pyreadstat.write_sav(  # type: ignore[attr-defined]
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
