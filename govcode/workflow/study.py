"""The study file: `[study]` in govcode.toml names the files of one study, step by step."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcode.errors import InputError, UsageError, choices

STUDY_FILE = "govcode.toml"


@dataclass(frozen=True)
class Step:
    """One step of a study: what it needs, how it is made, and whether people write its files."""

    name: str
    needs: tuple[str, ...]
    command: str
    by_hand: bool = False


STEPS = (
    Step("corpus", (), "govcode ingest RAW… -o {corpus}"),
    Step("frame", ("corpus",), "govcode sample {corpus} --size N -o sheet.xlsx --frame {frame}"),
    Step("sheets", ("frame",), "govcode sample {corpus} --size N -o {sheets} --frame {frame}", by_hand=True),
    Step("codings", ("sheets",), "govcode code {sheets} --coder NAME", by_hand=True),
    Step("reliability", ("codings",), "govcode reliability {codings} -o {reliability}"),
    Step("gold", ("codings",), "govcode adjudicate {codings} --frame {frame} -o {gold}"),
    Step("coded", ("corpus",), "govcode classify {corpus} -o {coded}"),
    Step("evaluation", ("coded", "gold"), "govcode evaluate {coded} --gold {gold} -o {evaluation}"),
    Step("estimates", ("coded", "gold"), "govcode estimate {coded} --gold {gold} -o {estimates}"),
    Step("profile", ("coded",), "govcode profile {coded} -o {profile}"),
    Step("report", ("coded",), "govcode report {coded} -o {report}"),
)
NAMES = tuple(step.name for step in STEPS)
OTHER_KEYS = ("name", "codebook", "model")


@dataclass(frozen=True)
class Study:
    """One study: its files by step, its codebook and its model; paths are relative to the study file."""

    name: str
    folder: Path
    files: Mapping[str, tuple[str, ...]]
    codebook: str = "functions"
    model: str = ""

    def paths(self, step: str) -> tuple[Path, ...]:
        """Return where the files of a step lie."""
        return tuple(self.folder / name for name in self.files.get(step, ()))


def read_study(path: str | Path = STUDY_FILE) -> Study:
    """Read the study file; raise InputError where there is none, UsageError for a key that is not one."""
    file = Path(path)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{file}: there is no study file.", hint=_example()) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read as TOML ({error}).", hint=_example()) from None
    table = data.get("study")
    if not isinstance(table, dict):
        raise InputError(f"{file}: has no table [study].", hint=_example())
    for key in table:
        if key not in (*NAMES, *OTHER_KEYS):
            raise UsageError(
                f"{file}: '{key}' in [study] is not a step.",
                hint=f"Choose from: {choices((*OTHER_KEYS, *NAMES))}.",
            )
    files = {name: _names(file, name, table[name]) for name in NAMES if name in table}
    return Study(
        str(table.get("name", file.resolve().parent.name)), file.parent, files,
        str(table.get("codebook", "functions")), str(table.get("model", "")),
    )  # fmt: skip


def _names(file: Path, key: str, value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise UsageError(f"{file}: '{key}' in [study] is not a file name or a list of them.")
    return tuple(names)


def _example() -> str:
    return 'Write [study] and, a line each, corpus = "posts.jsonl", gold = "gold.csv" … (docs/estimation.md).'
