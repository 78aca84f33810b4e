"""What of a study is done, out of date or missing, told by manifests and hashes."""

from __future__ import annotations

import glob
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcode.codebook.load import load_codebook
from govcode.coders.store import find_model, read_card, short
from govcode.workflow.lineage import locate
from govcode.workflow.manifest import file_record, manifest_path, read_manifest
from govcode.workflow.study import STEPS, Step, Study, read_study

DONE, GIVEN, OUT_OF_DATE, MISSING = "done", "given", "out of date", "missing"
SCHEMA = 1


@dataclass(frozen=True)
class StepStatus:
    """One step: its state, why, and the command that brings it up to date (empty when it is).

    `given` files have no manifest: they are taken as they are, and nobody can tell how they were made.
    """

    step: str
    state: str
    files: tuple[str, ...]
    reason: str = ""
    command: str = ""


@dataclass(frozen=True)
class StudyStatus:
    """The state of every step that the study file names, in the order of the work."""

    study: str
    codebook: str
    steps: tuple[StepStatus, ...]
    schema_version: int = SCHEMA

    @property
    def open(self) -> tuple[StepStatus, ...]:
        """The steps that are missing or out of date."""
        return tuple(step for step in self.steps if step.state in (MISSING, OUT_OF_DATE))


def status(path: str | Path = "govcode.toml") -> StudyStatus:
    """Hold every file of the study against its manifest, its inputs, the codebook and the model."""
    study = read_study(path)
    named = study.codebook
    inside = study.folder / named
    codebook = load_codebook(inside if inside.is_file() else named)
    looking = _Looking(study, codebook.hash)
    steps = tuple(looking.judge(step) for step in STEPS if step.name in study.files)
    return StudyStatus(study.name, f"{codebook.id} {short(codebook.hash)}", steps)


class _Looking:
    """One look at a study; every file is hashed once."""

    def __init__(self, study: Study, codebook: str) -> None:
        self.study, self.codebook = study, codebook
        self.hashes: dict[Path, str] = {}
        self.states: dict[str, str] = {}

    def judge(self, step: Step) -> StepStatus:
        """Return the state of one step; the steps before it have been judged."""
        paths = self.study.paths(step.name)
        if step.name == "sheets":
            paths = tuple(sheet for path in paths for sheet in _of_coders(path))
        absent = [path for path in paths if not path.exists()]
        state, reason = DONE, ""
        if absent:
            state, reason = MISSING, f"no file {absent[0].name}"
        elif not any(manifest_path(path).exists() for path in paths):
            state, reason = GIVEN, "no manifest: how it was made is not recorded"
        for path in paths if state == DONE else ():
            if (manifest := read_manifest(path)) and (reason := self.stale(step, path, manifest)):
                state = OUT_OF_DATE
                break
        before = [n for n in step.needs if self.states.get(n) == OUT_OF_DATE]
        if before and state in (DONE, GIVEN) and not step.by_hand:
            state, reason = OUT_OF_DATE, f"{before[0]} is out of date"
        self.states[step.name] = state
        command = self.command(step) if state in (MISSING, OUT_OF_DATE) else ""
        return StepStatus(step.name, state, self.study.files[step.name], reason, command)

    def stale(self, step: Step, path: Path, manifest: Mapping[str, Any]) -> str:
        """Return why a file does not fit its manifest any more; empty when it does."""
        for record in manifest.get("outputs") or ():
            mine = Path(str(record.get("path", ""))).name == path.name
            if mine and not step.by_hand and self.differs(path, record):
                return f"{path.name} was changed after it was made"
        for record in manifest.get("inputs") or ():
            found = locate(str(record.get("path", "")), manifest_path(path))
            if found is not None and self.differs(found, record):
                return f"{found.name} has changed since"
        made_with = str((manifest.get("codebook") or {}).get("hash", ""))
        if made_with and made_with != self.codebook:
            return f"made with codebook {short(made_with)}, not {short(self.codebook)}"
        return self.other_model(manifest) if step.name == "coded" else ""

    def differs(self, path: Path, record: Mapping[str, Any]) -> bool:
        """Tell whether a file is not what its record says; a record without a hash proves nothing."""
        wanted = str(record.get("sha256") or "")
        if not wanted or not path.is_file():
            return False
        if path not in self.hashes:
            self.hashes[path] = file_record(path).sha256
        return self.hashes[path] != wanted

    def other_model(self, manifest: Mapping[str, Any]) -> str:
        """Return why the table was not made by the study's model; empty when it was, or none is named."""
        if not self.study.model:
            return ""
        used = str((manifest.get("model") or {}).get("name", ""))
        inside = self.study.folder / self.study.model
        card = read_card(find_model(inside if inside.is_dir() else self.study.model))
        wanted = short(str(card.get("hash", "")))
        return (
            "" if wanted in used else f"coded by {used or 'another coder'}, not {self.study.model}@{wanted}"
        )

    def command(self, step: Step) -> str:
        """Write the command that makes the step, with the study's file names."""
        names = {name: " ".join(self.study.files.get(name, (f"{name.upper()}",))) for name in
                 (s.name for s in STEPS)}  # fmt: skip
        text = step.command.format(**names)
        model = f" --model {self.study.model}" if self.study.model and step.name == "coded" else ""
        codebook = f" --codebook {self.study.codebook}" if self.study.codebook != "functions" else ""
        takes = step.name in ("frame", "sheets", "reliability", "gold", "coded", "evaluation", "estimates")
        return f"{text}{model}{codebook if takes else ''}"


def _of_coders(sheet: Path) -> list[Path]:
    """Return the sheet, or those that `sample --coders` wrote instead: `sheet.A.xlsx` for `sheet.xlsx`."""
    if sheet.exists():
        return [sheet]
    beside = sorted(sheet.parent.glob(f"{glob.escape(sheet.stem)}.*{sheet.suffix}"))
    return [path for path in beside if ".frame" not in path.suffixes] or [sheet]
