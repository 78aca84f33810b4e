"""From the probabilities and scores of a batch to decisions: code, second code, form, sure or not."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.conformal import Abstention
from govcode.coders.scoring import FormSupport

Floats = NDArray[np.float64]


class Decisions(NamedTuple):
    """What was decided for each post of a batch: number of the code, and the rest as a coding holds it."""

    best: list[int]
    sure: list[bool]
    secondary: list[str]
    form: list[str]


class Deciding:
    """Decide by probabilities; the form is the one with the highest score among those of the code.

    A second code is the next probable one that the codebook allows, from the card's threshold on.
    """

    def __init__(
        self, codebook: Codebook, codes: tuple[str, ...], forms: tuple[str, ...], support: FormSupport,
        abstention: Abstention, thresholds: dict[str, Any],
    ) -> None:  # fmt: skip
        self._codes = (*codes, "")
        self._forms = (*forms, "")
        self._abstention = abstention
        self._minimum = float(thresholds["secondary"])
        allowed = np.array([codebook.code(code).secondary for code in codes], dtype=bool)
        self._others = allowed & ~np.eye(len(codes), dtype=bool)  # (first code, second code)
        self._own = np.zeros((len(codes), len(forms) + 1), dtype=bool)
        for code, own in enumerate(support.forms_of):
            self._own[code, list(own)] = True
        self._own[:, -1] = ~self._own.any(axis=1)  # a code without forms has the empty one

    def __call__(self, shares: Floats, scores: Floats) -> Decisions:
        """Decide from probabilities (posts, codes) and raw scores (posts, codes + forms)."""
        best = shares.argmax(axis=1)
        rows = np.arange(len(best))
        rivals = np.where(self._others[best], shares, -1.0)
        second = rivals.argmax(axis=1)
        enough = (rivals[rows, second] >= self._minimum) & (rivals[rows, second] >= 0)
        of_forms = np.full((len(best), len(self._forms)), -np.inf)
        of_forms[:, :-1] = scores[:, shares.shape[1] :]
        of_forms[:, -1] = 0.0
        form = np.where(self._own[best], of_forms, -np.inf).argmax(axis=1)
        codes, forms = self._codes, self._forms
        return Decisions(
            best.tolist(),
            self._abstention.accepted(shares, best).tolist(),
            [codes[number] for number in np.where(enough, second, -1).tolist()],
            [forms[number] for number in form.tolist()],
        )
