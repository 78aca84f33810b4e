"""Put a fine-tuned encoder, its tokenizer and its held-out scores together to a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.calibration import fit_calibration
from govcode.coders.card import card_of, held_out_arrays, versions_of
from govcode.coders.examples import Example
from govcode.coders.held_out import HeldOut, held_out_of
from govcode.coders.store import GRAPH, TOKENIZER, StoredModel
from govcode.coders.transformer.partner import join
from govcode.coders.transformer.reading import Reading

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class HeldOutScores:
    """Scores of posts by encoders that knew nothing of their account.

    `examples`: the posts; `scores`: (posts, codes + forms) as the graph gives them; `groups`: see
    `account_groups`; `folds`: (rest, fold) row numbers, by which calibration and thresholds are judged.
    """

    examples: list[Example]
    scores: Floats
    groups: Ints
    folds: Sequence[tuple[Ints, Ints]]


@dataclass(frozen=True)
class With:
    """Another model whose log-probabilities are averaged with the encoder's, with this weight.

    `probabilities`: (posts, codes) of the same held-out posts, by models that did not know their accounts.
    `trust`: probability from which its code stands without the encoder; `forms`: number of the form it gave
    each held-out post among the model's forms (-1: none), needed with `trust`.
    """

    model: StoredModel
    weight: float
    probabilities: Floats
    trust: float = inf
    forms: Ints | None = None

    @property
    def trusted(self) -> NDArray[np.bool_]:
        """Which posts are left to the other model."""
        found: NDArray[np.bool_] = self.probabilities.max(axis=1) >= self.trust
        return found


def package(
    name: str,
    codebook: Codebook,
    examples: Sequence[Example],
    held_out: HeldOutScores,
    *,
    graph: bytes,
    tokenizer: bytes,
    forms: Sequence[str],
    reading: Reading | None = None,
    partner: With | None = None,
    settings: Mapping[str, Any] | None = None,
    about: Mapping[str, Any] | None = None,
) -> StoredModel:
    """Calibrate and describe a model; `save_model` writes it.

    `examples`: everything the final encoder learned from; `settings`: how it was trained; `about`: further
    entries of the card (base, source, licence, `method` for figures that are not of cross-validation).
    """
    scored, entry = _scored(codebook, held_out, partner)
    more = dict(about or {})
    method = more.pop("method", "")
    card = card_of(
        "transformer", codebook, examples, scored, scored.calibration,
        own={"reading": (reading or Reading()).to_card(), **entry},
        settings=settings or {}, forms=forms,
        versions=versions_of("numpy", "onnxruntime", "tokenizers", "opencc-python-reimplemented"),
    )  # fmt: skip
    if method:
        card["figures"]["method"] = method
    card["versions"] |= more.pop("versions", {})
    parts = {GRAPH: graph, TOKENIZER: tokenizer}
    return StoredModel(name, card | more, held_out_arrays(scored, codebook, codebook.ids, forms), parts=parts)


def _scored(
    codebook: Codebook, held_out: HeldOutScores, partner: With | None
) -> tuple[HeldOut, dict[str, Any]]:
    """Return calibrated held-out scores, and what the card says of the partner."""
    size = len(codebook.ids)
    gold = np.array([codebook.ids.index(e.code) for e in held_out.examples], dtype=np.intp)
    totals = held_out.scores[:, :size]

    def calibrated(scores: Floats, values: Floats) -> HeldOut:
        return held_out_of(held_out.examples, gold, held_out.groups, held_out.folds, scores, values)

    by_itself = calibrated(held_out.scores, totals)
    if partner is None:
        return by_itself, {}
    own = fit_calibration(totals, gold)
    joined = join(by_itself.probabilities, partner.probabilities, partner.weight, partner.trust)
    entry = {
        "name": partner.model.name, "learner": partner.model.card["learner"], "hash": partner.model.hash,
        "weight": partner.weight, **({"trust": partner.trust} if partner.trust < inf else {}),
    }  # fmt: skip
    scores = _with_forms(held_out.scores, size, partner.trusted, partner.forms)
    return calibrated(scores, joined), {"own": own.to_card(), "with": entry}


def _with_forms(scores: Floats, size: int, trusted: NDArray[np.bool_], forms: Ints | None) -> Floats:
    """Return the scores where trusted posts have the form that the other model gave them."""
    if forms is None or not trusted.any():
        return scores
    given = scores.copy()
    given[trusted, size:] = np.arange(scores.shape[1] - size) == forms[trusted, None]
    return given
