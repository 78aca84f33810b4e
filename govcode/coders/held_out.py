"""What a model does on posts it has not seen: the figures of its card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govcode.codebook.model import Codebook
from govcode.coders.calibration import Calibration, fit_calibration
from govcode.coders.conformal import fit_abstention
from govcode.coders.examples import Example
from govcode.metrics import classification
from govcode.metrics.calibration import bin_sums, calibration_error
from govcode.metrics.figures import Figure
from govcode.metrics.resampling import bootstrap_cells, bootstrap_sums, percentile_figure

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
MAX_ERRORS = (0.05, 0.10, 0.15, 0.20)
DIGITS = 4


@dataclass(frozen=True)
class HeldOut:
    """Scores and calibrated probabilities of posts from models that knew nothing of their account.

    `scores`: (posts, codes + forms); `totals` (see `scoring`) and `probabilities`: (posts, codes);
    `folds`: row numbers of each fold.
    """

    examples: list[Example]
    gold: Ints
    groups: Ints
    folds: list[Ints]
    scores: Floats
    totals: Floats
    probabilities: Floats

    @property
    def typical(self) -> NDArray[np.bool_]:
        """Which posts are as they come; all of them where too few are to learn from."""
        return _typical(self.examples)

    @property
    def sought(self) -> NDArray[np.bool_]:
        """Which posts somebody looked at for a second code; all of them where nobody did."""
        sought = np.array([example.second_sought for example in self.examples], dtype=np.bool_)
        return sought if sought.any() else np.ones_like(sought)

    @property
    def calibration(self) -> Calibration:
        """The calibration of a model that has learned from all posts."""
        return fit_calibration(self.totals[self.typical], self.gold[self.typical])

    @property
    def best(self) -> Ints:
        """The code number with the highest probability."""
        best: Ints = self.probabilities.argmax(axis=1)
        return best

    def second(self, codebook: Codebook, codes: Sequence[str]) -> tuple[Ints, Floats]:
        """Return the next probable code that may be secondary, and its probability."""
        allowed = np.array([codebook.code(code).secondary for code in codes])
        values = np.where(allowed, self.probabilities, -1.0)
        values[np.arange(len(values)), self.best] = -1.0
        return values.argmax(axis=1), values.max(axis=1)

    def forms(self, codebook: Codebook, codes: Sequence[str], forms: Sequence[str]) -> Ints:
        """Return the number of the best form of the best code; -1 where a code has none."""
        owner = [codebook.form(form).code for form in forms]
        own = np.array([[code == of for of in owner] for code in codes], dtype=bool)[self.best]
        scores = np.where(own, self.scores[:, len(codes) :], -np.inf)
        found: Ints = np.where(own.any(axis=1), scores.argmax(axis=1) if forms else 0, -1)
        return found

    def secondary_threshold(self, codebook: Codebook, codes: Sequence[str]) -> float:
        """Return the probability from which a second code is given: the one with most posts right.

        Above 1 (none is ever given) where no threshold beats giving none: a close second is a doubt about
        the first code far more often than it is a second function.
        """
        sought = self.sought
        gold = np.array([example.secondary for example in self.examples])[sought]
        second, values = (found[sought] for found in self.second(codebook, codes))
        named = np.array(codes)[second]
        grid = [*np.arange(0.05, 0.5, 0.01).round(2).tolist(), 1.1]
        right = [float((np.where(values >= t, named, "") == gold).mean()) for t in grid]
        return float(grid[len(grid) - 1 - int(np.argmax(right[::-1]))])


def held_out_of(
    examples: list[Example],
    gold: Ints,
    groups: Ints,
    folds: Sequence[tuple[Ints, Ints]],
    scores: Floats,
    totals: Floats,
) -> HeldOut:
    """Return scores with probabilities that are calibrated by the other folds, so that figures stay honest.

    `folds`: (rest, fold) row numbers.
    """
    probabilities = np.zeros(totals.shape)
    typical = _typical(examples)
    for rest, fold in folds:
        known = rest[typical[rest]]
        probabilities[fold] = fit_calibration(totals[known], gold[known]).probabilities(totals[fold])
    return HeldOut(examples, gold, groups, [fold for _, fold in folds], scores, totals, probabilities)


def _typical(examples: Sequence[Example]) -> NDArray[np.bool_]:
    typical = np.array([example.typical for example in examples], dtype=np.bool_)
    return typical if typical.sum() * 2 >= len(typical) else np.ones_like(typical)


def figures(
    held_out: HeldOut, codebook: Codebook, codes: Sequence[str], forms: Sequence[str]
) -> dict[str, Any]:
    """Return the figures of a card, with 95 % intervals from a bootstrap over accounts."""
    size = len(codes)
    machine, gold = held_out.best, held_out.gold
    weights = np.ones(len(gold))
    table = classification.confusion(gold, machine, size, weights)
    draws = bootstrap_cells(gold * size + machine, size * size, weights=weights, clusters=held_out.groups)
    tables = draws.reshape(-1, size, size)
    present = np.ones(size, dtype=bool)
    f1, f1s = classification.f1(table), classification.f1(tables)
    return {
        "method": f"{len(held_out.folds)}-fold cross-validation by account and near-duplicate cluster",
        "posts": len(gold),
        "macro_f1": _shown(classification.macro_f1(table, present), classification.macro_f1(tables, present)),
        "alpha": _shown(classification.alpha(table), classification.alpha(tables)),
        "accuracy": _shown(classification.accuracy(table), classification.accuracy(tables)),
        "f1": {code: _shown(f1[k], f1s[:, k]) for k, code in enumerate(codes)},
        "typical": _as_they_come(held_out, size),
        "ece": _ece(held_out),
        "abstention": [_abstention(held_out, codes, error) for error in MAX_ERRORS],
        "secondary": _secondary(held_out, codebook, codes),
        "form": _forms(held_out, codebook, codes, forms),
    }


def _as_they_come(held_out: HeldOut, size: int) -> dict[str, Any]:
    """Return macro-F1 and alpha on typical posts: those not coded because a model found them hard."""
    rows = held_out.typical
    machine, gold, groups = held_out.best[rows], held_out.gold[rows], held_out.groups[rows]
    weights, present = np.ones(len(gold)), np.bincount(gold, minlength=size) > 0
    table = classification.confusion(gold, machine, size, weights)
    draws = bootstrap_cells(gold * size + machine, size * size, weights=weights, clusters=groups)
    tables = draws.reshape(-1, size, size)
    return {
        "posts": len(gold),
        "macro_f1": _shown(classification.macro_f1(table, present), classification.macro_f1(tables, present)),
        "alpha": _shown(classification.alpha(table), classification.alpha(tables)),
    }


def _shown(value: Any, draws: Floats) -> dict[str, float]:
    figure: Figure = percentile_figure(float(value), draws)
    return {"value": _round(figure.value), "low": _round(figure.low), "high": _round(figure.high)}


def _round(value: float) -> float:
    return round(value, DIGITS)


def _ece(held_out: HeldOut) -> dict[str, float]:
    confidence = held_out.probabilities.max(axis=1)
    sums = bin_sums(confidence, held_out.best == held_out.gold, np.ones(len(confidence)))
    draws = bootstrap_sums(sums, clusters=held_out.groups, replicates=500)
    return _shown(calibration_error(sums.sum(axis=0)), calibration_error(draws))


def _abstention(held_out: HeldOut, codes: Sequence[str], max_error: float) -> dict[str, Any]:
    """Return coverage and error where each fold is judged by thresholds of the other folds."""
    accepted = np.zeros(len(held_out.gold), dtype=bool)
    for fold in held_out.folds:
        rest = np.setdiff1d(np.flatnonzero(held_out.typical), fold)
        rule = fit_abstention(held_out.probabilities[rest], held_out.gold[rest], max_error)
        for row in fold:
            accepted[row] = rule.accepts(held_out.probabilities[row].tolist(), int(held_out.best[row]))
    wrong = held_out.best != held_out.gold
    return {
        "max_error": max_error,
        "coverage": _round(float(accepted.mean())),
        "coverage_typical": _round(float(accepted[held_out.typical].mean())),
        "error": _round(float(wrong[accepted].mean())) if accepted.any() else None,
        "error_by_code": {
            code: _round(float(wrong[rows].mean()))
            if (rows := accepted & (held_out.best == k)).any()
            else None
            for k, code in enumerate(codes)
        },
    }


def _secondary(held_out: HeldOut, codebook: Codebook, codes: Sequence[str]) -> dict[str, Any]:
    sought = held_out.sought
    gold = np.array([example.secondary for example in held_out.examples])[sought]
    second, values = (found[sought] for found in held_out.second(codebook, codes))
    given = values >= held_out.secondary_threshold(codebook, codes)
    machine = np.where(given, np.array(codes)[second], "")
    found = (machine == gold) & (gold != "")
    return {
        "posts": len(gold),
        "gold": int((gold != "").sum()),
        "given": int(given.sum()),
        "right": int(found.sum()),
        "exact": _round(float((machine == gold).mean())),
    }


def _forms(
    held_out: HeldOut, codebook: Codebook, codes: Sequence[str], forms: Sequence[str]
) -> dict[str, Any]:
    gold = np.array([example.form for example in held_out.examples])
    known = np.isin(gold, list(forms))
    if not known.any():
        return {"posts": 0}
    machine = np.append(np.array(forms), "")[held_out.forms(codebook, codes, forms)]
    same = known & (held_out.best == held_out.gold)
    return {
        "posts": int(known.sum()),
        "exact": _round(float((machine == gold)[known].mean())),
        "within_right_code": _round(float((machine == gold)[same].mean())),
    }
