"""A table that grows beside its final name and survives being killed.

Rows go to `OUT.partial`; at every checkpoint the bytes are on disk and `OUT.partial.json` says how far
the run had come. A later run cuts the partial file back to the last checkpoint and goes on.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from govcode.errors import OutputError, UsageError
from govcode.writers.base import STREAM
from govcode.writers.tables import LINES, WRITERS, form_of


@dataclass(frozen=True)
class Progress:
    """How far a run had come: rows written, bytes on disk, and what the run itself counts."""

    run: str
    rows: int = 0
    bytes: int = 0
    tallies: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class ResumableWriter:
    """Write rows; `checkpoint` makes everything written so far safe."""

    def __init__(self, file: IO[bytes], state: Path, writer: Any, progress: Progress) -> None:
        self._file = file
        self._state = state
        self._writer = writer
        self.progress = progress
        self.rows = progress.rows
        self.tallies = progress.tallies

    def write(self, row: Mapping[str, Any]) -> None:
        """Append one row."""
        self._writer.write(row)
        self.rows += 1

    def write_lines(self, data: bytes, rows: int) -> None:
        """Append so many rows that are lines already."""
        self._writer.write_lines(data)
        self.rows += rows

    def flush(self) -> None:
        """Hand on nothing: what was written counts from the next checkpoint on."""

    def checkpoint(self, tallies: Mapping[str, Mapping[str, int]]) -> None:
        """Bring every row to the disk, then say so."""
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self.progress = Progress(self.progress.run, self.rows, self._file.tell(), tallies)
        new = _new(self._state)  # one name, so that kills leave no litter
        try:
            with new.open("w", encoding="utf-8") as file:
                json.dump(asdict(self.progress), file, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._state)
        except OSError as error:
            raise OutputError(f"{self._state}: cannot be written ({error.strerror}).") from error


@contextmanager
def open_resumable(
    path: str, columns: Sequence[str], *, run: str, form: str | None = None, excel: bool = False
) -> Iterator[ResumableWriter]:
    """Open `path` for a run that can be continued; it appears under its name when the block ends.

    `run` identifies the run (inputs, options, version): a partial file of another run is refused with
    UsageError, as are streams and forms that cannot be appended to. After an error or a kill the
    partial file and its state stay behind.
    """
    kind, packed = form_of(path, form)
    if path == STREAM or packed or kind not in LINES:
        raise UsageError(
            f"--resume cannot continue {path} ({kind}{'.gz' if packed else ''}).",
            hint="Write to a file that ends in .jsonl, .csv or .tsv.",
        )
    partial, state = Path(f"{path}.partial"), Path(f"{path}.partial.json")
    progress = _read(state, partial, run)
    try:
        file = partial.open("r+b" if partial.exists() else "w+b")
    except OSError as error:
        raise OutputError(f"{partial}: cannot be written ({error.strerror}).") from error
    with file:
        file.truncate(progress.bytes)
        file.seek(progress.bytes)
        target = _Target(io.BytesIO() if progress.bytes else file)
        writer = WRITERS.load(kind)(target, tuple(columns), excel=excel)
        writer.close()  # writes the header, which a partial file already has
        target.file = file
        yield ResumableWriter(file, state, writer, progress)
        writer.close()
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    state.unlink(missing_ok=True)
    _new(state).unlink(missing_ok=True)


def _new(state: Path) -> Path:
    return Path(f"{state}.new")


class _Target(io.RawIOBase):
    """A file that can be changed under a writer."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def write(self, data: Any) -> int:
        return self.file.write(data)


def _read(state: Path, partial: Path, run: str) -> Progress:
    """Return how far an earlier run had come, or a fresh start."""
    if not state.exists() or not partial.exists():
        return Progress(run)
    try:
        data = json.loads(state.read_text(encoding="utf-8"))
        progress = Progress(**data)
    except (ValueError, TypeError):
        return Progress(run)
    if progress.run != run:
        raise UsageError(
            f"{partial} belongs to a run with other inputs, options or another version.",
            hint=f"Repeat that command, or delete {partial} and {state} to start anew.",
        )
    return progress if partial.stat().st_size >= progress.bytes else Progress(run)
