"""Walk from a table back to its sources, manifest by manifest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

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


def learned_from(coded: str | Path, gold: str | Path) -> str:
    """Return a sentence where the model behind `coded` learned from this very gold, else nothing."""
    given = file_record(gold).sha256
    for step in lineage(str(coded)):
        used = {str(r.get("sha256", "")) for r in step.get("inputs") or () if isinstance(r, Mapping)}
        if step.get("command") == "train" and given and given in used:
            return (
                f"the model learned from {Path(gold).name} itself: these figures are too good. Those of "
                "`govcode models show` come from posts it had not seen; or code another sample by hand"
            )
    return ""


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
