"""What a training leaves beside its model while it runs: `NAME.partial/`, so that a kill costs an epoch.

`run.json` tells which run it is; `current.safetensors` holds weights and optimiser after the last whole
epoch; `fold-K.safetensors` the scores of a fold that is done. A file is complete or not there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govcode.coders.transformer.extra import TRAIN, needed
from govcode.errors import UsageError

CURRENT = "current.safetensors"
RUN = "run.json"


class Checkpoints:
    """The folder `OUTPUT.partial`; `run` tells one run from any other."""

    def __init__(self, output: Path, run: str, *, resume: bool) -> None:
        self.folder = output.with_name(f"{output.name}.partial")
        self._torch = needed("safetensors.torch", what="Training a transformer", extra=TRAIN)
        state = self.folder / RUN
        if resume and state.is_file():
            if json.loads(state.read_text(encoding="utf-8")).get("run") != run:
                raise UsageError(
                    f"{self.folder} belongs to a run with other posts, options or another version.",
                    hint="Repeat that command, or leave out --resume to start anew.",
                )
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        _write(state, json.dumps({"run": run}).encode())

    def save(self, unit: str, epoch: int, tensors: Mapping[str, Any]) -> None:
        """Keep the state of a unit (a fold, or the final training) after `epoch` epochs."""
        path = self.folder / CURRENT
        new = _new(path)
        self._torch.save_file(dict(tensors), new, metadata={"unit": unit, "epoch": str(epoch)})
        with new.open("rb") as file:
            os.fsync(file.fileno())
        new.replace(path)

    def restore(self, unit: str) -> tuple[int, dict[str, Any]]:
        """Return the epochs that a unit has behind it, and its state; (0, {}) where it has not begun."""
        path = self.folder / CURRENT
        if not path.is_file():
            return 0, {}
        safe_open = needed("safetensors", what="Training a transformer", extra=TRAIN).safe_open
        with safe_open(path, framework="pt") as file:
            about = file.metadata()
            if about["unit"] != unit:
                return 0, {}
            return int(about["epoch"]), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118

    def save_scores(self, unit: str, scores: NDArray[np.float64]) -> None:
        """Keep the scores of a fold that is done."""
        save = needed("safetensors.numpy", what="Training a transformer", extra=TRAIN).save
        _write(self.folder / f"{unit}.safetensors", save({"scores": np.ascontiguousarray(scores)}))

    def scores(self, unit: str) -> NDArray[np.float64] | None:
        """Return the scores of a fold, or None where it is not done."""
        path = self.folder / f"{unit}.safetensors"
        if not path.is_file():
            return None
        load = needed("safetensors.numpy", what="Training a transformer", extra=TRAIN).load
        found: NDArray[np.float64] = load(path.read_bytes())["scores"]
        return found

    def drop(self) -> None:
        """Remove the folder: the model is written."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    new = _new(path)
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _new(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")  # one name, so that kills leave no litter
