"""The manifest beside every output: what was read, with what, and what came out."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from govcode import __version__
from govcode.errors import InputError
from govcode.readers.inputs import own_output
from govcode.writers.base import STREAM, write_text

SUFFIX = ".manifest.json"
SCHEMA = 1
LISTED = 1000  # files of a folder that are listed one by one
# Distributions that decide figures or files, and the module each is known by.
_LIBRARIES = {
    "jieba": "jieba", "rjieba": "rjieba", "opencc-python-reimplemented": "opencc", "numpy": "numpy",
    "scipy": "scipy", "pandas": "pandas", "scikit-learn": "sklearn", "statsmodels": "statsmodels",
    "pyarrow": "pyarrow", "openpyxl": "openpyxl",
    "python-calamine": "python_calamine", "XlsxWriter": "xlsxwriter",
    "pyreadstat": "pyreadstat", "orjson": "orjson", "ijson": "ijson", "selectolax": "selectolax",
    "Jinja2": "jinja2", "pyspark": "pyspark", "onnxruntime": "onnxruntime", "vl-convert-python": "vl_convert",
    "fonttools": "fontTools",
}  # fmt: skip
# Those that can change a code or a figure; the others read and write files.
FIGURES = ("python", "rjieba", "jieba", "opencc-python-reimplemented", "numpy", "scipy", "scikit-learn",
           "statsmodels", "onnxruntime")  # fmt: skip
_FORMS = {
    "openpyxl": (".xlsx",),
    "python-calamine": (".xls", ".xlsb", ".ods"),
    "XlsxWriter": (".xlsx",),
    "pyarrow": (".parquet",),
    "selectolax": (".htm",),
    "pyreadstat": (".sav", ".dta"),
    "orjson": (".json",),
}


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
    """Hash a file in chunks; a stream (`-`) has a name and a row count only.

    The hash of a folder is that of the list of its files (`SHA256  name`, a line each, by name), `rows`
    their number.
    """
    if str(path) == STREAM:
        return FileRecord(path=STREAM, rows=rows)
    file = Path(path)
    if file.is_dir():
        return _folder_record(file)
    with file.open("rb", buffering=0) as handle:
        digest = hashlib.file_digest(handle, "sha256")
    return FileRecord(str(path), digest.hexdigest(), file.stat().st_size, rows)


def input_records(paths: Sequence[str | Path]) -> list[FileRecord]:
    """Hash every input; a folder stands for the files in it, in the order of their names.

    A folder of more than a thousand files is one record, so that a manifest stays readable.
    What govcode itself wrote into the folder is no input: it is not read either (`readers.inputs`).
    """
    records: list[FileRecord] = []
    for path in paths:
        files = [Path(path)]
        if files[0].is_dir():
            found = list(islice(_files_in(files[0]), LISTED + 1))
            files = found if len(found) <= LISTED else files
        records.extend(file_record(file) for file in files)
    return records


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder by name, of folders in it where they stand; memory holds names only."""
    for name in sorted(os.listdir(folder)):  # noqa: PTH208 - there may be a million
        file = folder / name
        if file.is_dir():
            if not file.is_symlink():
                yield from _files_in(file)
        elif file.is_file() and not _written_here(file):
            yield file


def _folder_record(folder: Path) -> FileRecord:
    digest, size, number = hashlib.sha256(), 0, 0
    for number, file in enumerate(_files_in(folder), 1):  # noqa: B007 - the last number is what is wanted
        record = file_record(file)
        size += record.bytes or 0
        digest.update(f"{record.sha256}  {file.relative_to(folder).as_posix()}\n".encode("utf-8", "replace"))
    return FileRecord(str(folder), digest.hexdigest(), size, number)


def _written_here(file: Path) -> bool:
    return file.name.endswith((SUFFIX, ".excluded.jsonl", ".part")) or own_output(file) != ""


def manifest_path(output: str | Path) -> Path:
    """Return where the manifest of `output` lies: `X` has `X.manifest.json`."""
    return Path(f"{output}{SUFFIX}")


def write_manifest(output: str | Path, manifest: Manifest) -> Path | None:
    """Write the manifest beside `output`; a stream leaves none (returns None)."""
    if str(output) == STREAM:
        return None
    path = manifest_path(output)
    files = [record.path for record in (*manifest.inputs, *manifest.outputs)]
    write_text(path, replace(manifest, versions={**software(files), **manifest.versions}).to_json())
    return path


def software(files: Sequence[str] = ()) -> dict[str, str]:
    """Return the versions of Python and of the libraries that this run has loaded, by distribution.

    Libraries of one form of file count only where a file of that form is among `files`.
    """
    used = {
        name: version_of(module)
        for name, module in _LIBRARIES.items()
        if module in sys.modules and any(e in file for e in _FORMS.get(name, ("",)) for file in (*files, ""))
    }
    return {"python": platform.python_version(), **used}


def software_of(steps: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the software that decided figures in the recorded steps and in this one; see `FIGURES`.

    Where steps differ, all versions are told in order: `numpy: 2.3.1, 2.4.6`.
    """
    from importlib import metadata

    here = {**software(), **{name: metadata.version(name) for name in ("numpy", "scipy")}}
    versions: dict[str, list[str]] = {name: [] for name in FIGURES}
    for step in steps:
        for name, version in (step.get("versions") or {}).items():
            if name in versions and version not in versions[name]:
                versions[name].append(version)
    for name in ("python", "numpy", "scipy"):
        if here[name] not in versions[name]:
            versions[name].append(here[name])
    return {name: ", ".join(found) for name, found in versions.items() if found}


def version_of(module: str) -> str:
    """Return the version of a loaded library as it states it, else as it is installed."""
    stated = getattr(sys.modules[module], "__version__", None)
    if isinstance(stated, str):
        return stated
    name = next(name for name, known in _LIBRARIES.items() if known == module)
    folder = Path(sys.modules[module].__file__ or "").parent.parent
    installed = [*folder.glob(f"{name.replace('-', '_')}-*.dist-info")]
    if len(installed) == 1:  # the usual case; importlib.metadata would take as long as a hundred posts
        return installed[0].stem.rpartition("-")[2]
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "unknown"


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
