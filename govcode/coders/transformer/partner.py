"""A second model with which a transformer decides.

The logarithms of both models' probabilities are averaged (the card holds the weight of the other), and the
average is calibrated once more. The other model lies in the transformer's folder under its own name, or is
one that is shipped; the card holds its hash.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders import CODERS
from govcode.coders.calibration import Calibration
from govcode.coders.model_coder import ModelCoder
from govcode.coders.store import CARD, StoredModel, find_model, read_card, short
from govcode.coders.transformer.session import GRID
from govcode.errors import HashMismatchError
from govcode.text.clean import CodingText

Floats = NDArray[np.float64]
LEAST = 1e-6  # probabilities have six digits: none is taken for smaller


class Partner:
    """The model that a transformer works with."""

    def __init__(self, model: StoredModel, codebook: Codebook) -> None:
        folder = partner_folder(model)
        coder: ModelCoder = CODERS.load(str(model.card["with"]["learner"]))(codebook, model=folder)
        self._coder = coder
        self._calibration = Calibration.from_card(coder.model.card["calibration"])
        self._own = Calibration.from_card(model.card["own"])
        self._weight = float(model.card["with"]["weight"])

    def joined(self, texts: list[CodingText], totals: Floats) -> Floats:
        """Return the weighted mean of both models' log-probabilities, of shape (texts, codes)."""
        own = self._own.probabilities(totals)
        other = self._calibration.probabilities(self._coder.score(texts).totals)
        return join(own, other, self._weight)


def join(own: Floats, other: Floats, weight: float) -> Floats:
    """Return (1 - weight) log(own) + weight log(other), of probabilities of shape (posts, codes)."""
    joined = (1 - weight) * np.log(np.maximum(own, LEAST)) + weight * np.log(np.maximum(other, LEAST))
    rounded: Floats = np.rint(joined * GRID) / GRID
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
