"""The linear coder: weighted features of a post, scored with numpy alone.

For each code and form a score is the dot product of its weights with the post's TF-IDF vector (binary
features, unit length) plus an intercept: what scikit-learn's TfidfVectorizer and LogisticRegression
give. Codes and their forms make one total (`scoring`); where the model wavers the expressions of the
codebook have a say (`opinion`); totals become calibrated probabilities (`calibration`). Weights are whole
numbers, so that sums are exact: neither batch, order, number of workers nor machine changes a digit.
"""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.features import Features, FeatureSettings
from govcode.coders.model_coder import SHOWN, ModelCoder, Scored
from govcode.coders.opinion import SecondOpinion
from govcode.coders.rows import Rows
from govcode.coders.scoring import WeightTable
from govcode.coders.store import StoredModel, load_model
from govcode.records import Evidence
from govcode.text.clean import CodingText
from govcode.text.segment import Segmenter, load_words

if TYPE_CHECKING:
    from govcode.coders.vectoriser import Vectoriser

Scores = NDArray[np.float64]
FEW = 64  # posts that are looked up one by one in all: building the vectoriser takes longer
_ONE = 1 << 40  # squares are whole numbers of this part, so that their sums are exact


def load(
    codebook: Codebook, *, model: Path, explain: bool = False, max_error: float | None = None
) -> LinearCoder:
    """Load a model from its folder and check it against the codebook.

    `max_error`: the share of errors that is accepted in each code; what the model cannot decide within it
    is `unsure`. Without it the thresholds of the card decide.
    """
    stored = load_model(model, meanwhile=load_words)
    return LinearCoder(stored, codebook, explain=explain, max_error=max_error)


class LinearCoder(ModelCoder):
    """Code posts with a stored linear model."""

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
        self._segmenter = Segmenter(card["segmentation"]["engine"])
        self._features = Features(FeatureSettings.from_card(card["features"]), self._segmenter.segment)
        self._vectoriser: Vectoriser | None = None
        self._table: WeightTable | None = None
        self._index: dict[str, int] = {}
        self._met = 0  # texts before there was a vectoriser
        self._weights = model.arrays["weights"]
        self._scales = model.arrays["scales"]
        self._squares = _squares(model.arrays["idf"])
        self._intercepts = model.arrays["intercepts"].astype(np.float64)
        self._opinion = SecondOpinion.from_card(card.get("opinion"), codebook, self.codes, self._segmenter)

    def score(self, texts: list[CodingText]) -> Scored:
        """Return scores, totals, and the terms that decided."""
        rows = self._rows(texts)
        scores = self.scores(rows)
        totals = own = self._support.totals(scores)
        if self._opinion:
            totals = self._opinion.join(own, texts)

        def evidence(row: int, best: int) -> tuple[Evidence, ...]:
            said = self._opinion and len(self._opinion.wavering(own[[row]]))
            return self._evidence(rows[row], best, texts[row] if said else None)

        return Scored(scores, totals, evidence)

    def _rows(self, texts: list[CodingText]) -> Rows:
        """Return the feature numbers of texts; a few do not wait until the vectoriser is built."""
        if self._vectoriser is None:
            self._met += len(texts)
            if self._met <= FEW:
                return self._few(texts)
            self.share()
            assert self._vectoriser is not None
        return self._vectoriser.rows(texts)

    def share(self) -> None:
        """Build the tables for many posts, before processes are forked that share them."""
        from govcode.coders.vectoriser import Vectoriser  # a few posts need neither it nor what it loads

        self._vectoriser = Vectoriser(self._features.settings, self._segmenter, self.model.terms)
        self._table = WeightTable(self._weights, self._squares)
        if self._opinion:
            _ = self._opinion.rules

    def scores(self, rows: Rows) -> Scores:
        """Return the raw scores, shape (posts, codes + forms), of posts given as feature numbers."""
        if self._table is None:
            sums, squares = rows.sums(self._weights, np.int64), rows.sums(self._squares, np.int64)
        else:
            sums, squares = self._table.sums(rows)
        length = np.sqrt(squares / _ONE)
        return sums * self._scales / np.where(length > 0, length, 1.0)[:, None] + self._intercepts

    def numbers(self, text: CodingText) -> list[int]:
        """Return the numbers of the features that the model knows, ascending."""
        if not self._index:
            self._index = {term: number for number, term in enumerate(self.model.terms)}
        return self._known(self._features.of(text), self._index)

    def _few(self, texts: list[CodingText]) -> Rows:
        """Look texts up one by one; the first time only their own features are indexed."""
        if self._index or self._met > len(texts):
            return Rows.of([self.numbers(text) for text in texts])
        found = [self._features.of(text) for text in texts]
        index = self.model.terms.numbers({term for terms in found for term in terms})
        return Rows.of([self._known(terms, index) for terms in found])

    @staticmethod
    def _known(terms: list[str], index: dict[str, int]) -> list[int]:
        return sorted(number for term in terms if (number := index.get(term)) is not None)

    def _evidence(self, ids: list[int], best: int, asked: CodingText | None) -> tuple[Evidence, ...]:
        """Return what speaks most for and against: terms, and the expressions where they were asked."""
        found = [*self._terms(ids, best), *(self._opinion.evidence(asked) if self._opinion and asked else ())]
        return tuple(sorted(found, key=lambda one: -abs(one.weight))[:SHOWN])

    def _terms(self, ids: list[int], best: int) -> list[Evidence]:
        """Return the terms with the largest weights for the code, against the mean of all codes."""
        if not ids:
            return []
        length = sqrt(int(self._squares[ids].sum()) / _ONE)
        own = self._weights.take(ids, axis=0)[:, : len(self.codes)] * self._scales[: len(self.codes)]
        share = (own[:, best] - own.mean(axis=1)) / length
        order = sorted(range(len(ids)), key=lambda i: (-abs(share[i]), ids[i]))[:SHOWN]
        return [_named(self.codes[best], self.model.terms[ids[i]], float(share[i])) for i in order]


def _squares(idf: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the squares as whole parts of `_ONE`; each step in the same memory, as new memory costs time."""
    squares = idf.astype(np.float64)
    squares *= squares
    squares *= _ONE
    return np.rint(squares, out=squares).astype(np.int64)


def _named(code: str, term: str, weight: float) -> Evidence:
    """Tell a term as readers know it: words without prefix, and where they stood."""
    kind, _, rest = term.partition(" ")
    where = {"t": "title", "c": "headline", "m": "mark"}.get(kind, "") if rest else ""
    shown = rest if where else term
    return Evidence(code, shown.replace(" ", "") if where != "mark" else shown, round(weight, 4), where)
