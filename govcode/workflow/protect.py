"""What cannot be made again is not written over: inputs, and work that people did by hand."""

from __future__ import annotations

from pathlib import Path

from govcode.errors import GovcodeError, OutputError, UsageError
from govcode.readers.inputs import own_output
from govcode.writers.base import STREAM


def refuse_input(output: str | Path | None, *inputs: str | Path | None) -> None:
    """Raise UsageError where `output` is one of the `inputs`, also through a link.

    An input that is a folder holds the output if the file is there and not of our own making: what
    govcode wrote is left aside when a folder is read, so it may be written again.
    """
    if not output or str(output) == STREAM or not Path(output).exists():
        return
    for given in inputs:
        if not given or str(given) == STREAM or not Path(given).exists():
            continue
        if Path(given).is_dir():
            inside = Path(given).resolve() in Path(output).resolve().parents
            same = Path(output).is_file() and inside and not own_output(output)
        else:
            same = Path(output).samefile(given) and Path(output).is_file()
        if same:
            raise UsageError(
                f"{output}: is an input of this command and would be written over.",
                hint="Choose another name with -o.",
            )


def refuse_filled(path: str, *, overwrite: bool = False) -> None:
    """Raise OutputError where `path` is a sheet in which somebody has already filled codes."""
    if overwrite or path == STREAM or not Path(path).exists():
        return
    from govcode.readers.codings import read_codings

    try:
        number = len(read_codings([path]))
    except GovcodeError:
        return  # no sheet, or nothing filled: nothing can be lost
    raise OutputError(
        f"{path}: already holds {number} codings.",
        hint="Choose another name, or add --overwrite to lose them.",
    )
