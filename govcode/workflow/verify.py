"""Hold outputs against their manifests: same files, and the same again when steps are run once more."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcode import __version__
from govcode.codebook.load import load_codebook
from govcode.errors import GovcodeError, InputError
from govcode.workflow.lineage import lineage, locate
from govcode.workflow.manifest import SUFFIX, file_record, read_manifest
from govcode.workflow.replay import LARGEST, replay_of

REPRODUCED, CHANGED, MISSING, NOT_CHECKABLE = "reproduced", "changed", "missing", "not checkable"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing held against its record: which step, what (file, codebook, output, figure), the verdict."""

    step: str
    kind: str
    subject: str
    verdict: str
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Say whether nothing speaks against the record."""
        return self.verdict in (REPRODUCED, NOT_CHECKABLE)


@dataclass(frozen=True, slots=True)
class Verification:
    """All checks of some outputs, and of every step that led to them."""

    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """Return the checks that do not hold."""
        return tuple(c for c in self.checks if not c.holds)

    def count(self, verdict: str) -> int:
        """Return how many checks have this verdict."""
        return sum(c.verdict == verdict for c in self.checks)


def verify(paths: Sequence[str], *, again: bool = True) -> Verification:
    """Check outputs (or manifests): hashes of all files, codebooks, and cheap steps run again.

    Raises InputError for a file that has no manifest. With `again=False` no step is run.
    """
    checks: dict[Check, None] = {}
    for path in paths:
        output = path.removesuffix(SUFFIX)
        if read_manifest(output) is None:
            raise InputError(
                f"{path}: has no manifest beside it ({Path(output).name}{SUFFIX}).",
                hint="Name an output that govcode wrote to a file; streams leave no manifest.",
            )
        for manifest in lineage(output):
            checks.update(dict.fromkeys(_step(manifest, Path(output), again)))
    return Verification(tuple(checks))


def _step(manifest: Mapping[str, Any], near: Path, again: bool) -> Iterator[Check]:
    step = str(manifest.get("command", ""))
    outputs = _records(manifest, "outputs")
    yield from (_file(step, "output", record, near) for record in outputs)
    inputs = [_file(step, "input", record, near) for record in _records(manifest, "inputs")]
    yield from inputs
    yield from _codebook(step, manifest)
    if again and outputs:
        named = [str(r.get("path", "")) for r in _records(manifest, "inputs")]
        yield from _run_again(step, manifest, near, all(locate(name, near) for name in named))


def _records(manifest: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [record for record in manifest.get(kind) or () if isinstance(record, Mapping)]


def _file(step: str, kind: str, record: Mapping[str, Any], near: Path) -> Check:
    """Hash a file again; an input that is not here cannot be checked, an output that is not is missing."""
    name, expected = str(record.get("path", "")), str(record.get("sha256", ""))
    place = locate(name, near)
    if not expected or name == "-":
        return Check(step, kind, name, NOT_CHECKABLE, "no hash was recorded")
    if place is None:
        return Check(step, kind, name, MISSING if kind == "output" else NOT_CHECKABLE, "the file is not here")
    found = file_record(place).sha256
    if found == expected:
        return Check(step, kind, name, REPRODUCED, f"SHA-256 {found[:12]}")
    return Check(step, kind, name, CHANGED, f"SHA-256 {found[:12]}, recorded {expected[:12]}")


def _codebook(step: str, manifest: Mapping[str, Any]) -> Iterator[Check]:
    recorded = manifest.get("codebook") or {}
    expected = str(recorded.get("hash") or "")
    name = str(recorded.get("name") or recorded.get("id") or "")
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


def _run_again(step: str, manifest: Mapping[str, Any], near: Path, inputs_here: bool) -> Iterator[Check]:
    """Run the step into a temporary folder and compare the first output and every figure."""
    output = _records(manifest, "outputs")[0]
    name = str(output.get("path", ""))
    replay = replay_of(step)
    reason = _why_not(manifest, inputs_here, replay is not None)
    if reason or replay is None:
        yield Check(step, "step", name, NOT_CHECKABLE, reason)
        return
    inputs = [str(locate(str(r.get("path", "")), near)) for r in _records(manifest, "inputs")]
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder) / Path(name).name)
        try:
            replay(inputs, target, _options(manifest))
        except GovcodeError as error:
            yield Check(step, "step", name, CHANGED, f"does not run again: {error.message}")
            return
        yield _compared(step, name, output, target, str(manifest.get("govcode", "")))
        yield from _figures(step, manifest, read_manifest(target) or {})


def _options(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the recorded options; the codebook is the one recorded, also where no option named it."""
    options = dict(manifest.get("options") or {})
    name = (manifest.get("codebook") or {}).get("name")
    return options if options.get("codebook") or not name else {**options, "codebook": name}


def _why_not(manifest: Mapping[str, Any], inputs_here: bool, known: bool) -> str:
    if not known:
        return "this step is not run again; its files are hashed"
    if not inputs_here:
        return "not all inputs are here"
    if sum(int(r.get("bytes") or 0) for r in _records(manifest, "inputs")) > LARGEST:
        return "the inputs are large, the step is not cheap"
    return ""


def _compared(step: str, name: str, record: Mapping[str, Any], target: str, version: str) -> Check:
    same = file_record(target).sha256 == record.get("sha256")
    detail = "run again: the same bytes" if same else "run again: other bytes"
    if not same and version != __version__:
        detail += f" (made by govcode {version}, now {__version__})"
    return Check(step, "step", name, REPRODUCED if same else CHANGED, detail)


def _figures(step: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Check]:
    """Compare every number among the recorded results with the one found now."""
    found = dict(_numbers(after.get("results") or {}))
    for name, value in _numbers(before.get("results") or {}):
        if name not in found:
            yield Check(step, "figure", name, NOT_CHECKABLE, "is no longer reported")
        elif math.isclose(found[name], value, rel_tol=1e-9, abs_tol=1e-12):
            yield Check(step, "figure", name, REPRODUCED, f"{value:g}")
        else:
            change = found[name] - value
            yield Check(step, "figure", name, CHANGED, f"{value:g} → {found[name]:g} ({change:+g})")


def _numbers(data: Any, name: str = "") -> Iterator[tuple[str, float]]:
    """Yield the numbers of nested results with their path."""
    if isinstance(data, bool):
        return
    if isinstance(data, int | float):
        with suppress(OverflowError):
            yield name, float(data)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _numbers(value, f"{name}.{key}" if name else str(key))
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from _numbers(value, f"{name}[{position}]")
