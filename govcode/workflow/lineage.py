"""Walk from a table back to its sources, manifest by manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcode.errors import GovcodeError
from govcode.readers.layout import ALIASES
from govcode.readers.tables import open_table
from govcode.records import Row
from govcode.workflow.manifest import SUFFIX, file_record, read_manifest
from govcode.writers.base import STREAM

DEEPEST = 20


def lineage(path: str) -> list[dict[str, Any]]:
    """Return the manifests that lead to `path`, the first step first; empty where there is none.

    Inputs are looked for where the manifest says, then beside the manifest itself (a folder that moved).
    """
    steps: list[dict[str, Any]] = []
    _walk(Path(path), steps, set(), DEEPEST)
    return steps


@dataclass(frozen=True)
class Learned:
    """How many of the gold posts the model behind a coded table learned from, and from which file."""

    posts: int
    gold: int
    file: str

    def __str__(self) -> str:
        what = "itself" if self.posts == self.gold else f"too: {self.posts} of {self.gold} gold posts"
        return (
            f"the model learned from {self.file} {what}: figures that rest on them are too good. Those of "
            "`govcode models show` come from posts it had not seen; or code another sample by hand"
        )


def learned_from(coded: str | Path, gold: str | Path) -> Learned | None:
    """Return which gold posts the model behind `coded` learned from; None where it is none, or unknown.

    The gold a model was trained on is known by its hash, else its posts are looked up where the file still
    is. A stream has no lineage.
    """
    if STREAM in (str(coded), str(gold)):
        return None
    same, judged = file_record(gold).sha256, None
    for step in lineage(str(coded)):
        if step.get("command") != "train":
            continue
        records = [r for r in step.get("inputs") or () if isinstance(r, Mapping)]
        if any(same and r.get("sha256") == same for r in records):
            number = len(_ids(Path(gold)))
            return Learned(number, number, Path(gold).name)
        taught = locate(str((step.get("options") or {}).get("gold") or ""), Path(coded))
        if taught is None:
            continue
        judged = _ids(Path(gold)) if judged is None else judged
        if common := judged & _ids(taught):
            return Learned(len(common), len(judged), taught.name)
    return None


def _ids(path: Path) -> set[str]:
    """Return the posts of a table; none where it cannot be read: nothing may fail because of a note."""
    try:
        table = open_table(path)
        column = next((a for a in ALIASES["post_id"] if a in table.columns), "")
        return {str(row.values.get(column) or "") for row in table if isinstance(row, Row)} - {""}
    except (GovcodeError, OSError):
        return set()


def told_lineage(path: str, notes: list[str]) -> list[dict[str, Any]]:
    """Return the manifests that lead to `path`, or none, with a note, where the file was changed since.

    What a manifest tells of a file that is another by now would be told of the wrong file.
    """
    manifest = read_manifest(path) if path != STREAM else None
    if manifest is None or not Path(path).exists():
        return []
    name = Path(path).name
    recorded = {
        str(r.get("sha256", "")) for r in manifest.get("outputs") or ()
        if isinstance(r, Mapping) and Path(str(r.get("path", ""))).name == name
    } - {""}  # fmt: skip
    if recorded and file_record(path).sha256 not in recorded:
        notes.append(f"{name} was changed after its manifest was written, so its origin is not told")
        return []
    return lineage(path)


def locate(name: str, beside: Path) -> Path | None:
    """Return where a file of a manifest is: as named, else beside the manifest; None if nowhere."""
    if not name or name == "-":
        return None
    given = Path(name)
    places = (given, beside.parent / given, beside.parent / given.name)
    return next((place for place in places if place.exists()), None)


def _walk(path: Path, steps: list[dict[str, Any]], seen: set[Path], depth: int) -> None:
    if path in seen or depth == 0:
        return
    seen.add(path)
    manifest = read_manifest(path)
    if manifest is None:
        return
    for record in manifest.get("inputs") or ():
        if isinstance(record, Mapping):
            found = locate(str(record.get("path", "")), Path(f"{path}{SUFFIX}"))
            if found is not None:
                _walk(found, steps, seen, depth - 1)
    model = locate(str((manifest.get("options") or {}).get("model") or ""), Path(f"{path}{SUFFIX}"))
    if model is not None:
        _walk(model / "card.json", steps, seen, depth - 1)
    steps.append(manifest)
