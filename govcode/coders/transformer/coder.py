"""The transformer coder: codes posts with a fine-tuned encoder, alone or together with another model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.model_coder import SHOWN, ModelCoder, Scored
from govcode.coders.store import GRAPH, TOKENIZER, StoredModel, load_model
from govcode.coders.transformer.partner import Partner
from govcode.coders.transformer.reading import Reader, Reading
from govcode.coders.transformer.session import Session
from govcode.records import Evidence
from govcode.text.clean import CodingText
from govcode.text.segment import Segmenter

Floats = NDArray[np.float64]
WORDS = 64  # words of a post that are left out in turn to see what each does


def load(
    codebook: Codebook, *, model: Path, explain: bool = False, max_error: float | None = None
) -> TransformerCoder:
    """Load a model, and the model it works with, and check both against the codebook."""
    return TransformerCoder(load_model(model), codebook, explain=explain, max_error=max_error)


class TransformerCoder(ModelCoder):
    """Code posts with a stored transformer model."""

    def __init__(
        self,
        model: StoredModel,
        codebook: Codebook,
        *,
        explain: bool = False,
        max_error: float | None = None,
    ) -> None:
        super().__init__(model, codebook, explain=explain, max_error=max_error)
        card = model.card
        self._reader = Reader(Reading.from_card(card["reading"]), model.parts[TOKENIZER])
        self._session = Session(model.parts[GRAPH])
        self._partner = Partner(model, codebook) if "with" in card else None
        self._segmenter = Segmenter()

    def score(self, texts: list[CodingText]) -> Scored:
        """Return scores, totals, and what each word does for the code."""
        scores, totals = self._scored(texts)
        return Scored(scores, totals, lambda row, best: self._evidence(texts[row], totals[row], best))

    def _scored(self, texts: list[CodingText]) -> tuple[Floats, Floats]:
        width = len(self.codes) + len(self.forms)
        scores = np.array([self._session(self._reader(text)) for text in texts]).reshape(len(texts), width)
        totals = scores[:, : len(self.codes)]
        return scores, self._partner.joined(texts, totals) if self._partner else totals

    def _evidence(self, text: CodingText, totals: Floats, best: int) -> tuple[Evidence, ...]:
        """Return how far the code falls, against the mean of all codes, when a word is taken out."""
        words = self._words(text)
        if not words:
            return ()
        _, without = self._scored([_without(text, word) for word in words])
        every = np.vstack([totals[None], without]) * self._calibration.scale
        lead = every[:, best] - every.mean(axis=1)
        weights = (lead[0] - lead[1:]).round(4).tolist()
        order = sorted(range(len(words)), key=lambda i: (-abs(weights[i]), i))[:SHOWN]
        code = self.codes[best]
        return tuple(
            Evidence(code, words[i], weights[i], "title" if words[i] in text.title else "")
            for i in order
            if weights[i]
        )

    def _words(self, text: CodingText) -> list[str]:
        """Return the first words of what is read of a text, each once, without marks."""
        found = (word for part in self._reader.parts(text) for word in self._segmenter.segment(part))
        return list(dict.fromkeys(word for word in found if any(map(str.isalpha, word))))[:WORDS]


def _without(text: CodingText, word: str) -> CodingText:
    return CodingText(text.title.replace(word, ""), text.body.replace(word, ""))
