"""How much more coding would help: accuracy by number of gold posts, and what to expect of twice as many.

Models are trained on growing shares of the accounts and judged on accounts they never saw. The curve
error(n) = a * n^-b is fitted to 1 - macro-F1 (the usual power law of learning curves; Figueroa et al.
2012), and read off at twice the posts there are. It is an extrapolation: the interval comes from the
residuals of the fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.card import codes_of
from govcode.coders.examples import Example, account_groups, split_groups
from govcode.coders.training import TrainingSettings, documents_of, fit
from govcode.metrics import classification

SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)
FOLDS = 3


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Figures of models trained on `posts` gold posts; `expected` marks the extrapolated point."""

    posts: int
    macro_f1: float
    alpha: float
    low: float
    high: float
    expected: bool = False


def learning_curve(
    codebook: Codebook, examples: Sequence[Example], settings: TrainingSettings
) -> tuple[CurvePoint, ...]:
    """Return the curve, the last point being what twice the posts would give."""
    held = [e for e in examples if e.held_out]
    support = [e for e in examples if not e.held_out]
    codes = codes_of(codebook, held)
    documents, extra = documents_of(held, settings.features), documents_of(support, settings.features)
    gold = np.array([codes.index(e.code) for e in held], dtype=np.intp)
    groups = account_groups(held)
    folds = split_groups(groups, gold, FOLDS, settings.seed)
    points = []
    for share in SHARES:
        machine = np.zeros(len(held), dtype=np.intp)
        learned = 0
        for rest, fold in folds:
            some = _share(rest, groups, share, settings.seed)
            learned += len(some)
            fitted = fit(
                [documents[i] for i in some] + extra, [held[i] for i in some] + support, codes, (), settings
            )
            machine[fold] = fitted.scores([documents[i] for i in fold]).argmax(axis=1)
        points.append(_point(gold, machine, len(codes), learned // len(folds)))
    return (*points, _expected(points))


def _share(rows: NDArray[np.intp], groups: NDArray[np.intp], share: float, seed: int) -> NDArray[np.intp]:
    """Return the rows of a seeded share of the accounts, nested: a larger share holds the smaller ones."""
    names = np.unique(groups[rows])
    order = np.random.default_rng(seed).permutation(names)
    kept: NDArray[np.intp] = rows[np.isin(groups[rows], order[: max(2, round(share * len(order)))])]
    return kept


def _point(gold: NDArray[np.intp], machine: NDArray[np.intp], size: int, posts: int) -> CurvePoint:
    table = classification.confusion(gold, machine, size, np.ones(len(gold)))
    f1 = float(classification.macro_f1(table, np.bincount(gold, minlength=size) > 0))
    return CurvePoint(posts, f1, float(classification.alpha(table)), f1, f1)


def _expected(points: Sequence[CurvePoint]) -> CurvePoint:
    """Extrapolate 1 - macro-F1 = a * n^-b to twice the posts; the error may not grow with n."""
    number = np.log([point.posts for point in points])
    error = np.log([max(1e-6, 1 - point.macro_f1) for point in points])
    design = np.stack([np.ones_like(number), number], axis=1)
    (intercept, slope), *_ = np.linalg.lstsq(design, error, rcond=None)
    slope = min(0.0, float(slope))
    spread = float(np.std(error - (intercept + slope * number), ddof=2))
    last, doubled = points[-1], 2 * points[-1].posts
    step = slope * np.log(2.0)
    low, value, high = (
        1 - (1 - last.macro_f1) * float(np.exp(step + z * spread)) for z in (1.96, 0.0, -1.96)
    )
    return CurvePoint(doubled, value, float("nan"), low, high, expected=True)
