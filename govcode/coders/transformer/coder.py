"""The transformer coder: codes posts with a fine-tuned encoder, alone or together with another model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.model_coder import SHOWN, ModelCoder, Scored
from govcode.coders.store import GRAPH, TOKENIZER, StoredModel, load_model
from govcode.coders.transformer.partner import Partner, alone
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

    batch = 128  # it takes a second or two: progress shows, and workers end about together

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
        if self._partner is None:
            scores, totals = self._asked(texts)
            return Scored(scores, totals, lambda row, best: self._evidence(texts[row], totals[row], best))
        return self._with(self._partner, texts)

    def _with(self, partner: Partner, texts: list[CodingText]) -> Scored:
        """Return what both models say; the encoder is asked only where the partner is not sure enough."""
        other, said = partner.says(texts)
        sure = other.max(axis=1, initial=0.0) >= partner.trust
        totals, forms = alone(other), partner.forms(said)
        scores = np.hstack([other, forms])
        asked = np.flatnonzero(~sure)
        if len(asked):
            scores[asked], totals[asked] = self._asked([texts[row] for row in asked], other[asked])

        def evidence(row: int, best: int) -> tuple[Evidence, ...]:
            return said.evidence(row, best) if sure[row] else self._evidence(texts[row], totals[row], best)

        return Scored(scores, totals, evidence)

    def _asked(self, texts: list[CodingText], other: Floats | None = None) -> tuple[Floats, Floats]:
        """Return the scores of the encoder, and the totals of both models (`other`: the partner's shares)."""
        width = len(self.codes) + len(self.forms)
        scores = np.array([self._session(self._reader(text)) for text in texts]).reshape(len(texts), width)
        totals = scores[:, : len(self.codes)]
        if self._partner is None:
            return scores, totals
        return scores, self._partner.join(totals, self._partner.says(texts)[0] if other is None else other)

    def _evidence(self, text: CodingText, totals: Floats, best: int) -> tuple[Evidence, ...]:
        """Return how far the code falls, against the mean of all codes, when a word is taken out."""
        words = self._words(text)
        if not words:
            return ()
        _, without = self._asked([_without(text, word) for word in words])
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
