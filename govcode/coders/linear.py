"""The linear coder: weighted features of a post, scored with numpy alone.

For each code and form a score is the dot product of its weights with the post's TF-IDF vector (binary
features, unit length) plus an intercept: what scikit-learn's TfidfVectorizer and LogisticRegression
give. Codes and their forms make one total (`scoring`), totals become calibrated probabilities
(`calibration`). Weights are whole numbers, so that sums are exact: neither batch, order, number of workers
nor machine changes a digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.calibration import Calibration
from govcode.coders.conformal import Abstention
from govcode.coders.deciding import Deciding
from govcode.coders.features import Features, FeatureSettings
from govcode.coders.scoring import FormSupport
from govcode.coders.store import StoredModel, check_codebook, load_model, short
from govcode.coders.uncodable import Uncodable
from govcode.coders.vectoriser import Rows, Vectoriser
from govcode.records import CODED, ERROR, NA, UNCODABLE, UNSURE, Coding, Evidence, Post
from govcode.text.clean import CodingText, coding_text
from govcode.text.segment import Segmenter

Scores = NDArray[np.float64]
BATCH = 256
FEW = 64  # posts that are looked up one by one: building the vectoriser takes longer
_ONE = 1 << 40  # squares are whole numbers of this part, so that their sums are exact
_NOTHING = CodingText("", "")
SHOWN = 12  # terms of evidence for each post


def load(
    codebook: Codebook, *, model: Path, explain: bool = False, max_error: float | None = None
) -> LinearCoder:
    """Load a model from its folder and check it against the codebook.

    `max_error`: the share of errors that is accepted in each code; what the model cannot decide within it
    is `unsure`. Without it the thresholds of the card decide.
    """
    return LinearCoder(load_model(model), codebook, explain=explain, max_error=max_error)


class LinearCoder:
    """Code posts with a stored linear model."""

    def __init__(
        self,
        model: StoredModel,
        codebook: Codebook,
        *,
        explain: bool = False,
        max_error: float | None = None,
    ) -> None:
        check_codebook(model, codebook.hash)
        card = model.card
        self.model = model
        self.name = f"{model.name}@{short(model.hash)}"
        self.codebook_hash = codebook.hash
        self.codes: tuple[str, ...] = tuple(card["codes"])
        self.forms: tuple[str, ...] = tuple(card["forms"])
        self.explain = explain
        self._segmenter = Segmenter(card["segmentation"]["engine"])
        self._features = Features(FeatureSettings.from_card(card["features"]), self._segmenter.segment)
        self._vectoriser: Vectoriser | None = None
        self._index: dict[str, int] = {}
        self._weights = model.arrays["weights"]
        self._scales = model.arrays["scales"]
        self._squares = np.rint(model.arrays["idf"].astype(np.float64) ** 2 * _ONE).astype(np.int64)
        self._intercepts = model.arrays["intercepts"].astype(np.float64)
        self._calibration = Calibration.from_card(card["calibration"])
        self._uncodable = Uncodable(codebook)
        self._support = FormSupport(codebook, self.codes, self.forms)
        self._deciding = Deciding(
            codebook, self.codes, self.forms, self._support,
            Abstention.from_model(model, max_error), card["thresholds"],
        )  # fmt: skip

    def code(self, posts: Iterable[Post]) -> Iterator[Coding]:
        """Yield one coding per post, in order; a post that fails has `status = error`."""
        stream = iter(posts)
        while batch := list(islice(stream, BATCH)):
            yield from self.code_batch(batch)

    def code_batch(self, posts: list[Post]) -> list[Coding]:
        """Return the codings of a list of posts, in order."""
        texts: list[CodingText] = []
        outcomes: list[Coding | None] = []
        for post in posts:
            text, outcome = self._read(post)
            outcomes.append(outcome)
            if outcome is None:
                texts.append(text)
        try:
            return self._code_texts(posts, outcomes, self._rows(texts))
        except Exception as error:  # one bad post must not end a run over millions
            if len(posts) == 1:
                return [self._failed(posts[0], f"{type(error).__name__}: {error}")]
            return [coding for post in posts for coding in self.code_batch([post])]

    def _code_texts(self, posts: list[Post], outcomes: list[Coding | None], rows: Rows) -> list[Coding]:
        scores = self.scores(rows)
        shares = self._calibration.probabilities(self._support.totals(scores))
        decided = zip(*self._deciding(shares, scores), map(tuple, shares.tolist()), strict=True)
        name, codebook, codes, explain = self.name, self.codebook_hash, self.codes, self.explain
        codings: list[Coding] = []
        for post, outcome in zip(posts, outcomes, strict=True):
            if outcome is None:
                best, sure, secondary, form, probabilities = next(decided)
                outcome = Coding(
                    post.post_id, name, codes[best], secondary, form, sure, "", codebook, "",
                    CODED if sure else UNSURE, probabilities,
                )  # fmt: skip
            codings.append(outcome)
        if explain:
            self._explain(codings, outcomes, rows)
        return codings

    def _explain(self, codings: list[Coding], outcomes: list[Coding | None], rows: Rows) -> None:
        """Add the evidence to the codings that were just made."""
        made = (coding for coding, outcome in zip(codings, outcomes, strict=True) if outcome is None)
        for row, coding in enumerate(made):
            coding.evidence = self._evidence(rows[row], self.codes.index(coding.code))

    def _rows(self, texts: list[CodingText]) -> Rows:
        """Return the feature numbers of texts; a few do not wait until the vectoriser is built."""
        if self._vectoriser is None:
            if len(texts) <= FEW:
                return Rows.of([self.numbers(text) for text in texts])
            self._vectoriser = Vectoriser(self._features.settings, self._segmenter, self.model.terms)
        return self._vectoriser.rows(texts)

    def scores(self, rows: Rows) -> Scores:
        """Return the raw scores, shape (posts, codes + forms), of posts given as feature numbers."""
        sums = rows.sums(self._weights, np.int32)
        length = np.sqrt(rows.sums(self._squares, np.int64) / _ONE)
        return sums * self._scales / np.where(length > 0, length, 1.0)[:, None] + self._intercepts

    def numbers(self, text: CodingText) -> list[int]:
        """Return the numbers of the features that the model knows, ascending."""
        if not self._index:
            self._index = {term: number for number, term in enumerate(self.model.terms)}
        get = self._index.get
        return sorted(number for term in self._features.of(text) if (number := get(term)) is not None)

    def _read(self, post: Post) -> tuple[CodingText, Coding | None]:
        """Return the cleaned text, and the coding where it stands already (uncodable, error)."""
        try:
            text = coding_text(post)
            if not self._uncodable(text):
                return text, None
        except Exception as error:
            return _NOTHING, self._failed(post, f"{type(error).__name__}: {error}")
        return text, Coding(post.post_id, self.name, NA, codebook=self.codebook_hash, status=UNCODABLE)

    def _failed(self, post: Post, note: str) -> Coding:
        return Coding(post.post_id, self.name, "", note=note, codebook=self.codebook_hash, status=ERROR)

    def _evidence(self, ids: list[int], best: int) -> tuple[Evidence, ...]:
        """Return the terms that speak most for and against the code, against the mean of all codes."""
        if not ids:
            return ()
        length = sqrt(int(self._squares[ids].sum()) / _ONE)
        own = self._weights.take(ids, axis=0)[:, : len(self.codes)] * self._scales[: len(self.codes)]
        share = (own[:, best] - own.mean(axis=1)) / length
        order = sorted(range(len(ids)), key=lambda i: (-abs(share[i]), ids[i]))[:SHOWN]
        return tuple(_named(self.codes[best], self.model.terms[ids[i]], float(share[i])) for i in order)


def _named(code: str, term: str, weight: float) -> Evidence:
    """Tell a term as readers know it: words without prefix, and where they stood."""
    kind, _, rest = term.partition(" ")
    where = {"t": "title", "c": "headline", "m": "mark"}.get(kind, "") if rest else ""
    shown = rest if where else term
    return Evidence(code, shown.replace(" ", "") if where != "mark" else shown, round(weight, 4), where)
