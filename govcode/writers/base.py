"""Whole or absent: outputs appear under their name only when they are complete."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Protocol

from govcode.errors import OutputError

STREAM = "-"


class TableWriter(Protocol):
    """Write rows to an open table; the columns were given when it was opened."""

    def write(self, row: Mapping[str, Any]) -> None:
        """Append one row; a missing column is written empty."""
        ...


@contextmanager
def whole_file(path: str | Path, *, packed: bool = False) -> Iterator[IO[bytes]]:
    """Open `path` for writing bytes so that it appears only when the block ends without an error.

    Writes to a temporary file in the same folder, then flushes, fsyncs and renames; a link is
    followed. `-` is standard output, flushed at the end. `packed` writes gzip, with the same bytes
    every time. Raises OutputError where the file cannot be written.
    """
    if str(path) == STREAM:
        with _maybe_gzip(sys.stdout.buffer, packed) as file:
            yield file
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"{target}: is a folder.", hint="Name a file in it with -o.")
    if not target.parent.is_dir():
        raise OutputError(
            f"{target}: there is no folder {target.parent}.", hint="Make it first, or choose another -o."
        )
    if target.exists() and not target.is_file():  # a device or a named pipe
        with target.open("wb") as device, _maybe_gzip(device, packed) as file:
            yield file
        return
    target = target.resolve()
    try:
        handle = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, before the rename
            dir=target.parent, prefix=f".{target.name[:80]}.", suffix=".part", delete=False
        )
    except OSError as error:
        raise OutputError(
            f"{target}: cannot be written ({error.strerror}).", hint="Choose another -o."
        ) from error
    temporary = Path(handle.name)
    try:
        with _maybe_gzip(handle, packed) as file:
            yield file
        handle.flush()
        os.fsync(handle.fileno())
        handle.close()
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        _discard(handle, temporary)
        if isinstance(error, BrokenPipeError):
            raise
        raise OutputError(
            f"{target}: could not be written completely ({error.strerror or error}); nothing was left behind."
        ) from error
    except BaseException:
        _discard(handle, temporary)
        raise


@contextmanager
def _maybe_gzip(file: Any, packed: bool) -> Iterator[IO[bytes]]:
    if not packed:
        yield file
        return
    import gzip

    with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=0) as zipped:
        yield zipped  # type: ignore[misc]


def write_text(path: str | Path, text: str) -> None:
    """Write `text` as UTF-8 to `path`, whole or not at all."""
    with whole_file(path) as file:
        file.write(text.encode("utf-8"))


def _discard(handle: Any, temporary: Path) -> None:
    with suppress(OSError):
        handle.close()
    temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
