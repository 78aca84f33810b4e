from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from govcode.codebook.model import Codebook
from govcode.coders.base import Coder
from govcode.coders.linear import FEW, LinearCoder, load
from govcode.coders.rows import Rows
from govcode.coders.store import StoredModel
from govcode.records import CODED, ERROR, NA, UNCODABLE, UNSURE, Coding, Post
from govcode.text.clean import coding_text


@pytest.fixture(scope="module")
def coder(trained: StoredModel, tiny: Codebook) -> LinearCoder:
    return LinearCoder(trained, tiny, explain=True)


@pytest.fixture(scope="module")
def posts(unseen: list[tuple[Post, str, str, str]]) -> list[Post]:
    return [post for post, *_ in unseen]


def test_scores_are_scikit_learns_own(trained: StoredModel, coder: LinearCoder, posts: list[Post]) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts = [coding_text(post) for post in posts]
    vectorizer = TfidfVectorizer(
        analyzer=coder._features.of, binary=True, vocabulary={t: i for i, t in enumerate(trained.terms)}
    )
    vectorizer.idf_ = trained.arrays["idf"].astype(np.float64)
    matrix = vectorizer.transform(texts)
    expected = []
    coefficients = trained.arrays["weights"] * trained.arrays["scales"] / vectorizer.idf_[:, None]
    for column in range(coefficients.shape[1]):
        learner = LogisticRegression()
        learner.classes_ = np.array([0, 1])
        learner.coef_ = coefficients[:, [column]].T
        learner.intercept_ = trained.arrays["intercepts"][[column]]
        expected.append(learner.decision_function(matrix))
    scores = coder.scores(Rows.of([coder.numbers(text) for text in texts]))
    assert np.abs(scores - np.stack(expected, axis=1)).max() < 1e-9


def test_codings_follow_the_words(coder: LinearCoder, unseen: list[tuple[Post, str, str, str]]) -> None:
    codings = list(coder.code(post for post, *_ in unseen))
    right = sum(coding.code == code for coding, (_, code, *_) in zip(codings, unseen, strict=True))
    assert right >= 125
    assert all(coding.form in {"r1", "r2", "d1", "t1"} for coding in codings)


def test_every_coder_promise_holds(coder: LinearCoder, posts: list[Post], tiny: Codebook) -> None:
    assert isinstance(coder, Coder)
    codings = list(coder.code(iter(posts)))
    assert [coding.post_id for coding in codings] == [post.post_id for post in posts]
    for coding in codings:
        assert coding.code in tiny.ids
        assert coding.status in (CODED, UNSURE)
        assert coding.sure is (coding.status == CODED)
        assert coding.secondary in ("", *tiny.ids)
        assert coding.secondary != coding.code
        assert abs(sum(coding.probabilities) - 1) < 1e-9
        assert all(p == round(p, 6) for p in coding.probabilities)
        assert coding.code == tiny.ids[int(np.argmax(coding.probabilities))]


def test_neither_batch_nor_order_changes_a_digit(coder: LinearCoder, posts: list[Post]) -> None:
    together = {coding.post_id: coding for coding in coder.code(posts)}
    alone = {post.post_id: next(coder.code([post])) for post in posts}
    shuffled = random.Random(5).sample(posts, len(posts))
    assert alone == together == {coding.post_id: coding for coding in coder.code(shuffled)}


def test_odd_posts_get_a_status_and_never_stop_the_run(coder: LinearCoder) -> None:
    broken = Post("broken", text="江城")
    broken.text = None  # type: ignore[assignment]
    broken.title = 7  # type: ignore[assignment]
    found = list(
        coder.code([Post("empty"), Post("emoji", text="😀😀"), broken, Post("latin", text="x" * 400)])
    )
    assert [coding.status for coding in found] == [UNCODABLE, UNCODABLE, ERROR, UNSURE]
    assert [coding.code for coding in found[:3]] == [NA, NA, ""]
    assert found[2].note


def test_evidence_names_words_with_weights(coder: LinearCoder) -> None:
    coding: Coding = next(
        coder.code([Post("1", title="暴雨预警", text="今夜有暴雨和大风，气温下降，请注意天气预报。")])
    )
    assert coding.code == "rain"
    assert coding.evidence
    weights = [abs(e.weight) for e in coding.evidence]
    assert weights == sorted(weights, reverse=True)
    assert any("暴雨" in e.term and e.weight > 0 for e in coding.evidence)


def test_max_error_leaves_the_doubtful_unsure(
    trained: StoredModel, tiny: Codebook, posts: list[Post]
) -> None:
    assert trained.folder is not None

    def coded(max_error: float) -> int:
        coder = load(tiny, model=trained.folder, max_error=max_error)  # type: ignore[arg-type]
        return sum(coding.status == CODED for coding in coder.code(posts))

    assert coded(0.02) <= coded(0.10) <= coded(0.30)
    assert coded(0.10) > 0


def test_many_small_batches_are_coded_with_the_tables_of_a_large_one(
    trained: StoredModel, tiny: Codebook, posts: list[Post]
) -> None:
    """Where posts are long a batch holds few of them."""
    assert trained.folder is not None
    coder, whole = load(tiny, model=trained.folder), load(tiny, model=trained.folder)
    found = [coding for post in posts[: FEW + 9] for coding in coder.code_batch([post])]
    assert found == whole.code_batch(posts[: FEW + 9])
    assert coder._vectoriser is not None


def test_coding_needs_neither_scikit_learn_nor_pandas_nor_scipy(trained: StoredModel) -> None:
    code = (
        "import sys; from govcode.coders import linear, store, uncodable;"
        f"store.load_model({str(trained.folder)!r});"
        "bad = {'sklearn', 'pandas', 'scipy', 'jieba'} & set(sys.modules); assert not bad, bad"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.returncode == 0, done.stderr
