"""The transformer learner of `train`: fine-tune, save, and leave no checkpoint behind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from govcode import __version__
from govcode.codebook.model import Codebook
from govcode.coders.examples import Example
from govcode.coders.store import StoredModel, save_model, sealed
from govcode.coders.transformer.extra import TRAIN, needed
from govcode.coders.transformer.settings import TransformerSettings, Watch
from govcode.errors import UsageError

PARTNER = "linear"
PACKAGES = ("torch", "transformers", "safetensors", "onnx", "onnxscript", "onnxruntime", "tokenizers")


@dataclass(frozen=True)
class FineTuning:
    """How `train` fine-tunes: settings, whether to go on, and the weight of a linear model beside it."""

    settings: TransformerSettings = field(default_factory=TransformerSettings)
    resume: bool = False
    with_linear: float | None = None
    watch: Watch | None = None

    def __post_init__(self) -> None:
        if not self.settings.base:
            raise UsageError(
                "--learner transformer needs --base.",
                hint="Name the folder or hub name of an encoder.",
            )
        if self.with_linear is not None and not 0 < self.with_linear < 1:
            raise UsageError(f"--with-linear {self.with_linear} is not between 0 and 1.", hint="Try 0.5.")


def fine_tune(
    folder: Path,
    codebook: Codebook,
    examples: Sequence[Example],
    how: FineTuning,
    about: Mapping[str, Any],
) -> StoredModel:
    """Fine-tune an encoder and save it, with its partner, in `folder`; MissingExtraError where it cannot."""
    for package in PACKAGES:
        needed(package, what="Training a transformer", extra=TRAIN)
    from govcode.coders.transformer.training import train_transformer

    partner = _linear(codebook, examples, how)
    model, checkpoints = train_transformer(
        folder, codebook, examples, how.settings,
        run=_run(folder, codebook, how, about), resume=how.resume, about=about, watch=how.watch,
        partner=None if partner is None or how.with_linear is None else (partner, how.with_linear),
    )  # fmt: skip
    if partner is not None:
        save_model(folder / PARTNER, partner)
    saved = save_model(folder, model)
    checkpoints.drop()
    return saved


def _linear(codebook: Codebook, examples: Sequence[Example], how: FineTuning) -> StoredModel | None:
    """Return a linear model with its hash, trained with the same folds, where one is wanted."""
    if how.with_linear is None:
        return None
    from govcode.coders.training import TrainingSettings, train_model

    settings = TrainingSettings(folds=how.settings.folds, seed=how.settings.seed)
    return sealed(train_model(PARTNER, codebook, examples, settings))


def _run(folder: Path, codebook: Codebook, how: FineTuning, about: Mapping[str, Any]) -> str:
    """Return the SHA-256 that tells this training from any other."""
    parts = {
        "version": __version__, "name": folder.name, "codebook": codebook.hash, "about": dict(about),
        "settings": asdict(how.settings), "with": how.with_linear,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
