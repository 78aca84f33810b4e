"""A second model with which a transformer decides.

The logarithms of both models' probabilities are averaged (the card holds the weight of the other), and the
average is calibrated once more. Where the other gives its code a probability of at least `trust`, its word
stands and the encoder, which takes some hundred times as long, is not asked. The other model lies in the
transformer's folder under its own name, or is one that is shipped; the card holds its hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders import CODERS
from govcode.coders.calibration import Calibration
from govcode.coders.model_coder import ModelCoder, Scored
from govcode.coders.store import CARD, StoredModel, find_model, read_card, short
from govcode.coders.transformer.session import GRID
from govcode.errors import HashMismatchError
from govcode.text.clean import CodingText

Floats = NDArray[np.float64]
LEAST = 1e-6  # probabilities have six digits: none is taken for smaller


class Partner:
    """The model that a transformer works with; `trust`: see the module (inf: the encoder is always asked)."""

    def __init__(self, model: StoredModel, codebook: Codebook) -> None:
        entry = model.card["with"]
        coder: ModelCoder = CODERS.load(str(entry["learner"]))(codebook, model=partner_folder(model))
        self._coder = coder
        self._calibration = Calibration.from_card(coder.model.card["calibration"])
        self._own = Calibration.from_card(model.card["own"])
        self._weight = float(entry["weight"])
        self._columns = _columns(model.card["forms"], coder.forms, len(coder.codes))
        self.trust = float(entry.get("trust", inf))

    def says(self, texts: list[CodingText]) -> tuple[Floats, Scored]:
        """Return the other model's probabilities, (texts, codes), and what it says in full."""
        scored = self._coder.score(texts)
        return self._calibration.probabilities(scored.totals), scored

    def forms(self, scored: Scored) -> Floats:
        """Return the other model's scores of this model's forms, of shape (texts, forms)."""
        beyond = np.full((len(scored.scores), 1), -inf)
        found: Floats = np.hstack([scored.scores, beyond])[:, self._columns]
        return found

    def join(self, totals: Floats, other: Floats) -> Floats:
        """Return the weighted mean of both models' log-probabilities, of shape (texts, codes)."""
        return join(self._own.probabilities(totals), other, self._weight)


def _columns(forms: Sequence[str], known: Sequence[str], codes: int) -> list[int]:
    """Return the column of each form in the scores of a model with `known` forms; -1: it has none."""
    return [codes + known.index(form) if form in known else -1 for form in forms]


def join(own: Floats, other: Floats, weight: float, trust: float = inf) -> Floats:
    """Return (1 - weight) log(own) + weight log(other), of probabilities of shape (posts, codes).

    Where `other` reaches `trust` it stands alone.
    """
    both = (1 - weight) * np.log(np.maximum(own, LEAST)) + weight * np.log(np.maximum(other, LEAST))
    sure = other.max(axis=1, keepdims=True, initial=0.0) >= trust
    return np.where(sure, alone(other), _on_grid(both))


def alone(other: Floats) -> Floats:
    """Return log(other), of the probabilities (posts, codes) that stand without the encoder."""
    return _on_grid(np.log(np.maximum(other, LEAST)))


def _on_grid(values: Floats) -> Floats:
    rounded: Floats = np.rint(values * GRID) / GRID
    return rounded


def partner_folder(model: StoredModel) -> Path:
    """Return where the partner of a model lies; raise HashMismatchError if it is not the one of the card."""
    entry = model.card["with"]
    name = str(entry["name"])
    inside = None if model.folder is None or Path(name).name != name else model.folder / name
    folder = inside if inside is not None and (inside / CARD).is_file() else find_model(name)
    card = read_card(folder)
    if card["hash"] != entry["hash"] or card["codes"] != model.card["codes"]:
        raise HashMismatchError(
            f"{model.name}: works with {name}@{short(str(entry['hash']))}, but {folder} holds"
            f" {short(str(card['hash']))}.",
            hint="Install or train the model again.",
        )
    return folder
