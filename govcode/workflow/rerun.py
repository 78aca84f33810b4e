"""Run one recorded step again into a temporary folder, and hold its files and figures against the record."""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from govcode import __version__
from govcode.errors import GovcodeError, MissingExtraError
from govcode.readers.figures import figures_in, numbers_in
from govcode.readers.tables import open_table
from govcode.records import Row
from govcode.workflow.lineage import locate
from govcode.workflow.manifest import file_record, read_manifest
from govcode.workflow.replay import LARGEST, Recorded, replay_of

REPRODUCED, CHANGED, MISSING, NOT_CHECKABLE = "reproduced", "changed", "missing", "not checkable"
TRAIN = "train"
_NUMBER = re.compile(r"[-−]?\d[\d,]*\.?\d*")


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


def run_again(manifest: Mapping[str, Any], near: Path, *, full: bool) -> Iterator[Check]:
    """Run the step again; compare every file it makes, then every figure in the record and in the file.

    A step that cannot be run again gives one reason for itself and for each of its figures.
    """
    step = str(manifest.get("command", ""))
    outputs = [r for r in manifest.get("outputs") or () if isinstance(r, Mapping)]
    main = str(outputs[-1 if step == "sample" else 0].get("path", ""))
    reason = _why_not(manifest, near, full=full)
    if reason:
        yield from _not_checked(manifest, near, main, reason)
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / (Path(main).parent.name or "study") / Path(main).name
        target.parent.mkdir()
        try:
            _replay(manifest, near, main, str(target))
        except MissingExtraError as error:
            yield from _not_checked(manifest, near, main, f"{error.message} {error.hint}")
            return
        except GovcodeError as error:
            yield Check(step, "step", main, CHANGED, f"does not run again: {error.message}")
            return
        yield from _files(step, manifest, outputs, near, target.parent)
        yield from compared(step, _recorded(manifest), _recorded(read_manifest(target) or {}))
        if (published := locate(main, near)) is not None:
            yield from compared(step, figures_in(published), figures_in(target))


def _not_checked(manifest: Mapping[str, Any], near: Path, main: str, reason: str) -> Iterator[Check]:
    step = str(manifest.get("command", ""))
    yield Check(step, "step", main, NOT_CHECKABLE, reason)
    yield from (Check(step, "figure", n, NOT_CHECKABLE, reason) for n in _stated(manifest, main, near))


def _replay(manifest: Mapping[str, Any], near: Path, subject: str, target: str) -> None:
    """Run the step with its files where they are now."""
    step = str(manifest.get("command", ""))
    inputs = [str(r.get("path", "")) for r in manifest.get("inputs") or ()]
    places = {name: str(locate(name, near)) for name in inputs}
    codebook = (manifest.get("codebook") or {}).get("name")
    options = _relocated(dict(manifest.get("options") or {}), places, near)
    if codebook and not options.get("codebook"):
        options["codebook"] = codebook
    outputs = [str(r.get("path", "")) for r in manifest.get("outputs") or ()]
    recorded = Recorded(list(places.values()), options, outputs, subject, manifest.get("seed"))
    run = replay_of(step)
    if run is not None:
        run(recorded, target)


def _relocated(value: Any, places: Mapping[str, str], near: Path) -> Any:
    """Return options with every path put where its file is now."""
    if isinstance(value, dict):
        return {key: _relocated(item, places, near) for key, item in value.items()}
    if isinstance(value, list):
        return [_relocated(item, places, near) for item in value]
    if not isinstance(value, str) or len(value) > 400:
        return value
    if value in places:
        return places[value]
    moved = Path(value).suffix and not Path(value).exists() and locate(value, near)
    return str(moved) if moved else value


def _why_not(manifest: Mapping[str, Any], near: Path, *, full: bool) -> str:
    step = str(manifest.get("command", ""))
    inputs = [r for r in manifest.get("inputs") or () if isinstance(r, Mapping)]
    if replay_of(step) is None:
        return "this step is not run again; its files are hashed"
    if not inputs:
        return "the manifest names no inputs"
    if any(locate(str(r.get("path", "")), near) is None for r in inputs):
        return "not all inputs are here"
    if step == TRAIN and _learner(manifest, near) not in (
        "",
        (manifest.get("options") or {}).get("learner", "linear"),
    ):
        return "the manifest does not tell how this model was trained: it was made by an earlier govcode"
    if full:
        return ""
    if step == TRAIN:
        return "training is not cheap: --full trains again"
    if sum(int(r.get("bytes") or 0) for r in inputs) > LARGEST:
        return "the inputs are large, the step is not cheap: --full runs it again"
    return ""


def _learner(manifest: Mapping[str, Any], near: Path) -> str:
    """Return the learner that the card of a trained model names; empty where there is no card."""
    outputs = [str(r.get("path", "")) for r in manifest.get("outputs") or () if isinstance(r, Mapping)]
    card = locate(outputs[0], near) if outputs else None
    if card is None or card.name != "card.json":
        return ""
    try:
        return str(json.loads(card.read_text(encoding="utf-8")).get("learner", ""))
    except ValueError:
        return ""


def _files(
    step: str, manifest: Mapping[str, Any], outputs: list[Mapping[str, Any]], near: Path, folder: Path
) -> Iterator[Check]:
    """Compare each recorded output with the one of its name that was made now."""
    version = str(manifest.get("govcode", ""))
    for record in outputs:
        name = str(record.get("path", ""))
        made = folder / Path(name).name
        if not made.exists():
            continue
        if file_record(made).sha256 == record.get("sha256"):
            yield Check(step, "step", name, REPRODUCED, "run again: the same bytes")
            continue
        detail = "run again: other bytes"
        if version != __version__:
            detail += f" (made by govcode {version}, now {__version__})"
        yield Check(step, "step", name, CHANGED, detail + _rows_changed(locate(name, near), made))


def _rows_changed(before: Path | None, after: Path) -> str:
    """Say how many rows of a table differ, as far as both can be read."""
    if before is None or after.suffix.lower() not in (".csv", ".tsv", ".jsonl", ".parquet", ".xlsx"):
        return ""
    try:
        pairs = list(zip_longest(_rows(before), _rows(after)))
    except GovcodeError:
        return ""
    differ = sum(a != b for a, b in pairs)
    return f"; {differ} of {len(pairs)} rows differ" if differ else ""


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    return (item.values for item in open_table(path) if isinstance(item, Row))


def _recorded(manifest: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures of a manifest: its results and its counts."""
    return dict(numbers_in({**(manifest.get("results") or {}), "counts": manifest.get("counts") or {}}))


def _stated(manifest: Mapping[str, Any], main: str, near: Path) -> Iterator[str]:
    """Name the figures that a step states, without those that only a new run could give."""
    yield from _recorded(manifest)
    if (published := locate(main, near)) is not None:
        yield from figures_in(published)


def compared(step: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Check]:
    """Yield for each figure before: reproduced, changed by how much, or no longer there."""
    for name, value in before.items():
        if name not in after:
            yield Check(step, "figure", name, CHANGED, f"{_said(value)}, and is no longer reported")
        elif _same(value, after[name]):
            yield Check(step, "figure", name, REPRODUCED, _said(value))
        else:
            detail = f"{_said(value)} → {_said(after[name])}{_change(value, after[name])}"
            yield Check(step, "figure", name, CHANGED, detail)
    for name in after.keys() - before.keys():
        yield Check(step, "figure", name, CHANGED, f"was not reported before: {_said(after[name])}")


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    return bool(a == b)


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _change(before: Any, after: Any) -> str:
    """Return the difference of the (first) numbers, as ` (+1.5)`."""
    numbers = [_number(before), _number(after)]
    if None in numbers:
        return ""
    return f" ({numbers[1] - numbers[0]:+g})"  # type: ignore[operator]


def _number(value: Any) -> float | None:
    if isinstance(value, float):
        return value
    found = _NUMBER.search(str(value))
    return float(found[0].replace(",", "").replace("−", "-")) if found else None
