"""What every coder with a stored model does: read posts, turn scores into codings, abstain.

A model gives scores per code and form, and a total per code; calibration makes probabilities of the totals,
the thresholds of the card (or `max_error`) decide what stands. A subclass only scores texts and says why.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.base import BATCH
from govcode.coders.calibration import Calibration
from govcode.coders.conformal import Abstention
from govcode.coders.deciding import Deciding
from govcode.coders.scoring import FormSupport
from govcode.coders.store import StoredModel, check_codebook, short
from govcode.coders.uncodable import Uncodable
from govcode.records import CODED, ERROR, NA, UNCODABLE, UNSURE, Coding, Evidence, Post
from govcode.text.clean import CodingText, coding_text, coding_texts

Scores = NDArray[np.float64]
SHOWN = 12  # terms of evidence for each post
_NOTHING = CodingText("", "")


class Scored(NamedTuple):
    """What a model says of texts: `scores` (texts, codes + forms), `totals` (texts, codes), and why.

    `evidence` takes the row of a text and the number of its code.
    """

    scores: Scores
    totals: Scores
    evidence: Callable[[int, int], tuple[Evidence, ...]]


class ModelCoder(ABC):
    """Code posts with a stored model; `score` is what a subclass adds."""

    batch = BATCH

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
        self._calibration = Calibration.from_card(card["calibration"])
        self._uncodable = Uncodable(codebook)
        self._support = FormSupport(codebook, self.codes, self.forms)
        self._deciding = Deciding(
            codebook, self.codes, self.forms, self._support,
            Abstention.from_model(model, max_error), card["thresholds"],
        )  # fmt: skip

    @abstractmethod
    def score(self, texts: list[CodingText]) -> Scored:
        """Return what the model says of codable texts, in order; no text changes what another gets."""

    def code(self, posts: Iterable[Post]) -> Iterator[Coding]:
        """Yield one coding per post, in order; a post that fails has `status = error`."""
        stream = iter(posts)
        while batch := list(islice(stream, self.batch)):
            yield from self.code_batch(batch)

    def code_batch(self, posts: list[Post]) -> list[Coding]:
        """Return the codings of a list of posts, in order."""
        cleaned: Iterable[CodingText | None]
        try:
            cleaned = coding_texts(posts)
        except Exception:  # one by one, so that only the bad ones fail
            cleaned = [None] * len(posts)
        texts: list[CodingText] = []
        outcomes: list[Coding | None] = []
        codable = self._uncodable.plainly_not
        for post, text in zip(posts, cleaned, strict=True):
            if text and codable(text):  # most posts
                outcomes.append(None)
                texts.append(text)
                continue
            text, outcome = self._read(post, text)
            outcomes.append(outcome)
            if outcome is None:
                texts.append(text)
        try:
            return self._code_texts(posts, outcomes, self.score(texts))
        except Exception as error:  # one bad post must not end a run over millions
            if len(posts) == 1:
                return [self._failed(posts[0], f"{type(error).__name__}: {error}")]
            return [coding for post in posts for coding in self.code_batch([post])]

    def _code_texts(self, posts: list[Post], outcomes: list[Coding | None], scored: Scored) -> list[Coding]:
        shares = self._calibration.probabilities(scored.totals)
        decided = zip(*self._deciding(shares, scored.scores), map(tuple, shares.tolist()), strict=True)
        name, codebook, codes, explain = self.name, self.codebook_hash, self.codes, self.explain
        left = [post for post, outcome in zip(posts, outcomes, strict=True) if outcome is None]
        made = [
            Coding(
                post.post_id, name, codes[best], secondary, form, sure, "", codebook, "",
                CODED if sure else UNSURE, probabilities,
            )
            for post, (best, sure, secondary, form, probabilities) in zip(left, decided, strict=True)
        ]  # fmt: skip
        in_order = iter(made)
        codings = made if len(made) == len(posts) else [outcome or next(in_order) for outcome in outcomes]
        if explain:
            self._explain(codings, outcomes, scored)
        return codings

    def _explain(self, codings: list[Coding], outcomes: list[Coding | None], scored: Scored) -> None:
        """Add the evidence to the codings that were just made."""
        made = (coding for coding, outcome in zip(codings, outcomes, strict=True) if outcome is None)
        for row, coding in enumerate(made):
            coding.evidence = scored.evidence(row, self.codes.index(coding.code))

    def _read(self, post: Post, text: CodingText | None) -> tuple[CodingText, Coding | None]:
        """Return the cleaned text, and the coding where it stands already (uncodable, error)."""
        try:
            text = text or coding_text(post)
            if not self._uncodable(text):
                return text, None
        except Exception as error:
            return _NOTHING, self._failed(post, f"{type(error).__name__}: {error}")
        return text, Coding(post.post_id, self.name, NA, codebook=self.codebook_hash, status=UNCODABLE)

    def _failed(self, post: Post, note: str) -> Coding:
        return Coding(post.post_id, self.name, "", note=note, codebook=self.codebook_hash, status=ERROR)
