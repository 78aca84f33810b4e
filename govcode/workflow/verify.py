"""Hold outputs against their manifests: same files, and the same again when steps are run once more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from govcode.codebook.load import load_codebook
from govcode.coders.store import CARD, find_model, load_model
from govcode.errors import GovcodeError, InputError
from govcode.workflow.lineage import lineage, locate
from govcode.workflow.manifest import SUFFIX, file_record, read_manifest
from govcode.workflow.rerun import (
    CHANGED,
    MISSING,
    NOT_CHECKABLE,
    REPRODUCED,
    TRAIN,
    Check,
    compared,
    run_again,
)

__all__ = ["CHANGED", "MISSING", "NOT_CHECKABLE", "REPRODUCED", "Check", "Verification", "verify"]
SAMPLE = "sample"
ADJUDICATE = "adjudicate"
MODELS = ("linear", "transformer")
FEW = 3


@dataclass(frozen=True, slots=True)
class Verification:
    """All checks of some outputs, and of every step that led to them."""

    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """Return the checks that do not hold."""
        return tuple(c for c in self.checks if not c.holds)

    def summary(self) -> tuple[Check, ...]:
        """Return the checks with figures that hold, and unchanged inputs of one step, told as one line."""
        kept: list[Check] = []
        for key, group in groupby(self.checks, key=lambda c: (c.step, c.kind, c.verdict)):
            members = list(group)
            step, kind, verdict = key
            few = len(members) <= FEW or not members[0].holds or kind not in ("figure", "input", "output")
            if few:
                kept += members
                continue
            detail = members[0].detail if verdict == NOT_CHECKABLE else ""
            kept.append(Check(step, kind, f"{len(members)} {kind}s", verdict, detail))
        return tuple(kept)

    def count(self, verdict: str) -> int:
        """Return how many checks have this verdict."""
        return sum(c.verdict == verdict for c in self.checks)


def verify(paths: Sequence[str], *, again: bool = True, full: bool = False) -> Verification:
    """Check outputs (or manifests): hashes of all files, codebooks, models, and steps run again.

    With `again=False` no step is run; with `full` also those that are not cheap (training, large inputs).
    Raises InputError for a file that has no manifest.
    """
    checks: dict[Check, None] = {}
    seen: set[str] = set()
    for path in paths:
        output = path.removesuffix(SUFFIX)
        if Path(output).is_dir() and (Path(output) / CARD).exists():
            output = str(Path(output) / CARD)
        if read_manifest(output) is None:
            if not Path(output).exists():
                raise InputError(f"{path}: there is no such file.", hint="Name an output of govcode.")
            raise InputError(
                f"{path}: has no manifest beside it ({Path(output).name}{SUFFIX}).",
                hint="Name an output that govcode wrote to a file; streams leave no manifest.",
            )
        for manifest in lineage(output):
            if (key := repr(manifest)) not in seen:
                seen.add(key)
                checks.update(dict.fromkeys(_step(manifest, Path(output), again=again, full=full)))
    return Verification(tuple(checks))


def _step(manifest: Mapping[str, Any], near: Path, *, again: bool, full: bool) -> Iterator[Check]:
    step = str(manifest.get("command", ""))
    outputs = _records(manifest, "outputs")
    queue = str((manifest.get("options") or {}).get("queue") or "")
    yield from (_file(step, "output", record, near, queue) for record in outputs)
    yield from (_file(step, "input", record, near) for record in _records(manifest, "inputs"))
    yield from _codebook(step, manifest)
    yield from _model(step, manifest, near)
    if again and outputs:
        yield from run_again(manifest, near, full=full)


def _records(manifest: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [record for record in manifest.get(kind) or () if isinstance(record, Mapping)]


def _file(step: str, kind: str, record: Mapping[str, Any], near: Path, queue: str = "") -> Check:
    """Hash a file again; an input that is not here cannot be checked, an output that is not is missing.

    A sheet that people filled since it was drawn is another file by intention: it is drawn again instead.
    """
    name, expected = str(record.get("path", "")), str(record.get("sha256", ""))
    place = locate(name, near)
    sheet = kind == "output" and (
        (step == SAMPLE and not name.endswith(".frame.csv")) or (step == ADJUDICATE and name == queue)
    )
    if not expected or name == "-":
        return Check(step, kind, name, NOT_CHECKABLE, "no hash was recorded")
    if place is None:
        lost = MISSING if kind == "output" and not sheet else NOT_CHECKABLE
        return Check(step, kind, name, lost, "the file is not here")
    found = file_record(place).sha256
    if found == expected:
        return Check(step, kind, name, REPRODUCED, f"SHA-256 {found[:12]}")
    if sheet:
        return Check(step, kind, name, NOT_CHECKABLE, "the sheet was written in since it was made")
    if kind == "output" and _written_again(place, found):
        return Check(step, kind, name, NOT_CHECKABLE, "a later step has written it again")
    return Check(step, kind, name, CHANGED, f"SHA-256 {found[:12]}, recorded {expected[:12]}")


def _written_again(place: Path, found: str) -> bool:
    """Tell whether the file is what its own manifest says, though an older one says otherwise."""
    own = _records(read_manifest(place) or {}, "outputs")
    return any(record.get("sha256") == found for record in own)


def _codebook(step: str, manifest: Mapping[str, Any]) -> Iterator[Check]:
    recorded = manifest.get("codebook") or {}
    expected = str(recorded.get("hash") or "")
    said = (manifest.get("options") or {}).get("codebook")
    name = str(recorded.get("name") or said or recorded.get("id") or "")
    if not expected or not name:
        return
    try:
        found = load_codebook(name)
    except GovcodeError:
        yield Check(step, "codebook", name, NOT_CHECKABLE, "the codebook is not here")
        return
    same = expected in (found.hash, found.rules_hash)
    detail = f"{found.short_hash}" if same else f"{found.short_hash}, recorded {expected[7:19]}"
    yield Check(step, "codebook", name, REPRODUCED if same else CHANGED, detail)


def _model(step: str, manifest: Mapping[str, Any], near: Path) -> Iterator[Check]:
    """Hold the model that coded, or that was trained, against its hash, its files and its card's figures."""
    options = manifest.get("options") or {}
    name, _, digest = str((manifest.get("model") or {}).get("name", "")).rpartition("@")
    if step == TRAIN:
        digest = str((manifest.get("model") or {}).get("hash", "")).removeprefix("sha256:")[:12]
        card = locate(str(_records(manifest, "outputs")[0].get("path", "")), near)
        name = str(card.parent) if card else ""
    elif options.get("coder") in MODELS:
        name = str(options.get("model") or name)
    else:
        return
    try:
        found = load_model(find_model(name))
    except GovcodeError as error:
        yield Check(step, "model", name or TRAIN, NOT_CHECKABLE, error.message)
        return
    now = found.hash.removeprefix("sha256:")[:12]
    same = now == digest
    yield Check(step, "model", found.name, REPRODUCED if same else CHANGED,
                now if same else f"{now}, recorded {digest}")  # fmt: skip
    if step == TRAIN:
        stated = {k: v for k, v in (manifest.get("results") or {}).items() if isinstance(v, float)}
        figures = found.card.get("figures", {})
        yield from compared("card", stated, {k: figures[k]["value"] for k in stated if k in figures})
