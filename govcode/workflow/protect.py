"""Work that people did by hand is not written over."""

from __future__ import annotations

from pathlib import Path

from govcode.errors import GovcodeError, OutputError
from govcode.readers.codings import read_codings
from govcode.writers.base import STREAM


def refuse_filled(path: str, *, overwrite: bool = False) -> None:
    """Raise OutputError where `path` is a sheet in which somebody has already filled codes."""
    if overwrite or path == STREAM or not Path(path).exists():
        return
    try:
        number = len(read_codings([path]))
    except GovcodeError:
        return  # no sheet, or nothing filled: nothing can be lost
    raise OutputError(
        f"{path}: already holds {number} codings.",
        hint="Choose another name, or add --overwrite to lose them.",
    )
