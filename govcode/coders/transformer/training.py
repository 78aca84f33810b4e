"""Train a transformer coder: grouped cross-validation for the figures, then one encoder on all posts."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.card import codes_of, forms_of, versions_of
from govcode.coders.examples import Example, account_groups, account_weights, split_groups
from govcode.coders.store import StoredModel
from govcode.coders.transformer.base_model import BaseModel, load_base
from govcode.coders.transformer.checkpoints import Checkpoints
from govcode.coders.transformer.fitting import Lesson, fit
from govcode.coders.transformer.graph import graph_of
from govcode.coders.transformer.network import Combined, Network
from govcode.coders.transformer.package import HeldOutScores, With, package
from govcode.coders.transformer.reading import Reader, Reading, Tokens
from govcode.coders.transformer.session import Session
from govcode.coders.transformer.settings import TransformerSettings, Unwatched, Watch

Floats = NDArray[np.float64]
CHECKED = 500  # posts on which the stored encoder is compared with the trained one


def train_transformer(
    output: Path,
    codebook: Codebook,
    examples: Sequence[Example],
    settings: TransformerSettings,
    *,
    run: str,
    resume: bool = False,
    partner: tuple[StoredModel, float] | None = None,
    about: Mapping[str, Any] | None = None,
    watch: Watch | None = None,
) -> tuple[StoredModel, Checkpoints]:
    """Return a model to be saved in `output`, and the checkpoints to drop when it is.

    `run` identifies posts and options, so that only the same run is continued. `partner`: a model trained
    with the same folds, and its weight. Raises CodingError where there is too little to learn from.
    """
    codes_of(codebook, examples)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.manual_seed(settings.seed)
    base = load_base(settings.base, length=settings.length)
    checkpoints = Checkpoints(output, f"{run} {base.hash}", resume=resume)
    trainer = _Trainer(codebook, examples, settings, base, checkpoints, watch or Unwatched())
    held_out = trainer.cross_validate()
    network = trainer.learn(np.arange(len(examples)), "all posts", settings.folds)
    graph, stored = trainer.stored(network)
    own = {key: value for key, value in asdict(settings).items() if key != "base"}
    model = package(
        output.name, codebook, examples, held_out, graph=graph, tokenizer=base.tokenizer,
        forms=trainer.forms, reading=trainer.reading,
        partner=With(partner[0], partner[1], partner[0].arrays["held_out"]) if partner else None,
        settings={**own, "threads": torch.get_num_threads()},
        about={
            "base": {"name": base.name, "type": base.encoder.config.model_type, "sha256": base.hash},
            "storage": stored,
            "versions": versions_of("torch", "transformers", "onnx", "onnxscript"),
            **(about or {}),
        },
    )  # fmt: skip
    return model, checkpoints


class _Trainer:
    """Fine-tune copies of one base on parts of the examples."""

    def __init__(
        self,
        codebook: Codebook,
        examples: Sequence[Example],
        settings: TransformerSettings,
        base: BaseModel,
        checkpoints: Checkpoints,
        watch: Watch,
    ) -> None:
        self.codebook = codebook
        self.examples = examples
        self.settings = settings
        self.reading = Reading(length=settings.length, prefix=settings.prefix)
        self.forms = forms_of(codebook, examples)
        self._base, self._checkpoints, self._watch = base, checkpoints, watch
        self._lesson = self._read()

    def _read(self) -> Lesson:
        reader = Reader(self.reading, self._base.tokenizer)
        form = {name: number for number, name in enumerate(self.forms)}
        support = np.where([example.held_out for example in self.examples], 1.0, self.settings.support)
        return Lesson(
            [reader(example.text) for example in self.examples],
            np.array([self.codebook.ids.index(example.code) for example in self.examples], dtype=np.int64),
            np.array([form.get(example.form, -1) for example in self.examples], dtype=np.int64),
            account_weights(self.examples, self.settings.account_cap) * support,
        )

    def cross_validate(self) -> HeldOutScores:
        """Return scores of every held-out example by an encoder that knew nothing of its group."""
        is_held = np.array([example.held_out for example in self.examples])
        held, support = np.flatnonzero(is_held), np.flatnonzero(~is_held)
        groups = account_groups(self._of(held))
        folds = split_groups(groups, self._lesson.codes[held], self.settings.folds, self.settings.seed)
        scores = np.zeros((len(held), len(self.codebook.ids) + len(self.forms)))
        for number, (rest, fold) in enumerate(folds):
            unit = f"fold {number + 1} of {len(folds)}"
            found = self._checkpoints.scores(unit)
            if found is None:
                network = self.learn(np.concatenate([held[rest], support]), unit, number)
                found = _scores(self._combined(network), [self._lesson.tokens[i] for i in held[fold]])
                self._checkpoints.save_scores(unit, found)
            scores[fold] = found
        return HeldOutScores(self._of(held), scores, groups, folds)

    def _of(self, rows: NDArray[np.intp]) -> list[Example]:
        return [self.examples[row] for row in rows.tolist()]

    def learn(self, rows: NDArray[np.intp], unit: str, number: int) -> Network:
        """Return a copy of the base, fine-tuned on some examples."""
        torch.manual_seed(self.settings.seed * 1000 + number)
        network = Network(copy.deepcopy(self._base.encoder), len(self.codebook.ids), len(self.forms))
        return fit(
            network, self._lesson.of(rows), self.settings, self._checkpoints, self._watch,
            unit=unit, number=number,
        )  # fmt: skip

    def stored(self, network: Network) -> tuple[bytes, dict[str, Any]]:
        """Return the graph, and what storing it changed: the share of codes, of up to `CHECKED` posts."""
        combined = self._combined(network)
        graph = graph_of(
            combined, length=self.settings.length, forms=bool(self.forms), storage=self.settings.storage
        )
        session = Session(graph)
        tokens = self._lesson.tokens[:CHECKED]
        size = len(self.codebook.ids)
        before = _scores(combined, tokens)[:, :size].argmax(axis=1)
        after = np.array([session(found)[:size].argmax() for found in tokens])
        changed = round(float((before != after).mean()), 4)
        return graph, {"type": self.settings.storage, "posts": len(tokens), "codes_changed": changed}

    def _combined(self, network: Network) -> Combined:
        module = Combined(network, self.codebook, self.forms)
        module.eval()
        return module


def _scores(module: Combined, tokens: Sequence[Tokens]) -> Floats:
    """Return the scores of posts, one at a time and without padding, as the stored encoder gives them."""
    rows = []
    with torch.no_grad():
        for found in tokens:
            parts = module(torch.from_numpy(found.ids), torch.from_numpy(found.types))
            parts = parts if isinstance(parts, tuple) else (parts,)
            rows.append(torch.cat([part[0] for part in parts]).double().numpy())
    return np.array(rows)
