"""The manifest beside every output: what was read, with what, and what came out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from govcode import __version__
from govcode.errors import InputError
from govcode.writers.base import STREAM, write_text

SUFFIX = ".manifest.json"
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was: name as given, SHA-256 of its bytes, size, and rows where it is a table."""

    path: str
    sha256: str = ""
    bytes: int | None = None
    rows: int | None = None


@dataclass
class Manifest:
    """Everything needed to tell how an output was made, and to make it again.

    It holds no time stamp: the same inputs, options and version give the same manifest.
    """

    command: str
    options: Mapping[str, Any] = field(default_factory=dict)
    inputs: Sequence[FileRecord] = ()
    outputs: Sequence[FileRecord] = ()
    codebook: Mapping[str, str] = field(default_factory=dict)  # id, version, hash
    model: Mapping[str, str] = field(default_factory=dict)  # name, hash
    seed: int | None = None
    counts: Mapping[str, Any] = field(default_factory=dict)  # read, kept, excluded by reason …
    results: Mapping[str, Any] = field(default_factory=dict)  # figures a later step may quote
    notes: Sequence[str] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the manifest as indented JSON with a fixed key order."""
        data = {"schema_version": SCHEMA, "govcode": __version__, **asdict(self)}
        return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def file_record(path: str | Path, *, rows: int | None = None) -> FileRecord:
    """Hash a file in chunks; a stream (`-`) has a name and a row count only."""
    if str(path) == STREAM:
        return FileRecord(path=STREAM, rows=rows)
    file = Path(path)
    digest = hashlib.sha256()
    with file.open("rb") as handle:
        while chunk := handle.read(1 << 20):
            digest.update(chunk)
    return FileRecord(str(path), digest.hexdigest(), file.stat().st_size, rows)


def input_records(paths: Sequence[str | Path]) -> list[FileRecord]:
    """Hash every input; a folder stands for the files in it, in the order of their names."""
    records: list[FileRecord] = []
    for path in paths:
        folder = Path(path)
        files: list[Path] = [folder]
        if folder.is_dir():
            files = sorted(file for file in folder.rglob("*") if file.is_file())
        records.extend(file_record(file) for file in files)
    return records


def manifest_path(output: str | Path) -> Path:
    """Return where the manifest of `output` lies: `X` has `X.manifest.json`."""
    return Path(f"{output}{SUFFIX}")


def write_manifest(output: str | Path, manifest: Manifest) -> Path | None:
    """Write the manifest beside `output`; a stream leaves none (returns None)."""
    if str(output) == STREAM:
        return None
    path = manifest_path(output)
    write_text(path, manifest.to_json())
    return path


def read_manifest(output: str | Path) -> dict[str, Any] | None:
    """Read the manifest beside `output`, or None where there is none."""
    path = manifest_path(output)
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: is not a manifest (broken JSON).") from error
    if not isinstance(data, dict):
        raise InputError(f"{path}: is not a manifest.")
    return data
