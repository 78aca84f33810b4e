"""Train the linear coder with scikit-learn. Nothing of this is needed to code.

One logistic regression per code and per form (one versus rest, balanced), on TF-IDF of binary
features. Cross-validation grouped by account and near-duplicate cluster gives the scores on which
calibration, thresholds and figures rest; the stored model then learns from all examples.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from govcode.codebook.model import Codebook
from govcode.coders.card import card_of, codes_of, forms_of, held_out_arrays, versions_of
from govcode.coders.examples import Example, account_groups, account_weights, split_groups
from govcode.coders.features import Features, FeatureSettings
from govcode.coders.held_out import HeldOut, held_out_of
from govcode.coders.opinion import SecondOpinion
from govcode.coders.scoring import LARGEST_WEIGHT, FormSupport
from govcode.coders.store import StoredModel
from govcode.coders.termlist import Terms
from govcode.text.segment import Segmenter

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How a linear model is trained.

    `strength`: inverse of regularisation (C). `least_posts`: posts in which a feature must occur.
    `support`: weight of examples that are not held out. `account_cap`: see `account_weights`.
    `opinion`: weight of the codebook's expressions where the model's lead is below `lead` (0: not asked).
    """

    features: FeatureSettings = field(default_factory=FeatureSettings)
    strength: float = 4.0
    least_posts: int = 2
    support: float = 0.5
    account_cap: int = 20
    folds: int = 5
    seed: int = 7
    opinion: float = 0.0
    lead: float = 1.5


@dataclass(frozen=True)
class Fitted:
    """What is stored: terms, idf, whole-number weights (terms x columns), scales and intercepts.

    Columns are codes, then forms. A weight times its column's scale is coefficient times idf.
    """

    terms: tuple[str, ...]
    idf: Floats
    weights: NDArray[np.int16]
    scales: Floats
    intercepts: Floats

    def scores(self, documents: Sequence[list[str]]) -> Floats:
        """Return decision values, (documents, columns), by scikit-learn's vectorizer."""
        vectorizer = TfidfVectorizer(
            analyzer=_as_is, binary=True, vocabulary={term: i for i, term in enumerate(self.terms)}
        )
        vectorizer.idf_ = self.idf
        coefficients = self.weights * self.scales / self.idf[:, None]
        values: Floats = vectorizer.transform(documents) @ coefficients + self.intercepts
        return values


def train_model(
    name: str,
    codebook: Codebook,
    examples: Sequence[Example],
    settings: TrainingSettings | None = None,
    *,
    about: Mapping[str, Any] | None = None,
) -> StoredModel:
    """Train, calibrate and describe a model; `about` joins the card (source, licence, notes).

    Raises CodingError where there is too little to learn from.
    """
    settings = settings or TrainingSettings()
    codes = codes_of(codebook, examples)
    forms = forms_of(codebook, examples)
    documents = documents_of(examples, settings.features)
    opinion = _opinion(codebook, codes, settings)
    fitted = fit(documents, examples, codes, forms, settings)
    held_out = cross_validate(codebook, documents, examples, codes, forms, settings)
    own = {"features": settings.features.to_card(), "segmentation": {"engine": "rjieba"}}
    card = card_of(
        "linear", codebook, examples, held_out, held_out.calibration,
        own=own | ({"opinion": opinion.to_card(codebook)} if opinion else {}),
        settings={key: value for key, value in asdict(settings).items() if key != "features"},
        forms=forms,
        versions=versions_of("numpy", "scipy", "scikit-learn", "rjieba", "opencc-python-reimplemented"),
    )  # fmt: skip
    arrays: dict[str, NDArray[Any]] = {
        "weights": fitted.weights,
        "scales": fitted.scales,
        "idf": fitted.idf.astype(np.float32),
        "intercepts": fitted.intercepts,
        **held_out_arrays(held_out, codebook, codes, forms),
    }
    return StoredModel(name, card | dict(about or {}), arrays, Terms.of(fitted.terms))


def fit(
    documents: Sequence[list[str]],
    examples: Sequence[Example],
    codes: Sequence[str],
    forms: Sequence[str],
    settings: TrainingSettings,
) -> Fitted:
    """Fit one logistic regression per code and form."""
    vectorizer = TfidfVectorizer(analyzer=_as_is, binary=True, min_df=settings.least_posts, dtype=np.float64)
    matrix = vectorizer.fit_transform(documents)
    weights = _weights(examples, settings)
    own = np.array([example.code for example in examples])
    shape = np.array([example.form for example in examples])
    columns = [_fit_one(matrix, own == code, weights, settings) for code in codes]
    columns += [_fit_one(matrix, shape == form, weights, settings) for form in forms]
    coefficients = np.stack([column for column, _ in columns], axis=1)
    return _whole_numbers(matrix, vectorizer, coefficients, np.array([b for _, b in columns]))


def _whole_numbers(
    matrix: sparse.csr_matrix, vectorizer: TfidfVectorizer, coefficients: Floats, intercepts: Floats
) -> Fitted:
    """Round weights to whole numbers and put the commonest terms first.

    Sums of whole numbers are exact in any order, so that no machine codes differently; common terms
    first keep what is read most close together in memory.
    """
    idf = vectorizer.idf_.astype(np.float32).astype(np.float64)
    folded = coefficients * idf[:, None]
    scales = np.maximum(np.abs(folded).max(axis=0), 1e-12) / LARGEST_WEIGHT
    order = np.argsort(-matrix.getnnz(axis=0), kind="stable")
    names = vectorizer.get_feature_names_out()[order]
    rounded = np.rint(folded[order] / scales).astype(np.int16)
    return Fitted(tuple(str(name) for name in names), idf[order], rounded, scales, intercepts)


def _fit_one(
    matrix: sparse.csr_matrix, target: NDArray[np.bool_], weights: Floats, settings: TrainingSettings
) -> tuple[Floats, float]:
    if target.all() or not target.any():
        return np.zeros(matrix.shape[1]), 10.0 if target.all() else -10.0
    learner = LogisticRegression(
        C=settings.strength, class_weight="balanced", solver="liblinear", random_state=0, max_iter=200
    )
    learner.fit(matrix, target, sample_weight=weights)
    return learner.coef_[0], float(learner.intercept_[0])


def cross_validate(
    codebook: Codebook,
    documents: Sequence[list[str]],
    examples: Sequence[Example],
    codes: Sequence[str],
    forms: Sequence[str],
    settings: TrainingSettings,
) -> HeldOut:
    """Return scores of every held-out example by a model that knew nothing of its group."""
    held = [number for number, example in enumerate(examples) if example.held_out]
    support = [number for number, example in enumerate(examples) if not example.held_out]
    groups = account_groups([examples[number] for number in held])
    gold = np.array([codes.index(examples[number].code) for number in held], dtype=np.intp)
    folds = split_groups(groups, gold, settings.folds, settings.seed)
    scores = np.zeros((len(held), len(codes) + len(forms)))
    for rest, fold in folds:
        learned = [held[row] for row in rest] + support
        fitted = fit(
            [documents[number] for number in learned], [examples[number] for number in learned],
            codes, forms, settings,
        )  # fmt: skip
        scores[fold] = fitted.scores([documents[held[row]] for row in fold])
    totals = FormSupport(codebook, codes, forms).totals(scores)
    if opinion := _opinion(codebook, codes, settings):
        totals = opinion.join(totals, [examples[number].text for number in held])
    return held_out_of([examples[number] for number in held], gold, groups, folds, scores, totals)


def _opinion(codebook: Codebook, codes: Sequence[str], settings: TrainingSettings) -> SecondOpinion | None:
    if not settings.opinion or not codebook.expressions:
        return None
    return SecondOpinion(codebook, codes, weight=settings.opinion, lead=settings.lead, segmenter=Segmenter())


def documents_of(examples: Sequence[Example], settings: FeatureSettings) -> list[list[str]]:
    """Return the features of each example."""
    features = Features(settings, Segmenter().segment)
    return [features.of(example.text) for example in examples]


def _weights(examples: Sequence[Example], settings: TrainingSettings) -> Floats:
    support = np.where([example.held_out for example in examples], 1.0, settings.support)
    return account_weights(examples, settings.account_cap) * support


def _as_is(document: list[str]) -> list[str]:
    return document
