from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from govcode.codebook.model import Codebook, Expression
from govcode.coders.linear import LinearCoder
from govcode.coders.opinion import MOST, SecondOpinion
from govcode.coders.store import StoredModel, content_hash
from govcode.coders.training import TrainingSettings, train_model
from govcode.errors import HashMismatchError
from govcode.records import Post
from govcode.text.clean import CodingText
from govcode.text.segment import Segmenter
from tests.coders.conftest import codebook, examples

SIREN = CodingText("", "江城的警报声响了很久。")


@pytest.fixture(scope="module")
def speaking() -> Codebook:
    """The small codebook with one expression: 警报声 speaks for `rain`."""
    plain = codebook()
    rain, *others = plain.codes
    rain = replace(rain, expressions=(Expression("警报声", 2.0, "r1"),))
    return replace(plain, codes=(rain, *others), rules_hash="sha256:" + "8" * 64)


@pytest.fixture(scope="module")
def model(speaking: Codebook) -> StoredModel:
    return with_hash(train_model("tiny-zh", speaking, examples(), TrainingSettings(opinion=4.0, lead=9.0)))


def with_hash(model: StoredModel) -> StoredModel:
    card = {**model.card, "schema": 1, "files": {}}
    return replace(model, card=card | {"hash": content_hash(card)})


def opinion(book: Codebook, weight: float = 0.5) -> SecondOpinion:
    return SecondOpinion(book, book.ids, weight=weight, lead=1.0, segmenter=Segmenter())


def test_only_posts_with_a_small_lead_are_asked_about(speaking: Codebook) -> None:
    totals = np.array([[0.0, 0.5, -3.0], [0.0, 1.5, -3.0]])
    joined = opinion(speaking).join(totals, [SIREN, SIREN])
    assert joined.tolist() == [[1.0, 0.5, -3.0], [0.0, 1.5, -3.0]]
    assert totals[0, 0] == 0.0, "the totals that came in stay as they were"


def test_no_pile_of_expressions_rules(speaking: Codebook) -> None:
    rain, *others = speaking.codes
    loud = replace(rain, expressions=(Expression("警报声", 50.0, "r1"),))
    joined = opinion(replace(speaking, codes=(loud, *others))).join(np.zeros((1, 3)), [SIREN])
    assert joined[0].tolist() == [0.5 * MOST, 0.0, 0.0]


def test_a_wavering_model_follows_the_expressions(speaking: Codebook, model: StoredModel) -> None:
    post = Post("p", text=SIREN.body)
    coding = next(LinearCoder(model, speaking, explain=True).code([post]))
    deaf = {key: value for key, value in model.card.items() if key != "opinion"}
    without = next(LinearCoder(with_hash(replace(model, card=deaf)), speaking).code([post]))
    assert coding.code == "rain"
    assert coding.probabilities[0] > without.probabilities[0]
    assert any(one.term == "[r1] 警报声" and one.weight == 8.0 for one in coding.evidence)


def test_the_opinion_decides_what_a_model_is(model: StoredModel) -> None:
    assert model.card["opinion"] == {"weight": 4.0, "lead": 9.0, "expressions": "sha256:" + "8" * 64}
    other = {**model.card, "opinion": {**model.card["opinion"], "weight": 3.0}}
    assert content_hash(other) != model.hash


def test_other_expressions_than_those_of_training_are_refused(speaking: Codebook, model: StoredModel) -> None:
    with pytest.raises(HashMismatchError, match="expressions of the codebook"):
        LinearCoder(model, replace(speaking, rules_hash="sha256:" + "9" * 64))


def test_a_codebook_without_expressions_has_no_opinion() -> None:
    card = train_model("tiny-zh", codebook(), examples(), TrainingSettings(opinion=4.0)).card
    assert "opinion" not in card
